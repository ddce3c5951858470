"""The computed sentences: what a picture says, in words and numbers, in the reader's language.

Each status has its own plural forms, because languages that inflect it need them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext

from recommendations.reporting.moments import day_written

COUNTED = {
    "implemented": ngettext_lazy("%(count)d implemented", "%(count)d implemented", "count"),
    "reported_implemented": ngettext_lazy(
        "%(count)d reported implemented, to be verified",
        "%(count)d reported implemented, to be verified",
        "count",
    ),
    "partly_implemented": ngettext_lazy(
        "%(count)d partly implemented", "%(count)d partly implemented", "count"
    ),
    "continuing": ngettext_lazy("%(count)d continuing", "%(count)d continuing", "count"),
    "in_progress": ngettext_lazy("%(count)d in progress", "%(count)d in progress", "count"),
    "on_hold": ngettext_lazy("%(count)d on hold", "%(count)d on hold", "count"),
    "not_started": ngettext_lazy("%(count)d not started", "%(count)d not started", "count"),
    "discontinued": ngettext_lazy("%(count)d discontinued", "%(count)d discontinued", "count"),
    "closed_not_implemented": ngettext_lazy(
        "%(count)d closed, not implemented", "%(count)d closed, not implemented", "count"
    ),
    "no_information": ngettext_lazy(
        "%(count)d without a report", "%(count)d without a report", "count"
    ),
    "no_report": ngettext_lazy("%(count)d without a report", "%(count)d without a report", "count"),
    "no_lead": ngettext_lazy("%(count)d without a lead", "%(count)d without a lead", "count"),
}
"""The value of a RollUp or a Shown -> how many of it there are, in words."""
WITHOUT_REPORT = ("no_information", "no_report")


def breakdown(total: str, counts: Iterable[tuple[str, int]]) -> str:
    """Return "16 actions: 1 implemented, 15 without a report.".

    What is none is left out, but for those without a report: they belong to every total.
    """
    counts = list(counts)
    if not any(count for _value, count in counts):
        return _("%(total)s.") % {"total": total}
    parts = [
        str(COUNTED[value] % {"count": count})
        for value, count in counts
        if count or value in WITHOUT_REPORT
    ]
    return _("%(total)s: %(parts)s.") % {"total": total, "parts": listed(parts)}


def listed(parts: Iterable[str]) -> str:
    """Return the parts of a sentence one after the other."""
    return pgettext("between the parts of a list", ", ").join(parts)


def actions(count: int) -> str:
    """Return "16 actions"."""
    return ngettext("%(count)d action", "%(count)d actions", count) % {"count": count}


def assignments(count: int) -> str:
    """Return "200 assignments"."""
    return ngettext("%(count)d assignment", "%(count)d assignments", count) % {"count": count}


def reported(leads: int, reporting: int, verified: int, oldest: datetime | None) -> str:
    """Return "2 of 3 leads have reported, 1 verified; oldest information: 4 May 2026."."""
    if not leads:
        return _("No agency leads.")
    said = ngettext(
        "%(reporting)d of %(leads)d lead has reported, %(verified)d verified",
        "%(reporting)d of %(leads)d leads have reported, %(verified)d verified",
        leads,
    ) % {"reporting": reporting, "leads": leads, "verified": verified}
    if oldest is None:
        return _("%(said)s.") % {"said": said}
    return _("%(said)s; oldest information: %(day)s.") % {
        "said": said,
        "day": day_written(oldest),
    }
