"""The rows as they stood at a moment: what existed, under which name, and what was in force.

Every function is one query, whatever the number of rows. Each reads rows that are never
edited and leaves out those recorded after the moment, so that a figure of an earlier
moment is the same whenever it is computed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from agencies.models import AgencyName
from recommendations.domain.rollup import LeadStanding, effective, newest_first
from recommendations.models import (
    ACTIVE,
    LIVE,
    AcceptanceAnswer,
    Assessment,
    Decision,
    Framework,
    Publication,
    Round,
    SubmissionKind,
    TargetDate,
)

ASSIGNMENT = "submission__update__duty__assignment"


class Scope(Enum):
    """Who a figure is for.

    PUBLIC counts what is published and knows active assignments only; INSIDE counts what is
    approved, published or held, and knows every live assignment.
    """

    PUBLIC = "public"
    INSIDE = "inside"


class DidNotExist(Exception):
    """What a figure is about did not exist yet at its moment (HTTP 404)."""


@dataclass(frozen=True)
class Basis:
    """What a figure rests on: the framework, the moment, the scope, and how it is narrowed.

    With a round, only texts that were sent in that round come in force.
    """

    framework: Framework
    as_of: datetime
    scope: Scope
    round: Round | None = None
    action_id: int | None = None
    area_id: int | None = None
    agency_id: int | None = None

    def within(self, path: str) -> dict[str, Any]:
        """Return the conditions that a row's assignment, at this path, is asked about."""
        narrowed = {
            "action": self.action_id,
            "action__area": self.area_id,
            "agency": self.agency_id,
        }
        conditions: dict[str, Any] = {f"{path}__action__framework": self.framework}
        conditions |= {f"{path}__{name}": pk for name, pk in narrowed.items() if pk is not None}
        return conditions

    def in_round(self, path: str = "submission") -> dict[str, Any]:
        """Return the condition that a submission, at this path, was sent in the round."""
        return {f"{path}__update__duty__round": self.round} if self.round else {}


@dataclass(frozen=True)
class AreaFact:
    """A priority area and its title at the moment."""

    id: int
    code: str
    order: int
    title: str


@dataclass(frozen=True)
class ActionFact:
    """An action and its short title at the moment."""

    id: int
    code: str
    kind: str
    area_id: int
    area_code: str
    short_title: str


@dataclass(frozen=True)
class AgencyFact:
    """An agency, its code and what it was called at the moment, and whether it was active then."""

    id: int
    code: str
    category: str
    counted: bool
    acronym: str
    name: str
    active: bool

    @property
    def place(self) -> tuple[str, int]:
        """Return where it stands in a list: as `Agency.sort_key` sorts the name it had."""
        return self.acronym.casefold(), self.id


@dataclass(frozen=True)
class AssignmentFact:
    """An assignment and its acceptance at the moment.

    `assessed` is its newest assessment: the submission that it rests on, and the status.
    `target` is its target date: the day, its precision, as written. Both are read with it
    only by `assignments`.
    """

    id: int
    action_id: int
    agency_id: int
    role: str
    respond_by: date | None
    acceptance: str
    assessed: tuple[int, str] | None = None
    target: tuple[date | None, str, str] = (None, "", "")


@dataclass(frozen=True)
class InForce:
    """The submission in force of an assignment: its claim, and since when it counts."""

    submission_id: int
    claim: str
    kind: str
    sent_at: datetime
    at: datetime


def newest(rows: QuerySet[Any], of: str, moment: str = "recorded_at") -> QuerySet[Any]:
    """Keep the newest row of each object; of two at one moment, the one written last."""
    placed: QuerySet[Any] = rows.annotate(place=newest_first(of, moment))
    return placed.filter(place=1)


def agencies(basis: Basis) -> dict[int, AgencyFact]:
    """Return the agencies that existed, sorted by the acronym they had; also those that ended."""
    rows = newest(AgencyName.objects.filter(recorded_at__lte=basis.as_of), "agency")
    fields = ("agency_id", "code", "agency__category", "agency__counted")
    found = sorted(
        (AgencyFact(*row) for row in rows.values_list(*fields, "acronym", "name", "active")),
        key=lambda agency: agency.place,
    )
    return {agency.id: agency for agency in found}


def assignments(basis: Basis) -> list[AssignmentFact]:
    """Return the assignments of the scope: active ones, or inside all live ones.

    An assignment exists from its first answer on, which is written with it.
    """
    answers = AcceptanceAnswer.objects.filter(
        recorded_at__lte=basis.as_of, **basis.within("assignment")
    )
    fields = ("action_id", "agency_id", "role", "respond_by")
    rows = newest(answers.annotate(**newest_of_each(basis)), "assignment").values_list(
        "assignment_id",
        *(f"assignment__{field}" for field in fields),
        "acceptance",
        "assessed",
        "target",
    )
    shown = ACTIVE if basis.scope is Scope.PUBLIC else LIVE
    found = (fact(*row) for row in rows.order_by("assignment_id"))
    return [assignment for assignment in found if assignment.acceptance in shown]


def newest_of_each(basis: Basis) -> dict[str, Subquery]:
    """Return what a query asks of each assignment beside its own row."""
    same = {"assignment": OuterRef("assignment"), "recorded_at__lte": basis.as_of}
    assessed = known_assessments(basis).filter(**same)
    targets = TargetDate.objects.filter(**same)
    order = ("-recorded_at", "-id")
    assessed_as = JSONObject(of="submission_id", status="status")
    dated = JSONObject(on="on", precision="precision", text="text")
    return {
        "assessed": Subquery(assessed.order_by(*order).values(as_one=assessed_as)[:1]),
        "target": Subquery(targets.order_by(*order).values(as_one=dated)[:1]),
    }


def fact(*row: Any) -> AssignmentFact:
    """Return an assignment from its row; the last two come as objects, a day as ISO 8601."""
    *own, assessed, target = row
    found = AssignmentFact(*own)
    if assessed:
        found = replace(found, assessed=(assessed["of"], assessed["status"]))
    if target:
        on = date.fromisoformat(target["on"]) if target["on"] else None
        found = replace(found, target=(on, target["precision"], target["text"]))
    return found


def took_effect(basis: Basis) -> QuerySet[Any]:
    """Return the rows by which submissions came to count, as `moment`: no retracted ones.

    Publications for the public, approvals inside. Of two texts the one `approved` later is in
    force, also where a held round let the public see it before the other.
    """
    retracted = Decision.objects.filter(
        submission=OuterRef("submission"),
        verb=Decision.Verb.RETRACT,
        decided_at__lte=basis.as_of,
    )
    return took_effect_once(basis).filter(~Exists(retracted))


def took_effect_once(basis: Basis) -> QuerySet[Any]:
    """Return what `took_effect` does, with those that were retracted since."""
    rows: QuerySet[Any]
    if basis.scope is Scope.PUBLIC:
        approval = Decision.objects.filter(submission=OuterRef("submission"), verb="approve")
        approved = Subquery(approval.values("decided_at")[:1])
        rows = Publication.objects.annotate(moment=F("recorded_at"), approved=approved)
    else:
        rows = Decision.objects.filter(verb=Decision.Verb.APPROVE)
        rows = rows.annotate(moment=F("decided_at"), approved=F("decided_at"))
    return rows.filter(
        moment__lte=basis.as_of, **basis.within(ASSIGNMENT), **basis.in_round()
    ).exclude(submission__kind=SubmissionKind.NOTHING_TO_REPORT)


def in_force(basis: Basis) -> dict[int, InForce]:
    """Return the submission in force of each assignment, over all its rounds and updates.

    That which was approved last of those that count; "nothing to report" claims nothing and
    never comes in force.
    """
    fields = ("submission_id", "submission__status", "submission__kind", "submission__submitted_at")
    rows = newest(took_effect(basis), ASSIGNMENT, "approved").values_list(
        f"{ASSIGNMENT}_id", *fields, "moment"
    )
    return {assignment: InForce(*row) for assignment, *row in rows}


def known_assessments(basis: Basis) -> QuerySet[Any]:
    """Return the assessments that the scope knows: for the public, of published texts."""
    rows = Assessment.objects.filter(recorded_at__lte=basis.as_of, **basis.in_round())
    if basis.scope is Scope.PUBLIC:
        rows = rows.filter(submission__publication__recorded_at__lte=basis.as_of)
    return rows


def newest_assessments(basis: Basis) -> dict[int, tuple[int, str]]:
    """Return the newest assessment of each assignment: what it rests on, and its status."""
    rows = newest(known_assessments(basis).filter(**basis.within("assignment")), "assignment")
    return {
        assignment: (submission, status)
        for assignment, submission, status in rows.values_list(
            "assignment_id", "submission_id", "status"
        )
    }


def effects(basis: Basis) -> dict[int, tuple[InForce, LeadStanding]]:
    """Return the text in force of each assignment, and where that puts it; two queries."""
    assessed = newest_assessments(basis)
    return {pk: effect(text, assessed.get(pk)) for pk, text in in_force(basis).items()}


def effect(text: InForce, assessed: tuple[int, str] | None) -> tuple[InForce, LeadStanding]:
    """Return where a text in force puts its assignment.

    The newest assessment counts only where it rests on that text.
    """
    rests_on, status = assessed or (None, None)
    return text, effective(text.claim, status if rests_on == text.submission_id else None)


def target_dates(basis: Basis) -> dict[int, tuple[date | None, str, str]]:
    """Return the target date of each assignment: the day, its precision, as written."""
    rows = TargetDate.objects.filter(recorded_at__lte=basis.as_of, **basis.within("assignment"))
    return {
        assignment: (on, precision, text)
        for assignment, on, precision, text in newest(rows, "assignment").values_list(
            "assignment_id", "on", "precision", "text"
        )
    }
