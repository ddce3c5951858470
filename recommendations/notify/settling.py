"""What was dealt with leaves the inbox by itself: nobody has to tick what they have done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from agencies.models import Event
from recommendations.models import Delivery, Update
from recommendations.notify.notices import ANSWERED, NOTICES

OWED = ("due", "chased")
ENDS_A_DUTY = ("met", "waived")


def settle(events: Sequence[Event], *, at: datetime) -> None:
    """Settle the lines of inboxes to which these events put an end; what came later stays."""
    over = [*overtaken(events), *owed_no_more(events)]
    if over:
        lines = Delivery.objects.filter(reduce(or_, over), channel=Delivery.Channel.INBOX)
        lines.filter(settled_at=None).update(settled_at=at, read_at=Coalesce(F("read_at"), at))


def overtaken(events: Sequence[Event]) -> Iterator[Q]:
    """Yield the lines that a later event of their object undid or answered."""
    for notice in NOTICES:
        nouns = {noun for noun, _verb in notice.events}
        verbs = {*notice.answers, *notice.undone_by}
        for event in events:
            if event.object_type in nouns and event.verb in verbs:
                yield Q(
                    kind=notice.kind,
                    event__object_type=event.object_type,
                    event__object_id=event.object_id,
                    event__number__lt=event.number,
                )


def owed_no_more(events: Sequence[Event]) -> Iterator[Q]:
    """Yield the reminders of what was sent, met, waived or answered; one query."""
    answered = ids(events, "assignment", ANSWERED)
    duties = ids(events, "duty", ENDS_A_DUTY)
    sent = ids(events, "update", ("submitted",))
    if sent:
        duties |= set(Update.objects.filter(pk__in=sent).values_list("duty_id", flat=True))
    if duties:
        yield Q(kind__in=OWED, subject_type="duty", subject_id__in=duties)
    if answered:
        yield Q(kind="answer_owed", subject_type="assignment", subject_id__in=answered)


def ids(events: Sequence[Event], noun: str, verbs: Sequence[str]) -> set[int]:
    """Return the objects of a kind to which one of these things happened."""
    return {
        event.object_id for event in events if event.object_type == noun and event.verb in verbs
    }
