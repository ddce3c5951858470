"""The one order of all events: positions without gaps, given after commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from agencies.models import Cursor, Event, EventPosition

NUMBERER = "numberer"
LOOKS_BACK = timedelta(minutes=10)
"""Longer than any transaction lives: events that commit late are found by the next pass."""


def number_events(*, at: datetime, everything: bool = False) -> int:
    """Give each committed event without a position the next one; return how many.

    Ids skip transactions that commit late, so readers of the log cannot go by id. One
    numberer at a time: it holds its cursor row until its positions are committed.
    """
    Cursor.objects.get_or_create(name=NUMBERER)
    with transaction.atomic():
        Cursor.objects.filter(name=NUMBERER).update(position=F("position"))
        cursor = Cursor.objects.get(name=NUMBERER)
        waiting = Event.objects.filter(place__isnull=True)
        if not everything and cursor.moved_at is not None:
            newest = Event.objects.filter(place__isnull=False).order_by("-place__position").first()
            since = min(at, newest.at if newest else at) - LOOKS_BACK
            waiting = waiting.filter(at__gte=since)
        ids = list(waiting.order_by("id").values_list("id", flat=True))
        EventPosition.objects.bulk_create(
            EventPosition(event_id=pk, position=cursor.position + offset)
            for offset, pk in enumerate(ids, start=1)
        )
        Cursor.objects.filter(name=NUMBERER).update(
            position=cursor.position + len(ids), moved_at=at
        )
    return len(ids)
