"""Where the areas and their actions stand: the picture that everybody sees first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from recommendations.models import Framework, RollUp, Round
from recommendations.reporting import sentences
from recommendations.reporting.facts import ActionFact, AreaFact, Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.standings import (
    Reading,
    Standing,
    read,
    standing_of_action,
    tally_active,
)
from recommendations.reporting.tally import ActionTally, AssignmentTally, tally_actions


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """How many active leads and co-leads there are, and how many of them have reported."""

    leads: int
    reporting: int
    verified: int
    oldest: datetime | None

    @property
    def sentence(self) -> str:
        """Return "2 of 3 leads have reported, 1 verified; oldest information: 4 May 2026."."""
        return sentences.reported(self.leads, self.reporting, self.verified, self.oldest)


@dataclass(frozen=True)
class Lead:
    """An active lead or co-lead of an action."""

    agency_code: str
    agency: str
    role: str


@dataclass(frozen=True, kw_only=True)
class ActionLine:
    """Where one action stands, and what beside the roll-up is always shown with it.

    `assignments` counts its active assignments, supporting agencies included; `awaiting` is
    how many are live and not yet taken on, which only the inside knows.
    """

    code: str
    kind: str
    short_title: str
    area_code: str
    standing: RollUp
    leads: tuple[Lead, ...]
    reported: Reporting
    assignments: AssignmentTally
    awaiting: int


@dataclass(frozen=True)
class Total:
    """Actions and assignments together, of an area or of all. An action counts once."""

    actions: ActionTally
    assignments: AssignmentTally
    reported: Reporting


@dataclass(frozen=True, kw_only=True)
class AreaLine:
    """Where one area stands, with its actions in the order of the source."""

    code: str
    title: str
    actions: tuple[ActionLine, ...]
    total: Total


@dataclass(frozen=True, kw_only=True)
class Overview(Figure):
    """Where the areas stand, and all of them together.

    `agencies` of the `counted`, contributors apart, hold at least one active assignment.
    """

    areas: tuple[AreaLine, ...]
    total: Total
    agencies: int
    counted: int

    @property
    def actions(self) -> tuple[ActionLine, ...]:
        """Return the actions of all areas, in their order."""
        return tuple(line for area in self.areas for line in area.actions)


def reported_by(standings: Iterable[Standing]) -> Reporting:
    """Count the leads among these assignments, and what they have said."""
    leads = [one for one in standings if one.decides]
    said = [one for one in leads if one.reported_at is not None]
    moments = [one.reported_at for one in said if one.reported_at is not None]
    return Reporting(
        leads=len(leads),
        reporting=len(said),
        verified=sum(one.verified for one in said),
        oldest=min(moments, default=None),
    )


def action_line(action: ActionFact, standings: Sequence[Standing]) -> ActionLine:
    """Return where one action stands."""
    return ActionLine(
        code=action.code,
        kind=action.kind,
        short_title=action.short_title,
        area_code=action.area_code,
        standing=standing_of_action(standings),
        leads=tuple(
            Lead(one.agency_code, one.agency, one.role) for one in standings if one.decides
        ),
        reported=reported_by(standings),
        assignments=tally_active(standings),
        awaiting=sum(not one.is_active for one in standings),
    )


def action_lines(reading: Reading) -> list[ActionLine]:
    """Return where each action stands, in the order of the source."""
    return [
        action_line(action, reading.standings[action.id]) for action in reading.actions.values()
    ]


def total(lines: Iterable[ActionLine], standings: Sequence[Standing]) -> Total:
    """Add up the actions, and their assignments."""
    return Total(
        actions=tally_actions(line.standing for line in lines),
        assignments=tally_active(standings),
        reported=reported_by(standings),
    )


def area_line(area: AreaFact, reading: Reading) -> AreaLine:
    """Return where one area stands."""
    own = {pk: action for pk, action in reading.actions.items() if action.area_id == area.id}
    lines = tuple(action_line(action, reading.standings[pk]) for pk, action in own.items())
    standings = [one for pk in own for one in reading.standings[pk]]
    return AreaLine(code=area.code, title=area.title, actions=lines, total=total(lines, standings))


def overview(
    framework: Framework, *, as_of: datetime, scope: Scope, round: Round | None = None
) -> Overview:
    """Return where the areas of a framework stood at a moment; 4 queries.

    With a round, only texts sent in that round count: an assignment on which nothing was
    approved in it is "no report yet".
    """
    basis = Basis(framework, as_of, scope, round)
    return overview_of(basis, read(basis))


def overview_of(basis: Basis, reading: Reading) -> Overview:
    """Return the overview from what was read already."""
    areas = tuple(area_line(area, reading) for area in reading.areas.values())
    standings = reading.every_standing
    return Overview(
        **stamp(basis),
        areas=areas,
        total=total((line for area in areas for line in area.actions), standings),
        agencies=reading.taking_part,
        counted=reading.counted,
    )
