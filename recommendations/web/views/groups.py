"""The working groups: where the actions stand that were given to them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.reporting.groups import groups as groups_of
from recommendations.web.addresses import takes
from recommendations.web.position import Position, positioned


@takes("as_of")
@positioned
def groups(request: HttpRequest, position: Position) -> HttpResponse:
    """Show each group with who leads it, and where its actions stand."""
    figures = groups_of(position.framework, as_of=position.as_of, scope=position.scope)
    context = {"framework": position.framework, "position": position, "figures": figures}
    return render(request, "recommendations/groups.html", context)
