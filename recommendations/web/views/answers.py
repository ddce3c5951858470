"""What agencies answered to the questionnaire, heading by heading."""

from __future__ import annotations

from typing import TypeAlias

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from recommendations.reporting import facts
from recommendations.reporting.answers import Answer, answering, answers
from recommendations.reporting.facts import AgencyFact, Basis
from recommendations.web import sorting
from recommendations.web.addresses import UnusableAddress, takes, with_query
from recommendations.web.paging import paged
from recommendations.web.position import Position, positioned

PAGE = 15
Said: TypeAlias = tuple[AgencyFact, Answer]
SORTS: sorting.Keys = {
    "agency": lambda pair: pair[0].place,
    "sent": lambda pair: pair[1].sent_at,
}
"""By what the answers sort; the usual order is that of the acronyms."""


@takes("as_of", "heading", "sort", "page")
@positioned
def answer_list(request: HttpRequest, position: Position) -> HttpResponse:
    """Show under one heading what each agency answered last; the first heading by itself."""
    basis = Basis(position.framework, position.as_of, position.scope)
    found, agencies = answers(basis), facts.agencies(basis)
    headings = list(dict.fromkeys(one.heading for one in sorted(found, key=lambda a: a.number)))
    place = chosen(request.GET.get("heading"), len(headings))
    of_it = [one for one in found if headings and one.heading == headings[place - 1]]
    asked = sorting.chosen(request, SORTS)
    rows = sorting.in_order(in_order(of_it, agencies), asked, SORTS)
    kept = [(name, request.GET[name]) for name in ("heading", "sort") if request.GET.get(name)]
    context = {
        "framework": position.framework,
        "position": position,
        "agencies": answering(found),
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


def in_order(found: list[Answer], agencies: dict[int, AgencyFact]) -> list[Said]:
    """Return the answers with their agencies, by the acronym that these had."""
    named = [(agencies[one.agency_id], one) for one in found if one.agency_id in agencies]
    return sorted(named, key=lambda pair: pair[0].place)


def chosen(text: str | None, many: int) -> int:
    """Return the number of the heading; 400 for one that there is not."""
    if not text:
        return 1
    if text.isascii() and text.isdigit() and 1 <= int(text) <= max(1, many):
        return int(text)
    message = _("There is no such heading. They go from 1 to %(many)d.") % {"many": many}
    raise UnusableAddress(message, name="heading")


def at(request: HttpRequest, position: Position, heading: int) -> str:
    """Return the address of a heading, in the order and at the moment that were chosen."""
    pairs = [("heading", str(heading))]
    if request.GET.get("sort"):
        pairs.append(("sort", request.GET["sort"]))
    if position.chosen:
        pairs.append(("as_of", position.local))
    return with_query(request.path, pairs)
