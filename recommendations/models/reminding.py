"""What the reminders of a round can be."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

FURTHEST = 365
"""Days before or after a due date; nobody is reminded further away."""


def reminder_problems(days: Any, every: int | None, last: int | None) -> dict[str, str]:
    """Return what keeps reminders from being sent as they are meant: field → what to do."""
    found = {}
    if not isinstance(days, list) or any(type(day) is not int for day in days):
        found["reminder_days"] = _("Enter whole numbers of days.")
    elif any(abs(day) > FURTHEST for day in days):
        found["reminder_days"] = _("Enter days that are not more than a year from the due date.")
    if every is not None and every > FURTHEST:
        found["reminder_every"] = _("Enter 365 days at most.")
    if last is not None and last > FURTHEST:
        found["reminder_last"] = _("Enter 365 days at most.")
    if not found and last is not None and days and max(days) > last:
        words = _("Enter %(days)d at least: so many days after the due date a reminder is meant.")
        found["reminder_last"] = words % {"days": max(days)}
    return found
