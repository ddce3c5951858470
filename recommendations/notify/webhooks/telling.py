"""From what happened to who is called: reads the event log in its one order, each event once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from agencies.models import Cursor, Event, EventPosition
from recommendations.domain.kinds import PING
from recommendations.models import Webhook, WebhookCall
from recommendations.notify import failures
from recommendations.notify.fan_out import OLD_NEWS
from recommendations.notify.webhooks.hearing import Hearing

READER = "webhooks"
BATCH = 500


def tell(*, at: datetime) -> int:
    """Write the calls of the next events; return how many events were read.

    The cursor moves in the transaction that writes them. Where no webhook is called it jumps to
    the end: what happened before one was allowed is told to nobody. An event at which this fails
    is passed over, with the error in the log, and the others go on.
    """
    Cursor.objects.get_or_create(name=READER)
    with transaction.atomic():
        Cursor.objects.filter(name=READER).update(position=F("position"))
        since = Cursor.objects.get(name=READER).position
        last = EventPosition.objects.aggregate(last=Max("position"))["last"] or 0
        if last <= since:
            return 0
        webhooks = list(Webhook.objects.live().select_related("framework", "agency"))
        events: list[Event] = []
        if webhooks:
            events = list(
                Event.objects.filter(place__position__gt=since)
                .select_related("place")
                .order_by("place__position")[:BATCH]
            )
            fresh = [one for one in events if one.at > at - OLD_NEWS]
            failures.apart(lambda some: write(webhooks, some, at=at), fresh)
            last = events[-1].place.position
        Cursor.objects.filter(name=READER).update(position=last, moved_at=at)
    return len(events)


def write(webhooks: Sequence[Webhook], events: Sequence[Event], *, at: datetime) -> None:
    """Write the calls of these events, all of them or none; those that are there already stay."""
    with transaction.atomic():
        rows = calls(webhooks, events, at=at)
        WebhookCall.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def calls(
    webhooks: Sequence[Webhook], events: Sequence[Event], *, at: datetime
) -> Iterator[WebhookCall]:
    """Yield a call for each event and each webhook whose owner may know of it and asks for it."""
    hearing = Hearing(events)
    for event in hearing.events:
        for webhook in webhooks:
            assert webhook.allowed_at is not None  # noqa: S101 - it is live
            heard = hearing.heard(webhook, event) if event.at > webhook.allowed_at else None
            if heard is not None:
                yield call(webhook, heard.kind.name, event, at=at)


def call(webhook: Webhook, kind: str, event: Event | None, *, at: datetime) -> WebhookCall:
    """Return a call that waits; its id stays the same however often it is tried."""
    return WebhookCall(
        webhook=webhook,
        event=event,
        name=f"msg_{uuid.uuid4().hex}",
        kind=kind,
        made_at=at,
        next_at=at,
    )


def ping(webhook: Webhook, *, at: datetime) -> WebhookCall:
    """Let a test call leave with the next pass; one that waits already is enough."""
    waiting = webhook.calls.filter(kind=PING, state=WebhookCall.State.WAITING).first()
    if waiting is not None:
        return waiting
    made = call(webhook, PING, None, at=at)
    made.save(force_insert=True)
    return made
