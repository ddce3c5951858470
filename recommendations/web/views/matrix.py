"""The matrix: who is where on what."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from agencies.models import Agency
from recommendations.domain import access
from recommendations.reporting.matrix import Cell, Matrix, Row
from recommendations.reporting.matrix import matrix as matrix_of
from recommendations.web.addresses import takes
from recommendations.web.position import Position, position_at
from recommendations.web.visitor import visitor


@dataclass(frozen=True)
class Place:
    """A place of the picture: its cell and where that leads, or blank; `first` of an area.

    A blank one leads to assigning it, for those who may.
    """

    first: bool
    cell: Cell | None = None
    url: str = ""
    name: str = ""


@takes("as_of")
def matrix(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the agencies by the actions, each cell leading to its thread."""
    position = position_at(request, framework)
    figures = matrix_of(position.framework, as_of=position.as_of, scope=position.scope)
    first = firsts(figures)
    inside = access.sees_inside(visitor(request).roles, position.framework.pk)
    may_assign = inside and not position.chosen
    closed = Agency.objects.filter(active=False).values_list("code", flat=True)
    asked = {row.agency_code for row in figures.rows} - {*closed} if may_assign else set()
    context = {
        "framework": position.framework,
        "position": position,
        "figures": figures,
        "first": first,
        "rows": [
            (row, places(row, figures, first, position, row.agency_code in asked))
            for row in figures.rows
        ],
        "may_assign": may_assign,
    }
    return render(request, "recommendations/matrix.html", context)


def firsts(figures: Matrix) -> set[str]:
    """Return the actions with which an area begins, where the picture draws a line."""
    found: dict[str, str] = {}
    for column in figures.columns:
        found.setdefault(column.area_code, column.code)
    return {*found.values()}


def places(
    row: Row, figures: Matrix, first: set[str], position: Position, may_assign: bool
) -> list[Place]:
    """Return the places of a row; addresses are put together, as there are up to 450 of them."""
    actions = reverse("action-list", args=[position.framework.slug])
    found = []
    for column, cell in zip(figures.columns, row.cells, strict=True):
        begins = column.code in first
        if cell is None:
            url = f"{actions}{column.code}/assign/?agency={row.agency_code}" if may_assign else ""
            found.append(Place(begins, None, url, f"{row.agency} {column.code}"))
            continue
        url = f"{actions}{cell.action_code}/{cell.agency_code}/{position.query}"
        found.append(Place(begins, cell, url, f"{cell.agency} {cell.action_code}"))
    return found
