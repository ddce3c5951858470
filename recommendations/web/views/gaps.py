"""The gaps: what nobody leads, dates or reports, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.domain import access
from recommendations.domain.offers import offers
from recommendations.domain.vacancies import vacant
from recommendations.reporting.gaps import gaps as gaps_of
from recommendations.reporting.standings import Standing
from recommendations.web.addresses import takes
from recommendations.web.moves import Move, Moves, moves_for
from recommendations.web.position import position_at
from recommendations.web.visitor import visitor


@takes("as_of")
def gaps(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the gaps to those who oversee the framework; for anybody else there is no such page."""
    position = position_at(request, framework)
    who = visitor(request)
    if not access.sees_inside(who.roles, position.framework.pk):
        raise Http404
    figures = gaps_of(position.framework, as_of=position.as_of, scope=position.scope)
    suggested = [] if position.chosen else offers(position.framework, on=who.today)
    # What was missing at an earlier moment is looked at; what is missing now is put right.
    moves = Moves() if position.chosen else moves_for(figures, position.framework, who)
    context = {
        "framework": position.framework,
        "position": position,
        "figures": figures,
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


def with_moves(
    rows: Iterable[Standing], moves: Mapping[int, list[Move]]
) -> list[tuple[Standing, list[Move]]]:
    """Return leads with what can be done about them."""
    return [(one, moves[one.assignment_id]) for one in rows]
