"""Target dates that have passed: only of what has a date and an end still to come."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import Precision
from recommendations.reporting.gaps import is_open
from recommendations.reporting.standings import Standing


def last_day(on: date, precision: str) -> date:
    """Return the last day of the day, month, quarter or year that a target date names."""
    if precision == Precision.YEAR:
        return date(on.year, 12, 31)
    if precision in (Precision.MONTH, Precision.QUARTER):
        month = (on.month + 2) // 3 * 3 if precision == Precision.QUARTER else on.month
        return date(on.year, month, monthrange(on.year, month)[1])
    return on


def days_past(standing: Standing, today: date) -> int:
    """Return by how many days the target date has passed: 0 where it has not, or there is none.

    What is closed or continuing is never late by its target date.
    """
    if standing.target_on is None or not is_open(standing):
        return 0
    return max(0, (today - last_day(standing.target_on, standing.target_precision)).days)


@dataclass(frozen=True)
class Targets:
    """Of the open leads: how many have a date that has passed, and how many have no date."""

    leads: int
    overdue: int
    without_date: int

    @property
    def sentence(self) -> str:
        """Return "2 of 40 open leads are past their target date; 12 have no target date."."""
        past = ngettext(
            "%(overdue)d of %(leads)d open lead is past its target date",
            "%(overdue)d of %(leads)d open leads are past their target date",
            self.leads,
        ) % {"overdue": self.overdue, "leads": self.leads}
        none = ngettext(
            "%(count)d has no target date", "%(count)d have no target date", self.without_date
        ) % {"count": self.without_date}
        return _("%(past)s; %(none)s.") % {"past": past, "none": none}


def targets(standings: Iterable[Standing], today: date) -> Targets:
    """Count the target dates of the leads and co-leads among these assignments."""
    leads = [one for one in standings if one.decides and is_open(one)]
    return Targets(
        leads=len(leads),
        overdue=sum(days_past(one, today) > 0 for one in leads),
        without_date=sum(one.target_on is None for one in leads),
    )
