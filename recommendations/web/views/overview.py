"""The first page of a framework: where its areas stand, and what is new."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from recommendations.models import RollUp
from recommendations.reporting.charts import bars
from recommendations.reporting.lists import front_page
from recommendations.reporting.overview import AreaLine, Overview
from recommendations.reporting.overview import overview as overview_of
from recommendations.reporting.reports.shape import Value
from recommendations.web import files
from recommendations.web.addresses import takes
from recommendations.web.position import Position, positioned
from recommendations.web.views.trend import Part, moved, newest, part


@takes("as_of")
@positioned
def overview(request: HttpRequest, position: Position) -> HttpResponse:
    """Show where the areas stand, what moved from round to round, and the newest texts."""
    front = front_page(position.framework, as_of=position.as_of, scope=position.scope)
    figures, trend = front.overview, newest(front.trend)
    shown, rounds = columns(figures), part(position, trend) if trend.stages else None
    context = {
        "framework": position.framework,
        "position": position,
        "figures": figures,
        "columns": shown,
        "without_lead": figures.total.actions.of(RollUp.NO_LEAD),
        "latest": front.latest,
        "trend": trend,
        "rounds": rounds,
        "further": further(rounds, [value for value, *_numbers in shown]),
        "moved": moved(trend),
    }
    return render(request, "recommendations/overview.html", context)


@takes("as_of")
@positioned
def overview_svg(request: HttpRequest, position: Position) -> HttpResponse:
    """Return the bars of the areas as a picture."""
    figures = figures_of(position)
    rows = [(f"{area.code} {area.title}", area.total.actions.parts) for area in figures.areas]
    title = _("Where do the priority areas stand?")
    drawn = bars(title, figures.total.actions.sentence, rows)
    return files.drawing(figures, "overview", drawn)


@takes("as_of")
@positioned
def overview_csv(request: HttpRequest, position: Position) -> HttpResponse:
    """Return a line for each area: its actions by status, and its leads."""
    figures = figures_of(position)
    statuses = [str(value) for value, _count in figures.total.actions.parts]
    head = ["area", "area_title", "actions", *statuses]
    beside = ["leads", "leads_reported", "leads_verified", "oldest_information", "assignments"]
    return files.table(figures, "overview", [[*head, *beside], *map(line, figures.areas)])


def figures_of(position: Position) -> Overview:
    """Return the figures that the address asks for."""
    return overview_of(position.framework, as_of=position.as_of, scope=position.scope)


def line(area: AreaLine) -> list[Value]:
    """Return an area as the CSV holds it."""
    actions, leads = area.total.actions, area.total.reported
    numbers = [actions.total, *(count for _value, count in actions.parts)]
    beside = [leads.leads, leads.reporting, leads.verified, leads.oldest]
    return [area.code, area.title, *numbers, *beside, area.total.assignments.total]


def further(rounds: Part | None, known: list[str]) -> list[str]:
    """Return the statuses of the rounds that the key of the areas does not explain."""
    return [value for value, _numbers in rounds.rows if value not in known] if rounds else []


def columns(figures: Overview) -> list[tuple[str, list[tuple[str, int]], int]]:
    """Return the statuses that occur, and "no report yet": (status, number by area, total)."""
    return [
        (value, [(area.code, area.total.actions.of(value)) for area in figures.areas], count)
        for value, count in figures.total.actions.parts
        if count or value == RollUp.NO_INFORMATION
    ]
