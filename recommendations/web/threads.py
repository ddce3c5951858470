"""What a thread shows: the rounds of an assignment with what was sent and decided in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

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

WORDS = {
    ("assignment", "proposed"): _("Proposed to the agency"),
    ("assignment", "accepted"): _("Accepted"),
    ("assignment", "partially_accepted"): _("Accepted in part"),
    ("assignment", "under_consideration"): _("Taken under consideration"),
    ("assignment", "declined"): _("Declined"),
    ("assignment", "withdrawn"): _("Withdrawn"),
    ("assignment", "ended"): _("Ended"),
    ("assignment", "target_date_changed"): _("Target date changed"),
    ("assignment", "assessed"): _("Status assessed"),
    ("duty", "owed"): _("Update asked for"),
    ("duty", "due_date_changed"): _("Due date changed"),
    ("duty", "met"): _("Update no longer owed: approved"),
    ("duty", "reopened"): _("Update owed again"),
    ("duty", "waived"): _("Update no longer owed: waived"),
    ("update", "begun"): _("Update begun"),
    ("update", "submitted"): _("Update sent"),
    ("update", "withdrawn"): _("Update taken back by the agency"),
    ("update", "returned"): _("Update returned"),
    ("update", "approved"): _("Update approved"),
    ("update", "reopened"): _("Update reopened"),
}


@dataclass(frozen=True)
class Passed:
    """An update of a round, with what was sent of it; `draft_since` only for insiders."""

    update: Update
    sent: list[Sent]

    @property
    def duty(self) -> Duty:
        """Return the duty of the update."""
        return self.update.duty


@dataclass(frozen=True)
class Happened:
    """A line of the history: what, when, by whom, why."""

    event: Event

    @property
    def words(self) -> str:
        """Return what happened, in words."""
        event = self.event
        known = WORDS.get((event.object_type, event.verb))
        return str(known or capfirst(event.verb.replace("_", " ")))


def passed(
    assignments: Collection[Assignment], position: Position, *, own: bool
) -> dict[int, list[Passed]]:
    """Return the updates of each assignment with what was sent, the newest round first.

    The public sees published texts that were not retracted, and no update without one.
    Inside everything that was sent by the moment shows, with the decisions; the comments on
    single fields stand on the page of the update.
    """
    updates = (
        Update.objects.filter(duty__assignment__in=assignments)
        .filter(duty__recorded_at__lte=position.as_of)
        .select_related("duty__round", "duty__assignment__action")
        .annotate(draft_since=F("draft__begun_at"))
        .order_by("-duty__round__opens_on", "-id")
    )
    texts: dict[int, list[Sent]] = defaultdict(list)
    for submission in sent_by(assignments, position):
        texts[submission.update_id].append(sent(submission, own=own))
    found: dict[int, list[Passed]] = defaultdict(list)
    for update in updates:
        if texts[update.pk] or not position.public:
            assignment_id = update.duty.assignment_id or 0
            found[assignment_id].append(Passed(update, texts[update.pk]))
    return found


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


def history(assignments: Sequence[Assignment], position: Position) -> list[Happened]:
    """Return all that happened to these assignments, their duties and updates, newest first."""
    duties = Duty.objects.filter(assignment__in=assignments)
    updates = Update.objects.filter(duty__assignment__in=assignments)
    about = Q(object_type="assignment", object_id__in=[one.pk for one in assignments])
    about |= Q(object_type="duty", object_id__in=duties.values("pk"))
    about |= Q(object_type="update", object_id__in=updates.values("pk"))
    events = Event.objects.filter(about, at__lte=position.as_of).select_related(
        "actor", "on_behalf_of"
    )
    return [Happened(event) for event in events.order_by("-at", "-id")]
