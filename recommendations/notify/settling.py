"""What was dealt with leaves the inbox by itself: nobody has to tick what they have done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from agencies.models import Event
from recommendations.models import Delivery, Update
from recommendations.notify.notices import ANSWERED, BY_KIND, ENDING

OWED = ("due", "chased")
ENDS_A_DUTY = ("met", "waived")
CHUNK = 500


def settle(events: Sequence[Event], *, at: datetime) -> None:
    """Settle the lines of inboxes to which these events put an end; what came later stays."""
    over = [*overtaken(events), *reminders_over(events)]
    for first in range(0, len(over), CHUNK):
        lines = Delivery.objects.filter(pk__in=over[first : first + CHUNK])
        lines.update(settled_at=at, read_at=Coalesce(F("read_at"), at))


def waiting() -> QuerySet[Delivery]:
    """Return the lines that wait in inboxes."""
    return Delivery.objects.filter(channel=Delivery.Channel.INBOX, settled_at=None)


def overtaken(events: Sequence[Event]) -> Iterator[int]:
    """Yield the lines that a later event of their object undid or answered.

    One query for each kind of object, whatever happened to how many of them: a condition for
    each event would be more than SQLite takes.
    """
    objects: dict[str, set[int]] = defaultdict(set)
    last: dict[tuple[str, int, str], int] = {}
    for event in events:
        if event.verb not in ENDING:
            continue
        objects[event.object_type].add(event.object_id)
        key = (event.object_type, event.object_id, event.verb)
        last[key] = max(event.number, last.get(key, 0))
    for noun, pks in objects.items():
        rows = waiting().filter(event__object_type=noun, event__object_id__in=pks)
        for pk, kind, about, number in rows.values_list(
            "pk", "kind", "event__object_id", "event__number"
        ):
            ends = (*BY_KIND[kind].answers, *BY_KIND[kind].undone_by)
            if any(last.get((noun, about, verb), 0) > number for verb in ends):
                yield pk


def reminders_over(events: Sequence[Event]) -> Iterator[int]:
    """Yield the reminders of what was sent, met, waived or answered; three queries at most."""
    answered = ids(events, "assignment", ANSWERED)
    duties = ids(events, "duty", ENDS_A_DUTY)
    sent = ids(events, "update", ("submitted",))
    if sent:
        duties |= set(Update.objects.filter(pk__in=sent).values_list("duty_id", flat=True))
    for kinds, noun, pks in ((OWED, "duty", duties), (("answer_owed",), "assignment", answered)):
        if pks:
            rows = waiting().filter(kind__in=kinds, subject_type=noun, subject_id__in=pks)
            yield from rows.values_list("pk", flat=True)


def ids(events: Sequence[Event], noun: str, verbs: Sequence[str]) -> set[int]:
    """Return the objects of a kind to which one of these things happened."""
    return {
        event.object_id for event in events if event.object_type == noun and event.verb in verbs
    }
