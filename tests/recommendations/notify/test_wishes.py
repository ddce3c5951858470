"""What a person wished holds until the mail leaves; a digest can be switched off from itself."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from agencies.models import User
from recommendations.models import Delivery
from recommendations.notify import preferences, sending
from recommendations.notify.bundling import bundle
from tests import make
from tests.make import later
from tests.recommendations.notify.telling import told


@pytest.fixture(autouse=True)
def at_once(settings: Settings) -> None:
    """Let mails leave without a wait."""
    settings.DELIVERY_WAIT_SECONDS = 0


def send(at: datetime) -> list[str]:
    """Bundle and send what is ready; return the subjects of the mails that left."""
    mail.outbox.clear()
    bundle(at=at)
    while sending.send_batch(clock=lambda: at):
        pass
    return [sent.subject for sent in mail.outbox]


def test_what_was_switched_off_after_it_was_told_is_not_mailed(cast: make.Cast) -> None:
    person, update = cast.ilo_focal_point, make.owed(cast)
    told(person, update, kind="commented", key="event:1")
    told(person, update, kind="due_date_changed", key="event:2")
    preferences.switch_off(person)

    assert send(later(days=1)) == []
    mailed = Delivery.objects.filter(channel="mail", user=person)
    assert {*mailed.values_list("state", "because")} == {
        ("suppressed", "The person switched it off before the mail left.")
    }
    assert Delivery.objects.filter(channel="inbox", user=person, state="done").count() == 2


def test_a_duty_is_mailed_whatever_was_switched_off(cast: make.Cast) -> None:
    update = make.owed(cast)
    told(cast.ilo_focal_point, update, kind="returned", key="event:1")
    preferences.switch_off(cast.ilo_focal_point)

    assert len(send(later(days=1))) == 1


def test_a_digest_is_switched_off_from_its_own_header_and_other_mails_are_not(
    cast: make.Cast,
) -> None:
    person, update = cast.ilo_focal_point, make.owed(cast)
    told(person, update, kind="commented", key="event:1")
    assert len(send(later(days=1))) == 1
    headers = mail.outbox[0].extra_headers
    address = headers["List-Unsubscribe"]
    assert address.startswith("<http://testserver/account/unsubscribe/")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = address.strip("<>").removeprefix("http://testserver")
    assert Client(enforce_csrf_checks=True).post(path).status_code == 200
    told(person, update, kind="commented", key="event:2")
    assert send(later(days=2)) == []
    told(person, update, kind="returned", key="event:3")
    send(later(days=2, hours=1))

    assert [one.extra_headers.get("List-Unsubscribe") for one in mail.outbox] == [None]


def wish(person: User, at: datetime, how: str = "daily", **settings: Any) -> None:
    """Let a person save how they hear of comments, and their settings."""
    preferences.keep(person, settings=settings, wanted={"commented": how}, at=at)


def waiting_for(person: User) -> tuple[datetime, bool]:
    """Return when the waiting mail of a person may leave, and whether in a digest."""
    row = Delivery.objects.get(user=person, channel="mail")
    return row.ready_at, row.in_digest


@pytest.mark.parametrize(
    ("how", "wanted", "ready", "in_digest"),
    [
        ("daily", {}, datetime(2026, 5, 5, 7, tzinfo=UTC), True),
        ("daily", {"digest_at": time(18)}, datetime(2026, 5, 4, 18, tzinfo=UTC), True),
        ("daily", {"time_zone": "America/New_York"}, datetime(2026, 5, 4, 11, tzinfo=UTC), True),
        ("weekly", {"digest_weekday": 3}, datetime(2026, 5, 7, 7, tzinfo=UTC), True),
        ("at_once", {}, later(hours=1), False),
        (
            "at_once",
            {"quiet_from": time(9), "quiet_until": time(20)},
            datetime(2026, 5, 4, 20, tzinfo=UTC),
            False,
        ),
    ],
)
def test_mail_that_waits_follows_what_is_wished_now(
    how: str, wanted: dict[str, Any], ready: datetime, in_digest: bool, cast: make.Cast
) -> None:
    person = cast.ilo_focal_point
    told(person, make.owed(cast), kind="commented")
    assert waiting_for(person) == (datetime(2026, 5, 5, 7, tzinfo=UTC), True)
    wish(person, later(hours=1), how, **wanted)

    assert waiting_for(person) == (ready, in_digest)


def test_saving_again_puts_off_no_mail_that_leaves_at_once(
    cast: make.Cast, settings: Settings
) -> None:
    settings.DELIVERY_WAIT_SECONDS = 300
    person = cast.ilo_focal_point
    wish(person, make.NOW, "at_once")
    told(person, make.owed(cast), kind="commented")
    wish(person, later(minutes=4), "at_once")
    assert waiting_for(person) == (later(minutes=5), False)
    wish(person, later(minutes=6), "weekly")
    assert waiting_for(person) == (later(minutes=5), False)


def test_what_somebody_wishes_moves_the_mail_of_nobody_else_and_none_that_is_off(
    cast: make.Cast,
) -> None:
    person, other, update = cast.ilo_focal_point, cast.iom_focal_point, make.owed(cast)
    told(other, update, kind="commented", key="event:1")
    told(person, update, kind="commented", key="event:2")
    before = waiting_for(other), waiting_for(person)
    wish(person, later(hours=1), "off")

    assert (waiting_for(other), waiting_for(person)) == before
