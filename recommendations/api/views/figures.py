"""Figures as of a moment: the same functions and the same scope as the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request

from agencies.access import Roles
from recommendations.api.accepted import CSV, JSON
from recommendations.api.asked import single, unknown, wrong
from recommendations.api.forms import refused
from recommendations.api.lines import sheet
from recommendations.api.plain_figures import headings, line, plain
from recommendations.api.reader import Reader
from recommendations.api.tags import counted_tag
from recommendations.api.views.base import View
from recommendations.domain import access
from recommendations.filters import ActionFilter
from recommendations.models import Framework, Round
from recommendations.reporting import coverage, groups, lists, matrix_rows, trend
from recommendations.reporting.answers import AnswerLine, NoHeading, answer_list
from recommendations.reporting.facts import DidNotExist, Scope
from recommendations.reporting.figures import Figure
from recommendations.reporting.matrix import Cell, matrix
from recommendations.reporting.moments import moment_of, settled
from recommendations.reporting.overview import ActionLine, overview
from recommendations.reporting.round_progress import Owed, RoundProgress, round_progress
from recommendations.reporting.standings import DatedStanding, standings


@dataclass(frozen=True)
class Made:
    """A kind of figures: what it says, how it is made, and whether it takes a round or filters.

    As a table it has one line for each of `rows`, which are of the class `row`: `line` is what
    one stands for. `exists` says for whose roles there is anything, `of_round` that it is about
    one round, which has to be named.
    """

    name: str
    meaning: str
    make: Callable[..., Figure]
    row: type[Any]
    rows: Callable[[Any], Iterable[Any]]
    line: str
    by_round: bool = True
    filters: tuple[str, ...] = ()
    of_round: bool = False
    exists: Callable[[Roles, int], bool] | None = None

    @property
    def public(self) -> bool:
        """Say whether they exist for everybody."""
        return self.exists is None


def progress_of(
    framework: Framework, *, as_of: datetime, scope: Scope, round: Round
) -> RoundProgress:
    """Return how far a round was, with all that owe something in it."""
    return round_progress(round, as_of=as_of)


def owe_or_oversee(roles: Roles, framework_id: int) -> bool:
    """Say whether a person reports for an agency, or oversees the framework."""
    return bool(roles.agencies) or access.sees_inside(roles, framework_id)


FIGURES = {
    one.name: one
    for one in (
        Made(
            "overview",
            "Where the areas and their actions stand, and all together.",
            overview,
            row=ActionLine,
            rows=lambda figures: figures.actions,
            line="action",
        ),
        Made(
            "matrix",
            "Who is where on what: agencies by actions.",
            matrix,
            row=Cell,
            rows=lambda figures: figures.cells,
            line="agency on an action",
            filters=("only",),
        ),
        Made(
            "standings",
            "Where every agency stands on every action.",
            standings,
            row=DatedStanding,
            rows=lambda figures: figures.rows,
            line="agency on an action",
        ),
        Made(
            "actions",
            "Where each action stands, narrowed by the filters of the page.",
            lists.action_list,
            row=ActionLine,
            rows=lambda figures: figures.lines,
            line="action",
            by_round=False,
            filters=("area", "status", "agency", "role", "q"),
        ),
        Made(
            "answers",
            "What each agency answered last to the questionnaire, heading by heading.",
            answer_list,
            row=AnswerLine,
            rows=lambda figures: figures.answers,
            line="answer",
            filters=("heading",),
        ),
        Made(
            "agencies",
            "Each agency with how many actions it leads and supports, and where these stand.",
            lists.agency_list,
            row=lists.AgencyLine,
            rows=lambda figures: figures.lines,
            line="agency",
            by_round=False,
        ),
        Made(
            "groups",
            "Each working group with who leads it, and where the actions given to it stand.",
            groups.groups,
            row=groups.Group,
            rows=lambda figures: figures.groups,
            line="working group",
            by_round=False,
        ),
        Made(
            "trend",
            "Where the actions stood at the end of each round, and what moved since the newest.",
            trend.coded_trend,
            row=trend.AreaStage,
            rows=lambda figures: figures.of_areas,
            line="area at the end of each round",
            by_round=False,
        ),
        Made(
            "gaps",
            "What nobody leads, dates or reports: for those who oversee the framework.",
            coverage.lacking,
            row=coverage.CoverLine,
            rows=lambda figures: figures.coverage,
            line="action",
            by_round=False,
            exists=access.sees_inside,
        ),
        Made(
            "round",
            "What is owed in a round and how far it is: by your agencies, or where you oversee "
            "the framework by all.",
            progress_of,
            row=Owed,
            rows=lambda figures: figures.owed,
            line="duty",
            of_round=True,
            exists=owe_or_oversee,
        ),
    )
}


class Figures(View):
    """Figures of a framework at a moment."""

    forms = (JSON, CSV)
    public = True
    cost = 5
    name = "overview"

    def get(self, request: Request) -> HttpResponseBase:
        """Return the figures for the scope of the reader; as CSV the lines of their table."""
        made = FIGURES[self.name]
        known = ("framework", "as_of", *(("round",) if made.by_round else ()), *made.filters)
        given = single(request.query_params, known)
        if moved := self.moved_on(request):
            return moved
        framework = framework_of(given.get("framework", ""))
        as_of = moment_of(given.get("as_of"), self.reader.at)
        scope = self.reader.scope_of(framework.pk)
        if made.exists is not None and not made.exists(self.reader.roles, framework.pk):
            raise Http404
        if made.of_round and not given.get("round"):
            raise wrong("round", _("Give the code of a round."))
        said = (request.get_full_path(), self.form, str(settled(as_of, self.reader.at)))
        tag = counted_tag(self.reader, *said, public=scope is Scope.PUBLIC)
        if self.is_known(tag):
            return self.unchanged(tag)
        more = {"round": round_of(framework, given.get("round", ""), self.reader)}
        figures = made.make(framework, as_of=as_of, scope=scope, **(more if made.by_round else {}))
        if made.name in NARROWED:
            figures = NARROWED[made.name](figures, framework, given, self.reader)
        if self.form == CSV:
            name = f"{framework.slug}-{made.name}"
            return sheet(name, headings(made.row), map(line, made.rows(figures)), tag=tag)
        body = plain(figures) | {"settled": settled(as_of, self.reader.at)}
        return self.answered(body, tag=tag)


def framework_of(slug: str) -> Framework:
    """Return the framework with an address; without one, the default one."""
    frameworks = Framework.objects.order_by("-is_default", "id")
    found = frameworks.filter(slug__iexact=slug).first() if slug else frameworks.first()
    if found is None:
        raise Http404
    return found


def round_of(framework: Framework, code: str, reader: Reader) -> Round | None:
    """Return the round to which figures are narrowed, if one is named."""
    if not code:
        return None
    rounds = access.visible_rounds(reader.roles).filter(framework=framework)
    rounds = rounds.select_related("framework")
    found = rounds.filter(code__iexact=code).first()
    if found is None:
        raise wrong("round", _("This framework has no round with this code."))
    return found


def of_actions(figures: Any, framework: Framework, given: dict[str, str], reader: Reader) -> Any:
    """Keep the actions that the filters of the page leave."""
    chosen = ActionFilter(given, framework=framework, listed=figures)
    if not chosen.is_valid():
        raise refused(chosen.form)
    codes = set(chosen.qs.values_list("code", flat=True))
    return replace(figures, lines=tuple(one for one in figures.lines if one.code in codes))


def of_agencies(figures: Any, framework: Framework, given: dict[str, str], reader: Reader) -> Any:
    """Keep the agencies that the matrix of the page would have a row for."""
    only, inside = given.get("only", ""), figures.scope is Scope.INSIDE
    choices = matrix_rows.offered(inside=inside, has_agency=bool(reader.roles.agencies))
    if only and only not in choices:
        raise unknown("only", only, [str(one) for one in choices])
    rows = [row for row in figures.rows if matrix_rows.has_row(row, only, reader.roles)]
    return replace(figures, rows=tuple(rows))


def of_heading(figures: Any, framework: Framework, given: dict[str, str], reader: Reader) -> Any:
    """Keep the answers under the heading that the page shows under this number."""
    if not given.get("heading"):
        return figures
    try:
        return figures.under(figures.numbered(given["heading"]))
    except NoHeading as problem:
        raise wrong("heading", str(problem)) from problem


def of_own(figures: Any, framework: Framework, given: dict[str, str], reader: Reader) -> Any:
    """Keep what the agencies of the reader owe, for whoever does not oversee the framework.

    Before the round first opened there was none for them: what was planned stays with planners.
    """
    if access.sees_inside(reader.roles, framework.pk):
        return figures
    if figures.opened_at is None:
        raise DidNotExist
    return figures.of(reader.roles.agencies)


NARROWED = {
    "actions": of_actions,
    "matrix": of_agencies,
    "answers": of_heading,
    "round": of_own,
}
"""What the filters of a page do to figures."""
