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
    give_back(change, Decision.Verb.REOPEN, due=True)
    duty = change.obj.duty
    if is_owed_again(duty):
        rounds.change_due_date(change, duty, event="reopened", reason="", state=Duty.State.OPEN)


def retract(change: Change[Update]) -> None:
    """Retract an approved update: its text leaves force and the public view at once.

    The text approved before it comes in force again. Where nobody is answerable any more,
    nobody could answer by a date: the duty is waived with the reason.
    """
    duty = change.obj.duty
    answered = is_answerable(duty) and duty.state != Duty.State.WAIVED
    change.need(
        comment=reviews.comment_problem(change),
        due_on=rounds.due_problem(change) if answered else None,
    )
    give_back(change, Decision.Verb.RETRACT, due=answered)
    if not is_owed_again(duty):
        return
    if answered:
        rounds.change_due_date(change, duty, event="reopened", reason="", state=Duty.State.OPEN)
    else:
        waive(change, duty)


def give_back(change: Change[Update], verb: Decision.Verb, *, due: bool) -> None:
    """Write the decision on the approved text and hand the update to its agency."""
    submission = reviews.decide(change, verb, due=due)
    change.write(
        change.obj,
        change.transition.event,
        note="",
        content=reviews.decided(change, submission),
        review_state=ReviewState.RETURNED,
    )


def waive(change: Change[Update], duty: Duty) -> None:
    """Release an agency from a duty that it cannot meet any more; the comment says why."""
    change.write(
        duty,
        "waived",
        note="",
        state=Duty.State.WAIVED,
        waived_at=change.at,
        waived_by=change.by,
        waived_because=change.note.strip(),
    )


def is_owed_again(duty: Duty) -> bool:
    """Say whether a duty that was met is so no longer: no update of it is approved now."""
    met = duty.updates.filter(review_state=ReviewState.APPROVED).exists()
    return duty.state == Duty.State.MET and not met


def is_answerable(duty: Duty) -> bool:
    """Say whether the agency still has what the duty is about, and is still there to answer."""
    if duty.agency is not None:
        return duty.agency.active
    return duty.assignment is None or duty.assignment.is_active


def not_the_newest(update: Update) -> str | None:
    """Return why an approved text cannot be changed: another text of its duty stands before it."""
    others = dict(
        Update.objects.filter(duty=update.duty_id)
        .exclude(pk=update.pk)
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


def retract_guard(update: Update) -> str | None:
    """Return why an approved update cannot be retracted.

    A "nothing new" that was approved later would go on showing the text.
    """
    repeating = Update.objects.filter(
        submissions__repeats__update=update, review_state=ReviewState.APPROVED
    ).select_related("duty__round")
    found = repeating.order_by("-pk").first()
    if found is not None:
        return _(
            "“Nothing new” in round %(round)s goes on showing this text. Retract that first."
        ) % {"round": found.duty.round}
    return not_the_newest(update)


def changing(
    verb: str, target: str, event: str, effect: Any, guard: Any, **more: Any
) -> Transition[Update]:
    """Return a transition of an approved update."""
    return Transition(
        noun="update",
        verb=verb,
        sources=(ReviewState.APPROVED,),
        target=target,
        event=event,
        effect=effect,
        state_field="review_state",
        guard=guard,
        **more,
    )


TRANSITIONS: tuple[Transition[Update], ...] = (
    changing("correct", "", "correction_begun", correct, answer_guard, changes_obj=False),
    changing(
        "reopen",
        ReviewState.RETURNED,
        "reopened",
        reopen,
        answer_guard,
        requires=("comment", "due_on"),
    ),
    changing(
        "retract",
        ReviewState.RETURNED,
        "retracted",
        retract,
        retract_guard,
        requires=("comment", "due_on, while the agency is answerable"),
    ),
)
