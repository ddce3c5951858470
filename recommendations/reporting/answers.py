"""What agencies answered to the questionnaire, in force at a moment, question by question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from recommendations.models import (
    Decision,
    Duty,
    Framework,
    Publication,
    Round,
    RoundQuestion,
    SubmissionKind,
)
from recommendations.reporting import facts
from recommendations.reporting.facts import AgencyFact, Basis, Scope
from recommendations.reporting.figures import Figure, stamp


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer, under the question as its round asked it; `text` is empty where it is open."""

    agency_id: int
    round_code: str
    number: int
    heading: str
    question: str
    text: str
    sent_at: datetime
    at: datetime
    content_hash: str


class NoHeading(ValueError):
    """No question stands under a heading with this number. Says which there are."""


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """One answer, with the code and the acronym that the agency had.

    `sent_at` is when it was sent, `at` since when it counts. `text` is empty where it is open.
    """

    agency_code: str
    agency: str
    round_code: str
    number: int
    heading: str
    question: str
    text: str
    sent_at: datetime
    at: datetime
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class AnswerList(Figure):
    """What each agency answered last, by its acronym and by question.

    `headings` are those of all questions, in their order; `agencies` is how many answered.
    """

    headings: tuple[str, ...]
    agencies: int
    answers: tuple[AnswerLine, ...]

    def numbered(self, text: str) -> int:
        """Return the number of a heading, counted from 1. Raises NoHeading."""
        many = max(1, len(self.headings))
        if text in map(str, range(1, many + 1)):
            return int(text)
        message = _("There is no such heading. They go from 1 to %(many)d.")
        raise NoHeading(message % {"many": len(self.headings)})

    def under(self, number: int) -> AnswerList:
        """Keep the answers under the heading with a number."""
        heading = self.headings[number - 1] if self.headings else ""
        return replace(self, answers=tuple(one for one in self.answers if one.heading == heading))


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A questionnaire that counts: approved, or for the public published."""

    round_id: int
    round_code: str
    agency_id: int
    body: dict[str, Any]
    sent_at: datetime
    at: datetime
    content_hash: str


def questionnaires_in_force(basis: Basis) -> list[Answered]:
    """Return the answers in force of each agency: of the round, or of its newest; one query.

    Retracted ones do not count, and "nothing to report" answers nothing.
    """
    duty = "submission__update__duty"
    names = {
        "round_id": F(f"{duty}__round_id"),
        "round_code": F(f"{duty}__round__code"),
        "agency_id": F(f"{duty}__agency_id"),
        "body": F("submission__body"),
        "sent_at": F("submission__submitted_at"),
        "content_hash": F("submission__content_hash"),
    }
    found = counting(basis).order_by(
        f"{duty}__round__opens_on", f"{duty}__round_id", "approved", "id"
    )
    newest = {row["agency_id"]: row for row in found.values("moment", **names)}
    return [Answered(at=row.pop("moment"), **row) for row in newest.values()]


def counting(basis: Basis) -> QuerySet[Any]:
    """Return the rows by which questionnaires came to count, as `facts.took_effect` for updates."""
    rows: QuerySet[Any]
    decided = Decision.objects.filter(submission=OuterRef("submission"))
    if basis.scope is Scope.PUBLIC:
        approved = Subquery(decided.filter(verb="approve").values("decided_at")[:1])
        rows = Publication.objects.annotate(moment=F("recorded_at"), approved=approved)
    else:
        rows = Decision.objects.filter(verb=Decision.Verb.APPROVE)
        rows = rows.annotate(moment=F("decided_at"), approved=F("decided_at"))
    retracted = decided.filter(verb=Decision.Verb.RETRACT, decided_at__lte=basis.as_of)
    duty = "submission__update__duty"
    conditions: dict[str, Any] = {
        f"{duty}__kind": Duty.Kind.QUESTIONNAIRE,
        f"{duty}__round__framework": basis.framework,
    }
    if basis.agency_id is not None:
        conditions[f"{duty}__agency"] = basis.agency_id
    return rows.filter(
        ~Exists(retracted), moment__lte=basis.as_of, **conditions, **basis.in_round()
    ).exclude(submission__kind=SubmissionKind.NOTHING_TO_REPORT)


def answers(basis: Basis) -> list[Answer]:
    """Return each answer in force, by agency and question; 2 queries."""
    asked: dict[int, list[RoundQuestion]] = {}
    for question in RoundQuestion.objects.filter(round__framework=basis.framework).order_by(
        "round_id", "number"
    ):
        asked.setdefault(question.round_id, []).append(question)
    return [
        answer
        for one in questionnaires_in_force(basis)
        for answer in answers_of(one, asked.get(one.round_id, []))
    ]


def answer_list(
    framework: Framework, *, as_of: datetime, scope: Scope, round: Round | None = None
) -> AnswerList:
    """Return the answers in force at a moment, with whose they are; 3 queries."""
    basis = Basis(framework, as_of, scope, round)
    found, agencies = answers(basis), facts.agencies(basis)
    known = [one for one in found if one.agency_id in agencies]
    return AnswerList(
        **stamp(basis),
        headings=tuple(dict.fromkeys(one.heading for one in sorted(found, key=number_of))),
        agencies=answering(found),
        answers=tuple(
            answer_line(one, agencies[one.agency_id])
            for one in sorted(known, key=lambda one: agencies[one.agency_id].place)
        ),
    )


def number_of(answer: Answer) -> int:
    """Return the number of the question."""
    return answer.number


def answer_line(one: Answer, agency: AgencyFact) -> AnswerLine:
    """Return an answer with the agency that gave it."""
    return AnswerLine(
        agency_code=agency.code,
        agency=agency.acronym,
        round_code=one.round_code,
        number=one.number,
        heading=one.heading,
        question=one.question,
        text=one.text,
        sent_at=one.sent_at,
        at=one.at,
        content_hash=one.content_hash,
    )


def answering(found: Iterable[Answer]) -> int:
    """Return how many agencies gave these answers."""
    return len({one.agency_id for one in found})


def answers_of(one: Answered, asked: list[RoundQuestion]) -> Iterator[Answer]:
    """Yield the answers of a questionnaire, also to what was left open."""
    for question in asked:
        yield Answer(
            agency_id=one.agency_id,
            round_code=one.round_code,
            number=question.number,
            heading=question.heading,
            question=question.text,
            text=str(one.body.get(question.field, "")),
            sent_at=one.sent_at,
            at=one.at,
            content_hash=one.content_hash,
        )
