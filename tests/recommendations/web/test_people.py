"""Clearing, entering on behalf, leaving, two agencies: as people see them on the pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agencies.models import User
from recommendations.models import Assignment, Update
from tests import make


@pytest.fixture
def written(cast: make.Cast) -> Update:
    """Return a draft of the ILO that waits for clearance by its alternate."""
    make.clears(cast.ilo, by=cast.ilo_alternate)
    return make.drafted(make.owed(cast), by=cast.ilo_focal_point)


def page(name: str, *args) -> str:
    return reverse(name, args=args)


def texts(browser, url: str) -> str:
    return browser.get(url).content.decode()


# --- clearance ---------------------------------------------------------------------------------


def test_the_check_says_who_clears_and_offers_no_sending(written, cast, signed_in):
    found = texts(signed_in(cast.ilo_focal_point), page("update-check", written.pk))

    assert "Who can clear it: ILO alternate." in found
    assert "Send to the coordinator" not in found
    assert "Clear this text" not in found


def test_the_officer_finds_it_under_my_work_and_clears_it(written, cast, signed_in):
    browser, check = signed_in(cast.ilo_alternate), page("update-check", written.pk)
    waits = texts(browser, "/work/")
    offered = texts(browser, check)
    form = {"version": written.version, "draft_version": 1}
    answer = browser.post(page("update-clear", written.pk), form, follow=True)

    assert 'id="to-clear"' in waits
    assert f'href="{check}"' in waits
    assert "Clear this text for sending" in offered
    assert "Cleared. It can be sent now." in answer.content.decode()
    assert "Send to the coordinator" in answer.content.decode()
    assert 'id="to-clear"' not in texts(browser, "/work/")


def test_others_of_the_agency_read_that_it_is_not_cleared(written, cast, signed_in):
    found = texts(signed_in(cast.ilo_focal_point), "/work/")

    assert "Not cleared for sending yet." in found
    assert 'id="to-clear"' not in found


def test_an_officer_who_read_an_older_text_sees_the_newer_first(written, cast, signed_in):
    make.drafted(written, by=cast.ilo_focal_point, body={"done": "Three seminars."})
    form = {"version": written.version, "draft_version": 1}
    answer = signed_in(cast.ilo_alternate).post(page("update-clear", written.pk), form)

    assert answer.status_code == 409
    assert "Three seminars." in answer.content.decode()


def test_sending_without_clearance_shows_the_check_again(written, cast, signed_in):
    form = {"version": written.version, "draft_version": 1}
    answer = signed_in(cast.ilo_focal_point).post(page("update-send", written.pk), form)

    assert answer.status_code == 400
    assert "Who can clear it: ILO alternate." in answer.content.decode()


def test_a_submission_says_who_cleared_it(written, cast, signed_in):
    make.do("clear", written, by=cast.ilo_alternate, draft_version=1)
    make.do("submit", written, by=cast.ilo_focal_point, draft_version=1)

    assert "Cleared by ILO alternate" in texts(
        signed_in(cast.coordinator), page("update", written.pk)
    )


# --- on behalf ---------------------------------------------------------------------------------

BOTH = "Coordinator on behalf of ILO focal point"


def entered(cast: make.Cast, **changes) -> dict:
    """Return the form of a text that is entered for the ILO."""
    return {
        "version": 1,
        "on_behalf_of": cast.ilo_focal_point.pk,
        "kind": "report",
        "status": "in_progress",
        "done": "Two seminars.",
    } | changes


def test_a_coordinator_enters_a_text_and_both_names_are_shown(cast, signed_in):
    update, browser = make.owed(cast), signed_in(cast.coordinator)
    url = page("update-enter", update.pk)
    before = texts(browser, page("update", update.pk))
    answer = browser.post(url, entered(cast, version=update.version), follow=True)
    thread = texts(browser, page("thread", "hld-2013", "A1", "ILO"))

    assert f'href="{url}"' in before
    assert answer.status_code == 200
    assert BOTH in answer.content.decode()
    assert BOTH in thread
    assert BOTH in texts(browser, page("review", update.pk))


def test_without_a_name_it_is_not_sent_and_the_text_stays(cast, signed_in):
    update = make.owed(cast)
    form = entered(cast, version=update.version, on_behalf_of="")
    answer = signed_in(cast.coordinator).post(page("update-enter", update.pk), form)
    found = answer.content.decode()

    assert answer.status_code == 400
    assert "Choose on whose behalf you enter it." in found
    assert "Two seminars." in found
    assert not update.submissions.exists()


def test_where_the_agency_has_begun_the_text_stays_on_the_page(cast, signed_in):
    update, browser = make.owed(cast), signed_in(cast.coordinator)
    make.drafted(update, by=cast.ilo_focal_point)
    answer = browser.post(page("update-enter", update.pk), entered(cast, version=update.version))
    read = texts(browser, page("update", update.pk))

    assert answer.status_code == 409
    assert "The agency has begun a text of its own." in answer.content.decode()
    assert "Two seminars." in answer.content.decode()
    assert "Enter a text on behalf" not in read


def test_a_coordinator_enters_an_answer_from_the_thread(cast, signed_in):
    asked, browser = make.proposed(cast), signed_in(cast.coordinator)
    url = page("respond", asked.pk)
    thread = texts(browser, page("thread", "hld-2013", "A1", "ILO"))
    form = {"version": asked.version, "answer": "accept", "on_behalf_of": cast.ilo_focal_point.pk}
    browser.post(url, form)
    history = texts(browser, page("history", "assignment", asked.pk))

    assert f'href="{url}"' in thread
    assert Assignment.objects.get().acceptance == "accepted"
    assert "on behalf of ILO focal point" in history


@pytest.mark.parametrize(
    ("left_out", "said"),
    [("on_behalf_of", "Choose on whose behalf you enter it."), ("answer", "Choose the answer.")],
)
def test_an_answer_without_its_parts_is_not_saved(left_out, said, cast, signed_in):
    asked = make.proposed(cast)
    form = {"version": asked.version, "answer": "accept", "on_behalf_of": cast.ilo_focal_point.pk}
    form.pop(left_out)
    answer = signed_in(cast.coordinator).post(page("respond", asked.pk), form)

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert Assignment.objects.get().acceptance == "proposed"


def test_the_focal_point_still_answers_in_their_own_name(cast, signed_in):
    asked, browser = make.proposed(cast), signed_in(cast.ilo_focal_point)

    assert "On behalf of" not in texts(browser, page("respond", asked.pk))


# --- leaving and vacant places -----------------------------------------------------------------


def test_an_administrator_lets_a_person_leave(cast, signed_in):
    make.owed(cast, agency=cast.iom, by=cast.iom_focal_point)
    person, browser = cast.iom_focal_point, signed_in(cast.administrator)
    url = page("leaves", person.pk)
    before = texts(browser, url)
    form = {
        "version": person.version,
        "last_day": "2026-05-04",
        "reason": "Retires.",
        f"successor_{cast.iom.pk}": cast.stranger.pk,
    }
    browser.post(url, form)

    assert "Nobody else can act." in before
    assert not User.objects.get(pk=person.pk).is_active
    assert cast.stranger.memberships.get().agency == cast.iom
    assert f'href="{url}"' in texts(browser, page("admin:agencies_user_change", person.pk))


def test_what_is_missing_is_said_at_its_field(cast, signed_in):
    form = {"version": cast.ilo_alternate.version, "last_day": "2026-05-04"}
    answer = signed_in(cast.administrator).post(page("leaves", cast.ilo_alternate.pk), form)

    assert answer.status_code == 400
    assert "Give the reason." in answer.content.decode()


@pytest.mark.parametrize("where", ["round", "gaps"])
def test_a_vacant_agency_is_shown_to_the_coordinator_and_to_nobody_else(where, cast, signed_in):
    make.owed(cast)
    cast.ilo.memberships.exclude(user=cast.ilo_coordinator).update(until_on=make.START)
    url = {
        "round": page("round-detail", "hld-2013", "2026-H1"),
        "gaps": page("gaps", "hld-2013"),
    }[where]
    before = texts(signed_in(cast.coordinator), url)
    cast.ilo.memberships.update(until_on=make.START)
    after = texts(signed_in(cast.coordinator), url)
    outside = signed_in(cast.iom_focal_point).get(url).content.decode()

    assert "Nobody can act for ILO." not in before
    assert "Nobody can act for ILO." in after
    assert "Nobody can act for ILO." not in outside


# --- a person of two agencies ------------------------------------------------------------------


def test_a_person_of_two_agencies_works_for_each(cast, signed_in):
    person = cast.ilo_focal_point
    make.member(person, cast.iom)
    first = make.accepted(cast)
    second = make.accepted(
        cast, agency=cast.iom, action=make.action(cast.area, "A2", order=2), by=person
    )
    opened = make.open_round(cast)
    ours, theirs = (make.update_in(opened, each) for each in (first, second))
    browser = signed_in(person)
    work = texts(browser, "/work/")
    for update in (ours, theirs):
        form = {"draft_version": 0, "kind": "report", "status": "in_progress", "done": "Done."}
        browser.post(page("update", update.pk), form)
        browser.post(page("update-send", update.pk), {"version": 1, "draft_version": 1})
    waits = texts(browser, "/work/")

    assert work.count("<h3><abbr") == 2
    assert {row.review_state for row in Update.objects.all()} == {"submitted"}
    assert '<span class="meta"><bdi>ILO</bdi>.' in waits
    assert '<span class="meta"><bdi>IOM</bdi>.' in waits
