"""The matrix: who is where on what, agencies by actions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from recommendations.models import Framework, Round
from recommendations.reporting.facts import AreaFact, Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.gaps import is_open
from recommendations.reporting.moved import Moved
from recommendations.reporting.standings import Reading, Standing, read, tally_active
from recommendations.reporting.tally import AssignmentTally, Shown
from recommendations.reporting.targets import Targets, days_past, targets


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One agency on one action. `shown` is None where the assignment is not taken on yet.

    `days_past`: by how many days the target date of a lead or co-lead has passed, 0 where it has
    not; `lacks_date` where an open one has none. `moved`: how it changed since the newest round
    opened, where `changes` looked.
    """

    action_code: str
    agency_code: str
    agency: str
    role: str
    acceptance: str
    shown: Shown | None
    target_on: date | None
    lacks_date: bool
    days_past: int
    moved: Moved | None


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

    agency_id: int
    agency_code: str
    agency: str
    agency_name: str
    cells: tuple[Cell | None, ...]
    total: AssignmentTally


@dataclass(frozen=True, kw_only=True)
class Matrix(Figure):
    """The agencies by the actions. Totals count active assignments; blank is not assigned.

    Without `targets` the target dates were not read, and no cell says anything of them.
    """

    headings: tuple[Heading, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: AssignmentTally
    targets: Targets | None

    @property
    def cells(self) -> list[Cell]:
        """Return every cell that is not blank."""
        return [cell for row in self.rows for cell in row.cells if cell]


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
    return matrix_of(basis, read(basis))


def matrix_of(
    basis: Basis, reading: Reading, moves: Mapping[tuple[int, int], Moved] | None = None
) -> Matrix:
    """Return the matrix from what was read: with target dates, or with `moves` by place."""
    dated = moves is None
    held: dict[int, dict[int, Cell]] = defaultdict(dict)
    standings: dict[int, list[Standing]] = defaultdict(list)
    by_code = {agency.code: pk for pk, agency in reading.agencies.items()}
    for action, of_action in reading.standings.items():
        for standing in of_action:
            agency = by_code[standing.agency_code]
            moved = (moves or {}).get((action, agency))
            held[agency][action] = cell(standing, basis.as_of.date() if dated else None, moved)
            standings[agency].append(standing)
    return Matrix(
        **stamp(basis),
        headings=headings(reading.areas.values(), reading),
        columns=columns(reading),
        rows=tuple(
            Row(
                agency_id=agency.id,
                agency_code=agency.code,
                agency=agency.acronym,
                agency_name=agency.name,
                cells=tuple(held[agency.id].get(action) for action in reading.actions),
                total=tally_active(standings[agency.id]),
            )
            for agency in reading.listed
            if agency.counted or held[agency.id]
        ),
        total=tally_active(reading.every_standing),
        targets=targets(reading.every_standing, basis.as_of.date()) if dated else None,
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


def cell(standing: Standing, today: date | None, moved: Moved | None) -> Cell:
    """Return what a cell says; without a day nothing about its date."""
    owes = today is not None and standing.decides and is_open(standing)
    return Cell(
        action_code=standing.action_code,
        agency_code=standing.agency_code,
        agency=standing.agency,
        role=standing.role,
        acceptance=standing.acceptance,
        shown=standing.shown if standing.is_active else None,
        target_on=standing.target_on,
        lacks_date=owes and standing.target_on is None,
        days_past=days_past(standing, today) if today and owes else 0,
        moved=moved,
    )
