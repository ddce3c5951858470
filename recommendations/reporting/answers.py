"""What agencies answered to the questionnaire, in force at a moment, question by question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from recommendations.models import Decision, Duty, Publication, RoundQuestion, SubmissionKind
from recommendations.reporting.facts import Basis, Scope


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
