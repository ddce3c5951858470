"""A priority area: what it says, and where its actions stand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.reporting.facts import DidNotExist
from recommendations.reporting.places import area_page
from recommendations.web.addresses import area_named, moved, takes
from recommendations.web.position import position


@takes("as_of")
def area_detail(request: HttpRequest, framework: str, area: str) -> HttpResponse:
    """Show an area as adopted, its actions, its newest texts, and its passage of the source."""
    found = area_named(framework, area)
    if found.code != area:
        return moved(request, area=found.code)
    shown = position(request, found.framework)
    try:
        figures = area_page(found, as_of=shown.as_of, scope=shown.scope)
    except DidNotExist as never:
        raise shown.not_yet from never
    context = {
        "framework": found.framework,
        "position": shown,
        "figures": figures,
        "passage": found.passage,
    }
    return render(request, "recommendations/area_detail.html", context)
