"""The actions: a list to narrow, and one action with everybody who is on it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.domain import workflow
from recommendations.filters import ActionFilter
from recommendations.models import RollUp
from recommendations.reporting.facts import DidNotExist
from recommendations.reporting.lists import action_list as list_of
from recommendations.reporting.overview import ActionLine
from recommendations.reporting.places import action_page
from recommendations.web import sorting
from recommendations.web.addresses import action_named, moved, takes, with_query
from recommendations.web.position import position, position_at
from recommendations.web.visitor import visitor

PAGE = 50
FILTERS = ("area", "status", "agency", "role", "q")
SORTS: sorting.Keys = {
    "title": lambda line: line.short_title.casefold(),
    "leads": lambda line: line.reported.leads,
    "status": lambda line: [*RollUp.values].index(line.standing),
    "reported": lambda line: line.reported.reporting,
    "agencies": lambda line: line.assignments.total,
}
"""By what the list sorts; the usual order is that of the source."""


@takes("as_of", "after", "sort", *FILTERS)
def action_list(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the actions that the filters in the address leave; 400 for a value that is none."""
    shown = position_at(request, framework)
    listed = list_of(shown.framework, as_of=shown.as_of, scope=shown.scope)
    chosen = ActionFilter(request.GET, framework=shown.framework, listed=listed)
    sound = chosen.is_valid()
    codes = set(chosen.qs.values_list("code", flat=True)) if sound else set()
    asked = sorting.chosen(request, SORTS)
    lines = [line for line in listed.lines if line.code in codes]
    lines = sorting.in_order(lines, asked, SORTS)
    filtered = [(name, request.GET[name]) for name in FILTERS if request.GET.get(name)]
    kept = [("as_of", shown.local)] if shown.chosen else []
    sorts = [("sort", asked)] if asked else []
    context = {
        "framework": shown.framework,
        "position": shown,
        "form": chosen.form,
        "said": chosen.said,
        "found": len(lines),
        "all": len(listed.lines),
        "kept": [*kept, *sorts],
        "heads": sorting.heads(request, asked, SORTS),
        "filtered": filtered,
        "chosen": [*filtered, *sorts],
        "clear_url": request.path + shown.query if filtered else "",
        **page_of(lines, request),
    }
    return render(
        request, "recommendations/action_list.html", context, status=200 if sound else 400
    )


def page_of(lines: Sequence[ActionLine], request: HttpRequest) -> dict[str, object]:
    """Return the lines of a page and the addresses of its neighbours, by the place of a line."""
    after = request.GET.get("after", "")
    codes = [line.code for line in lines]
    start = codes.index(after) + 1 if after in codes else 0
    end = start + PAGE

    def at(place: int) -> str:
        pairs = [(name, str(value)) for name, value in request.GET.items() if name != "after"]
        if place > 0:
            pairs.append(("after", codes[place - 1]))
        return with_query(request.path, pairs)

    return {
        "lines": lines[start:end],
        "previous_url": at(max(0, start - PAGE)) if start else "",
        "next_url": at(end) if end < len(lines) else "",
    }


@takes("as_of")
def action_detail(request: HttpRequest, framework: str, action: str) -> HttpResponse:
    """Show an action: its text, where it stands, who is on it, and what the source says."""
    found = action_named(framework, action)
    if found.code != action:
        return moved(request, action=found.code)
    shown = position(request, found.framework)
    try:
        figures = action_page(found, as_of=shown.as_of, scope=shown.scope)
    except DidNotExist as never:
        raise shown.not_yet from never
    who = visitor(request)
    context = {
        "framework": found.framework,
        "position": shown,
        "action": found,
        "figures": figures,
        "may_assign": not shown.chosen
        and "assign" in workflow.available(found, who.roles, at=who.at),
    }
    return render(request, "recommendations/action_detail.html", context)
