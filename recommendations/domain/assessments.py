"""The coordinator's view of a claim: agree, assess differently, or leave it open."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from recommendations.domain.transition import Change, Transition
from recommendations.models import (
    ACTIVE,
    Assessment,
    Assignment,
    ImplementationStatus,
    Submission,
    Update,
)

AGREE, DIFFER, LEAVE_OPEN = "agree", "differ", "leave_open"
ANSWERS = (AGREE, DIFFER, LEAVE_OPEN)


def of_claim(change: Change[Update], submission: Submission | None) -> tuple[str, str] | None:
    """Return (status, reason) of the assessment that an approval makes, or None.

    A submission that claims nothing needs no answer and gets no assessment.
    """
    if submission is None or not submission.status:
        return None
    claim = change.fact("claim")
    change.need(
        claim=None
        if claim in ANSWERS
        else _("Say whether you agree with the status, assess it differently, or leave it open.")
    )
    if claim == AGREE:
        return submission.status, ""
    if claim == LEAVE_OPEN:
        return None
    status, reason = change.fact("status"), str(change.fact("reason") or "").strip()
    change.need(**differing(status, reason, submission))
    return str(status), reason


def differing(status: Any, reason: str, submission: Submission) -> dict[str, str | None]:
    """Return what a differing assessment still has to say."""
    return {
        "status": None
        if status in ImplementationStatus.values and status != submission.status
        else _("Choose the status that you see, other than the one reported."),
        "reason": None if reason else _("Say why you assess it differently."),
    }


def write(
    change: Change[Any], assignment: Assignment, submission: Submission, status: str, reason: str
) -> None:
    """Write an assessment and the event of its assignment."""
    Assessment.objects.create(
        assignment=assignment,
        submission=submission,
        status=status,
        reason=reason,
        recorded_at=change.at,
        recorded_by=change.by,
    )
    change.write(
        assignment,
        "assessed",
        note="",
        content={"submission": submission.pk, "status": status},
    )


def assess(change: Change[Assignment]) -> None:
    """Assess the claim in force anew. Facts: status; the note gives the reason."""
    submission = change.obj.in_force
    assert submission is not None  # noqa: S101 - `nothing_claimed` has refused this
    status, reason = change.fact("status"), change.note.strip()
    if status == submission.status:
        reason_problem = None
    else:
        reason_problem = differing(status, reason, submission)["reason"]
    change.need(
        status=None
        if status in ImplementationStatus.values
        else _("Choose the status that you see."),
        reason=reason_problem,
    )
    write(change, change.obj, submission, str(status), reason)


def nothing_claimed(assignment: Assignment) -> str | None:
    """Return why an assignment cannot be assessed: no report of it is in force."""
    if assignment.in_force is None:
        return _("No report is approved yet, so there is no claim to assess.")
    return None


TRANSITIONS: tuple[Transition[Assignment], ...] = (
    Transition(
        noun="assignment",
        verb="assess",
        sources=ACTIVE,
        target="",
        event="assessed",
        effect=assess,
        requires=("status", "reason, where it differs from the claim"),
        state_field="acceptance",
        guard=nothing_claimed,
    ),
)
