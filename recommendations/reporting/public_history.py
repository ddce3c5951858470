"""What was public of an action, an area, an agency or an assignment, change by change.

Built from facts in the public scope and never from the log: no names of people, no reasons,
no returns, and nothing of a text before it was published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import groupby
from typing import Any, TypeAlias

from django.db.models import Q

from agencies.models import Agency, AgencyName
from recommendations.domain.rollup import NO_REPORT
from recommendations.models import (
    ACTIVE,
    AcceptanceAnswer,
    Action,
    ActionWording,
    AreaWording,
    Assignment,
    Decision,
    Framework,
    PriorityArea,
    Publication,
    TargetDate,
)
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.tally import Shown, shown
from recommendations.reporting.timeline import tracks

About: TypeAlias = Action | PriorityArea | Agency | Assignment


class Did(Enum):
    """What can happen in public."""

    ENTERED = "entered"
    REWORDED = "reworded"
    TOOK_ON = "took_on"
    TOOK_ON_IN_PART = "took_on_in_part"
    LEFT = "left"
    DATED = "dated"
    PUBLISHED = "published"
    TAKEN_OUT = "taken_out"
    STANDS = "stands"


@dataclass(frozen=True)
class Target:
    """A target date as exactly as it is known."""

    on: Any
    precision: str
    text: str


@dataclass(frozen=True)
class PublicChange:
    """One public change. `assignment` says where, if it is about an agency on an action.

    `fields` are names of fields with the value before and after: texts, targets, statuses.
    `round` is the code of the round of a published text.
    """

    did: Did
    at: datetime
    place: tuple[int, int]
    assignment: Assignment | None = None
    round: str = ""
    fields: tuple[tuple[str, Any, Any], ...] = ()


def public_history(about: About, *, as_of: datetime) -> list[PublicChange]:
    """Return what the public could see change up to a moment, newest first; at most 8 queries."""
    if isinstance(about, PriorityArea):
        found = worded(AreaWording.objects.filter(area=about), ("title", "statement"), as_of)
        return newest_first(found)
    if isinstance(about, Action):
        rows = ActionWording.objects.filter(action=about)
        found = worded(rows, ("short_title", "official_text"), as_of)
        return newest_first([*found, *on_assignments(Q(action=about), as_of)])
    if isinstance(about, Agency):
        found = worded(AgencyName.objects.filter(agency=about), ("acronym", "name"), as_of)
        return newest_first([*found, *on_assignments(Q(agency=about), as_of)])
    return newest_first(on_assignments(Q(pk=about.pk), as_of))


def was_taken_on(assignment: Assignment) -> bool:
    """Say whether the public ever knew of an assignment: what it could see then stays readable."""
    return assignment.answers.filter(acceptance__in=ACTIVE).exists()


def newest_first(found: Iterable[PublicChange]) -> list[PublicChange]:
    """Sort changes; of two at one moment, the later kind and row first."""
    return sorted(found, key=lambda change: (change.at, change.place), reverse=True)


def worded(rows: Any, names: tuple[str, ...], as_of: datetime) -> list[PublicChange]:
    """Return each wording that an object had, with what it replaced.

    A row in which no word changed says that an agency ended, and is no wording.
    """
    found: list[PublicChange] = []
    before: Any = None
    for row in rows.filter(recorded_at__lte=as_of).order_by("recorded_at", "id"):
        fields = tuple(
            (name, getattr(before, name, ""), getattr(row, name))
            for name in names
            if getattr(before, name, None) != getattr(row, name)
        )
        did = Did.REWORDED if before else Did.ENTERED
        if fields:
            found.append(PublicChange(did, row.recorded_at, (0, row.pk), fields=fields))
        before = row
    return found


def on_assignments(which: Q, as_of: datetime) -> list[PublicChange]:
    """Return what happened to those assignments that were taken on by then.

    One that was only asked for, or declined, was never public.
    """
    rows = Assignment.objects.filter(which).select_related("action__framework", "agency")
    assignments = {row.pk: row for row in rows}
    answers = AcceptanceAnswer.objects.filter(assignment__in=assignments, recorded_at__lte=as_of)
    spans: dict[int, list[tuple[datetime, bool]]] = {}
    found: list[PublicChange] = []
    ordered = answers.order_by("assignment_id", "recorded_at", "id")
    for pk, its in groupby(ordered, key=lambda answer: answer.assignment_id):
        changes, spans[pk] = taken_on(assignments[pk], list(its))
        found += changes
    public = {pk: assignments[pk] for pk, span in spans.items() if any(on for _at, on in span)}
    about = [*dated(public, spans, as_of), *published(public, as_of), *stood(public, as_of)]
    return [*found, *(change for change in about if was_on(change, spans))]


def was_on(change: PublicChange, spans: dict[int, list[tuple[datetime, bool]]]) -> bool:
    """Say whether the assignment of a change was taken on at its moment, and so public."""
    span = spans[change.assignment.pk] if change.assignment else []
    until = [on for at, on in span if at <= change.at]
    return bool(until and until[-1])


def taken_on(
    assignment: Assignment, answers: list[AcceptanceAnswer]
) -> tuple[list[PublicChange], list[tuple[datetime, bool]]]:
    """Return when an agency took an action on and left it, and the spans of it."""
    changes, span, before = [], [], ""
    for answer in answers:
        now, then = answer.acceptance in ACTIVE, before in ACTIVE
        did = None
        if now and answer.acceptance != before:
            whole = answer.acceptance == ACTIVE[0]
            did = Did.TOOK_ON if whole else Did.TOOK_ON_IN_PART
        elif then and not now:
            did = Did.LEFT
        if did:
            place = (1, answer.pk)
            changes.append(PublicChange(did, answer.recorded_at, place, assignment))
        span.append((answer.recorded_at, now))
        before = answer.acceptance
    return changes, span


def dated(
    assignments: dict[int, Assignment],
    spans: dict[int, list[tuple[datetime, bool]]],
    as_of: datetime,
) -> list[PublicChange]:
    """Return the target dates that the public saw: of what was taken on, from then on."""
    rows = TargetDate.objects.filter(assignment__in=assignments, recorded_at__lte=as_of)
    found = []
    for pk, its in groupby(
        rows.order_by("assignment_id", "recorded_at", "id"), key=lambda row: row.assignment_id
    ):
        before, last = None, list(its)
        for at, row in known_targets(last, spans[pk]):
            target = Target(row.on, row.precision, row.text)
            if target != before:
                fields = (("target", before, target),)
                place = (2, row.pk)
                found.append(PublicChange(Did.DATED, at, place, assignments[pk], fields=fields))
                before = target
    return found


def known_targets(
    rows: list[TargetDate], span: list[tuple[datetime, bool]]
) -> list[tuple[datetime, TargetDate]]:
    """Return the target dates with the moment from which on the public knew each."""
    known = []
    for row in rows:
        on = [taken for at, taken in span if at <= row.recorded_at]
        if on and on[-1]:
            known.append((row.recorded_at, row))
        else:
            later = next((at for at, taken in span if taken and at > row.recorded_at), None)
            if later is not None:
                known = [(at, one) for at, one in known if at < later]
                known.append((later, row))
    return known


def published(assignments: dict[int, Assignment], as_of: datetime) -> list[PublicChange]:
    """Return when texts became public, and when a published one was taken out."""
    of = "submission__update__duty"
    rows = Publication.objects.filter(
        recorded_at__lte=as_of, **{f"{of}__assignment__in": assignments}
    ).values_list("pk", "recorded_at", f"{of}__assignment_id", f"{of}__round__code")
    found = [
        PublicChange(Did.PUBLISHED, at, (3, pk), assignments[assignment], code)
        for pk, at, assignment, code in rows
    ]
    gone = Decision.objects.filter(
        verb=Decision.Verb.RETRACT,
        decided_at__lte=as_of,
        submission__publication__recorded_at__lte=as_of,
        **{f"{of}__assignment__in": assignments},
    ).values_list("pk", "decided_at", f"{of}__assignment_id", f"{of}__round__code")
    return found + [
        PublicChange(Did.TAKEN_OUT, at, (4, pk), assignments[assignment], code)
        for pk, at, assignment, code in gone
    ]


def stood(assignments: dict[int, Assignment], as_of: datetime) -> list[PublicChange]:
    """Return how the public statuses of these assignments moved."""
    found = []
    for basis in bases(assignments.values(), as_of):
        for pk, track in tracks(basis).items():
            if pk not in assignments:
                continue
            before: Shown = shown(NO_REPORT)
            for number, step in enumerate(track.steps):
                after = shown(step.standing)
                if after != before:
                    fields = (("status", before, after),)
                    place = (5, pk * 1000 + number)
                    found.append(
                        PublicChange(Did.STANDS, step.at, place, assignments[pk], fields=fields)
                    )
                before = after
    return found


def bases(assignments: Iterable[Assignment], as_of: datetime) -> list[Basis]:
    """Return what the statuses of these assignments are read from: one for each framework."""
    rows = list(assignments)
    frameworks: dict[int, Framework] = {row.framework_id: row.action.framework for row in rows}
    actions, agencies = {row.action_id for row in rows}, {row.agency_id for row in rows}
    return [
        Basis(
            framework,
            as_of,
            Scope.PUBLIC,
            action_id=min(actions) if len(actions) == 1 else None,
            agency_id=min(agencies) if len(agencies) == 1 else None,
        )
        for framework in frameworks.values()
    ]
