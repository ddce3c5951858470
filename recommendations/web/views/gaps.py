"""The gaps: what nobody leads, dates or reports, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.domain import access
from recommendations.domain.offers import offers
from recommendations.domain.vacancies import vacant
from recommendations.reporting.coverage import Cover, coverage
from recommendations.reporting.facts import Basis
from recommendations.reporting.gaps import Gaps, gaps_of
from recommendations.reporting.reports.shape import Value
from recommendations.reporting.standings import Standing, read
from recommendations.web import files, sorting
from recommendations.web.addresses import takes
from recommendations.web.moves import Move, Moves, moves_for
from recommendations.web.position import Position, position_at
from recommendations.web.visitor import Visitor, visitor

SORTS: sorting.Keys = {
    "action": lambda one: one.line.short_title.casefold(),
    "leads": lambda one: one.line.reported.leads,
    "supporting": lambda one: one.supporting,
    "reported": lambda one: one.line.reported.reporting,
    "evidence": lambda one: one.evidence,
}
"""By what the coverage sorts; usually what lacks most comes first."""


@takes("as_of", "sort")
def gaps(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the gaps to those who oversee the framework; for anybody else there is no such page."""
    position, who = position_at(request, framework), visitor(request)
    figures, covers = overseen(position, who)
    asked = sorting.chosen(request, SORTS)
    suggested = [] if position.chosen else offers(position.framework, on=who.today)
    # What was missing at an earlier moment is looked at; what is missing now is put right.
    moves = Moves() if position.chosen else moves_for(figures, position.framework, who)
    context = {
        "framework": position.framework,
        "position": position,
        "figures": figures,
        "coverage": sorting.in_order(covers, asked, SORTS),
        "heads": sorting.heads(request, asked, SORTS, "#coverage"),
        "kept": [("sort", asked)] if asked else [],
        "offers": len(suggested),
        "may_assign": moves.may_assign,
        "not_answered": [
            (gap, moves.answer[gap.standing.assignment_id]) for gap in figures.not_answered
        ],
        "never_reported": with_moves(figures.never_reported, moves.report),
        "stale": with_moves(figures.stale, moves.report),
        "no_target_date": with_moves(figures.no_target_date, moves.date),
        "vacant": vacant(position.framework, day=position.as_of.date()),
    }
    return render(request, "recommendations/gaps.html", context)


@takes("as_of")
def gaps_csv(request: HttpRequest, framework: str) -> HttpResponse:
    """Return a line for each action, those that lack most first, to those who oversee them."""
    position = position_at(request, framework)
    figures, covers = overseen(position, visitor(request))
    head = ["action", "area", "leads", "supporting", "not_answered", "leads_reported", "evidence"]
    lines: list[list[Value]] = [
        [
            one.line.code,
            one.line.area_code,
            one.line.reported.leads,
            one.supporting,
            one.line.awaiting,
            one.line.reported.reporting,
            one.evidence,
        ]
        for one in covers
    ]
    return files.table(figures, "gaps", [head, *lines])


def overseen(position: Position, who: Visitor) -> tuple[Gaps, tuple[Cover, ...]]:
    """Return the gaps and the coverage; for who does not oversee the framework there are none."""
    if not access.sees_inside(who.roles, position.framework.pk):
        raise Http404
    basis = Basis(position.framework, position.as_of, position.scope)
    reading = read(basis)
    return gaps_of(basis, reading), coverage(basis, reading)


def with_moves(
    rows: Iterable[Standing], moves: Mapping[int, list[Move]]
) -> list[tuple[Standing, list[Move]]]:
    """Return leads with what can be done about them."""
    return [(one, moves[one.assignment_id]) for one in rows]
