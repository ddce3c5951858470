"""What somebody asks a report about."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from agencies.models import Agency
from recommendations.models import Framework, PriorityArea, Round
from recommendations.reporting.facts import Basis, DidNotExist, Scope
from recommendations.reporting.moments import settled


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A framework at a moment, for a scope, in a language, and what it is narrowed to.

    `now` is when it is asked: it decides whether the moment is settled and nothing else.
    """

    framework: Framework
    as_of: datetime
    now: datetime
    scope: Scope
    language: str
    round: Round | None = None
    agency: Agency | None = None
    area: PriorityArea | None = None

    @property
    def basis(self) -> Basis:
        """Return what figures rest on."""
        return Basis(
            self.framework,
            self.as_of,
            self.scope,
            self.round,
            area_id=self.area.pk if self.area else None,
            agency_id=self.agency.pk if self.agency else None,
        )

    def then(self) -> Asked:
        """Return the same about the agency under the code that it had; a query where there is one.

        Raises DidNotExist where it was not recorded yet.
        """
        if self.agency is None:
            return self
        codes = self.agency.names.filter(recorded_at__lte=self.as_of).order_by("recorded_at", "id")
        code = codes.values_list("code", flat=True).last()
        if code is None:
            raise DidNotExist
        agency = copy(self.agency)
        agency.code = code
        return replace(self, agency=agency)

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Return what it is narrowed to: pairs of name and code."""
        chosen = {"round": self.round, "agency": self.agency, "area": self.area}
        return tuple((name, one.code) for name, one in chosen.items() if one is not None)

    def stamp(self, path: str) -> dict[str, Any]:
        """Return the fields of a Report that follow from what is asked.

        `path` is that of the page with the same figures, below the framework's own.
        """
        moment = self.as_of.strftime("%Y-%m-%dT%H:%M")
        return {
            "framework": self.framework.slug,
            "as_of": self.as_of,
            "scope": self.scope,
            "language": self.language,
            "filters": self.filters,
            "settled": settled(self.as_of, self.now),
            "address": f"{settings.BASE_URL}/f/{self.framework.slug}/{path}?as_of={moment}",
        }
