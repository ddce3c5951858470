"""Which agencies have a row in the matrix: the same for its page and the API."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.access import Roles
from recommendations.reporting.matrix import Row
from recommendations.reporting.tally import Shown


class Only(TextChoices):
    """Which agencies have a row."""

    MINE = "mine", _("My agency")
    LATE = "late", _("Past a target date")
    NO_REPORT = "no_report", _("Without a report")


def offered(*, inside: bool, has_agency: bool) -> list[Only]:
    """Return the choices that a reader has: nobody is ranked in public by what is late."""
    known = {Only.MINE: has_agency, Only.LATE: inside, Only.NO_REPORT: True}
    return [one for one in Only if known[one]]


def has_row(row: Row, only: str, roles: Roles) -> bool:
    """Say whether an agency is one of those that are asked for."""
    cells = [cell for cell in row.cells if cell]
    if only == Only.MINE:
        return roles.is_in(row.agency_id)
    if only == Only.LATE:
        return any(cell.days_past for cell in cells)
    return only != Only.NO_REPORT or any(cell.shown == Shown.NO_REPORT for cell in cells)
