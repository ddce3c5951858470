"""An approved text is taken down: at any time, whatever else of its duty is under way."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from agencies.access import NotPermitted
from recommendations.domain import access, corrections, reviews, rounds
from recommendations.domain.impartial import is_impartial
from recommendations.domain.transition import Change, Transition
from recommendations.models import (
    OPEN_REVIEW_STATES,
    Decision,
    Duty,
    ReviewState,
    Submission,
    Update,
)


def retract(change: Change[Update]) -> None:
    """Retract an approved text: it leaves force and the public view at once, at any time.

    The text approved before it comes in force again. Its update goes back to the agency,
    unless another text of the duty is under way or stands in its place: then that one is
    what the agency goes on with. Where nobody is answerable any more, nobody could answer by
    a date: the duty is waived with the reason.
    """
    update, duty = change.obj, change.obj.duty
    text = standing_text(update)
    assert text is not None  # noqa: S101 - the guard says so
    refuse_partial(change, text)
    state = state_after(update)
    owed = corrections.is_owed_without(update)
    answered = asks_to_answer(update)
    change.need(
        comment=reviews.comment_problem(change),
        due_on=rounds.due_problem(change) if answered else None,
    )
    corrections.give_back(change, Decision.Verb.RETRACT, state, text=text, due=answered)
    if not owed:
        return
    if answered:
        rounds.change_due_date(change, duty, event="reopened", reason="", state=Duty.State.OPEN)
    else:
        waive(change, duty)


def standing_text(update: Update) -> Submission | None:
    """Return the text of an update that was approved and not retracted; also of a reopened one."""
    return standing(update.submissions.all()).order_by("-number").first()


def standing(texts: QuerySet[Submission]) -> QuerySet[Submission]:
    """Keep the texts that were approved and not retracted."""
    retracted = Decision.objects.filter(submission=OuterRef("pk"), verb=Decision.Verb.RETRACT)
    return texts.filter(~Exists(retracted), decisions__verb=Decision.Verb.APPROVE)


def state_after(update: Update) -> ReviewState:
    """Return what becomes of an update whose approved text is retracted.

    One that was reopened stays where it is: the agency is at work on it already.
    """
    if update.review_state != ReviewState.APPROVED:
        return ReviewState(update.review_state)
    others = Update.objects.filter(duty=update.duty_id).exclude(pk=update.pk)
    under_way = Q(review_state__in=OPEN_REVIEW_STATES)
    later = Q(review_state=ReviewState.APPROVED, pk__gt=update.pk)
    replaced = others.filter(under_way | later).exists()
    return ReviewState.RETRACTED if replaced else ReviewState.RETURNED


def asks_to_answer(update: Update) -> bool:
    """Say whether retracting a text gives its agency a day by which to answer.

    It does where the update itself goes back, or where the duty is owed again; never where
    nobody is answerable any more.
    """
    duty = update.duty
    if not corrections.is_answerable(duty) or duty.state == Duty.State.WAIVED:
        return False
    goes_back = update.review_state == ReviewState.APPROVED
    goes_back = goes_back and state_after(update) == ReviewState.RETURNED
    return goes_back or corrections.is_owed_without(update)


def refuse_partial(change: Change[Update], text: Submission) -> None:
    """Raise NotPermitted for whoever belonged to the agency when an earlier text was sent."""
    texts = Submission.objects.filter(pk=text.pk)
    if not is_impartial(change.roles, change.obj.agency_id, texts, at=change.at):
        words = access.WHO["update", "retract"].words
        raise NotPermitted(_("Only %(who)s can do this.") % {"who": words})


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


def retract_guard(update: Update) -> str | None:
    """Return why nothing of an update can be retracted: no approved text of it stands.

    A "nothing new" that was approved later would go on showing the text.
    """
    repeating = standing(Submission.objects.filter(repeats=OuterRef("pk"))).order_by("-update")
    shown_in = Subquery(repeating.values("update__duty__round__code")[:1])
    texts = standing(update.submissions.all()).annotate(shown_in=shown_in).order_by("-number")
    found = texts.values_list("shown_in", flat=True)[:1]
    if not found:
        return _("No approved text of it stands that could be retracted.")
    if found[0] is None:
        return None
    return _("“Nothing new” in round %(round)s goes on showing this text. Retract that first.") % {
        "round": found[0]
    }


TRANSITIONS: tuple[Transition[Update], ...] = (
    corrections.changing(
        "retract",
        "",
        "retracted",
        retract,
        retract_guard,
        sources=(*OPEN_REVIEW_STATES, ReviewState.APPROVED),
        leads={ReviewState.APPROVED: (ReviewState.RETURNED, ReviewState.RETRACTED)},
        requires=("comment", "due_on, where the agency has to answer"),
    ),
)
