"""The matrix: who is where on what, what is late, what changed, what is to be verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Agency
from recommendations.domain import access
from recommendations.reporting.changes import changes
from recommendations.reporting.charts import grid
from recommendations.reporting.matrix import Matrix, Row
from recommendations.reporting.matrix import matrix as matrix_of
from recommendations.reporting.matrix_rows import has_row
from recommendations.reporting.reports.shape import Value
from recommendations.reporting.tally import Shown
from recommendations.web import files
from recommendations.web.addresses import takes, with_query
from recommendations.web.forms.matrix import MatrixForm, Show
from recommendations.web.looks import Look, key, look
from recommendations.web.position import Position, positioned
from recommendations.web.visitor import Visitor, visitor

FILTERS = ("show", "only")


@dataclass(frozen=True)
class Place:
    """A place of the picture: what it says and where it leads, or blank; `first` of an area.

    A blank one leads to assigning it, for those who may.
    """

    first: bool
    look: Look | None = None
    url: str = ""
    name: str = ""


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the form, the figures, the sentence that they make, the rows."""

    form: MatrixForm
    figures: Matrix
    sentence: str
    rows: Sequence[Row]

    @property
    def show(self) -> Show:
        """Return what the cells say."""
        return self.form.show_as


@takes("as_of", *FILTERS)
@positioned
def matrix(request: HttpRequest, position: Position) -> HttpResponse:
    """Show the agencies by the actions, each cell leading to its thread."""
    who = visitor(request)
    asked = asked_for(request, position, who)
    first = firsts(asked.figures)
    sees_inside = access.sees_inside(who.roles, position.framework.pk)
    may_assign = sees_inside and not position.chosen and asked.show == Show.STATUS
    closed = Agency.objects.filter(active=False).values_list("code", flat=True)
    open_to = {row.agency_code for row in asked.rows} - {*closed} if may_assign else set()
    filtered = [(name, request.GET[name]) for name in FILTERS if request.GET.get(name)]
    context = {
        "framework": position.framework,
        "position": position,
        "figures": asked.figures,
        "form": asked.form,
        "show": asked.show,
        "key": key(asked.show),
        "sentence": asked.sentence,
        "first": first,
        "rows": [
            (row, places(row, asked, first, position, row.agency_code in open_to))
            for row in asked.rows
        ],
        "is_cut": len(asked.rows) < len(asked.figures.rows),
        "may_assign": may_assign,
        "filtered": filtered,
        "kept": [("as_of", position.local)] if position.chosen else [],
        "clear_url": request.path + position.query if filtered else "",
        "csv_url": file_address("matrix-csv", position, filtered),
        "svg_url": file_address("matrix-svg", position, filtered),
    }
    status = 200 if asked.form.is_valid() else 400
    return render(request, "recommendations/matrix.html", context, status=status)


@takes("as_of", *FILTERS)
@positioned
def matrix_csv(request: HttpRequest, position: Position) -> HttpResponse:
    """Return a line for each agency on an action, of the agencies that the address asks for."""
    asked = asked_for(request, position, visitor(request))
    head = ["agency", "action", "role", "acceptance", "status"]
    more = {Show.LATE: ["target_on", "days_past"], Show.CHANGED: ["status_before", "moved"]}.get(
        asked.show, []
    )
    lines: list[list[Value]] = []
    for row in asked.rows:
        for cell in filter(None, row.cells):
            line: list[Value] = [row.agency_code, cell.action_code, cell.role, cell.acceptance]
            line.append(cell.shown)
            if asked.show == Show.LATE:
                line += [cell.target_on, None if cell.lacks_date else cell.days_past]
            if asked.show == Show.CHANGED:
                moved = cell.moved
                line += [moved.before, moved.direction] if moved else [None, None]
            lines.append(line)
    return files.table(asked.figures, "matrix", [[*head, *more], *lines])


@takes("as_of", *FILTERS)
@positioned
def matrix_svg(request: HttpRequest, position: Position) -> HttpResponse:
    """Return the cells of the agencies that the address asks for as a picture."""
    asked = asked_for(request, position, visitor(request))
    rows = [
        (row.agency, [look(cell, asked.show).square if cell else None for cell in row.cells])
        for row in asked.rows
    ]
    heads = [column.code for column in asked.figures.columns]
    title = _("Matrix: agencies × actions")
    if asked.show != Show.STATUS:
        title = f"{title}. {asked.show.label}"
    drawn = grid(title, asked.sentence, heads, rows)
    signs = key(asked.show)
    if not position.public:
        signs.append(("?", _("Assigned, not taken on yet")))
    return files.drawing(asked.figures, "matrix", drawn, signs)


def asked_for(request: HttpRequest, position: Position, who: Visitor) -> Asked:
    """Return what the address asks for; a wrong choice shows every status, and says so."""
    inside = not position.public
    form = MatrixForm(request.GET.dict(), inside=inside, has_agency=bool(who.roles.agencies))
    form.is_valid()
    home, as_of, scope = position.framework, position.as_of, position.scope
    if form.show_as == Show.CHANGED:
        found = changes(home, as_of=as_of, scope=scope)
        figures, sentence = found.matrix, found.sentence
    else:
        figures = matrix_of(home, as_of=as_of, scope=scope)
        sentence = said(figures, form.show_as)
    rows = [row for row in figures.rows if has_row(row, form.rows_of, who.roles)]
    return Asked(form, figures, sentence, rows)


def said(figures: Matrix, show: Show) -> str:
    """Return what the cells add up to, in words."""
    if show == Show.LATE and figures.targets:
        return figures.targets.sentence
    if show == Show.CLAIMS:
        count = figures.total.of(Shown.REPORTED_IMPLEMENTED)
        return ngettext(
            "%(count)d claim of “implemented” waits to be verified.",
            "%(count)d claims of “implemented” wait to be verified.",
            count,
        ) % {"count": count}
    return figures.total.sentence


def file_address(name: str, position: Position, filtered: list[tuple[str, str]]) -> str:
    """Return where the same comes as a file."""
    moment = [("as_of", position.local)] if position.chosen else []
    return with_query(reverse(name, args=[position.framework.slug]), [*filtered, *moment])


def firsts(figures: Matrix) -> set[str]:
    """Return the actions with which an area begins, where the picture draws a line."""
    found: dict[str, str] = {}
    for column in figures.columns:
        found.setdefault(column.area_code, column.code)
    return {*found.values()}


def places(
    row: Row, asked: Asked, first: set[str], position: Position, may_assign: bool
) -> list[Place]:
    """Return the places of a row; addresses are put together, as there are up to 450 of them."""
    actions = reverse("action-list", args=[position.framework.slug])
    found = []
    for column, cell in zip(asked.figures.columns, row.cells, strict=True):
        begins = column.code in first
        if cell is None:
            url = f"{actions}{column.code}/assign/?agency={row.agency_code}" if may_assign else ""
            found.append(Place(begins, None, url, f"{row.agency} {column.code}"))
            continue
        url = f"{actions}{cell.action_code}/{cell.agency_code}/{position.query}"
        name = f"{cell.agency} {cell.action_code}"
        found.append(Place(begins, look(cell, asked.show), url, name))
    return found
