"""Sending: a batch is leased, written, handed to the mail server and settled one by one.

The truth is in the rows. A sender that dies between the server's "accepted" and our settling
sends one second copy, with the same Message-ID; nothing is lost.
"""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from recommendations.models import Delivery, MailServer, Message
from recommendations.notify import checking, failures, mails
from recommendations.notify.handing import Answer, Line, ServerAway
from recommendations.notify.shared import Shared

BATCH = 100
MOST_TRIES = 8
PAUSE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_PASS = timedelta(seconds=25)
"""With the time-out of one mail it stays below the time limit of a task, which would cut a mail
off between the server's answer and our settling."""
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


class Sender:
    """One sender in one pass: its line to the server, and the mails whose answers it awaits."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.enough = clock() + LONGEST_PASS
        self.line = Line()
        self.silent: list[tuple[Message, str, Future[Answer]]] = []

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *error: object) -> None:
        """Wait for the answers that are still to come, and hang up."""
        for message, lease, answer in self.silent:
            self.settle(message, lease, answer.result())
        self.line.close()

    def is_done(self) -> bool:
        """Say whether it has worked for long enough: another pass goes on."""
        return self.clock() >= self.enough

    def send_batch(self, size: int = BATCH) -> int:
        """Send the mails that are due, at most so many; return how many were dealt with."""
        at = self.clock()
        if paused(at) or self.is_done():
            return 0
        lease, held = claim(at=at, size=size)
        if not held:
            return 0
        try:
            self.send(held, lease, until=min(at + still_ours(), self.enough))
        except ServerAway as away:
            pause(str(away), at=self.clock())
        else:
            resume()
        finally:
            awaited = [message.pk for message, _lease, _answer in self.silent]
            rest = Message.objects.filter(lease=lease).exclude(pk__in=awaited)
            rest.update(lease="", lease_until=None)
        return len(held)

    def send(self, held: Sequence[Message], lease: str, *, until: datetime) -> None:
        """Write these mails and hand them on, one by one; what is left at `until` is left."""
        going = checking.still_going(held, at=self.clock())
        people = [message.user for message, _rows in going]
        every = [row for _message, rows in going for row in rows]
        shared = Shared(people, every, at=self.clock())
        for message, rows in going:
            if self.clock() >= until:
                return
            mail = self.write(message, lease, rows, shared)
            if mail is not None:
                answer = self.line.hand_on(mail)
                if answer.done():
                    self.settle(message, lease, answer.result())
                    self.line.look(answer.result())
                else:
                    self.silent.append((message, lease, answer))

    def write(
        self, message: Message, lease: str, rows: Sequence[Delivery], shared: Shared
    ) -> EmailMultiAlternatives | None:
        """Return a mail with all that can be written; the rest of it fails.

        None where nothing could be written; then the mail is settled.
        """
        at = self.clock()
        try:
            mail, errors = failures.apart(
                lambda some: mails.write(message, some, at=at, shared=shared), rows
            )
        except failures.PASSING:
            raise
        except Exception as error:  # each of it can be written, but not together
            log.exception("a mail could not be written")
            because = f"It could not be written: {type(error).__name__}: {error}"
            self.settle(message, lease, Answer(because, final=True))
            return None
        failures.fail(errors)
        if mail is None:
            checking.suppress(message, _("None of it could be written."), at=at)
        return mail

    def settle(self, message: Message, lease: str, answer: Answer) -> None:
        """Write what became of a mail; a server that is away has said nothing about it."""
        if not answer.away:
            settle(message, lease, answer, at=self.clock())


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


def more_than_a_batch(at: datetime) -> bool:
    """Say whether more is due than one sender takes at a time."""
    return not paused(at) and due(at)[BATCH : BATCH + 1].exists()


def claim(*, at: datetime, size: int) -> tuple[str, list[Message]]:
    """Lease a batch; return the name of the lease and the mails, those about accounts first.

    The conditional update decides: of two senders one finds the row taken, and looks again.
    """
    lease = uuid.uuid4().hex
    until = at + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    first = Case(When(kind=Message.Kind.SIGN_IN, then=Value(0)), default=Value(1))
    order = (first, "due_at", "id")
    while chosen := list(due(at).order_by(*order).values_list("pk", flat=True)[:size]):
        if due(at).filter(pk__in=chosen).update(lease=lease, lease_until=until):
            break
    return lease, list(Message.objects.filter(lease=lease).select_related("user").order_by(*order))


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


def send_batch(*, clock: Clock, size: int = BATCH) -> int:
    """Send one batch, and wait for every answer; return how many mails were dealt with."""
    with Sender(clock) as sender:
        return sender.send_batch(size)


def everything(*, clock: Clock) -> Iterator[int]:
    """Send batch after batch until nothing is due or the server is away."""
    with Sender(clock) as sender:
        while dealt := sender.send_batch():
            yield dealt
