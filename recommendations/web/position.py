"""What a page with figures is about: the framework, the moment, and for whom it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from recommendations.domain import access
from recommendations.models import Framework
from recommendations.reporting import beginnings
from recommendations.reporting.beginnings import with_beginning
from recommendations.reporting.facts import Scope
from recommendations.reporting.moments import UnusableMoment, minute_of
from recommendations.web.addresses import UnusableAddress
from recommendations.web.unchanged import unless_unchanged
from recommendations.web.visitor import Visitor, visitor

Page: TypeAlias = Callable[[HttpRequest, str], HttpResponseBase]


@dataclass(frozen=True)
class Position:
    """The framework of a page and the moment and scope of its figures."""

    framework: Framework
    as_of: datetime
    scope: Scope
    chosen: str = ""

    @property
    def public(self) -> bool:
        """Say whether the figures are those that everybody sees."""
        return self.scope is Scope.PUBLIC

    @property
    def query(self) -> str:
        """Return what keeps a chosen moment in the links of the page: "?as_of=…", or nothing."""
        return f"?as_of={self.as_of:%Y-%m-%dT%H:%M}" if self.chosen else ""

    @property
    def more(self) -> str:
        """Return the same for a link that has a query already: "&as_of=…", or nothing."""
        return self.query.replace("?", "&")

    @property
    def not_yet(self) -> UnusableAddress:
        """Return the refusal for what was not recorded yet at the moment (404)."""
        message = _("Nothing was recorded here yet at that moment. Choose a later one.")
        return UnusableAddress(message, name="as_of", status=404)

    @property
    def local(self) -> str:
        """Return the moment as the control of the form takes it."""
        return f"{self.as_of:%Y-%m-%dT%H:%M}"


def position_at(request: HttpRequest, slug: str) -> Position:
    """Return the position that a page shows; 404 without the framework, 400 for a wrong moment."""
    framework = get_object_or_404(with_beginning(Framework.objects.all()), slug=slug)
    return position(request, framework)


def positioned(view: Callable[[HttpRequest, Position], HttpResponse]) -> Page:
    """Give a page its position; a stranger who has the answer still is told that it is the same."""

    @wraps(view)
    def page(request: HttpRequest, framework: str) -> HttpResponseBase:
        shown = position_at(request, framework)
        return unless_unchanged(request, shown.framework, lambda: view(request, shown))

    return page


def position(request: HttpRequest, framework: Framework, agency_id: int | None = None) -> Position:
    """Return the position that a page about this framework, or one agency in it, shows."""
    as_of, chosen = moment_in(request, framework)
    return Position(framework, as_of, scope_of(visitor(request), framework, agency_id), chosen)


def moment_in(request: HttpRequest, framework: Framework | None = None) -> tuple[datetime, str]:
    """Return the moment that the address names, and how; 400 for a wrong one.

    404 for one before the framework. Both say from when to when there are figures.
    """
    chosen, now = request.GET.get("as_of", "").strip(), visitor(request).at
    try:
        if framework is None or not chosen:
            return minute_of(chosen, now), chosen
        return beginnings.moment_in(framework, chosen, now), chosen
    except beginnings.NothingYet as problem:
        raise UnusableAddress(str(problem), name="as_of", status=404) from problem
    except UnusableMoment as problem:
        raise UnusableAddress(str(problem), name="as_of") from problem


def scope_of(who: Visitor, framework: Framework, agency_id: int | None = None) -> Scope:
    """Return whose figures a visitor sees: inside for those who oversee the framework.

    On the pages of one agency (`agency_id`) its own people see inside as well.
    """
    inside = access.sees_inside(who.roles, framework.pk) or who.roles.is_in(agency_id)
    return Scope.INSIDE if inside else Scope.PUBLIC
