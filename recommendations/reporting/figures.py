"""What every figure carries: its framework, its moment, and for whom it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.moments import written


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure says of which framework, as of when and for whom it was counted."""

    framework: str
    as_of: datetime
    scope: Scope

    @property
    def position(self) -> str:
        """Return the moment and what is counted, as every page with figures prints it."""
        counted = {
            Scope.PUBLIC: _("Published updates only."),
            Scope.INSIDE: _("Approved updates, published or not."),
        }
        at = _("Position on %(moment)s UTC.") % {"moment": written(self.as_of)}
        return f"{at} {counted[self.scope]}"


def stamp(basis: Basis) -> dict[str, Any]:
    """Return the three fields that every figure carries."""
    return {"framework": basis.framework.slug, "as_of": basis.as_of, "scope": basis.scope}
