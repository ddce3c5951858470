"""Where one agency stood on one action: each of its assignments there, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from agencies.models import Agency, AgencyName
from recommendations.domain.rollup import NO_REPORT
from recommendations.models import ACTIVE, LIVE, AcceptanceAnswer, Action, ActionWording
from recommendations.reporting import facts
from recommendations.reporting.beginnings import title_then
from recommendations.reporting.facts import AssignmentFact, Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.groups import group_then
from recommendations.reporting.tally import Shown, shown
from recommendations.reporting.timeline import Track, tracks


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where one assignment stood: the answer, the claim in force, what became of it.

    `claim` is what the agency says and `verified` whether the coordinator has assessed it,
    perhaps otherwise: `shown` is what counts. `sent_at` is the age of the information.
    """

    assignment_id: int
    role: str
    acceptance: str
    respond_by: date | None
    claim: str
    shown: Shown
    verified: bool
    since: datetime | None
    submission_id: int | None
    sent_at: datetime | None
    target_on: date | None
    target_precision: str
    target_text: str

    @property
    def differs(self) -> bool:
        """Say whether the coordinator sees another status than the agency claims."""
        return self.verified and self.claim != self.shown


@dataclass(frozen=True)
class Called:
    """What the framework, the action and the agency were called at the moment."""

    framework: str = ""
    action: str = ""
    acronym: str = ""
    agency: str = ""


@dataclass(frozen=True, kw_only=True)
class Thread(Figure):
    """The assignments of one agency on one action that the scope knew at the moment.

    `answers` are all that each assignment was answered, oldest first, and `tracks` every text
    of it that ever counted. `through` names the groups through which some were given.
    """

    called: Called
    through: dict[int, str]
    stands: tuple[Stand, ...]
    answers: dict[int, list[tuple[datetime, str]]]
    tracks: dict[int, Track]

    def of(self, assignment_id: int) -> Stand | None:
        """Return where an assignment stood, or None where the scope did not know it."""
        return next((one for one in self.stands if one.assignment_id == assignment_id), None)


def thread(action: Action, agency: Agency, *, as_of: datetime, scope: Scope) -> Thread:
    """Return where an agency stood on an action at a moment; 3 queries."""
    basis = Basis(action.framework, as_of, scope, action_id=action.pk, agency_id=agency.pk)
    seen, targets = tracks(basis), facts.target_dates(basis)
    found, answers, called, through = answered(basis)
    return Thread(
        **stamp(basis),
        called=called,
        through=through,
        answers=answers,
        tracks=seen,
        stands=tuple(
            stand(one, seen.get(one.id, Track()), targets.get(one.id, (None, "", "")), as_of)
            for one in sorted(found, key=lambda one: one.id, reverse=True)
        ),
    )


def answered(
    basis: Basis,
) -> tuple[list[AssignmentFact], dict[int, list[tuple[datetime, str]]], Called, dict[int, str]]:
    """Return the assignments that the scope knew, every answer of each, and the names.

    The names of groups come by assignment.

    One query: the names of the moment are read with each answer.
    """
    rows = AcceptanceAnswer.objects.filter(
        recorded_at__lte=basis.as_of, **basis.within("assignment")
    ).order_by("recorded_at", "id")
    fields = ("action_id", "agency_id", "role", "respond_by")
    newest: dict[int, AssignmentFact] = {}
    answers: dict[int, list[tuple[datetime, str]]] = {}
    called, through = Called(), {}
    of_it = ("assignment_id", *(f"assignment__{name}" for name in fields), "acceptance")
    names = rows.annotate(**names_then(basis))
    for at, group, *row in names.values_list("recorded_at", "group_then", *of_it, *NAMES):
        fact = AssignmentFact(*row[: len(of_it)])
        called = Called(*row[len(of_it) :])
        newest[fact.id] = fact
        answers.setdefault(fact.id, []).append((at, fact.acceptance))
        if group:
            through[fact.id] = group
    shown = ACTIVE if basis.scope is Scope.PUBLIC else LIVE
    return [one for one in newest.values() if one.acceptance in shown], answers, called, through


NAMES = ("framework_then", "action_then", "acronym_then", "agency_then")


def names_then(basis: Basis) -> dict[str, Subquery]:
    """Return the names of the moment, as parts of a query of answers."""
    then = {"recorded_at__lte": basis.as_of}
    action = ActionWording.objects.filter(action=OuterRef("assignment__action"), **then)
    agency = AgencyName.objects.filter(agency=OuterRef("assignment__agency"), **then)
    newest = [rows.order_by("-recorded_at", "-id") for rows in (action, agency, agency)]
    fields = ("short_title", "acronym", "name")
    found = [Subquery(one.values(name)[:1]) for one, name in zip(newest, fields, strict=True)]
    framework = title_then("assignment__action__framework", basis.as_of)
    names = dict(zip(NAMES, [framework, *found], strict=True))
    return names | {"group_then": group_then("assignment__through", basis.as_of)}


def stand(
    assignment: AssignmentFact, track: Track, target: tuple[date | None, str, str], as_of: datetime
) -> Stand:
    """Return where one assignment stood."""
    text, standing = track.at(as_of)
    on, precision, words = target
    return Stand(
        assignment_id=assignment.id,
        role=assignment.role,
        acceptance=assignment.acceptance,
        respond_by=assignment.respond_by,
        claim=text.claim if text else "",
        shown=shown(standing if text else NO_REPORT),
        verified=standing.verified,
        since=track.since,
        submission_id=text.submission_id if text else None,
        sent_at=text.sent_at if text else None,
        target_on=on,
        target_precision=precision,
        target_text=words,
    )
