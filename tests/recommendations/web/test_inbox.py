"""The inbox: what waits there, what a person does with it, and the number in the header."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Membership
from recommendations.models import Delivery, MailSettings
from tests import make
from tests.make import later
from tests.recommendations.notify.telling import told
from tests.recommendations.web.pages import links_of, text_of

INBOX, CHANGE = "/inbox/", "/inbox/change/"


def shown(answer: Any) -> list[int]:
    """Return the lines on a page, by their numbers, in its order."""
    return [delivery.pk for delivery, _line in answer.context["rows"]]


def badge(answer: Any) -> str:
    """Return the number beside "Inbox" in the header, "" without one."""
    found = re.search(r'<a href="/inbox/"[^>]*>Inbox(.*?)</a>', answer.content.decode(), re.DOTALL)
    assert found is not None
    return "".join(re.findall(r"[0-9]+\+?", re.sub(r"<[^>]*>", "", found[1])))


@pytest.fixture
def update(cast: make.Cast) -> Any:
    """Return an update that the ILO owes."""
    return make.owed(cast)


@pytest.fixture
def line(update: Any, cast: make.Cast) -> Delivery:
    """Return a line that asks something of the focal point of the ILO."""
    return told(cast.ilo_focal_point, update)


def test_what_asks_for_action_stands_apart_from_what_informs(line, update, cast, signed_in):
    informs = told(cast.ilo_focal_point, update, kind="approved")
    client = signed_in(cast.ilo_focal_point)

    assert shown(client.get(INBOX)) == [line.pk]
    assert shown(client.get(f"{INBOX}?show=information")) == [informs.pk]
    assert shown(client.get(f"{INBOX}?show=done")) == []
    assert "Unread" in text_of(client.get(INBOX))


def test_reading_the_inbox_changes_nothing(line, cast, signed_in):
    before = Delivery.objects.values().get(pk=line.pk)
    signed_in(cast.ilo_focal_point).get(INBOX)

    assert Delivery.objects.values().get(pk=line.pk) == before


def test_opening_a_line_marks_it_read_and_leads_to_its_page(line, update, cast, signed_in):
    client = signed_in(cast.ilo_focal_point)
    answer = client.post(CHANGE, {"open": line.pk})

    assert (answer.status_code, answer.url) == (302, reverse("update", args=[update.pk]))
    line.refresh_from_db()
    assert line.read_at == make.NOW
    page = client.get(INBOX)
    assert (shown(page), badge(page)) == ([line.pk], "")
    assert "Unread" not in text_of(page)


def test_a_line_that_is_done_leaves_and_can_be_put_back(line, cast, signed_in):
    client = signed_in(cast.ilo_focal_point)
    done = client.post(CHANGE, {"done_one": line.pk}, follow=True)

    assert "1 line is done." in text_of(done)
    assert shown(done) == []
    assert done.context["undo"] == [line.pk]
    assert shown(client.get(f"{INBOX}?show=done")) == [line.pk]
    back = client.post(CHANGE, {"line": [line.pk], "do": "undo"}, follow=True)
    assert "1 line is back." in text_of(back)
    assert shown(back) == [line.pk]
    assert badge(back) == "1"


@pytest.mark.parametrize(("do", "days"), [("tomorrow", 1), ("week", 7)])
def test_a_line_put_off_comes_back_unread_on_its_day(do, days, line, cast, signed_in, clock):
    client = signed_in(cast.ilo_focal_point)
    client.post(CHANGE, {"open": line.pk})
    away = client.post(CHANGE, {"line": [line.pk], "do": do}, follow=True)

    assert (shown(away), badge(away)) == ([], "")
    assert shown(client.get(f"{INBOX}?show=done")) == [line.pk]
    line.refresh_from_db()
    assert line.later_until == date(2026, 5, 4 + days)
    clock.now = later(days=days, hours=-9.5, minutes=-1)
    assert shown(signed_in(cast.ilo_focal_point).get(INBOX)) == []
    clock.now = later(days=days, hours=-9.5)
    back = signed_in(cast.ilo_focal_point).get(INBOX)
    assert (shown(back), badge(back)) == ([line.pk], "1")


def test_a_line_put_off_until_the_next_round_comes_back_unread_when_one_of_its_framework_opens(
    line, update, cast, signed_in
):
    client = signed_in(cast.ilo_focal_point)
    client.post(CHANGE, {"open": line.pk})
    away = client.post(CHANGE, {"line": [line.pk], "do": "round"}, follow=True)
    assert "1 line comes back when the next round opens." in text_of(away)
    assert (shown(away), badge(away), away.context["undo"]) == ([], "", [line.pk])
    done = client.get(f"{INBOX}?show=done")
    assert shown(done) == [line.pk]
    assert "Comes back when the next round opens" in text_of(done)

    other = make.planned_round(
        make.framework("other", is_default=False), "2026-H2", with_questionnaire=False
    )
    make.do("open", other, by=cast.coordinator)
    own = make.planned_round(cast.framework, "2026-H2")
    make.do("close", update.duty.round, by=cast.coordinator)
    days = {"due_on": date(2026, 6, 20), "closes_on": date(2026, 6, 30)}
    make.do("reopen", update.duty.round, by=cast.coordinator, note="Why.", **days)
    still = client.get(INBOX)
    assert (shown(still), badge(still)) == ([], "")

    make.do("open", own, by=cast.coordinator)
    back = client.get(INBOX)
    assert (shown(back), badge(back)) == ([line.pk], "1")
    assert shown(client.get(f"{INBOX}?show=done")) == []


def test_a_line_about_no_framework_comes_back_with_the_next_round_of_any(cast, signed_in):
    line = told(cast.ilo_focal_point, make.agency("AG1"))
    client = signed_in(cast.ilo_focal_point)
    client.post(CHANGE, {"line": [line.pk], "do": "round"})
    assert badge(client.get(INBOX)) == ""
    make.open_round(cast)

    assert badge(client.get(INBOX)) == "1"


@pytest.mark.parametrize("do", ["undo", "done", "week"])
def test_a_line_waits_for_the_round_no_longer_once_something_else_is_said(
    do, line, cast, signed_in
):
    client = signed_in(cast.ilo_focal_point)
    client.post(CHANGE, {"line": [line.pk], "do": "round"})
    client.post(CHANGE, {"line": [line.pk], "do": do})

    assert Delivery.objects.get(pk=line.pk).later_rounds is None


def test_tomorrow_is_tomorrow_where_the_person_is(line, cast, signed_in, clock):
    MailSettings.objects.create(user=cast.ilo_focal_point, time_zone="America/New_York")
    clock.now = later(hours=17)  # 22:30 on the 4th in New York
    client = signed_in(cast.ilo_focal_point)
    client.post(CHANGE, {"line": [line.pk], "do": "tomorrow"})

    line.refresh_from_db()
    assert line.later_until == date(2026, 5, 5)
    assert (shown(client.get(INBOX)), badge(client.get(INBOX))) == ([], "")
    clock.now = later(hours=19)  # 00:30 on the 5th
    back = client.get(INBOX)
    assert (shown(back), badge(back)) == ([line.pk], "1")


def test_several_lines_are_ticked_and_done_at_once(update, cast, signed_in):
    lines = [told(cast.ilo_focal_point, update) for _number in range(3)]
    client = signed_in(cast.ilo_focal_point)
    page = client.get(INBOX)
    assert "/inbox/?all=1" in links_of(page)
    assert page.content.decode().count("checked") == 0
    assert client.get(f"{INBOX}?all=1").content.decode().count("checked") == 3
    done = client.post(CHANGE, {"line": [lines[0].pk, lines[2].pk], "do": "done"}, follow=True)

    assert "2 lines are done." in text_of(done)
    assert shown(done) == [lines[1].pk]


def test_marking_read_keeps_the_lines_in_their_place(line, cast, signed_in):
    page = signed_in(cast.ilo_focal_point).post(
        CHANGE, {"line": [line.pk], "do": "read"}, follow=True
    )

    assert (shown(page), badge(page)) == ([line.pk], "")


@pytest.mark.parametrize("form", [{}, {"do": "done"}, {"line": "1"}, {"line": "1", "do": "x"}])
def test_without_a_tick_or_a_word_nothing_is_done(form, line, cast, signed_in):
    answer = signed_in(cast.ilo_focal_point).post(CHANGE, form, follow=True)

    assert "Tick at least one line" in text_of(answer)
    assert shown(answer) == [line.pk]


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 30, "", " "])
def test_lines_of_others_and_lines_that_are_none_are_not_found(odd, line, update, cast, signed_in):
    own = told(cast.iom_focal_point, update)
    client = signed_in(cast.iom_focal_point)
    pairs = [str(own.pk), odd or str(line.pk)]

    assert client.post(CHANGE, {"line": pairs, "do": "done"}).status_code == 404
    assert client.post(CHANGE, {"done_one": line.pk}).status_code == 404
    assert client.post(CHANGE, {"open": line.pk}).status_code == 404
    assert client.get(f"{INBOX}?after={line.pk}").status_code == 400
    assert [*Delivery.objects.exclude(settled_at=None)] == []
    assert [*Delivery.objects.exclude(read_at=None)] == []


def test_a_line_in_the_mail_is_no_line_of_the_inbox(line, cast, signed_in):
    mailed = Delivery.objects.get(channel="mail", user=cast.ilo_focal_point)
    client = signed_in(cast.ilo_focal_point)

    assert client.post(CHANGE, {"done_one": mailed.pk}).status_code == 404
    assert shown(client.get(INBOX)) == [line.pk]


def test_pages_go_on_from_a_line_so_that_none_is_missed(update, cast, signed_in):
    lines = [
        told(cast.ilo_focal_point, update, at=later(minutes=number // 2)) for number in range(60)
    ]
    newest = [line.pk for line in reversed(lines)]
    client = signed_in(cast.ilo_focal_point)
    first = client.get(INBOX)
    second = client.get(first.context["next_url"])
    told(cast.ilo_focal_point, update, at=later(hours=1))
    third = client.get(second.context["next_url"])

    assert [shown(page) for page in (first, second, third)] == [
        newest[:25],
        newest[25:50],
        newest[50:],
    ]
    assert (first.context["previous_url"], third.context["next_url"]) == ("", "")
    assert shown(client.get(third.context["previous_url"])) == newest[25:50]
    assert shown(client.get(second.context["previous_url"])) == newest[:25]


def test_after_a_change_one_is_on_the_same_page_of_the_same_part(update, cast, signed_in):
    lines = [told(cast.ilo_focal_point, update, kind="approved") for _number in range(30)]
    form = {"done_one": lines[0].pk, "show": "information", "after": lines[5].pk}
    answer = signed_in(cast.ilo_focal_point).post(CHANGE, form)

    assert answer.url == f"/inbox/?show=information&after={lines[5].pk}&undo={lines[0].pk}"


def test_a_part_that_is_none_is_refused(cast, signed_in):
    answer = signed_in(cast.ilo_focal_point).get(f"{INBOX}?show=odd")

    assert answer.status_code == 400
    assert "action, information, done" in text_of(answer)


def test_the_header_counts_what_asks_for_action_and_is_unread(update, cast, signed_in):
    client = signed_in(cast.ilo_focal_point)
    assert badge(client.get("/work/")) == ""
    for _number in range(3):
        told(cast.ilo_focal_point, update)
    told(cast.ilo_focal_point, update, kind="approved")
    told(cast.iom_focal_point, update)

    assert badge(client.get("/work/")) == "3"
    for _number in range(97):
        told(cast.ilo_focal_point, update)
    assert badge(client.get("/work/")) == "99+"


def test_the_header_counts_the_queue_and_the_inbox_of_a_coordinator(update, cast, signed_in):
    make.sent(update, by=cast.ilo_focal_point)
    told(cast.coordinator, update, kind="submitted")
    page = signed_in(cast.coordinator).get("/queue/")

    assert badge(page) == "1"
    assert 'Queue <span class="count">(1)</span>' in page.content.decode()
    assert badge(signed_in(cast.ilo_coordinator).get("/queue/")) == ""


def test_what_was_dealt_with_meanwhile_says_so_and_stays_until_it_is_done(
    line, update, cast, signed_in
):
    client = signed_in(cast.ilo_focal_point)
    make.sent(update, by=cast.ilo_focal_point)
    make.do("return", update, by=cast.coordinator, note="More.", due_on=date(2026, 5, 20))
    assert "Nothing to do any more" not in text_of(client.get(INBOX))
    assert "due 20 May 2026 (in 16 days)" in text_of(client.get(INBOX))
    make.sent(update, by=cast.ilo_focal_point)
    page = client.get(INBOX)

    assert "Nothing to do any more" in text_of(page)
    assert shown(page) == [line.pk]


def test_who_has_left_an_agency_reads_nothing_of_it_any_more(line, update, cast, signed_in):
    make.sent(update, by=cast.ilo_focal_point)
    make.do("return", update, by=cast.coordinator, note="A secret.", due_on=date(2026, 5, 20))
    client = signed_in(cast.ilo_focal_point)
    assert "A secret." in text_of(client.get(INBOX))
    Membership.objects.filter(user=cast.ilo_focal_point).update(until_on=date(2026, 5, 3))
    page = text_of(client.get(INBOX))

    assert "A secret." not in page
    assert "An update is returned, with comments" in page
    assert "You may not see this any more." in page
    assert client.post(CHANGE, {"open": line.pk}).url == INBOX


def test_nobody_who_is_not_signed_in_has_an_inbox(line, client: Client):
    assert client.get(INBOX).url == "/account/sign-in/?next=/inbox/"
    answer = client.post(CHANGE, {"done_one": line.pk})
    assert answer.url == "/account/sign-in/?next=/inbox/"
    assert "Inbox" not in text_of(client.get("/f/hld-2013/"))


@pytest.mark.parametrize("count", [1, 3, 25])
def test_the_inbox_asks_the_database_as_often_for_one_line_as_for_many(
    count, update, cast, signed_in
):
    for _number in range(count):
        told(cast.ilo_focal_point, update)
    client = signed_in(cast.ilo_focal_point)
    with CaptureQueriesContext(connection) as queries:
        assert len(shown(client.get(INBOX))) == count

    assert len(queries) == 11
