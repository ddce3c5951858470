"""The questionnaire of a round: which questions it asks, of whom, and what was answered before."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, QuerySet

from agencies.models import Agency
from agencies.models.agency import AgencyQuerySet
from recommendations.models import (
    Decision,
    Duty,
    Framework,
    Question,
    Round,
    RoundQuestion,
    Submission,
    SubmissionKind,
    Update,
)


def freeze(round: Round) -> list[RoundQuestion]:
    """Fix the questions that a round asks, as they are worded now; return them in order.

    A round that has its questions keeps them: what is reworded, added or retired later is
    for coming rounds.
    """
    if round.with_questionnaire and not round.questions.exists():
        RoundQuestion.objects.bulk_create(
            RoundQuestion(
                round=round,
                question=question,
                number=question.number,
                heading=question.heading,
                text=question.text,
            )
            for question in to_ask(round.framework)
        )
    return list(round.questions.order_by("number"))


def to_ask(framework: Framework) -> list[Question]:
    """Return the questions that the next round of a framework asks."""
    return list(framework.questions.filter(asked=True).order_by("number"))


def answering(round: Round) -> AgencyQuerySet:
    """Return the agencies that answer when this round opens: all that are active.

    Contributors answer as well; figures leave them out of their denominators.
    """
    active = Agency.objects.filter(active=True)
    return active if round.with_questionnaire else active.none()


def asked_in(update: Update) -> list[RoundQuestion]:
    """Return the questions that an update answers, in order; none where it is no questionnaire.

    One query for a questionnaire, none for any other update.
    """
    return update.duty.round.asked if update.duty.kind == Duty.Kind.QUESTIONNAIRE else []


def approved(update: Update) -> QuerySet[Submission]:
    """Return the approved answers of an agency up to the round of this update, newest first.

    Retracted ones are not in force, and "nothing to report" answers nothing.
    """
    duty = update.duty
    retracted = Decision.objects.filter(submission=OuterRef("pk"), verb=Decision.Verb.RETRACT)
    found = Submission.objects.filter(
        ~Exists(retracted),
        update__duty__kind=Duty.Kind.QUESTIONNAIRE,
        update__duty__agency=duty.agency_id,
        update__duty__round__framework=duty.round.framework_id,
        update__duty__round__opens_on__lte=duty.round.opens_on,
        decisions__verb=Decision.Verb.APPROVE,
    ).exclude(kind=SubmissionKind.NOTHING_TO_REPORT)
    newest = found.select_related("update__duty__round")
    return newest.order_by("-decisions__decided_at", "-id")


def last_answers(update: Update) -> Submission | None:
    """Return what an agency last answered, approved, in another round than that of an update."""
    return approved(update).exclude(update__duty__round=update.duty.round_id).first()


def take_over(
    body: Mapping[str, str], answers: Mapping[str, str], *, replace: bool = False
) -> tuple[dict[str, str], list[str]]:
    """Return a body with earlier answers taken over, and the fields whose own text was kept.

    What somebody typed is never replaced, unless they say so.
    """
    taken, kept = dict(body), []
    for field, answer in answers.items():
        typed = taken.get(field, "").strip()
        if typed and typed != answer.strip() and not replace:
            kept.append(field)
        else:
            taken[field] = answer
    return taken, kept
