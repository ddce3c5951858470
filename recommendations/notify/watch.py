"""What operators watch: what waits, what was given up, whether the mail server answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from recommendations.models import Delivery, MailServer, Message, Untold, WebhookCall
from recommendations.notify.bundling import waiting

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Mail:
    """The mail at a moment. `oldest` is when the mail that should have left first was due.

    `dead` mails were given up, `unwritten` notices could not be put into words, `untold`
    events could not be told to anybody: somebody has to put something right.
    """

    at: datetime
    oldest: datetime | None
    waiting: int
    dead: int
    unwritten: int
    untold: int
    sent_last_minute: int
    paused_since: datetime | None
    because: str

    @property
    def oldest_seconds(self) -> float:
        """Return for how long the oldest unsent mail should have left; 0 where none should."""
        return (self.at - self.oldest).total_seconds() if self.oldest else 0.0


def look(at: datetime) -> Mail:
    """Look at the mail; five queries. A delivery that no mail holds yet waits like a mail."""
    state = Message.State
    mails = Message.objects.filter(
        Q(state__in=[state.WAITING, state.DEAD]) | Q(state=state.SENT, settled_at__gt=at - MINUTE)
    ).aggregate(
        oldest=Min("due_at", filter=Q(state=state.WAITING, due_at__lte=at)),
        waiting=Count("pk", filter=Q(state=state.WAITING)),
        dead=Count("pk", filter=Q(state=state.DEAD)),
        sent=Count("pk", filter=Q(state=state.SENT)),
    )
    unbundled = waiting().filter(ready_at__lte=at).aggregate(oldest=Min("ready_at"), n=Count("pk"))
    server = MailServer.objects.first() or MailServer()
    oldest = [moment for moment in (mails["oldest"], unbundled["oldest"]) if moment]
    return Mail(
        at=at,
        oldest=min(oldest, default=None),
        waiting=mails["waiting"] + unbundled["n"],
        dead=mails["dead"],
        unwritten=Delivery.objects.filter(state=Delivery.State.FAILED).count(),
        untold=Untold.objects.filter(told_at=None).count(),
        sent_last_minute=mails["sent"],
        paused_since=server.paused_since,
        because=server.because,
    )


@dataclass(frozen=True)
class Calls:
    """The calls of webhooks: seconds that the oldest is late, how many wait or were given up."""

    oldest_seconds: float
    waiting: int
    dead: int


def look_at_calls(at: datetime) -> Calls:
    """Look at the calls of the webhooks that are called; one query.

    What waits for its next try is as late as its first one: the address has not taken it.
    """
    state = WebhookCall.State
    live = Q(webhook__allowed_at__isnull=False, webhook__disabled_at__isnull=True)
    found = WebhookCall.objects.filter(state__in=[state.WAITING, state.DEAD]).aggregate(
        oldest=Min("made_at", filter=Q(state=state.WAITING) & live),
        waiting=Count("pk", filter=Q(state=state.WAITING) & live),
        dead=Count("pk", filter=Q(state=state.DEAD)),
    )
    oldest = found["oldest"]
    late = max((at - oldest).total_seconds(), 0.0) if oldest else 0.0
    return Calls(oldest_seconds=late, waiting=found["waiting"], dead=found["dead"])
