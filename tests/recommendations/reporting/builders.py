"""Builders that write the rows of figures directly, at any moment: no workflow in between."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from agencies import revisions
from agencies.models import Agency, User
from recommendations.models import (
    AcceptanceAnswer,
    Action,
    Assessment,
    Assignment,
    Decision,
    Duty,
    DutyDueDate,
    Framework,
    PriorityArea,
    Publication,
    Round,
    Submission,
    TargetDate,
    Update,
    Withdrawal,
)
from tests import make
from tests.make import NOW, later

__all__ = ["NOW", "later"]

MORE = {
    "on_hold": {"reason": "No funds.", "resume_on": date(2027, 1, 1)},
    "discontinued": {"discontinued_because": "not_pursued"},
}
"""What a submission of this status has to say besides."""


def person(name: str) -> User:
    """Return the one person of this name."""
    return User.objects.filter(name=name).first() or make.person(name)


def held(
    action: Action,
    agency: Agency,
    role: str = "lead",
    *,
    at: datetime = NOW,
    acceptance: str = "accepted",
    target_on: date | None = None,
    respond_by: date | None = None,
) -> Assignment:
    """Return an assignment that was answered at the moment it was made."""
    made = Assignment.objects.create(
        action=action,
        agency=agency,
        role=role,
        acceptance=acceptance,
        respond_by=respond_by,
        recorded_at=at,
    )
    answered(made, acceptance, at=at)
    if target_on:
        targeted(made, target_on, at=at)
    return made


def answered(assignment: Assignment, acceptance: str, *, at: datetime) -> None:
    """Move the acceptance of an assignment."""
    AcceptanceAnswer.objects.create(
        assignment=assignment, acceptance=acceptance, reason="Reason.", recorded_at=at
    )
    Assignment.objects.filter(pk=assignment.pk).update(acceptance=acceptance)


def targeted(assignment: Assignment, on: date | None, *, at: datetime) -> None:
    """Set the target date of an assignment, to the day."""
    precision = "day" if on else ""
    TargetDate.objects.create(assignment=assignment, on=on, precision=precision, recorded_at=at)
    Assignment.objects.filter(pk=assignment.pk).update(target_on=on, target_precision=precision)


def a_round(of: Framework, code: str = "R1", *, at: datetime = NOW) -> Round:
    """Return an open round with its terms; due on 31 May 2026."""
    made = Round(
        framework=of,
        code=code,
        opens_on=date(2026, 5, 1),
        due_on=date(2026, 5, 31),
        closes_on=date(2026, 6, 30),
        state=Round.State.OPEN,
    )
    revisions.create(made, by=None, at=at)
    return made


def owed(
    round: Round,
    assignment: Assignment | None,
    *,
    at: datetime = NOW,
    due_on: date = date(2026, 5, 31),
    **more: Any,
) -> Duty:
    """Return a duty of an assignment in a round, with its first update."""
    kind = Duty.Kind.PROGRESS if assignment else Duty.Kind.QUESTIONNAIRE
    made = Duty.objects.create(
        round=round, kind=kind, assignment=assignment, due_on=due_on, recorded_at=at, **more
    )
    postponed(made, due_on, at=at)
    Update.objects.create(duty=made, review_state="approved")
    return made


def postponed(duty: Duty, due_on: date, *, at: datetime) -> None:
    """Set the due date of a duty from now on."""
    DutyDueDate.objects.create(duty=duty, due_on=due_on, recorded_at=at)
    Duty.objects.filter(pk=duty.pk).update(due_on=due_on)


def waived(duty: Duty, *, at: datetime) -> None:
    """Release an agency from a duty."""
    Duty.objects.filter(pk=duty.pk).update(
        state="waived", waived_at=at, waived_by=person("Coordinator"), waived_because="Ended."
    )


def duty_of(assignment: Assignment) -> Duty:
    """Return the newest duty of an assignment, made where it has none."""
    duty = assignment.duties.order_by("-id").first()
    if duty is not None:
        return duty
    framework = assignment.action.framework
    code = f"R{assignment.pk}"
    return owed(a_round(framework, code, at=assignment.recorded_at), assignment)


def sent(
    of: Assignment | Duty,
    status: str = "in_progress",
    *,
    at: datetime,
    text: str = "Two seminars.",
    update: Update | None = None,
    **more: Any,
) -> Submission:
    """Return a submission of the first update of a duty, or of another one."""
    duty = of if isinstance(of, Duty) else duty_of(of)
    update = update or duty.updates.order_by("id").first()
    assert update is not None
    return Submission.objects.create(
        update=update,
        number=update.submissions.count() + 1,
        status=status,
        content_hash="0" * 64,
        submitted_at=at,
        submitted_by=person("Focal point"),
        **{"body": {"done": text}, **MORE.get(status, {}), **more},
    )


def decided(submission: Submission, verb: str, *, at: datetime) -> None:
    """Write a decision on a submission."""
    Decision.objects.create(
        submission=submission,
        verb=verb,
        comment="Comment.",
        due_on=date(2026, 6, 15) if verb in ("return", "reopen") else None,
        decided_at=at,
        decided_by=person("Coordinator"),
    )


def approved(submission: Submission, *, at: datetime, published_at: datetime | None) -> Submission:
    """Approve a submission; it is published at a moment, or held."""
    decided(submission, "approve", at=at)
    if published_at is not None:
        published(submission, at=published_at)
    return submission


def published(submission: Submission, *, at: datetime) -> None:
    """Publish a submission."""
    Publication.objects.create(submission=submission, recorded_at=at)


def withdrawn(submission: Submission, *, at: datetime) -> None:
    """Take a submission back."""
    Withdrawal.objects.create(submission=submission, recorded_at=at)


def assessed(submission: Submission, status: str, *, at: datetime) -> None:
    """Assess the assignment of a submission, resting on it."""
    Assessment.objects.create(
        assignment=submission.update.duty.assignment,
        submission=submission,
        status=status,
        recorded_at=at,
    )


def said(
    of: Assignment | Duty, status: str = "in_progress", *, at: datetime, **more: Any
) -> Submission:
    """Return a submission that was sent, approved and published at one moment."""
    return approved(sent(of, status, at=at, **more), at=at, published_at=at)


def verified(of: Assignment | Duty, status: str, *, at: datetime) -> Submission:
    """Return a submission that was sent, approved and agreed with at one moment."""
    submission = said(of, status, at=at)
    assessed(submission, status, at=at)
    return submission


def world(actions: int = 1, agencies: int = 1) -> tuple[Framework, list[Action], list[Agency]]:
    """Return a framework of one area with so many actions, and so many agencies."""
    home = make.framework()
    under = make.area(home)
    return (
        home,
        [make.action(under, f"A{n}", order=n) for n in range(1, actions + 1)],
        [make.agency(f"AG{n:02}") for n in range(1, agencies + 1)],
    )


def second_area(of: Framework) -> PriorityArea:
    """Return a further area of a framework."""
    return make.area(of, "B")
