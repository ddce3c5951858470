"""The matrix: who is where on what, agencies by actions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from recommendations.models import Framework, Round
from recommendations.reporting.facts import AgencyFact, AreaFact, Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.standings import Reading, Standing, read, tally_active
from recommendations.reporting.tally import AssignmentTally, Shown


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One agency on one action. `shown` is None where the assignment is not taken on yet."""

    action_code: str
    agency_code: str
    agency: str
    role: str
    acceptance: str
    shown: Shown | None


@dataclass(frozen=True)
class Column:
    """An action at the head of a column, and all the agencies on it together."""

    code: str
    short_title: str
    area_code: str
    total: AssignmentTally


@dataclass(frozen=True)
class Heading:
    """An area above its columns; `span` is how many they are."""

    code: str
    title: str
    span: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """An agency: one cell for each column, None where it is not assigned."""

    agency_code: str
    agency: str
    agency_name: str
    cells: tuple[Cell | None, ...]
    total: AssignmentTally


@dataclass(frozen=True, kw_only=True)
class Matrix(Figure):
    """The agencies by the actions. Totals count active assignments; blank is not assigned."""

    headings: tuple[Heading, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: AssignmentTally


def matrix(
    framework: Framework,
    *,
    as_of: datetime,
    scope: Scope,
    round: Round | None = None,
) -> Matrix:
    """Return the matrix of a framework at a moment; 4 queries.

    Its rows are all agencies that stand in the denominators at that moment, and whoever else
    has an assignment, sorted by the acronym they had.
    """
    basis = Basis(framework, as_of, scope, round)
    reading = read(basis)
    held: dict[str, dict[str, Standing]] = defaultdict(dict)
    for standing in reading.every_standing:
        held[standing.agency_code][standing.action_code] = standing
    return Matrix(
        **stamp(basis),
        headings=headings(reading.areas.values(), reading),
        columns=columns(reading),
        rows=tuple(
            row(agency, reading, held[agency.code])
            for agency in reading.listed
            if agency.counted or held[agency.code]
        ),
        total=tally_active(reading.every_standing),
    )


def headings(areas: Iterable[AreaFact], reading: Reading) -> tuple[Heading, ...]:
    """Return the areas that have actions."""
    spans = Counter(action.area_id for action in reading.actions.values())
    return tuple(Heading(area.code, area.title, spans[area.id]) for area in areas if spans[area.id])


def columns(reading: Reading) -> tuple[Column, ...]:
    """Return the actions, each with the total of its agencies."""
    return tuple(
        Column(
            action.code,
            action.short_title,
            action.area_code,
            tally_active(reading.standings[action.id]),
        )
        for action in reading.actions.values()
    )


def row(agency: AgencyFact, reading: Reading, held: dict[str, Standing]) -> Row:
    """Return the row of an agency, whose standings come by the code of the action."""
    standings = [held.get(action.code) for action in reading.actions.values()]
    return Row(
        agency_code=agency.code,
        agency=agency.acronym,
        agency_name=agency.name,
        cells=tuple(cell(standing) if standing else None for standing in standings),
        total=tally_active(held.values()),
    )


def cell(standing: Standing) -> Cell:
    """Return what a cell says."""
    return Cell(
        action_code=standing.action_code,
        agency_code=standing.agency_code,
        agency=standing.agency,
        role=standing.role,
        acceptance=standing.acceptance,
        shown=standing.shown if standing.is_active else None,
    )
