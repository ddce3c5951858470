"""The gaps: what nobody leads, dates or reports, and what to do about it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.domain import access
from recommendations.domain.offers import offers
from recommendations.reporting.gaps import gaps as gaps_of
from recommendations.web.addresses import takes
from recommendations.web.position import position_at
from recommendations.web.visitor import visitor


@takes("as_of")
def gaps(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the gaps to those who oversee the framework; for anybody else there is no such page."""
    position = position_at(request, framework)
    if not access.sees_inside(visitor(request).roles, position.framework.pk):
        raise Http404
    figures = gaps_of(position.framework, as_of=position.as_of, scope=position.scope)
    suggested = [] if position.chosen else offers(position.framework, on=visitor(request).today)
    context = {
        "framework": position.framework,
        "position": position,
        "figures": figures,
        "offers": len(suggested),
    }
    return render(request, "recommendations/gaps.html", context)
