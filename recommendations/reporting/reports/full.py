"""Full data: one row for every assignment, each column explained."""

from __future__ import annotations

from django.utils.translation import gettext as _

from recommendations.models import Acceptance, Role
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.code_book import words
from recommendations.reporting.reports.shape import Column, Kind, Report, Section, Table, Value
from recommendations.reporting.standings import DatedStanding, standings, tally_active
from recommendations.reporting.tally import Shown


def build(asked: Asked) -> Report:
    """Return where every assignment stands; 5 queries."""
    rows = standings(asked.framework, as_of=asked.as_of, scope=asked.scope, round=asked.round).rows
    table = Table(columns(), tuple(row(one) for one in rows))
    return Report(
        **asked.stamp("data/"),
        name="full",
        title=_("Full data"),
        subtitle=asked.framework.title,
        sections=(
            Section(
                key="assignments",
                title=_("Assignments"),
                sentences=(tally_active(rows).sentence,),
                table=table,
                nothing=_("Nothing was assigned yet at this moment."),
            ),
        ),
    )


def columns() -> tuple[Column, ...]:
    """Return the columns of an assignment, with what each means."""
    code, choice, moment = Kind.CODE, Kind.CHOICE, Kind.MOMENT
    answerable = _("Who is answerable. Supporting agencies never decide where an action stands.")
    status = _("How far it is; “implemented” only where a coordinator has verified it.")
    return (
        Column("area", code, _("Area"), _("Code of the area.")),
        Column("action", code, _("Action"), _("Code of the action.")),
        Column("agency", code, _("Agency"), _("Code of the agency.")),
        Column("agency_name", Kind.TEXT, _("Name"), _("The name that it had at the moment.")),
        Column("role", choice, _("Role"), answerable, words(Role)),
        Column("acceptance", choice, _("Acceptance"), _("Is it taken on."), words(Acceptance)),
        Column("status", choice, _("Status"), status, words(Shown)),
        Column("since", moment, _("Since"), _("Since when it has had this status.")),
        Column("reported_at", moment, _("Information of"), _("When the text in force was sent.")),
        Column("target_on", Kind.DAY, _("Target date"), _("Empty where there is no date.")),
        Column("target_text", Kind.TEXT, _("Target in words"), _("The target as it was written.")),
    )


def row(one: DatedStanding) -> tuple[Value, ...]:
    """Return the values of an assignment, in the order of the columns."""
    return (
        one.area_code,
        one.action_code,
        one.agency_code,
        one.agency_name,
        one.role,
        one.acceptance,
        one.shown.value,
        one.since,
        one.reported_at,
        one.target_on,
        one.target_text,
    )
