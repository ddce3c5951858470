"""What a person wished holds until the mail leaves; a digest can be switched off from itself."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

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
