"""The gaps: what nobody leads, dates or reports, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from recommendations.domain import access
from recommendations.domain.offers import offers
from recommendations.domain.vacancies import vacant
from recommendations.reporting.coverage import Cover, CoverLine, coverage
from recommendations.reporting.facts import Basis
from recommendations.reporting.gaps import Gaps, gaps_of
from recommendations.reporting.standings import Standing, read
from recommendations.web import files, sorting
from recommendations.web.addresses import UnusableAddress, takes, with_query
from recommendations.web.moves import Move, Moves, moves_for
from recommendations.web.paging import Paged, paged
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
ORDERS: sorting.Keys = {
    "agency": lambda pair: pair[0].agency.casefold(),
    "reported": lambda pair: pair[0].reported_at,
    "target": lambda pair: pair[0].target_on,
}
"""By what the leads of a gap sort; the usual order is that of the source."""
PAGE = 25
"""Actions of the coverage on a page, and leads of one gap."""


@dataclass(frozen=True)
class Register:
    """The leads with one gap: some of them, how many there are, and where all of them stand."""

    name: str
    rows: Sequence[tuple[Standing, list[Move]]]
    count: int
    all_url: str = ""
    paged: Paged | None = None


@takes("as_of", "sort", "order", "gap", "page")
def gaps(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the gaps to those who oversee the framework; for anybody else there is no such page."""
    position, who = position_at(request, framework), visitor(request)
    figures, covers = overseen(position, who)
    asked = sorting.chosen(request, SORTS)
    order = sorting.chosen(request, ORDERS, "order")
    suggested = [] if position.chosen else offers(position.framework, on=who.today)
    # What was missing at an earlier moment is looked at; what is missing now is put right.
    moves = Moves() if position.chosen else moves_for(figures, position.framework, who)
    registers = registers_of(request, figures, moves, order)
    covered = sorting.in_order(covers, asked, SORTS)
    names = ("sort", "order", "gap")
    context = {
        "framework": position.framework,
        "position": position,
        "figures": figures,
        "coverage": paged(request, covered, PAGE, "#coverage"),
        "heads": sorting.heads(request, asked, SORTS, "#coverage"),
        "orders": sorting.named(
            sorting.heads(request, order, ORDERS, "#leads", "order"),
            (_("Agency"), _("Last report"), _("Target date")),
        ),
        "kept": [(name, request.GET[name]) for name in names if request.GET.get(name)],
        "offers": len(suggested),
        "may_assign": moves.may_assign,
        "not_answered": [
            (gap, moves.answer[gap.standing.assignment_id]) for gap in figures.not_answered
        ],
        "registers": registers,
        "vacant": vacant(position.framework, day=position.as_of.date()),
    }
    template = "gaps_register" if "gap" in request.GET else "gaps"
    return render(request, f"recommendations/{template}.html", context)


def registers_of(
    request: HttpRequest, figures: Gaps, moves: Moves, order: str
) -> dict[str, Register]:
    """Return the leads of each gap, a page of them; or of the one that the address names, all."""
    found = {
        "never_reported": with_moves(figures.never_reported, moves.report),
        "stale": with_moves(figures.stale, moves.report),
        "no_target_date": with_moves(figures.no_target_date, moves.date),
    }
    named = request.GET.get("gap", "")
    if "gap" in request.GET and named not in found:
        words = _("There is no such list. There are: %(known)s.") % {"known": ", ".join(found)}
        raise UnusableAddress(words, name="gap")
    kept = [(name, str(value)) for name, value in request.GET.items() if name != "page"]
    registers = {}
    for name, rows in found.items():
        rows = sorting.in_order(rows, order, ORDERS)
        if name == named:
            shown = paged(request, rows, PAGE)
            registers[name] = Register(name, list(shown.page), len(rows), paged=shown)
        else:
            url = with_query(request.path, [*kept, ("gap", name)]) if len(rows) > PAGE else ""
            registers[name] = Register(name, rows[:PAGE], len(rows), url)
    return registers


@takes("as_of")
def gaps_csv(request: HttpRequest, framework: str) -> HttpResponse:
    """Return a line for each action, those that lack most first, to those who oversee them."""
    position = position_at(request, framework)
    figures, covers = overseen(position, visitor(request))
    head = [one.name for one in fields(CoverLine)]
    lines = [astuple(one.as_line) for one in covers]
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
