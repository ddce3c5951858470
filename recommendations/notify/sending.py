"""Sending: a batch is leased, written, handed to the mail server and settled one by one.

The truth is in the rows. A sender that dies between the server's "accepted" and our settling
sends one second copy, with the same Message-ID; nothing is lost.
"""

from __future__ import annotations

import logging
import random
import smtplib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from recommendations.models import Delivery, MailServer, Message
from recommendations.notify import checking, failures, mails

BATCH = 100
MOST_TRIES = 8
PAUSE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FINAL = range(500, 600)
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


@dataclass
class Answer:
    """What became of one mail: accepted, refused for good, or to be tried again."""

    text: str
    final: bool = False
    sent: bool = False


class ServerAway(Exception):
    """The mail server does not answer, or refuses to talk to us at all."""


def send_batch(*, clock: Clock, size: int = BATCH) -> int:
    """Send the mails that are due, at most so many; return how many were dealt with."""
    at = clock()
    if paused(at):
        return 0
    lease = claim(at=at, size=size)
    held = list(Message.objects.filter(lease=lease).select_related("user"))
    if not held:
        return 0
    held.sort(
        key=lambda message: (message.kind != Message.Kind.SIGN_IN, message.due_at, message.pk)
    )
    going = checking.still_going(held, at=at)
    line = Line()
    try:
        for message, deliveries in going:
            if clock() >= at + still_ours():
                break
            answer = deliver(line, message, deliveries, at=clock())
            if answer is None:
                checking.suppress(message, _("None of it could be written."), at=clock())
            else:
                settle(message, lease, answer, at=clock())
    except ServerAway as away:
        pause(str(away), at=clock())
    else:
        resume()
    finally:
        line.close()
        Message.objects.filter(lease=lease).update(lease="", lease_until=None)
    return len(held)


def still_ours() -> timedelta:
    """Return for how long a batch may be worked on: one more mail must end before the lease.

    A sender that is slower gives back the rest, and whoever comes next goes on with it. A lease
    shorter than the patience with the server is worked on for half of it.
    """
    lease = settings.DELIVERY_LEASE_SECONDS
    return timedelta(seconds=max(lease - settings.EMAIL_TIMEOUT, lease / 2))


def due(at: datetime) -> QuerySet[Message]:
    """Return the mails that wait, are due, and that no living sender holds."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    return Message.objects.filter(free, state=Message.State.WAITING, due_at__lte=at)


def claim(*, at: datetime, size: int) -> str:
    """Lease a batch and return the name of the lease; what somebody else took is left out.

    The conditional update decides: of two senders one finds the row taken.
    """
    lease = uuid.uuid4().hex
    first = Case(When(kind=Message.Kind.SIGN_IN, then=Value(0)), default=Value(1))
    chosen = list(due(at).order_by(first, "due_at", "id").values_list("pk", flat=True)[:size])
    until = at + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    due(at).filter(pk__in=chosen).update(lease=lease, lease_until=until)
    return lease


class Line:
    """One connection to the mail server, opened when it is needed."""

    def __init__(self) -> None:
        self.connection: Any = None

    def open(self) -> Any:
        """Return the open connection; ServerAway where there is none to be had."""
        if self.connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as error:
                raise ServerAway(f"{type(error).__name__}: {error}") from error
            self.connection = connection
        return self.connection

    def close(self) -> None:
        """Hang up, whatever state the line is in."""
        if self.connection is not None:
            try:
                self.connection.close()
            except (OSError, smtplib.SMTPException):
                log.info("the mail server hung up first")
        self.connection = None


def deliver(
    line: Line, message: Message, deliveries: Sequence[Delivery], *, at: datetime
) -> Answer | None:
    """Write a mail and hand it on; return the answer about it, None where nothing could be written.

    A server that falls silent in the middle of one mail is asked whether it is still there:
    if so the silence was about this mail and counts as a try, if not it is away.
    """
    try:
        mail = written(message, deliveries, at=at)
    except failures.PASSING:
        raise
    except Exception as error:  # each of it can be written, but not together
        log.exception("a mail could not be written")
        return Answer(f"It could not be written: {type(error).__name__}: {error}", final=True)
    if mail is None:
        return None
    mail.connection = line.open()
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return refused(code, text)
    except smtplib.SMTPSenderRefused as error:
        line.close()
        raise ServerAway(f"{error.smtp_code} {text_of(error.smtp_error)}") from error
    except smtplib.SMTPDataError as error:
        return refused(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        line.close()
        line.open()
        return Answer(f"No answer to this mail: {type(error).__name__}")
    except ValueError as error:
        return Answer(f"It cannot be sent: {error}", final=True)
    return Answer("250", sent=True)


def written(
    message: Message, deliveries: Sequence[Delivery], *, at: datetime
) -> EmailMultiAlternatives | None:
    """Return a mail with all that can be written; the rest of it fails. None where that is all."""
    mail, errors = failures.apart(lambda rows: mails.write(message, rows, at=at), deliveries)
    failures.fail(errors)
    return mail


def refused(code: int, text: bytes | str) -> Answer:
    """Return what the server said about one recipient or mail: 5xx is final."""
    return Answer(f"{code} {text_of(text)}", final=code in FINAL)


def text_of(answer: bytes | str) -> str:
    """Return what a server said as text."""
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def settle(message: Message, lease: str, answer: Answer, *, at: datetime) -> None:
    """Write what became of one mail, unless the lease was lost meanwhile."""
    values: dict[str, Any] = {
        "lease": "",
        "lease_until": None,
        "tries": message.tries + 1,
        "answer": answer.text,
        "address": message.address or message.user.email,
        "subject": message.subject,
    }
    if answer.sent:
        values |= {"state": Message.State.SENT, "settled_at": at}
    elif answer.final or message.tries + 1 >= MOST_TRIES:
        values |= {"state": Message.State.DEAD, "settled_at": at}
    else:
        values["due_at"] = at + wait_after(message.tries)
    with transaction.atomic():
        if Message.objects.filter(pk=message.pk, lease=lease).update(**values) and answer.sent:
            Delivery.objects.filter(message=message, state=Delivery.State.WAITING).update(
                state=Delivery.State.DONE
            )


def wait_after(tries: int) -> timedelta:
    """Return how long a mail waits after so many tries: doubling to an hour, with jitter."""
    spread = random.uniform(0.8, 1.2)  # noqa: S311 - no secret
    return min(timedelta(minutes=2.0**tries * spread), LONGEST_WAIT)


def paused(at: datetime) -> bool:
    """Say whether the server is being left alone."""
    return MailServer.objects.filter(paused_until__gt=at).exists()


def pause(because: str, *, at: datetime) -> None:
    """Leave the server alone for a while; the first time is remembered for the banner."""
    log.warning("mail is paused: %s", because)
    MailServer.objects.get_or_create()
    MailServer.objects.filter(paused_since=None).update(paused_since=at)
    MailServer.objects.update(paused_until=at + PAUSE, because=because)


def resume() -> None:
    """Forget a pause: the server has answered."""
    MailServer.objects.exclude(paused_since=None).update(
        paused_since=None, paused_until=None, because=""
    )


def resend(messages: QuerySet[Message], *, at: datetime) -> int:
    """Put mails that were given up back into the queue, with no tries; return how many."""
    return messages.filter(state=Message.State.DEAD).update(
        state=Message.State.WAITING, tries=0, due_at=at, settled_at=None, lease="", lease_until=None
    )


def everything(*, clock: Clock) -> Iterator[int]:
    """Send batch after batch until nothing is due or the server is away."""
    while dealt := send_batch(clock=clock):
        yield dealt
