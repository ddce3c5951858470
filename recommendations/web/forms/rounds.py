"""The due date of a duty."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from recommendations.web.forms.fields import Day, Facts, LongText


class DueForm(Facts):
    """A new due date, and why."""

    asked = ("due_on", "reason")

    due_on = Day(label=_("New due date"))
    reason = LongText(label=_("Reason"), help_text=_("Kept in the history."), rows=3)
