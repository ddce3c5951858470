"""Since when mail waits that should have left: a sender that stopped, a server that is away."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Cursor
from recommendations.models import Delivery, MailServer, Message
from recommendations.notify import delays, fan_out, positions
from recommendations.notify.delays import delayed_since, known_delay
from tests import make
from tests.make import later
from tests.recommendations.notify.telling import told
from tests.recommendations.web.pages import text_of


def mail_of(cast: make.Cast, **more: object) -> Message:
    """Return a mail that waits to be sent."""
    facts = {"message_id": "<1@example.org>", "kind": "at_once", "made_at": make.NOW, **more}
    return Message.objects.create(user=cast.ilo_focal_point, **facts)


def ready(at: object) -> None:
    """Let what is told be ready for the mail from a moment on."""
    Delivery.objects.filter(channel="mail").update(ready_at=at)


def test_nothing_waits(cast):
    Cursor.objects.create(name="numberer", moved_at=make.NOW)

    assert delayed_since(make.NOW) is None


def test_what_was_not_put_into_a_mail_for_ten_minutes_is_late(cast):
    told(cast.ilo_focal_point, make.owed(cast))
    ready(make.NOW)

    assert delayed_since(later(minutes=10)) is None
    assert delayed_since(later(minutes=11)) == make.NOW
    ready(later(days=1))  # with the next digest
    assert delayed_since(later(minutes=11)) is None


def test_what_is_in_a_mail_or_not_sent_does_not_wait(cast):
    told(cast.ilo_focal_point, make.owed(cast))
    ready(make.NOW)
    mail = mail_of(cast, state="sent", due_at=make.NOW)
    Delivery.objects.filter(channel="mail").update(message=mail)
    assert delayed_since(later(hours=1)) is None
    Delivery.objects.filter(channel="mail").update(
        message=None, state="suppressed", because="The person has left."
    )

    assert delayed_since(later(hours=1)) is None


def test_a_mail_that_should_have_left_ten_minutes_ago_is_late(cast):
    mail_of(cast, due_at=later(minutes=5))

    assert delayed_since(later(minutes=15)) is None
    assert delayed_since(later(minutes=16)) == later(minutes=5)


def test_a_server_that_is_away_for_ten_minutes_delays(cast):
    MailServer.objects.create(paused_since=make.NOW, because="Away.")

    assert delayed_since(later(minutes=10)) is None
    assert delayed_since(later(minutes=16)) == make.NOW


def something_happens(cast: make.Cast, at: datetime) -> None:
    """Let one thing happen that an agency should be told."""
    facts = {"agency": cast.ilo, "role": "lead"}
    make.do("assign", cast.action, by=cast.coordinator, at=at, **facts)


def test_while_no_worker_runs_the_first_event_after_it_waits(cast):
    positions.number_events(at=later(minutes=1), everything=True)
    assert delayed_since(later(hours=1)) is None
    something_happens(cast, later(minutes=3))

    assert delayed_since(later(minutes=13)) is None
    assert delayed_since(later(minutes=14)) == later(minutes=3)


def test_an_event_that_is_numbered_and_not_read_waits(cast):
    positions.number_events(at=make.NOW, everything=True)
    fan_out.fan_out(at=make.NOW)
    something_happens(cast, later(minutes=3))
    positions.number_events(at=later(minutes=13))
    assert delayed_since(later(minutes=13)) is None
    assert delayed_since(later(minutes=14)) == later(minutes=3)
    fan_out.fan_out(at=later(minutes=14))
    Delivery.objects.filter(channel="mail").update(ready_at=later(minutes=14))

    assert delayed_since(later(minutes=14)) is None


def test_the_oldest_of_all_is_said(cast):
    told(cast.ilo_focal_point, make.owed(cast))
    ready(later(minutes=3))
    mail_of(cast, due_at=later(minutes=2))
    MailServer.objects.create(paused_since=later(minutes=4), because="Away.")

    assert delayed_since(later(hours=1)) == later(minutes=2)


def test_pages_do_not_pay_for_it(cast, monkeypatch):
    monkeypatch.setattr(delays, "KNOWN", delays.Known())
    with CaptureQueriesContext(connection) as first:
        known_delay(make.NOW)
    with CaptureQueriesContext(connection) as second:
        known_delay(later(minutes=11))

    assert (len(first), len(second)) == (4, 0)


@pytest.mark.parametrize("since", [None, later(minutes=-11)])
def test_the_pages_of_people_who_are_signed_in_say_so(since, cast, monkeypatch):
    monkeypatch.setattr(delays, "KNOWN", delays.Known(float("inf"), since))
    client = Client()
    assert "delayed" not in text_of(client.get("/f/hld-2013/"))
    client.force_login(cast.ilo_focal_point)
    said = "Notifications are delayed since 4 May 2026 09:19 UTC. None is lost."

    assert (said in text_of(client.get("/f/hld-2013/"))) is (since is not None)
