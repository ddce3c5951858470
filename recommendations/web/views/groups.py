"""The working groups: where the actions stand that were given to them."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.reporting.groups import groups as groups_of
from recommendations.reporting.tally import ROLL_UPS
from recommendations.web import sorting
from recommendations.web.addresses import takes
from recommendations.web.position import Position, positioned

SORTS: sorting.Keys = {
    "action": lambda given: given.line.short_title.casefold(),
    "status": lambda given: ROLL_UPS.index(given.line.standing),
}
"""By what the actions of each group sort; the usual order is that of the source."""


@takes("as_of", "sort")
@positioned
def groups(request: HttpRequest, position: Position) -> HttpResponse:
    """Show each group with who leads it, and where its actions stand."""
    figures = groups_of(position.framework, as_of=position.as_of, scope=position.scope)
    asked = sorting.chosen(request, SORTS)
    context = {
        "framework": position.framework,
        "position": position,
        "groups": [
            replace(one, actions=tuple(sorting.in_order(one.actions, asked, SORTS)))
            for one in figures.groups
        ],
        "heads": sorting.heads(request, asked, SORTS),
        "kept": [("sort", asked)] if asked else [],
    }
    return render(request, "recommendations/groups.html", context)
