"""The dates of rounds and duties, and who gives them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayList
from recommendations.web.forms.fields import Day, Days, Facts, LongText, ShortText


class DueForm(Facts):
    """A new due date, and why."""

    asked = ("due_on", "reason")

    due_on = Day(label=_("New due date"))
    reason = LongText(label=_("Reason"), help_text=_("Kept in the history."), rows=3)


class MoreTimeForm(Facts):
    """Until when an agency asks for more time, and why."""

    asked = ("until_on", "reason")

    until_on = Day(label=_("New due date that you ask for"))
    reason = LongText(label=_("Reason"), help_text=_("The coordinator reads it."), rows=3)


class TimeAnswerForm(Facts):
    """The answer to a request for more time."""

    due_on = Day(
        label=_("New due date"), help_text=_("If you grant it: the date asked for, or another one.")
    )
    reason = LongText(
        label=_("Reason"), help_text=_("Needed to refuse. The agency reads it."), rows=3
    )


class WaiveForm(Facts):
    """Why a duty is no longer owed."""

    asked = ("reason",)

    reason = LongText(label=_("Reason"), help_text=_("The agency reads it."), rows=3)


class TermsForm(Facts):
    """New dates for a round that runs or ran, and why."""

    asked = ("due_on", "closes_on", "reason")

    due_on = Day(label=_("Updates due on"))
    closes_on = Day(label=_("Closes on"))
    reason = LongText(label=_("Reason"), help_text=_("Every agency of the round reads it."), rows=3)


class ChaseForm(Facts):
    """A coordinator's own word in a reminder."""

    note = LongText(
        label=_("A word of your own"), help_text=_("The agencies read it in the mail."), rows=2
    )


class RemindersForm(Facts):
    """On which days a round reminds."""

    asked: tuple[str, ...] = ("reminder_every", "reminder_last")

    reminder_days = DayList(
        label=_("Reminders"),
        required=False,
        help_text=_(
            "Days before (−) and after the due date, with commas between them. Only who still "
            "owes something is reminded."
        ),
    )
    reminder_every = Days(label=_("Then every … days"), help_text=_("0: not again."))
    reminder_last = Days(label=_("No reminder later than … days after the due date"))

    def plan(self) -> dict[str, Any]:
        """Return the fields of the round."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class ReminderChangeForm(RemindersForm):
    """Other days on which a round reminds, and why."""

    asked = (*RemindersForm.asked, "reason")

    reason = LongText(label=_("Reason"), help_text=_("Kept in the history."), rows=3)


class DatesForm(RemindersForm):
    """The dates of a round that is planned, and whom it asks."""

    asked: tuple[str, ...] = ("opens_on", "due_on", "closes_on", *RemindersForm.asked)
    field_order: tuple[str, ...] = (
        *("opens_on", "due_on", "closes_on"),
        *("with_supporting", "with_questionnaire"),
    )

    opens_on = Day(label=_("Opens on"))
    due_on = Day(label=_("Updates due on"))
    closes_on = Day(
        label=_("Closes on"), help_text=_("Until then updates that are late can still be sent.")
    )
    with_supporting = forms.BooleanField(
        label=_("Supporting agencies report as well"), required=False
    )
    with_questionnaire = forms.BooleanField(
        label=_("Every agency answers the questionnaire"), required=False
    )


class RoundForm(DatesForm):
    """A round to plan."""

    asked = ("code", *DatesForm.asked)
    field_order = ("code", *DatesForm.field_order)

    code = ShortText(
        label=_("Code"),
        max_length=20,
        help_text=_("Stands in addresses, such as 2026-H2. It stays as you enter it."),
    )


class ReplanForm(DatesForm):
    """New dates for a planned round, and why."""

    asked = (*DatesForm.asked, "reason")

    reason = LongText(label=_("Reason"), help_text=_("Kept in the history."), rows=3)
