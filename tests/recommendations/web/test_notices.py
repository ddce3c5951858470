"""What a person sets: how each kind of notice comes, when mail comes, and the digest due next."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import MailSettings, NoticeChoice
from recommendations.notify.deliveries import Wishes
from recommendations.notify.notices import BY_KIND, CHOICES, To
from tests.recommendations.web.pages import text_of, writer

NOTICES = "/account/notices/"
FOR_BOTH = (To.HANDED, To.ASKER, To.OWNER)
AGENCY = {one.kind for one in CHOICES if one.to in (To.AGENCY, To.AGENCIES_OF_ROUND, *FOR_BOTH)}
COORDINATOR = {one.kind for one in CHOICES if one.to in (To.COORDINATORS, To.READER, *FOR_BOTH)}
SETTINGS = {
    "time_zone": "Africa/Nairobi",
    "digest_at": "06:30",
    "digest_weekday": "2",
    "quiet_from": "",
    "quiet_until": "",
}


def form(kinds: set[str], **more: str) -> dict[str, str]:
    """Return a form with every notice as usual, but for what is given."""
    return {**SETTINGS, **{f"how_{kind}": BY_KIND[kind].how for kind in kinds}, **more}


def kinds_of(answer: Any) -> set[str]:
    """Return the notices on the page."""
    return {one.kind for one in answer.context["form"].notices}


def error(answer: Any, name: str) -> str:
    """Return what is said at a field."""
    return " ".join(answer.context["form"].errors.get(name, []))


def test_each_sees_the_notices_that_can_reach_them(cast, signed_in):
    seen = {
        name: kinds_of(signed_in(getattr(cast, name)).get(NOTICES))
        for name in ("ilo_focal_point", "coordinator", "ilo_coordinator", "stranger")
    }

    assert seen == {
        "ilo_focal_point": AGENCY,
        "coordinator": COORDINATOR,
        "ilo_coordinator": AGENCY | COORDINATOR,
        "stranger": set(),
    }


def test_what_is_chosen_is_kept_and_shown_again(cast, signed_in):
    client, person = signed_in(cast.ilo_focal_point), cast.ilo_focal_point
    chosen = {"how_returned": "daily", "how_approved": "off", "text_only": "on"}
    quiet = {"quiet_from": "22:00", "quiet_until": "06:00"}
    answer = client.post(NOTICES, form(AGENCY, **chosen, **quiet))

    assert (answer.status_code, answer.url) == (302, NOTICES)
    assert [*NoticeChoice.objects.order_by("kind").values_list("user", "kind", "how")] == [
        (person.pk, "approved", "off"),
        (person.pk, "returned", "daily"),
    ]
    kept = MailSettings.objects.get(user=person)
    assert (kept.time_zone, kept.digest_at, kept.digest_weekday) == (
        "Africa/Nairobi",
        time(6, 30),
        2,
    )
    assert (kept.quiet_from, kept.quiet_until, kept.text_only) == (time(22), time(6), True)
    page = client.get(NOTICES).content.decode()
    assert 'value="Africa/Nairobi"' in page
    assert 'name="quiet_from" value="22:00"' in page
    assert 'name="how_approved" value="off" id="id_how_approved_3" checked' in page
    client.post(NOTICES, form(AGENCY))
    assert NoticeChoice.objects.count() == 0
    assert MailSettings.objects.get().text_only is False


def test_a_duty_is_bundled_but_never_off(cast, signed_in):
    client = signed_in(cast.ilo_focal_point)
    page = client.get(NOTICES).content.decode()
    offered = {kind for kind in AGENCY if f'name="how_{kind}" value="off"' in page}
    assert offered == {kind for kind in AGENCY if not BY_KIND[kind].duty}
    answer = client.post(NOTICES, form(AGENCY, how_returned="off"))

    assert answer.status_code == 400
    assert error(answer, "how_returned") == "Choose one of the times shown."
    assert NoticeChoice.objects.count() == 0


def test_what_is_chosen_for_an_office_is_kept_by_somebody_without_it(cast, signed_in):
    NoticeChoice.objects.create(user=cast.ilo_focal_point, kind="submitted", how="weekly")
    signed_in(cast.ilo_focal_point).post(NOTICES, form(AGENCY))

    assert [*NoticeChoice.objects.values_list("kind", "how")] == [("submitted", "weekly")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("europe/zurich", "Europe/Zurich"),
        ("New York", "America/New_York"),
        ("Nairobi", "Africa/Nairobi"),
        ("utc", "UTC"),
        (" Asia/Ho Chi Minh ", "Asia/Ho_Chi_Minh"),
    ],
)
def test_a_time_zone_is_found_however_it_is_written(typed, found, cast, signed_in):
    signed_in(cast.ilo_focal_point).post(NOTICES, form(AGENCY, time_zone=typed))

    assert MailSettings.objects.get().time_zone == found


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a time zone, such as Africa/Nairobi, or UTC."),
        ("Mars", "There is no time zone “Mars”. "),
        (
            "Europe/Zurch",
            "There is no time zone “Europe/Zurch”. Did you mean Europe/Zurich?",
        ),
        ("xxqqxx", "There is no time zone “xxqqxx”. Enter one such as Africa/Nairobi, or UTC."),
        ("../../etc/passwd", "There is no time zone “../../etc/passwd”. "),
    ],
)
def test_an_unknown_time_zone_is_refused_with_the_one_probably_meant(typed, said, cast, signed_in):
    answer = signed_in(cast.ilo_focal_point).post(NOTICES, form(AGENCY, time_zone=typed))

    assert answer.status_code == 400
    assert error(answer, "time_zone").startswith(said)
    assert MailSettings.objects.count() == 0


@pytest.mark.parametrize(
    ("quiet", "field", "said"),
    [
        (("22:00", ""), "quiet_until", "Enter until when mail waits, or clear both times."),
        (("", "06:00"), "quiet_from", "Enter from when mail waits, or clear both times."),
        (
            ("06:00", "06:00"),
            "quiet_until",
            "Enter another time: from 06:00 until 06:00 is no time at all.",
        ),
        (
            ("25:00", "06:00"),
            "quiet_from",
            "Enter the time as hours and minutes, such as 07:00.",
        ),
    ],
)
def test_quiet_hours_with_one_end_are_refused(quiet, field, said, cast, signed_in):
    start, end = quiet
    answer = signed_in(cast.ilo_focal_point).post(
        NOTICES, form(AGENCY, quiet_from=start, quiet_until=end)
    )

    assert answer.status_code == 400
    assert answer.context["form"].errors == {field: [said]}
    assert f'href="#id_{field}"' in answer.content.decode()


def test_a_digest_needs_a_time_and_a_day_of_the_week(cast, signed_in):
    answer = signed_in(cast.ilo_focal_point).post(
        NOTICES, form(AGENCY, digest_at="", digest_weekday="7")
    )

    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"digest_at", "digest_weekday"}


def test_the_page_says_when_the_next_digest_is_due_in_the_persons_own_time(cast, signed_in):
    client = signed_in(cast.ilo_focal_point)
    daily, weekly = "Your next daily digest is due on", "Your next weekly digest is due on"
    usual = text_of(client.get(NOTICES))
    assert f"{daily} 5 May 2026 07:00 UTC." in usual
    assert weekly not in usual
    client.post(NOTICES, form(AGENCY, how_approved="weekly"))
    saved = text_of(client.get(NOTICES))

    assert f"{daily} 5 May 2026 06:30 EAT." in saved
    assert f"{weekly} 6 May 2026 06:30 EAT." in saved


def test_what_was_chosen_holds_for_what_is_told_next(cast, signed_in):
    signed_in(cast.ilo_focal_point).post(NOTICES, form(AGENCY, how_returned="weekly"))
    person = cast.ilo_focal_point.pk

    assert Wishes([person]).how(person, BY_KIND["returned"]) == "weekly"


def test_what_was_chosen_survives_the_end_of_the_session(cast, client, signed_in):
    person = cast.ilo_focal_point
    typed = form(AGENCY, how_returned="weekly") | writer(person)
    answer = client.post(NOTICES, typed)
    assert answer.url == f"/account/sign-in/?next={NOTICES}"
    client.force_login(person)
    page = client.get(NOTICES).content.decode()

    assert 'name="how_returned" value="weekly" id="id_how_returned_2" checked' in page
    assert 'value="Africa/Nairobi"' in page


def test_the_page_takes_few_queries(cast, signed_in):
    client = signed_in(cast.ilo_coordinator)
    with CaptureQueriesContext(connection) as queries:
        client.get(NOTICES)

    assert len(queries) == 8
