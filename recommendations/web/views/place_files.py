"""The picture of an area, an action or an agency as SVG, and what it counts as CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

from recommendations.reporting.charts import bars
from recommendations.reporting.facts import DidNotExist
from recommendations.reporting.places import (
    ActionPage,
    AgencyPage,
    AreaPage,
    action_page,
    agency_page,
    area_page,
)
from recommendations.reporting.reports.shape import Value
from recommendations.reporting.standings import DatedStanding
from recommendations.web import files
from recommendations.web.addresses import action_named, agency_named, area_named, takes
from recommendations.web.position import Position, position
from recommendations.web.visitor import framework_at

Page = TypeVar("Page")
COLUMNS = ("agency", "action", "role", "acceptance", "status", "since", "target_on")


def existing(make: Callable[[], Page], shown: Position) -> Page:
    """Return the figures; 404 at a moment before what they are about was recorded."""
    try:
        return make()
    except DidNotExist as never:
        raise shown.not_yet from never


def line(one: DatedStanding) -> list[Value]:
    """Return an agency on an action as the CSV holds it."""
    who = [one.agency_code, one.action_code, one.role, one.acceptance]
    return [*who, one.shown, one.since, one.target_on]


def area_at(request: HttpRequest, framework: str, area: str) -> AreaPage:
    """Return the figures of an area."""
    found = area_named(framework, area)
    shown = position(request, found.framework)
    return existing(lambda: area_page(found, as_of=shown.as_of, scope=shown.scope), shown)


@takes("as_of")
def area_svg(request: HttpRequest, framework: str, area: str) -> HttpResponse:
    """Return the actions of an area as bars of the agencies on them."""
    figures = area_at(request, framework, area)
    rows = [(f"{one.code} {one.short_title}", one.assignments.parts) for one in figures.actions]
    drawn = bars(f"{figures.code} {figures.title}", figures.total.assignments.sentence, rows)
    return files.drawing(figures, f"area-{figures.code}", drawn)


@takes("as_of")
def area_csv(request: HttpRequest, framework: str, area: str) -> HttpResponse:
    """Return a line for each action of an area: where it stands, its agencies by status."""
    figures = area_at(request, framework, area)
    statuses = [value for value, _count in figures.total.assignments.parts]
    head = ["action", "standing", "leads", "leads_reported", "assignments", *statuses]
    lines: list[list[Value]] = [
        [
            one.code,
            one.standing,
            one.reported.leads,
            one.reported.reporting,
            one.assignments.total,
            *(count for _value, count in one.assignments.parts),
        ]
        for one in figures.actions
    ]
    return files.table(figures, f"area-{figures.code}", [head, *lines])


def action_at(request: HttpRequest, framework: str, action: str) -> ActionPage:
    """Return the figures of an action."""
    found = action_named(framework, action)
    shown = position(request, found.framework)
    return existing(lambda: action_page(found, as_of=shown.as_of, scope=shown.scope), shown)


@takes("as_of")
def action_svg(request: HttpRequest, framework: str, action: str) -> HttpResponse:
    """Return the agencies on an action as a bar."""
    figures = action_at(request, framework, action)
    counts, name = figures.line.assignments, f"{figures.line.code} {figures.line.short_title}"
    drawn = bars(name, counts.sentence, [(name, counts.parts)])
    return files.drawing(figures, f"action-{figures.line.code}", drawn)


@takes("as_of")
def action_csv(request: HttpRequest, framework: str, action: str) -> HttpResponse:
    """Return a line for each agency on an action."""
    figures = action_at(request, framework, action)
    lines = [line(one.standing) for one in figures.agencies]
    return files.table(figures, f"action-{figures.line.code}", [COLUMNS, *lines])


def agency_at(request: HttpRequest, framework: str, agency: str) -> AgencyPage:
    """Return the figures of an agency; its own people count the inside."""
    home, found = framework_at(framework), agency_named(agency)
    shown = position(request, home, found.pk)
    return existing(
        lambda: agency_page(
            home, found, as_of=shown.as_of, scope=shown.scope, with_timeliness=False
        ),
        shown,
    )


@takes("as_of")
def agency_svg(request: HttpRequest, framework: str, agency: str) -> HttpResponse:
    """Return the actions of an agency as a bar."""
    figures = agency_at(request, framework, agency)
    counts, name = figures.assignments, f"{figures.acronym}: {figures.name}"
    drawn = bars(name, counts.sentence, [(figures.acronym, counts.parts)])
    return files.drawing(figures, f"agency-{figures.code}", drawn)


@takes("as_of")
def agency_csv(request: HttpRequest, framework: str, agency: str) -> HttpResponse:
    """Return a line for each action of an agency."""
    figures = agency_at(request, framework, agency)
    return files.table(figures, f"agency-{figures.code}", [COLUMNS, *map(line, figures.rows)])
