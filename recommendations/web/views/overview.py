"""The first page of a framework: where its areas stand, and what is new."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.models import RollUp
from recommendations.reporting.lists import front_page
from recommendations.reporting.overview import Overview
from recommendations.web.addresses import takes
from recommendations.web.position import position_at


@takes("as_of")
def overview(request: HttpRequest, framework: str) -> HttpResponse:
    """Show where the areas stand, as a picture and as a table, and the newest texts."""
    position = position_at(request, framework)
    front = front_page(position.framework, as_of=position.as_of, scope=position.scope)
    figures = front.overview
    context = {
        "framework": position.framework,
        "position": position,
        "figures": figures,
        "columns": columns(figures),
        "without_lead": figures.total.actions.of(RollUp.NO_LEAD),
        "latest": front.latest,
    }
    return render(request, "recommendations/overview.html", context)


def columns(figures: Overview) -> list[tuple[str, list[int], int]]:
    """Return the statuses that occur, and "no report yet": (status, number by area, total)."""
    return [
        (value, [area.total.actions.of(value) for area in figures.areas], count)
        for value, count in figures.total.actions.parts
        if count or value == RollUp.NO_INFORMATION
    ]
