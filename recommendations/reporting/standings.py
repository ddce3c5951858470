"""Where every agency stands on every action: the facts that all figures count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from recommendations.domain.rollup import NO_REPORT, LeadStanding, roll_up
from recommendations.models import (
    ACTIVE,
    LEADING,
    Framework,
    RollUp,
    Round,
)
from recommendations.reporting import facts
from recommendations.reporting.facts import (
    ActionFact,
    AgencyFact,
    AreaFact,
    AssignmentFact,
    Basis,
    InForce,
    Scope,
)
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.tally import (
    AssignmentTally,
    Shown,
    is_closed,
    shown,
    tally_assignments,
)
from recommendations.reporting.timeline import Track, tracks
from recommendations.reporting.wordings import worded

Words: TypeAlias = tuple[dict[int, AreaFact], dict[int, ActionFact]]
Effect: TypeAlias = tuple[InForce | None, LeadStanding]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one agency stands on one action.

    `status` is the effective status, "" = no report yet. `reported_at` is when the text in
    force was sent: the age of the information. `in_force_at` is when it was approved, or
    for the public published.
    """

    assignment_id: int
    area_code: str
    action_code: str
    action_title: str
    agency_code: str
    agency: str
    agency_name: str
    role: str
    acceptance: str
    respond_by: date | None
    status: str
    verified: bool
    submission_id: int | None
    submission_kind: str
    reported_at: datetime | None
    in_force_at: datetime | None
    target_on: date | None
    target_precision: str
    target_text: str

    @property
    def shown(self) -> Shown:
        """Return what a reader sees of the status."""
        return shown(self.lead_standing)

    @property
    def lead_standing(self) -> LeadStanding:
        """Return what the roll-up looks at."""
        return LeadStanding(self.status, self.verified)

    @property
    def is_active(self) -> bool:
        """Say whether it was taken on in full or in part."""
        return self.acceptance in ACTIVE

    @property
    def decides(self) -> bool:
        """Say whether the action's roll-up looks at it: an active lead or co-lead."""
        return self.is_active and self.role in LEADING

    @property
    def is_closed(self) -> bool:
        """Say whether it is implemented, verified, or discontinued."""
        return is_closed(self.lead_standing)


@dataclass(frozen=True, kw_only=True)
class DatedStanding(Standing):
    """Where one agency stands on one action, and since when with this status."""

    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Standings(Figure):
    """Where every assignment stands, in the order of the actions, then of the agencies."""

    rows: tuple[DatedStanding, ...]


@dataclass(frozen=True)
class Reading:
    """The facts behind a figure, read once."""

    areas: dict[int, AreaFact]
    actions: dict[int, ActionFact]
    agencies: dict[int, AgencyFact]
    standings: dict[int, list[Standing]]

    @property
    def every_standing(self) -> list[Standing]:
        """Return the standings over all actions, in their order."""
        return [standing for of_action in self.standings.values() for standing in of_action]

    @property
    def listed(self) -> list[AgencyFact]:
        """Return the agencies that every list and denominator of this moment knows.

        Those that were active. One that had ended holds nothing; where it does all the same,
        it stays in sight.
        """
        holding = {standing.agency_code for standing in self.every_standing}
        return [one for one in self.agencies.values() if one.active or one.code in holding]

    @property
    def counted(self) -> int:
        """Return how many agencies there were: the denominator, contributors apart."""
        return sum(agency.counted for agency in self.listed)

    @property
    def taking_part(self) -> int:
        """Return how many of those counted held at least one active assignment."""
        taking = {one.agency_code for one in self.every_standing if one.is_active}
        return sum(agency.counted and agency.code in taking for agency in self.listed)


def read(
    basis: Basis,
    tracks: dict[int, Track] | None = None,
    assignments: Iterable[AssignmentFact] | None = None,
    words: Words | None = None,
) -> Reading:
    """Read what a figure needs: areas, actions, agencies, and the standings on each action.

    Four queries; one fewer for each that is read already: the tracks of the assignments, the
    assignments themselves, the words of the areas and actions.
    """
    (areas, actions), agencies = words or worded(basis), facts.agencies(basis)
    in_force = facts.in_force(basis) if tracks is None else {}
    standings: dict[int, list[Standing]] = {pk: [] for pk in actions}
    every = facts.assignments(basis) if assignments is None else assignments
    known = [one for one in every if one.action_id in actions and one.agency_id in agencies]

    def effect_on(assignment: AssignmentFact) -> Effect:
        if tracks is not None:
            track = tracks.get(assignment.id)
            return track.at(basis.as_of) if track else (None, NO_REPORT)
        text = in_force.get(assignment.id)
        return facts.effect(text, assignment.assessed) if text else (None, NO_REPORT)

    for assignment in sorted(known, key=lambda one: (*agencies[one.agency_id].place, one.id)):
        action = actions[assignment.action_id]
        standings[action.id].append(
            Standing(
                assignment_id=assignment.id,
                area_code=action.area_code,
                action_code=action.code,
                action_title=action.short_title,
                **named(agencies[assignment.agency_id]),
                **answered(assignment),
                **reported(*effect_on(assignment)),
            )
        )
    return Reading(areas, actions, agencies, standings)


def named(agency: AgencyFact) -> dict[str, Any]:
    """Return what a standing says about its agency."""
    return {
        "agency_code": agency.code,
        "agency": agency.acronym,
        "agency_name": agency.name,
    }


def answered(assignment: AssignmentFact) -> dict[str, Any]:
    """Return what a standing says about the agency's answer, and by when it will be done."""
    on, precision, text = assignment.target
    return {
        "role": assignment.role,
        "acceptance": assignment.acceptance,
        "respond_by": assignment.respond_by,
        "target_on": on,
        "target_precision": precision,
        "target_text": text,
    }


def reported(text: InForce | None, standing: LeadStanding) -> dict[str, Any]:
    """Return what a standing says about the text in force."""
    return {
        "status": standing.status,
        "verified": standing.verified,
        "submission_id": text.submission_id if text else None,
        "submission_kind": text.kind if text else "",
        "reported_at": text.sent_at if text else None,
        "in_force_at": text.at if text else None,
    }


def dated(standing: Standing, tracks: dict[int, Track]) -> DatedStanding:
    """Return a standing with the moment at which its status began."""
    track = tracks.get(standing.assignment_id)
    return DatedStanding(**asdict(standing), since=track.since if track else None)


def standings(
    framework: Framework, *, as_of: datetime, scope: Scope, round: Round | None = None
) -> Standings:
    """Return where every assignment of a framework stood; 4 queries."""
    basis = Basis(framework, as_of, scope, round)
    seen = tracks(basis)
    rows = tuple(dated(standing, seen) for standing in read(basis, seen).every_standing)
    return Standings(**stamp(basis), rows=rows)


def standing_of_action(standings: Iterable[Standing]) -> RollUp:
    """Return the roll-up of an action over its active leads and co-leads."""
    return roll_up(one.lead_standing for one in standings if one.decides)


def tally_active(standings: Iterable[Standing]) -> AssignmentTally:
    """Count the active ones among these assignments by where they stand."""
    return tally_assignments(one.shown for one in standings if one.is_active)
