"""What a thread shows: the rounds of an assignment with what was sent and decided in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery

from agencies.models import Event
from recommendations.models import (
    Assignment,
    Comment,
    Decision,
    Duty,
    Evidence,
    Submission,
    Update,
)
from recommendations.web.position import Position
from recommendations.web.submissions import Sent, sent


@dataclass(frozen=True)
class Passed:
    """An update of a round, with what was sent of it; `draft_since` only for insiders."""

    update: Update
    sent: list[Sent]

    @property
    def duty(self) -> Duty:
        """Return the duty of the update."""
        return self.update.duty


def passed(
    assignments: Collection[Assignment], position: Position, *, own: bool
) -> dict[int, list[Passed]]:
    """Return the updates of each assignment with what was sent, the newest round first.

    The public sees published texts that were not retracted, and no update without one.
    Inside everything that was sent by the moment shows, with the decisions; the comments on
    single fields stand on the page of the update.
    """
    updates = (
        begun_by(position.as_of)
        .filter(duty__assignment__in=assignments)
        .select_related("duty__round", "duty__assignment__action")
        .annotate(draft_since=F("draft__begun_at"))
        .order_by("-duty__round__opens_on", "-id")
    )
    texts: dict[int, list[Sent]] = defaultdict(list)
    for submission in sent_by(assignments, position):
        texts[submission.update_id].append(sent(submission, own=own, as_of=position.as_of))
    found: dict[int, list[Passed]] = defaultdict(list)
    for update in updates:
        if texts[update.pk] or not position.public:
            assignment_id = update.duty.assignment_id or 0
            found[assignment_id].append(Passed(update, texts[update.pk]))
    return found


def begun_by(at: datetime) -> QuerySet[Update]:
    """Return the updates that there were at a moment.

    One begins with its duty; a correction is a later row without a moment of its own, so its
    first event says when it began.
    """
    first = Event.objects.filter(object_type="update", object_id=OuterRef("pk"), number=1)
    rows: QuerySet[Update] = Update.objects.filter(duty__recorded_at__lte=at)
    begun = Q(first_event_at__isnull=True) | Q(first_event_at__lte=at)
    return rows.annotate(first_event_at=Subquery(first.values("at"))).filter(
        Q(corrects__isnull=True) | begun
    )


def sent_by(assignments: Collection[Assignment], position: Position) -> QuerySet[Submission]:
    """Return what was sent by the moment, newest first, with what the reader may see of it."""
    at = position.as_of
    decisions = Decision.objects.filter(decided_at__lte=at).select_related("decided_by")
    evidence = Evidence.objects.order_by("id")
    rows = Submission.objects.filter(update__duty__assignment__in=assignments, submitted_at__lte=at)
    if position.public:
        retracted = Decision.objects.filter(verb=Decision.Verb.RETRACT, decided_at__lte=at)
        rows = rows.filter(publication__recorded_at__lte=at)
        rows = rows.exclude(pk__in=retracted.values("submission"))
        decisions = decisions.none()
        evidence = evidence.filter(public=True)
    return (
        rows.select_related(
            "submitted_by",
            "on_behalf_of",
            "withdrawal__recorded_by",
            "publication",
            "superseded_by",
            "repeats__repeats",
        )
        .prefetch_related(
            Prefetch("decisions", decisions.order_by("decided_at", "id")),
            Prefetch("comments", Comment.objects.none()),
            Prefetch("evidence", evidence),
        )
        .order_by("-submitted_at", "-id")
    )
