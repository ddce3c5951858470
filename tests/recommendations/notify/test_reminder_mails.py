"""A reminder on its way to the reader: in the morning's digest, or not any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from recommendations.models import Delivery, Message
from recommendations.notify import passes
from recommendations.notify.lines import lines
from recommendations.notify.reminders import remind
from tests import mail_server, make

NIGHT = datetime(2026, 5, 31, 0, 5, tzinfo=UTC)
MORNING = datetime(2026, 5, 31, 7, 1, tzinfo=UTC)


@pytest.fixture
def server(settings: Settings) -> Iterator[mail_server.MailServer]:
    """Return a mail server that takes everything."""
    with mail_server.mail_server(settings) as running:
        yield running


def deliver() -> None:
    """Do the pass of the morning."""
    passes.deliver(clock=lambda: MORNING)


def test_what_is_due_stands_in_the_digest_of_the_day(
    cast: make.Cast, server: mail_server.MailServer
) -> None:
    update = make.owed(cast)
    remind(at=NIGHT)
    deliver()

    (mail,) = server.to(cast.ilo_focal_point.email)
    assert mail["Subject"] == "Due 31 May 2026: A1 Short title of A1 (ILO)"
    assert f"http://testserver/updates/{update.pk}/" in mail_server.text_of(mail)


def test_what_was_sent_meanwhile_is_not_mailed_and_says_why(
    cast: make.Cast, server: mail_server.MailServer
) -> None:
    update = make.owed(cast)
    remind(at=NIGHT)
    make.sent(update, by=cast.ilo_focal_point, at=NIGHT)
    deliver()

    assert server.to(cast.ilo_focal_point.email) == []
    mails = Delivery.objects.filter(kind="due", channel="mail")
    assert {(row.state, row.because) for row in mails} == {("suppressed", "The update was sent.")}
    digest = Message.objects.get(user=cast.ilo_focal_point, kind="digest")
    assert (digest.state, digest.answer) == ("suppressed", "The update was sent.")


def test_the_numbers_of_the_week_are_said_in_words(cast: make.Cast) -> None:
    make.owed(cast)
    remind(at=NIGHT)
    (line, _other) = lines(list(Delivery.objects.filter(kind="summary", channel="inbox")))

    assert line.heading == "The week in numbers"
    assert line.detail == (
        "Due and not overdue: 1\nOverdue: 0\nTo review: 0\nActions without a lead: 0\n"
        "Counted on 31 May 2026 00:05 UTC."
    )
