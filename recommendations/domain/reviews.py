"""What a coordinator does with a submission: return, approve; and the claim in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from agencies import history
from recommendations.domain import assessments, conversation, publication, reading, rounds
from recommendations.domain.transition import Change, NotAllowedNow, Transition
from recommendations.domain.updates import newest_submission
from recommendations.models import (
    Decision,
    Duty,
    ReviewState,
    Submission,
    Update,
)


def decide(
    change: Change[Update],
    verb: Decision.Verb,
    *,
    text: Submission | None = None,
    due: bool = False,
) -> Submission:
    """Write the decision on a submission, else on the newest, and return that submission."""
    submission = text or newest_submission(change.obj)
    if submission is None:
        raise NotAllowedNow(_("Nothing was sent yet."))
    Decision.objects.create(
        submission=submission,
        verb=verb,
        comment=change.note.strip(),
        due_on=change.fact("due_on") if due else None,
        decided_at=change.at,
        decided_by=change.by,
    )
    reading.forget_reading(change.obj, by=change.by)
    return submission


def decided(change: Change[Update], submission: Submission) -> dict[str, Any]:
    """Return what the event says about a decision: which text, and the hash of the comment."""
    return {
        "submission": submission.number,
        "text": submission.content_hash,
        "comment": history.sha256(change.note.strip()),
    }


def comment_problem(change: Change[Update]) -> str | None:
    """Return what to say where a return has no comment."""
    return None if change.note.strip() else _("Say what the agency has to change.")


def suggestion_problems(change: Change[Update]) -> dict[str, str]:
    """Return what is wrong with the texts that a reviewer suggests."""
    submission = newest_submission(change.obj) if change.fact("suggestions") else None
    return conversation.suggestion_problems(change, submission) if submission else {}


def send_back(change: Change[Update]) -> None:
    """Return a submission. Facts: due_on, field_comments and suggestions (field → text)."""
    change.need(
        comment=comment_problem(change),
        due_on=rounds.due_problem(change),
        **suggestion_problems(change),
    )
    submission = decide(change, Decision.Verb.RETURN, due=True)
    conversation.write_comments(change, submission)
    change.write(
        change.obj,
        change.transition.event,
        note="",
        content=decided(change, submission),
        review_state=ReviewState.RETURNED,
    )
    if change.obj.duty.state == Duty.State.OPEN:
        rounds.change_due_date(change, change.obj.duty, event="due_date_changed", reason="")


def approve(change: Change[Update]) -> None:
    """Approve the text and answer the question about the claim. Facts: claim, status, reason.

    claim is "agree", "differ" (with status and reason) or "leave_open", which writes nothing.
    Comments and suggestions on fields may go with it: field_comments, suggestions.
    """
    update = change.obj
    submission = newest_submission(update)
    refuse_retracted(submission)
    assessed = assessments.of_claim(change, submission)
    change.need(**suggestion_problems(change))
    submission = decide(change, Decision.Verb.APPROVE)
    conversation.write_comments(change, submission)
    publication.publish_unless_held(change, submission)
    change.write(
        update,
        change.transition.event,
        note="",
        content=decided(change, submission),
        review_state=ReviewState.APPROVED,
    )
    rounds.meet(change, update.duty)
    if assessed and update.duty.assignment:
        assessments.write(change, update.duty.assignment, submission, *assessed)


def refuse_retracted(submission: Submission | None) -> None:
    """Raise NotAllowedNow for a "nothing new" that would bring back a text that was retracted."""
    if submission is None or submission.repeats_id is None:
        return
    gone = Decision.objects.filter(submission=submission.repeats_id, verb=Decision.Verb.RETRACT)
    if gone.exists():
        raise NotAllowedNow(
            _("The text that it repeats was retracted. Return it, so that the agency says it anew.")
        )


def return_guard(update: Update) -> str | None:
    """Return why a submission cannot be returned: the agency could not send it again."""
    if update.duty.state == Duty.State.WAIVED:
        return _(
            "The agency could not send it again; it can still be approved. "
            "This update is no longer due: %(reason)s"
        ) % {"reason": update.duty.waived_because}
    return None


def reviewing(
    verb: str, source: ReviewState, target: ReviewState, event: str, effect: Any, **more: Any
) -> Transition[Update]:
    """Return a transition that a reviewer makes."""
    return Transition(
        noun="update",
        verb=verb,
        sources=(source,),
        target=target,
        event=event,
        effect=effect,
        state_field="review_state",
        **more,
    )


TRANSITIONS: tuple[Transition[Update], ...] = (
    reviewing(
        "return",
        ReviewState.SUBMITTED,
        ReviewState.RETURNED,
        "returned",
        send_back,
        requires=("comment", "due_on"),
        facts=("field_comments", "suggestions"),
        guard=return_guard,
    ),
    reviewing(
        "approve",
        ReviewState.SUBMITTED,
        ReviewState.APPROVED,
        "approved",
        approve,
        requires=("claim, where a status is reported",),
        facts=("status", "reason", "field_comments", "suggestions"),
    ),
)
