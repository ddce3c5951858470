"""What agencies owed, as reports print it: every duty, and the numbers of each agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from recommendations.models import Duty
from recommendations.reporting.duties import DutyLine, DutyStanding, duty_lines, timeliness
from recommendations.reporting.facts import AgencyFact
from recommendations.reporting.reports import columns
from recommendations.reporting.reports.code_book import words
from recommendations.reporting.reports.ground import Ground
from recommendations.reporting.reports.shape import Column, Kind, Section, Table, Value
from recommendations.reporting.round_progress import AgencyProgress, agency_progress

Agencies = Mapping[int, AgencyFact]


def lines_of(found: Ground) -> list[DutyLine]:
    """Return the duties that a report is about; 3 queries. Those of an area are its actions'."""
    lines = duty_lines(replace(found.own, round=found.asked.round))
    if found.asked.area is None:
        return lines
    return [one for one in lines if one.action_id in found.reading.actions]


def duties(lines: Iterable[DutyLine], agencies: Agencies) -> Table:
    """Return duties, one row for each, with its due date and by how many days it is late."""
    late = _("After the date that was due when it was sent; if it is still owed, until today.")
    due = _("The due date as it was at the moment.")
    sent = _("When it was first sent and not taken back.")
    head = (
        columns.agency(),
        columns.agency_name(),
        columns.number("days_late", _("Days late"), late),
        Column("due_on", Kind.DAY, _("Due"), due),
        Column("duty", Kind.CHOICE, _("Owed"), _("What is owed."), words(Duty.Kind)),
        columns.action(),
        Column("round", Kind.CODE, _("Round"), _("Code of the round.")),
        Column("state", Kind.CHOICE, _("State"), _("What became of it."), words(DutyStanding)),
        Column("sent_at", Kind.MOMENT, _("Sent"), sent),
    )
    return Table(head, tuple(duty(one, agencies[one.agency_id]) for one in lines))


def duty(one: DutyLine, agency: AgencyFact) -> tuple[Value, ...]:
    """Return the row of a duty."""
    return (
        agency.code,
        agency.name,
        one.days_late,
        one.due_on,
        one.kind,
        one.action_code,
        one.round_code,
        one.standing.value,
        one.sent_at,
    )


def progress_of(lines: Sequence[DutyLine], agencies: Agencies) -> list[AgencyProgress]:
    """Return what each agency owed and sent, what is missing most first, then by acronym."""
    by_agency: dict[int, list[DutyLine]] = {}
    for line in lines:
        by_agency.setdefault(line.agency_id, []).append(line)
    found = [
        agency_progress(agency, by_agency[agency.id])
        for agency in agencies.values()
        if agency.id in by_agency
    ]
    return sorted(found, key=lambda one: -one.progress.missing)


def progress(found: Iterable[AgencyProgress]) -> Table:
    """Return the numbers of the updates of each agency."""
    sent = _("Approved, in review or returned.")
    missing = _("Nothing was sent, or it was taken back.")
    head = (
        columns.agency(),
        columns.agency_name(),
        columns.number("expected", _("Expected"), _("Updates owed; waived ones are not.")),
        columns.number("sent", _("Sent"), sent),
        columns.number("approved", _("Approved")),
        columns.number("in_review", _("In review")),
        columns.number("returned", _("Returned")),
        columns.number("missing", _("Missing"), missing),
        columns.number("overdue", _("Overdue"), _("With the agency, and past its due date.")),
    )
    rows = (
        (one.agency_code, one.agency_name, *(getattr(one.progress, key) for key in COUNTS))
        for one in found
    )
    return Table(head, tuple(rows))


COUNTS = ("expected", "sent", "approved", "in_review", "returned", "missing", "overdue")


def on_time(lines: Iterable[DutyLine], agencies: Agencies) -> Section:
    """Return how agencies kept to their dates, by round: for the inside only."""
    by_agency: dict[int, list[DutyLine]] = {}
    for line in lines:
        by_agency.setdefault(line.agency_id, []).append(line)
    head = (
        columns.agency(),
        columns.agency_name(),
        Column("round", Kind.CODE, _("Round"), _("Code of the round.")),
        columns.number("expected", _("Expected"), _("Updates owed; waived ones are not.")),
        columns.number("on_time", _("On time"), _("Sent by the due date.")),
        columns.number("late", _("Late"), _("Sent after the due date.")),
        columns.number("missing", _("Missing"), _("Nothing was sent.")),
    )
    rows = tuple(
        (agency.code, agency.name, one.round_code, one.expected, one.on_time, one.late, one.missing)
        for agency in agencies.values()
        for one in timeliness(by_agency.get(agency.id, []))
    )
    return Section(
        key="timeliness",
        title=_("How did the agencies keep to their dates?"),
        table=Table(head, rows),
        nothing=_("No update was expected by this moment."),
        annex=True,
    )
