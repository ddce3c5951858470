"""What a page with figures is about: the framework, the moment, and for whom it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from recommendations.domain import access
from recommendations.models import Framework
from recommendations.reporting.facts import Scope
from recommendations.reporting.moments import UnusableMoment, moment_of
from recommendations.web.addresses import UnusableAddress
from recommendations.web.visitor import Visitor, framework_at, visitor


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
    return position(request, framework_at(slug))


def position(request: HttpRequest, framework: Framework, agency_id: int | None = None) -> Position:
    """Return the position that a page about this framework, or one agency in it, shows."""
    as_of, chosen = moment_in(request)
    return Position(framework, as_of, scope_of(visitor(request), framework, agency_id), chosen)


def moment_in(request: HttpRequest) -> tuple[datetime, str]:
    """Return the moment that the address names, and how; 400 for a wrong one."""
    chosen = request.GET.get("as_of", "").strip()
    try:
        return moment_of(chosen, visitor(request).at), chosen
    except UnusableMoment as problem:
        raise UnusableAddress(str(problem), name="as_of") from problem


def scope_of(who: Visitor, framework: Framework, agency_id: int | None = None) -> Scope:
    """Return whose figures a visitor sees: inside for those who oversee the framework.

    On the pages of one agency (`agency_id`) its own people see inside as well.
    """
    inside = access.sees_inside(who.roles, framework.pk) or who.roles.is_in(agency_id)
    return Scope.INSIDE if inside else Scope.PUBLIC
