"""The columns that several reports share, each with its sentence for the code book.

Functions, because words follow the language that a report is made in.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from recommendations.models import Acceptance, ImplementationStatus, Precision, Role, RollUp
from recommendations.reporting.overview import Reporting
from recommendations.reporting.reports.code_book import words
from recommendations.reporting.reports.shape import Column, Kind, Value
from recommendations.reporting.tally import ROLL_UPS, ActionTally, AssignmentTally, Shown

YES, NO = "yes", "no"


def area() -> Column:
    """Return the column of the code of an area."""
    return Column("area", Kind.CODE, _("Area"), _("Code of the area."))


def action() -> Column:
    """Return the column of the code of an action."""
    return Column("action", Kind.CODE, _("Action"), _("Code of the action."))


def action_title() -> Column:
    """Return the column of the short title of an action."""
    meaning = _("The short title that the action had at the moment.")
    return Column("action_title", Kind.TEXT, _("Title"), meaning)


def agency() -> Column:
    """Return the column of the code of an agency, which stays when its name changes."""
    return Column("agency", Kind.CODE, _("Agency"), _("Code of the agency."))


def agency_name() -> Column:
    """Return the column of the name of an agency."""
    meaning = _("The name that it had at the moment.")
    return Column("agency_name", Kind.TEXT, _("Name"), meaning)


def role() -> Column:
    """Return the column of the role of an agency."""
    meaning = _("Who is answerable. Supporting agencies never decide where an action stands.")
    return Column("role", Kind.CHOICE, _("Role"), meaning, words(Role))


def acceptance() -> Column:
    """Return the column that says whether an action is taken on."""
    return Column(
        "acceptance", Kind.CHOICE, _("Acceptance"), _("Is it taken on."), words(Acceptance)
    )


def status() -> Column:
    """Return the column of where an assignment stands."""
    meaning = _("How far it is; “implemented” only where a coordinator has verified it.")
    return Column("status", Kind.CHOICE, _("Status"), meaning, words(Shown))


def claim() -> Column:
    """Return the column of what an agency claims."""
    meaning = _("What the agency says in its text in force. A claim is not a confirmation.")
    return Column("claim", Kind.CHOICE, _("Claim"), meaning, words(ImplementationStatus))


def yes_or_no(key: str, title: str, meaning: str) -> Column:
    """Return a column that says yes or no."""
    return Column(key, Kind.CHOICE, title, meaning, {YES: _("Yes"), NO: _("No")})


def said(is_so: bool) -> str:
    """Return the value of such a column."""
    return YES if is_so else NO


def assessed() -> Column:
    """Return the column that says whether a coordinator has looked at the claim."""
    meaning = _("Whether a coordinator has assessed the claim in force. Empty without a report.")
    return yes_or_no("assessed", _("Assessed"), meaning)


def standing() -> Column:
    """Return the column of where an action stands."""
    meaning = _("Where the action stands, over its leads and co-leads.")
    return Column("standing", Kind.CHOICE, _("Status"), meaning, words(RollUp))


def since() -> Column:
    """Return the column that says since when a status has held."""
    return Column("since", Kind.MOMENT, _("Since"), _("Since when it has had this status."))


def information_of() -> Column:
    """Return the column of the age of the information."""
    meaning = _("When the text in force was sent.")
    return Column("reported_at", Kind.MOMENT, _("Information of"), meaning)


def target() -> tuple[Column, Column, Column]:
    """Return the columns of a target date: the day, how exact it is, as it was written."""
    exact = _("How exactly the target date is known; the day alone says more than is known.")
    written = _("The target as it was written.")
    return (
        Column("target_on", Kind.DAY, _("Target date"), _("Empty where there is no date.")),
        Column("target_precision", Kind.CHOICE, _("Known to the"), exact, words(Precision)),
        Column("target_text", Kind.TEXT, _("Target in words"), written),
    )


def number(key: str, title: str, meaning: str = "") -> Column:
    """Return a column of whole numbers."""
    return Column(key, Kind.NUMBER, title, meaning)


def reported() -> tuple[Column, ...]:
    """Return the columns of what stands beside a roll-up: leads, reports, verified, oldest."""
    oldest = _("When the oldest text in force of a lead was sent.")
    return (
        number("leads", _("Leads"), _("Active leads and co-leads.")),
        number("reporting", _("Reported"), _("How many of the leads have a text in force.")),
        number("verified", _("Verified"), _("How many of these a coordinator has assessed.")),
        Column("oldest", Kind.MOMENT, _("Oldest information"), oldest),
    )


def reported_values(one: Reporting) -> tuple[Value, ...]:
    """Return the values of those columns."""
    return one.leads, one.reporting, one.verified, one.oldest


def by_status() -> tuple[Column, ...]:
    """Return one column of numbers for each status of an assignment, and their total first."""
    total = number("assignments", _("Assignments"), _("Active assignments."))
    return (total, *(number(one.value, str(one.label)) for one in Shown))


def counts(tally: AssignmentTally | ActionTally) -> tuple[Value, ...]:
    """Return the values of the columns of `by_status` or of `by_standing`."""
    return tally.total, *(count for _value, count in tally.parts)


def by_standing() -> tuple[Column, ...]:
    """Return one column of numbers for each status of an action, and their total first."""
    total = number("actions", _("Actions"), _("An action counts once, whoever shares it."))
    return (total, *(number(one.value, str(one.label)) for one in ROLL_UPS))


def texts() -> tuple[Column, ...]:
    """Return the columns of what an agency wrote."""
    prose = Kind.PROSE
    return (
        Column("done", prose, _("What was done"), _("In the words of the agency.")),
        Column("challenges", prose, _("Challenges and gaps"), _("In the words of the agency.")),
        Column("next_steps", prose, _("Next steps"), _("In the words of the agency.")),
    )
