"""What a cell of the matrix says: a status, or a sign with its words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.reporting.charts import Square
from recommendations.reporting.matrix import Cell
from recommendations.reporting.moved import Direction
from recommendations.reporting.tally import Shown
from recommendations.web.forms.matrix import Show

SIGNS = {Direction.UP: "▲", Direction.DOWN: "▼", Direction.FIRST: "●", Direction.OTHER: "◆"}
"""None of them points to a side, so that they mean the same where text runs from the right."""
QUIET = "·"
PAST = gettext_lazy("Number: days past the target date of a lead or co-lead")


@dataclass(frozen=True)
class Look:
    """A cell: its fill, its sign and its words; a `status` brings all three with it."""

    status: str = ""
    css: str = ""
    sign: str = ""
    words: str = ""

    @property
    def square(self) -> Square:
        """Return the same for a picture."""
        return Square(self.status or self.css.partition("-")[2], self.sign)


def look(cell: Cell, show: Show) -> Look:
    """Return what a cell says when the matrix shows this."""
    if cell.shown is None:
        return Look(sign="?", words=_("Assigned, not taken on yet"))
    if show == Show.LATE:
        return late(cell)
    if show == Show.CHANGED:
        return changed(cell, cell.shown)
    if show == Show.CLAIMS and cell.shown != Shown.REPORTED_IMPLEMENTED:
        return Look(sign=QUIET, words=_("Nothing to verify"))
    return Look(status=cell.shown)


def late(cell: Cell) -> Look:
    """Return by how many days a cell is past its date."""
    if cell.days_past:
        words = ngettext(
            "%(days)d day past its target date",
            "%(days)d days past its target date",
            cell.days_past,
        )
        return Look(
            css="w-overdue", sign=str(cell.days_past), words=words % {"days": cell.days_past}
        )
    if cell.lacks_date:
        return Look(sign="–", words=_("No target date"))
    return Look(sign=QUIET, words=_("Not late"))


def changed(cell: Cell, now: Shown) -> Look:
    """Return which way a cell moved, in the fill of where it is now."""
    if cell.moved is None:
        return Look(sign=QUIET, words=_("Not changed"))
    way = cell.moved.direction
    words = _("%(way)s, from “%(before)s” to “%(after)s”") % {
        "way": way.label,
        "before": Shown(cell.moved.before).label,
        "after": now.label,
    }
    return Look(css=f"s-{now}", sign=SIGNS[way], words=words)


def key(show: Show) -> list[tuple[str, str | Promise]]:
    """Return what the signs of a matrix mean, where they are no statuses."""
    if show == Show.LATE:
        return [("14", PAST), ("–", _("No target date")), (QUIET, _("Not late"))]
    if show == Show.CHANGED:
        return [*((SIGNS[way], way.label) for way in Direction), (QUIET, _("Not changed"))]
    return [(QUIET, _("Nothing to verify"))] if show == Show.CLAIMS else []
