"""The work plan in the house form of the United Nations Network on Migration."""

from __future__ import annotations

from collections import Counter

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.models import LEADING, Precision, RollUp
from recommendations.reporting.overview import ActionLine
from recommendations.reporting.reports import columns
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.code_book import words
from recommendations.reporting.reports.ground import Ground, ground
from recommendations.reporting.reports.shape import Column, Kind, Report, Section, Table, Value
from recommendations.reporting.sentences import actions, listed
from recommendations.reporting.standings import Standing
from recommendations.reporting.targets import last_day


class Stage(TextChoices):
    """The three words of the house form, and one for what they leave out."""

    YET_TO_START = "yet_to_start", gettext_lazy("Yet to start")
    ONGOING = "ongoing", gettext_lazy("Ongoing")
    COMPLETED = "completed", gettext_lazy("Completed")
    CLOSED = "closed", gettext_lazy("Closed, not or not fully implemented")


STAGES = {
    RollUp.NO_LEAD: Stage.YET_TO_START,
    RollUp.NO_INFORMATION: Stage.YET_TO_START,
    RollUp.NOT_STARTED: Stage.YET_TO_START,
    RollUp.IN_PROGRESS: Stage.ONGOING,
    RollUp.CONTINUING: Stage.ONGOING,
    RollUp.ON_HOLD: Stage.ONGOING,
    RollUp.REPORTED_IMPLEMENTED: Stage.ONGOING,
    RollUp.IMPLEMENTED: Stage.COMPLETED,
    RollUp.PARTLY_IMPLEMENTED: Stage.CLOSED,
    RollUp.CLOSED_NOT_IMPLEMENTED: Stage.CLOSED,
}
"""Where an action stands -> its word. A claim that nobody verified completes nothing."""


def build(asked: Asked) -> Report:
    """Return the work plan: who leads, who is a member, what, until when, how far; 6 queries."""
    found = ground(asked, all_rounds=True)
    lines = found.lines
    held: dict[str, list[Standing]] = {}
    for one in found.standings:
        if one.is_active:
            held.setdefault(one.action_code, []).append(one)
    return Report(
        **asked.stamp("actions/"),
        name="work_plan",
        title=_("Work plan"),
        subtitle=found.title,
        sections=(
            Section(
                key="work_plan",
                title=_("Work plan"),
                sentences=(counted(lines), without_date(found)),
                table=Table(head(), tuple(row(one, held.get(one.code, [])) for one in lines)),
                nothing=_("No action was recorded yet at this moment."),
            ),
        ),
    )


def head() -> tuple[Column, ...]:
    """Return the columns of the house form."""
    leads = _("The leads and co-leads, by the acronyms that they had at the moment.")
    members = _("The supporting agencies, by the acronyms that they had at the moment.")
    timeline = _("The last of the target dates of the leads. Empty where there is none.")
    exact = _("How exactly that date is known.")
    undated = _("How many of the leads have no target date.")
    status = _("Yet to start, ongoing or completed. What is closed otherwise is said so.")
    return (
        columns.area(),
        columns.action(),
        Column("co_leads", Kind.TEXT, _("Co-leads"), leads),
        Column("members", Kind.TEXT, _("Members"), members),
        Column("activity", Kind.TEXT, _("Activity"), _("The short title of the action.")),
        Column("timeline", Kind.DAY, _("Timeline"), timeline),
        Column("timeline_precision", Kind.CHOICE, _("Known to the"), exact, words(Precision)),
        columns.number("without_date", _("No date"), undated),
        Column("status", Kind.CHOICE, _("Status"), status, words(Stage)),
    )


def row(line: ActionLine, held: list[Standing]) -> tuple[Value, ...]:
    """Return the row of an action, from its active assignments."""
    leads = [one for one in held if one.role in LEADING]
    dates = [
        (last_day(one.target_on, one.target_precision), one.target_on, one.target_precision)
        for one in leads
        if one.target_on is not None
    ]
    _last, on, precision = max(dates, default=(None, None, ""))
    return (
        line.area_code,
        line.code,
        ", ".join(one.agency for one in leads),
        ", ".join(one.agency for one in held if one.role not in LEADING),
        line.short_title,
        on,
        precision,
        sum(one.target_on is None for one in leads),
        STAGES[line.standing].value,
    )


def counted(lines: list[ActionLine]) -> str:
    """Return "16 actions: 3 yet to start, 12 ongoing, 1 completed."."""
    counts = Counter(STAGES[line.standing] for line in lines)
    parts = [
        _("%(count)d yet to start") % {"count": counts[Stage.YET_TO_START]},
        _("%(count)d ongoing") % {"count": counts[Stage.ONGOING]},
        _("%(count)d completed") % {"count": counts[Stage.COMPLETED]},
    ]
    if counts[Stage.CLOSED]:
        parts.append(_("%(count)d closed otherwise") % {"count": counts[Stage.CLOSED]})
    return _("%(total)s: %(parts)s.") % {"total": actions(len(lines)), "parts": listed(parts)}


def without_date(found: Ground) -> str:
    """Return "4 leads have no target date."."""
    none = sum(one.decides and one.target_on is None for one in found.standings)
    return ngettext(
        "%(count)d lead has no target date.", "%(count)d leads have no target date.", none
    ) % {"count": none}
