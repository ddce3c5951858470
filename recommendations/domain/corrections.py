"""What becomes of an approved update: corrected by its agency, reopened or retracted."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.domain import reviews, rounds
from recommendations.domain.transition import Change, Transition
from recommendations.domain.updates import newest_submission
from recommendations.models import (
    OPEN_REVIEW_STATES,
    Decision,
    Duty,
    Evidence,
    ReviewState,
    Submission,
    SubmissionKind,
    Update,
    UpdateAuthor,
)


def correct(change: Change[Update]) -> Update:
    """Begin a correction: a further update of the same duty, which stays met.

    The approved text stays in force until the correction is approved. It takes the evidence
    along, and those who wrote the text: they never decide on the correction either.
    """
    update = change.obj
    correction = Update(duty=update.duty, corrects=update)
    changed = ("duty", "corrects", "review_state")
    change.create(correction, change.transition.event, changed=changed, note="")
    UpdateAuthor.objects.bulk_create(
        UpdateAuthor(update=correction, user_id=one.user_id, first_saved_at=one.first_saved_at)
        for one in update.authors.order_by("id")
    )
    carry_evidence(update, correction)
    return correction


TAKEN_ALONG = (
    *("kind", "title", "url", "stored_as", "original_name", "media_type", "size", "sha256"),
    *("public", "added_at", "added_by_id"),
)


def carry_evidence(update: Update, correction: Update) -> None:
    """Give a correction the evidence of the text it corrects, to be kept or taken off.

    "Nothing new" has none of its own: it goes on showing that of the text it repeats.
    """
    approved = newest_submission(update)
    if approved is None or approved.kind == SubmissionKind.NO_CHANGE:
        return
    Evidence.objects.bulk_create(
        Evidence(update=correction, **{name: getattr(piece, name) for name in TAKEN_ALONG})
        for piece in approved.evidence.filter(erased_at__isnull=True).order_by("id")
    )


def reopen(change: Change[Update]) -> None:
    """Reopen an approved update: its text stays in force until another is approved."""
    change.need(comment=reviews.comment_problem(change), due_on=rounds.due_problem(change))
    owed = is_owed_without(change.obj)
    give_back(change, Decision.Verb.REOPEN, ReviewState.RETURNED, due=True)
    duty = change.obj.duty
    if owed:
        rounds.change_due_date(change, duty, event="reopened", reason="", state=Duty.State.OPEN)


def is_owed_without(update: Update) -> bool:
    """Say whether a duty that is met would be so no longer: no other update of it is approved."""
    duty = update.duty
    others = duty.updates.filter(review_state=ReviewState.APPROVED).exclude(pk=update.pk)
    return duty.state == Duty.State.MET and not others.exists()


def give_back(
    change: Change[Update],
    verb: Decision.Verb,
    state: ReviewState,
    *,
    text: Submission | None = None,
    due: bool,
) -> None:
    """Write the decision on the approved text, and the state of the update that follows."""
    submission = reviews.decide(change, verb, text=text, due=due)
    change.write(
        change.obj,
        change.transition.event,
        note="",
        content=reviews.decided(change, submission),
        review_state=state,
    )


def is_answerable(duty: Duty) -> bool:
    """Say whether the agency still has what the duty is about, and is still there to answer."""
    if duty.agency is not None:
        return duty.agency.active
    return duty.assignment is None or duty.assignment.is_active


def not_the_newest(update: Update) -> str | None:
    """Return why a text is not changed: another text of its duty is under way, or newer."""
    others = dict(
        Update.objects.filter(duty=update.duty_id)
        .exclude(pk=update.pk)
        .exclude(review_state=ReviewState.RETRACTED)
        .values_list("pk", "review_state")
    )
    if set(others.values()) & set(OPEN_REVIEW_STATES):
        return _("A correction of this update is under way. It has to be decided first.")
    newest = max([pk for pk in others if pk > update.pk], default=None)
    if newest is None:
        return None
    approved = Decision.objects.filter(
        submission__update=newest, verb=Decision.Verb.APPROVE
    ).latest("decided_at", "id")
    return _(
        "This text was corrected: the correction approved on %(day)s is in force. Open that one."
    ) % {"day": date_format(approved.decided_at, "j M Y")}


def has_ended(update: Update) -> str | None:
    """Return why nothing more is written: nobody is answerable, or the duty is waived."""
    duty = update.duty
    if duty.agency is not None and not duty.agency.active:
        return _("%(agency)s is no longer active, so its questionnaires stay as they are.") % {
            "agency": duty.agency
        }
    if not is_answerable(duty):
        return _("%(assignment)s has ended, so its updates stay as they are.") % {
            "assignment": duty.assignment
        }
    if duty.state == Duty.State.WAIVED:
        return _("This update is no longer due: %(reason)s") % {"reason": duty.waived_because}
    return None


def answer_guard(update: Update) -> str | None:
    """Return why an approved update cannot be corrected or reopened."""
    return not_the_newest(update) or has_ended(update)


def changing(
    verb: str,
    target: str,
    event: str,
    effect: Any,
    guard: Any,
    sources: tuple[str, ...] = (ReviewState.APPROVED,),
    **more: Any,
) -> Transition[Update]:
    """Return a transition of an approved update."""
    return Transition(
        noun="update",
        verb=verb,
        sources=sources,
        target=target,
        event=event,
        effect=effect,
        state_field="review_state",
        guard=guard,
        **more,
    )


TRANSITIONS: tuple[Transition[Update], ...] = (
    changing("correct", "", "correction_begun", correct, answer_guard),
    changing(
        "reopen",
        ReviewState.RETURNED,
        "reopened",
        reopen,
        answer_guard,
        requires=("comment", "due_on"),
    ),
)
