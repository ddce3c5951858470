"""The private calendar: what a person owes, day by day, behind an address that can be closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Membership, User
from recommendations.models import MailSettings
from recommendations.notify import calendar
from tests import make
from tests.recommendations.web.pages import text_of

NOTICES, KEY = "/account/notices/", "/account/notices/calendar/"


def path_of(user: Any) -> str:
    """Return the path of a person's calendar, newly made."""
    return f"/calendar/{calendar.give_key(user)}.ics"


def days(answer: Any) -> list[tuple[str, date, str]]:
    """Return the days of a calendar: uid, day, words."""
    assert answer.status_code == 200
    read = icalendar.Calendar.from_ical(answer.content)
    return [
        (str(event["uid"]), event.decoded("dtstart"), str(event["summary"]))
        for event in read.walk("VEVENT")
    ]


@pytest.fixture
def owed(cast: make.Cast) -> Any:
    """Return an update that the ILO owes."""
    return make.owed(cast)


def test_the_calendar_shows_what_is_owed_and_what_waits_for_an_answer(owed, cast, client):
    action = make.action(cast.area, "A2", order=2)
    asked = make.proposed(cast, action=action, respond_by=date(2026, 5, 20))
    make.accepted(
        cast, action=make.action(cast.area, "A3", order=3), agency=cast.iom, by=cast.iom_focal_point
    )

    assert days(client.get(path_of(cast.ilo_focal_point))) == [
        (
            f"assignment-{asked.pk}@testserver",
            date(2026, 5, 20),
            "Answer due: A2 Short title of A2 (ILO)",
        ),
        (
            f"duty-{owed.duty_id}@testserver",
            date(2026, 5, 31),
            "Due: A1 Short title of A1 (ILO, round 2026-H1)",
        ),
    ]


def test_a_day_that_moves_keeps_its_name_and_one_that_is_done_goes(owed, cast, client):
    path = path_of(cast.ilo_focal_point)
    ((uid, _day, _words),) = days(client.get(path))
    make.do("set_due", owed.duty, by=cast.coordinator, note="Late.", due_on=date(2026, 6, 12))
    assert [found[:2] for found in days(client.get(path))] == [(uid, date(2026, 6, 12))]
    make.sent(owed, by=cast.ilo_focal_point)
    assert days(client.get(path)) == []
    make.do("return", owed, by=cast.coordinator, note="More.", due_on=date(2026, 6, 20))
    assert [found[:2] for found in days(client.get(path))] == [(uid, date(2026, 6, 20))]
    make.sent(owed, by=cast.ilo_focal_point)
    make.approved(owed, by=cast.coordinator)

    assert days(client.get(path)) == []


def test_a_day_is_a_whole_day_that_blocks_no_time_and_leads_to_its_page(owed, cast, client):
    read = icalendar.Calendar.from_ical(client.get(path_of(cast.ilo_focal_point)).content)
    (event,) = read.walk("VEVENT")

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (
        date(2026, 5, 31),
        date(2026, 6, 1),
    )
    assert (str(event["transp"]), str(event["class"])) == ("TRANSPARENT", "PRIVATE")
    assert str(event["url"]) == f"http://testserver/updates/{owed.pk}/"
    assert event.decoded("dtstamp") == make.NOW


def test_the_answer_is_private_and_makes_no_session(owed, cast):
    client = Client()
    answer = client.get(path_of(cast.ilo_focal_point))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer.cookies == {}


def test_the_address_is_made_renewed_and_closed_on_the_page_of_notices(owed, cast, signed_in):
    person, browser, program = cast.ilo_focal_point, signed_in(cast.ilo_focal_point), Client()
    assert "/calendar/" not in browser.get(NOTICES).content.decode().replace(KEY, "")
    keys = []
    for do in ("make", "renew"):
        answer = browser.post(KEY, {"do": do})
        assert answer.url == f"{NOTICES}#calendar"
        keys.append(MailSettings.objects.get(user=person).calendar_key)
        assert f"http://testserver/calendar/{keys[-1]}.ics" in text_of(browser.get(NOTICES))

    assert [program.get(f"/calendar/{key}.ics").status_code for key in keys] == [404, 200]
    assert min(len(key) for key in keys) >= 43
    browser.post(KEY, {"do": "revoke"})
    assert program.get(f"/calendar/{keys[1]}.ics").status_code == 404
    assert MailSettings.objects.get(user=person).calendar_key == ""


def test_saving_the_notices_keeps_the_calendar(cast, signed_in):
    path = path_of(cast.stranger)
    answer = signed_in(cast.stranger).post(
        NOTICES, {"time_zone": "UTC", "digest_at": "07:00", "digest_weekday": "0"}
    )

    assert answer.status_code == 302
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("key", ["x", "-", "A" * 43])
def test_a_wrong_key_is_not_found(key, cast, client):
    path_of(cast.ilo_focal_point)
    MailSettings.objects.create(user=cast.stranger)

    assert client.get(f"/calendar/{key}.ics").status_code == 404
    assert client.get("/calendar/.ics").status_code == 404


def test_who_has_left_has_no_calendar_and_who_left_an_agency_none_of_its_days(owed, cast, client):
    person, path = cast.ilo_focal_point, path_of(cast.ilo_focal_point)
    Membership.objects.filter(user=person).update(until_on=date(2026, 5, 3))
    assert days(client.get(path)) == []
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_calendar_asks_as_often_for_one_day_as_for_thirty(count, cast, client):
    for number in range(count):
        make.accepted(cast, action=make.action(cast.area, f"B{number}", order=number))
    make.open_round(cast)
    path = path_of(cast.ilo_focal_point)
    with CaptureQueriesContext(connection) as queries:
        assert len(days(client.get(path))) == count

    assert len(queries) == 6
