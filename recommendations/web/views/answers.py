"""What agencies answered to the questionnaire, heading by heading."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.reporting.answers import NoHeading
from recommendations.reporting.answers import answer_list as list_of
from recommendations.web import sorting
from recommendations.web.addresses import UnusableAddress, takes, with_query
from recommendations.web.paging import paged
from recommendations.web.position import Position, positioned

PAGE = 15
SORTS: sorting.Keys = {
    "agency": lambda line: line.agency.casefold(),
    "sent": lambda line: line.sent_at,
}
"""By what the answers sort; the usual order is that of the acronyms."""


@takes("as_of", "heading", "sort", "page")
@positioned
def answer_list(request: HttpRequest, position: Position) -> HttpResponse:
    """Show under one heading what each agency answered last; the first heading by itself."""
    found = list_of(position.framework, as_of=position.as_of, scope=position.scope)
    try:
        place = found.numbered(request.GET.get("heading") or "1")
    except NoHeading as problem:
        raise UnusableAddress(str(problem), name="heading") from problem
    headings, of_it = found.headings, found.under(place).answers
    asked = sorting.chosen(request, SORTS)
    rows = sorting.in_order(of_it, asked, SORTS)
    kept = [(name, request.GET[name]) for name in ("heading", "sort") if request.GET.get(name)]
    context = {
        "framework": position.framework,
        "position": position,
        "agencies": found.agencies,
        "headings": [
            (number, heading, "" if number == place else at(request, position, number))
            for number, heading in enumerate(headings, 1)
        ],
        "heading": headings[place - 1] if headings else "",
        "questions": list(dict.fromkeys(one.question for one in of_it)),
        "heads": sorting.heads(request, asked, SORTS),
        "paged": paged(request, rows, PAGE),
        "kept": kept,
    }
    return render(request, "recommendations/answers.html", context)


def at(request: HttpRequest, position: Position, heading: int) -> str:
    """Return the address of a heading, in the order and at the moment that were chosen."""
    pairs = [("heading", str(heading))]
    if request.GET.get("sort"):
        pairs.append(("sort", request.GET["sort"]))
    if position.chosen:
        pairs.append(("as_of", position.local))
    return with_query(request.path, pairs)
