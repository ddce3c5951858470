"""What the pages about a whole framework show: its front, its actions, its agencies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from recommendations.models import Framework
from recommendations.reporting.entries import entries
from recommendations.reporting.facts import AgencyFact, AreaFact, Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.latest import LatestText, latest_texts
from recommendations.reporting.lives import assignments_of, lives
from recommendations.reporting.overview import ActionLine, Overview, action_lines, overview_of
from recommendations.reporting.standings import Standing, read, tally_active
from recommendations.reporting.tally import AssignmentTally
from recommendations.reporting.timeline import tracks
from recommendations.reporting.trend import Read, Trend, trend_of


@dataclass(frozen=True, kw_only=True)
class FrontPage(Figure):
    """Where the areas stand, how that moved from round to round, and the newest texts."""

    overview: Overview
    trend: Trend
    latest: tuple[LatestText, ...]


@dataclass(frozen=True, kw_only=True)
class ActionList(Figure):
    """The actions in the order of the source, and what a filter of them has to know."""

    lines: tuple[ActionLine, ...]
    areas: tuple[AreaFact, ...]
    agencies: tuple[AgencyFact, ...]
    standings: tuple[Standing, ...]


@dataclass(frozen=True, kw_only=True)
class AgencyLine:
    """One agency: how many actions it leads or co-leads and how many it supports.

    `counted` is False for a contributor who is not one of the agencies.
    """

    code: str
    acronym: str
    name: str
    category: str
    counted: bool
    leading: int
    supporting: int
    assignments: AssignmentTally


@dataclass(frozen=True, kw_only=True)
class AgencyList(Figure):
    """The agencies that were active at the moment, sorted by the acronym they had.

    `active` of the `counted`, contributors apart, hold at least one active assignment.
    """

    lines: tuple[AgencyLine, ...]
    counted: int
    active: int


def front_page(
    framework: Framework, *, as_of: datetime, scope: Scope, latest: int = 5
) -> FrontPage:
    """Return the overview of a framework, its trend and its newest texts; 5 queries."""
    basis = Basis(framework, as_of, scope)
    then, seen = entries(basis), tracks(basis)
    known = lives(basis, seen)
    words = (then.areas, then.actions)
    reading = read(basis, seen, assignments_of(basis, known), words)
    return FrontPage(
        **stamp(basis),
        overview=overview_of(basis, reading),
        trend=trend_of(basis, Read(then, tuple(known))),
        latest=latest_texts(basis, reading.actions, reading.agencies, latest),
    )


def action_list(framework: Framework, *, as_of: datetime, scope: Scope) -> ActionList:
    """Return the actions of a framework at a moment, and who is on them; 4 queries."""
    basis = Basis(framework, as_of, scope)
    reading = read(basis)
    return ActionList(
        **stamp(basis),
        lines=tuple(action_lines(reading)),
        areas=tuple(reading.areas.values()),
        agencies=tuple(reading.listed),
        standings=tuple(reading.every_standing),
    )


def agency_list(framework: Framework, *, as_of: datetime, scope: Scope) -> AgencyList:
    """Return the agencies at a moment with their part in a framework; 4 queries."""
    basis = Basis(framework, as_of, scope)
    reading = read(basis)
    held: dict[str, list[Standing]] = defaultdict(list)
    for standing in reading.every_standing:
        held[standing.agency_code].append(standing)
    return AgencyList(
        **stamp(basis),
        lines=tuple(agency_line(one, held[one.code]) for one in reading.listed),
        counted=reading.counted,
        active=reading.taking_part,
    )


def agency_line(agency: AgencyFact, standings: list[Standing]) -> AgencyLine:
    """Return one agency of the list; what it has not taken on is not counted."""
    leading = sum(one.decides for one in standings)
    return AgencyLine(
        code=agency.code,
        acronym=agency.acronym,
        name=agency.name,
        category=agency.category,
        counted=agency.counted,
        leading=leading,
        supporting=sum(one.is_active for one in standings) - leading,
        assignments=tally_active(standings),
    )
