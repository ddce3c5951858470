"""Late and missing: what is overdue, who has not sent what, which dates have passed."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.reporting.duties import DutyLine
from recommendations.reporting.gaps import Unanswered, gaps_of
from recommendations.reporting.reports import columns, owed
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.books import since
from recommendations.reporting.reports.ground import Ground, ground
from recommendations.reporting.reports.shape import Column, Kind, Report, Section, Table
from recommendations.reporting.round_progress import progress
from recommendations.reporting.targets import days_past, targets


def build(asked: Asked) -> Report:
    """Return what is late and what is missing; 10 queries.

    It reads what agencies owe, so it is for the inside only. Raises DidNotExist for a round
    that was not recorded yet.
    """
    found = ground(asked, all_rounds=True)
    since(found, asked.round)
    lines = owed.lines_of(found)
    return Report(
        **asked.stamp("gaps/"),
        name="late",
        title=_("Late and missing"),
        subtitle=found.title,
        sections=(
            overdue(found, lines),
            missing(found, lines),
            past_target(found),
            unanswered(found),
            sent_late(found, lines),
        ),
    )


def overdue(found: Ground, lines: list[DutyLine]) -> Section:
    """Return what is with an agency and past its due date, the latest first."""
    late = sorted((one for one in lines if one.is_overdue), key=lambda one: -one.days_late)
    dated = [one for one in lines if one.is_expected and one.due_on is None]
    return Section(
        key="overdue",
        title=_("What is overdue?"),
        sentences=(
            ngettext("%(count)d is overdue.", "%(count)d are overdue.", len(late))
            % {"count": len(late)},
            ngettext("%(count)d has no due date.", "%(count)d have no due date.", len(dated))
            % {"count": len(dated)},
        ),
        table=owed.duties(late, found.reading.agencies),
        nothing=_("Nothing is overdue."),
    )


def missing(found: Ground, lines: list[DutyLine]) -> Section:
    """Return who has not sent what, by agency, what is missing most first."""
    by_agency = owed.progress_of(lines, found.reading.agencies)
    counted = [one for one in lines if found.reading.agencies[one.agency_id].counted]
    missing = [one for one in by_agency if one.progress.missing or one.progress.returned]
    return Section(
        key="missing",
        title=_("Who has not reported?"),
        sentences=(progress(counted).sentence,),
        table=owed.progress(missing),
        nothing=_("Every update that was asked for has been sent."),
    )


def past_target(found: Ground) -> Section:
    """Return the leads whose target date has passed, and how many have no date."""
    past = [
        (days_past(one, found.today), one)
        for one in found.standings
        if one.decides and days_past(one, found.today)
    ]
    days = _("After the last day that the target date can mean.")
    head = (
        columns.action(),
        columns.action_title(),
        columns.agency(),
        columns.agency_name(),
        columns.number("days_past", _("Days past"), days),
        *columns.target(),
        columns.status(),
    )
    rows = tuple(
        (
            one.action_code,
            one.action_title,
            one.agency_code,
            one.agency_name,
            days,
            one.target_on,
            one.target_precision,
            one.target_text,
            one.shown.value,
        )
        for days, one in sorted(past, key=lambda pair: -pair[0])
    )
    return Section(
        key="targets",
        title=_("Which target dates have passed?"),
        sentences=(targets(found.standings, found.today).sentence,),
        table=Table(head, rows),
        nothing=_("No target date has passed."),
    )


def unanswered(found: Ground) -> Section:
    """Return who was asked to lead and has not answered, the longest past its day first."""
    waiting = gaps_of(found.basis, found.reading).not_answered
    code = found.agency.code if found.agency else ""
    own = [one for one in waiting if not code or one.standing.agency_code == code]
    answer_by = _("The day by which the agency was asked to answer.")
    head = (
        columns.action(),
        columns.action_title(),
        columns.agency(),
        columns.agency_name(),
        columns.role(),
        columns.acceptance(),
        Column("respond_by", Kind.DAY, _("Answer due"), answer_by),
        columns.yes_or_no("late", _("Late"), _("Whether that day has passed.")),
    )
    rows = tuple(
        (
            one.standing.action_code,
            one.standing.action_title,
            one.standing.agency_code,
            one.standing.agency_name,
            one.standing.role,
            one.standing.acceptance,
            one.standing.respond_by,
            columns.said(one.is_late),
        )
        for one in sorted(own, key=longest_first)
    )
    return Section(
        key="unanswered",
        title=_("Who has not answered whether they lead?"),
        table=Table(head, rows),
        nothing=_("Everybody who was asked to lead has answered."),
    )


def longest_first(one: Unanswered) -> tuple[bool, str]:
    """Sort by the day to answer by; those without one come last."""
    due = one.standing.respond_by
    return due is None, due.isoformat() if due else ""


def sent_late(found: Ground, lines: list[DutyLine]) -> Section:
    """Return what was sent after its due date: late stays visible."""
    late = [one for one in lines if one.is_late and not one.is_overdue]
    return Section(
        key="sent_late",
        title=_("What was sent late?"),
        table=owed.duties(sorted(late, key=lambda one: -one.days_late), found.reading.agencies),
        nothing=_("Nothing was sent late."),
        annex=True,
    )
