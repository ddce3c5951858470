"""The words: the closed lists of values, the same in pages, API, files and mails."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who is answerable for an action."""

    LEAD = "lead", _("Lead")
    CO_LEAD = "co_lead", _("Co-lead")
    SUPPORTING = "supporting", _("Supporting")


LEADING = (Role.LEAD, Role.CO_LEAD)


class Acceptance(models.TextChoices):
    """Whether an assignment is taken on."""

    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    PARTIALLY_ACCEPTED = "partially_accepted", _("Partially accepted")
    UNDER_CONSIDERATION = "under_consideration", _("Under consideration")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENDED = "ended", _("Ended")


ACTIVE = (Acceptance.ACCEPTED, Acceptance.PARTIALLY_ACCEPTED)
AWAITING_ANSWER = (Acceptance.PROPOSED, Acceptance.UNDER_CONSIDERATION)
LIVE = (*AWAITING_ANSWER, *ACTIVE)
WITH_REASON = (Acceptance.PARTIALLY_ACCEPTED, Acceptance.DECLINED, Acceptance.WITHDRAWN)


class ImplementationStatus(models.TextChoices):
    """How far an action is. "No report yet" is computed, never chosen."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    CONTINUING = "continuing", _("Continuing")
    ON_HOLD = "on_hold", _("On hold")
    IMPLEMENTED = "implemented", _("Implemented")
    DISCONTINUED = "discontinued", _("Discontinued")


CLOSED_STATUSES = (ImplementationStatus.IMPLEMENTED, ImplementationStatus.DISCONTINUED)


class DiscontinuedBecause(models.TextChoices):
    """Why an action is discontinued."""

    OVERTAKEN = "overtaken", _("Overtaken by events")
    SUPERSEDED = "superseded", _("Superseded by another action")
    NOT_PURSUED = "not_pursued", _("Not pursued")


class ReviewState(models.TextChoices):
    """Whether the text of an update is agreed.

    *Retracted* is taken back for good: another text of the same duty stands in its place.
    """

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    RETRACTED = "retracted", _("Retracted")


OPEN_REVIEW_STATES = (ReviewState.DRAFT, ReviewState.SUBMITTED, ReviewState.RETURNED)


class SubmissionKind(models.TextChoices):
    """What a submission says."""

    REPORT = "report", _("Report")
    NO_CHANGE = "no_change", _("Nothing new")
    NOTHING_TO_REPORT = "nothing_to_report", _("Nothing to report")


class RollUp(models.TextChoices):
    """Where an action stands, over its active leads and co-leads."""

    NO_LEAD = "no_lead", _("No lead")
    NO_INFORMATION = "no_information", _("No report yet")
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    CONTINUING = "continuing", _("Continuing")
    ON_HOLD = "on_hold", _("On hold")
    PARTLY_IMPLEMENTED = "partly_implemented", _("Partly implemented")
    REPORTED_IMPLEMENTED = "reported_implemented", _("Reported implemented, to be verified")
    IMPLEMENTED = "implemented", _("Implemented")
    CLOSED_NOT_IMPLEMENTED = "closed_not_implemented", _("Closed, not implemented")


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")
