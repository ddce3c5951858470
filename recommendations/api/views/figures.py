"""Figures as of a moment: the same functions and the same scope as the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from recommendations.api.asked import single, wrong
from recommendations.api.reader import Reader
from recommendations.api.tags import counted_tag
from recommendations.api.views.base import View
from recommendations.domain import access
from recommendations.filters import ActionFilter
from recommendations.models import Framework, Round
from recommendations.reporting import lists
from recommendations.reporting.facts import Scope
from recommendations.reporting.figures import Figure
from recommendations.reporting.matrix import matrix
from recommendations.reporting.moments import moment_of, settled
from recommendations.reporting.overview import overview
from recommendations.reporting.standings import standings


@dataclass(frozen=True)
class Made:
    """A kind of figures: what it says, how it is made, and whether it takes a round or filters."""

    name: str
    meaning: str
    make: Callable[..., Figure]
    by_round: bool = True
    filters: tuple[str, ...] = ()


FIGURES = {
    one.name: one
    for one in (
        Made("overview", "Where the areas and their actions stand, and all together.", overview),
        Made("matrix", "Who is where on what: agencies by actions.", matrix),
        Made("standings", "Where every agency stands on every action.", standings),
        Made(
            "actions",
            "Where each action stands, narrowed by the filters of the page.",
            lists.action_list,
            by_round=False,
            filters=("area", "status", "agency", "role", "q"),
        ),
    )
}


class Figures(View):
    """Figures of a framework at a moment."""

    public = True
    cost = 5
    name = "overview"

    def get(self, request: Request) -> HttpResponse:
        """Return the figures for the scope of the reader."""
        made = FIGURES[self.name]
        known = ("framework", "as_of", *(("round",) if made.by_round else ()), *made.filters)
        given = single(request.query_params, known)
        framework = framework_of(given.get("framework", ""))
        as_of = moment_of(given.get("as_of"), self.reader.at)
        scope = self.reader.scope_of(framework.pk)
        tag = counted_tag(self.reader, request.get_full_path(), public=scope is Scope.PUBLIC)
        if self.is_known(tag):
            return self.unchanged(tag)
        more = {"round": round_of(framework, given.get("round", ""), self.reader)}
        figures = made.make(framework, as_of=as_of, scope=scope, **(more if made.by_round else {}))
        body = plain(figures) | {"settled": settled(as_of, self.reader.at)}
        if made.filters:
            body["lines"] = narrowed(body["lines"], figures, framework, given)
        return self.answered(body, tag=tag)


def framework_of(slug: str) -> Framework:
    """Return the framework with an address; without one, the default one."""
    frameworks = Framework.objects.order_by("-is_default", "id")
    found = frameworks.filter(slug=slug).first() if slug else frameworks.first()
    if found is None:
        raise Http404
    return found


def round_of(framework: Framework, code: str, reader: Reader) -> Round | None:
    """Return the round to which figures are narrowed, if one is named."""
    if not code:
        return None
    rounds = access.visible_rounds(reader.roles).filter(framework=framework)
    found = rounds.filter(code__iexact=code).first()
    if found is None:
        raise wrong("round", _("This framework has no round with this code."))
    return found


def narrowed(
    lines: list[Any], figures: Any, framework: Framework, given: dict[str, str]
) -> list[Any]:
    """Keep the actions that the filters of the page leave."""
    chosen = ActionFilter(given, framework=framework, listed=figures)
    if not chosen.is_valid():
        name, errors = next(iter(chosen.form.errors.items()))
        raise wrong(name, " ".join(str(one) for one in errors))
    codes = set(chosen.qs.values_list("code", flat=True))
    return [line for line in lines if line["code"] in codes]


def plain(value: Any) -> Any:
    """Return figures as JSON knows them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    return value
