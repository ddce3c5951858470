"""The agencies: all of them, and one with what it does."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies import succession
from agencies.models import Agency
from recommendations.reporting.facts import DidNotExist
from recommendations.reporting.groups import places
from recommendations.reporting.lists import agency_list as list_of
from recommendations.reporting.places import agency_page
from recommendations.web import sorting
from recommendations.web.addresses import agency_named, moved, takes
from recommendations.web.paging import paged
from recommendations.web.position import position, position_at
from recommendations.web.visitor import framework_at

SORTS: sorting.Keys = {
    "name": lambda line: line.name.casefold(),
    "leads": lambda line: line.leading,
    "supports": lambda line: line.supporting,
    "actions": lambda line: line.assignments.total,
}
"""By what the agencies of a category sort; the usual order is that of the acronyms."""


PAGE = 50


@takes("as_of", "sort", "page")
def agency_list(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the agencies by category, each with how many actions it leads and supports."""
    shown = position_at(request, framework)
    figures = list_of(shown.framework, as_of=shown.as_of, scope=shown.scope)
    asked = sorting.chosen(request, SORTS)
    sorted_lines = sorting.in_order(figures.lines, asked, SORTS)
    places = {category: place for place, category in enumerate(Agency.Category.values)}
    grouped = sorted(sorted_lines, key=lambda line: places[line.category])
    shown_here = paged(request, grouped, PAGE)
    labels = dict(Agency.Category.choices)
    groups = [
        (labels[category], [*lines])
        for category, lines in groupby(shown_here.page, key=lambda line: line.category)
    ]
    context = {
        "framework": shown.framework,
        "position": shown,
        "figures": figures,
        "groups": groups,
        "paged": shown_here,
        "heads": sorting.heads(request, asked, SORTS),
        "kept": [("sort", asked)] if asked else [],
    }
    return render(request, "recommendations/agency_list.html", context)


@takes("as_of")
def agency_detail(request: HttpRequest, framework: str, agency: str) -> HttpResponse:
    """Show an agency: its actions with role and status, and the groups it is in.

    One that became part of another leads there, except at a moment before that.
    """
    home = framework_at(framework)
    found = agency_named(agency)
    if found.code != agency:
        return moved(request, agency=found.code)
    shown = position(request, home, found.pk)
    ended = succession.ended_at(found)
    has_ended = ended is not None and ended <= shown.as_of
    if has_ended and found.merged_into is not None:
        return moved(request, agency=found.merged_into.code)
    try:
        figures = agency_page(home, found, as_of=shown.as_of, scope=shown.scope)
    except DidNotExist as never:
        raise shown.not_yet from never
    context = {
        "framework": home,
        "position": shown,
        "agency": found,
        "figures": figures,
        "places": places(shown.as_of, found.pk),
        "closed_on": ended if has_ended else None,
    }
    return render(request, "recommendations/agency_detail.html", context)
