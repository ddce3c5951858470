"""What waits for an agency, worst first, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, OuterRef, Q, Subquery

from agencies.models import Agency
from recommendations.domain import access, clearing, updates
from recommendations.domain.updates import CAME_BACK, WRITABLE
from recommendations.models import (
    AWAITING_ANSWER,
    Assignment,
    Decision,
    Draft,
    Duty,
    ReviewState,
    Round,
    Submission,
    TimeRequest,
    Update,
)
from recommendations.models.update import UpdateQuerySet
from recommendations.reporting.duties import DutyStanding, duty_lines
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.round_progress import Progress, progress
from recommendations.web.visitor import Visitor

RETURNED, OVERDUE, DUE, NO_DATE = range(4)


@dataclass(frozen=True)
class Task:
    """An open update of an agency, as its work list shows it."""

    update: Update
    draft: Draft | None
    returned: Decision | None
    sent_at: datetime | None
    today: date
    to_clear: bool = False

    @property
    def due_on(self) -> date | None:
        """Return when it is due; a correction that did not come back has no date."""
        if self.is_beside_duty:
            return self.returned.due_on if self.returned else None
        return self.update.duty.due_on

    @property
    def is_beside_duty(self) -> bool:
        """Say whether the duty is met without it: it is a correction."""
        return self.update.duty.state == Duty.State.MET

    @property
    def urgency(self) -> int:
        """Return its place in the list: returned, overdue, due, without a date."""
        if self.returned is not None:
            return RETURNED
        if self.due_on is None or self.update.duty.voluntary:
            return NO_DATE
        return OVERDUE if self.due_on < self.today else DUE

    @property
    def is_idle(self) -> bool:
        """Say whether it is a voluntary report that nobody has written anything of."""
        return self.update.duty.voluntary and self.draft is None and self.sent_at is None

    @property
    def asked_until(self) -> date | None:
        """Return until when more time was asked for, the last time."""
        return getattr(self.update, "asked_until", None)

    @property
    def time_granted(self) -> bool | None:
        """Return whether that time was granted; None without an answer."""
        return getattr(self.update, "time_granted", None)

    @property
    def time_refused_because(self) -> str:
        """Return why that time was refused."""
        return getattr(self.update, "time_reason", None) or ""

    @property
    def agency(self) -> Agency:
        """Return whose it is."""
        return clearing.agency_of(self.update)


@dataclass(frozen=True)
class Standing:
    """How far a reader's agencies are in an open round."""

    round: Round
    progress: Progress
    questionnaires: Progress

    @property
    def bar_id(self) -> str:
        """Return what its bar is called on the page."""
        return f"bar-{self.round.pk}"

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Return the pieces of its bar."""
        return [
            (DutyStanding.APPROVED.value, self.progress.approved),
            (DutyStanding.IN_REVIEW.value, self.progress.in_review),
            (DutyStanding.RETURNED.value, self.progress.returned),
            ("to_do", self.progress.missing),
        ]


def open_updates(who: Visitor) -> UpdateQuerySet:
    """Return the updates that are still to be agreed, of the agencies a person acts for.

    They can be written now, or wait for a decision.
    """
    newest = Submission.objects.filter(update=OuterRef("pk")).order_by("-number")
    asked = TimeRequest.objects.filter(duty=OuterRef("duty")).order_by("-id")
    sent = Q(review_state=ReviewState.SUBMITTED) & ~Q(duty__state=Duty.State.WAIVED)
    return (
        Update.objects.with_place()
        .select_related("draft__saved_by")
        .filter(updates.writable() | sent, access.agency_in(who.roles.agencies))
        .annotate(
            sent_at=Subquery(newest.values("submitted_at")[:1]),
            asked_until=Subquery(asked.values("until_on")[:1]),
            time_granted=Subquery(asked.values("answer__granted")[:1]),
            time_reason=Subquery(asked.values("answer__reason")[:1]),
        )
        .order_by(F("duty__due_on").asc(nulls_last=True), "duty__assignment__action__order", "id")
    )


def tasks(who: Visitor) -> tuple[list[Task], list[Task]]:
    """Return what needs the person's action, worst first, and what waits for others."""
    found = list(open_updates(who))
    returns = returns_of(update for update in found if update.review_state in WRITABLE)
    uncleared = clearing.to_clear(found)
    rows = [
        Task(
            update,
            getattr(update, "draft", None),
            returns.get(update.pk),
            getattr(update, "sent_at", None),
            who.today,
            update.pk in uncleared,
        )
        for update in found
    ]
    submitted = [row for row in rows if row.update.review_state == ReviewState.SUBMITTED]
    mine = [row for row in rows if row.update.review_state != ReviewState.SUBMITTED]
    return sorted(mine, key=lambda row: row.urgency), submitted


def returns_of(updates: Iterable[Update]) -> dict[int, Decision]:
    """Return why each of these updates came back, by its id: the newest return or reopening."""
    decisions = Decision.objects.filter(
        submission__update__in=[update.pk for update in updates],
        verb__in=CAME_BACK,
    ).select_related("submission", "decided_by")
    return {one.submission.update_id: one for one in decisions.order_by("decided_at", "id")}


def next_of(who: Visitor, *, after: Update) -> Update | None:
    """Return the next update that needs the person's action."""
    mine, _submitted = tasks(who)
    waiting = (task.update for task in mine if not task.is_idle)
    return next((update for update in waiting if update.pk != after.pk), None)


def unanswered(who: Visitor) -> list[Assignment]:
    """Return the assignments that wait for an answer of the person's agencies."""
    return list(
        Assignment.objects.filter(agency__in=who.roles.agencies, acceptance__in=AWAITING_ANSWER)
        .select_related("action__framework", "agency")
        .order_by(F("respond_by").asc(nulls_last=True), "id")
    )


def standings(who: Visitor) -> list[Standing]:
    """Return how far the person's agencies are in each open round; 4 queries a round."""
    rounds = Round.objects.filter(
        Q(duties__assignment__agency__in=who.roles.agencies)
        | Q(duties__agency__in=who.roles.agencies),
        state=Round.State.OPEN,
    )
    found = []
    for each in rounds.select_related("framework").distinct().order_by("due_on", "id"):
        lines = duty_lines(Basis(each.framework, who.at, Scope.INSIDE, each))
        own = [line for line in lines if line.agency_id in who.roles.agencies]
        answers = progress(own, Duty.Kind.QUESTIONNAIRE)
        found.append(Standing(each, progress(own), answers))
    return found
