"""What a person owes, day by day: the same as on My work, for their calendar."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.models import Assignment
from recommendations.notify.calendar import DueDate
from recommendations.web import workload
from recommendations.web.visitor import Visitor
from recommendations.web.workload import Task


def of(who: Visitor, base_url: str) -> list[DueDate]:
    """Return the days on which something is due, the earliest first.

    What is sent waits for others, and what has no date has no day.
    """
    mine, _submitted = workload.tasks(who)
    days = [report(task, task.due_on, base_url) for task in mine if task.due_on]
    asked = workload.unanswered(who)
    days += [answer(one, one.respond_by, base_url) for one in asked if one.respond_by]
    return sorted(days, key=lambda day: (day.on, day.uid))


def report(task: Task, on: date, base_url: str) -> DueDate:
    """Return the day of an update. A correction is not the duty: it has a number of its own."""
    update = task.update
    assignment = update.duty.assignment
    what = _("Questionnaire") if assignment is None else str(assignment.action)
    words = _("Due: %(what)s (%(agency)s, round %(round)s)") % {
        "what": what,
        "agency": task.agency.acronym,
        "round": update.duty.round.code,
    }
    noun = f"update-{update.pk}" if task.is_beside_duty else f"duty-{update.duty_id}"
    return DueDate(
        uid(noun, base_url), on, words, base_url.rstrip("/") + reverse("update", args=[update.pk])
    )


def answer(assignment: Assignment, on: date, base_url: str) -> DueDate:
    """Return the day on which an agency should have answered a proposal."""
    words = _("Answer due: %(what)s (%(agency)s)") % {
        "what": assignment.action,
        "agency": assignment.agency.acronym,
    }
    url = base_url.rstrip("/") + reverse("respond", args=[assignment.pk])
    return DueDate(uid(f"assignment-{assignment.pk}", base_url), on, words, url)


def uid(noun: str, base_url: str) -> str:
    """Return the name by which calendar programs know a day again when it moves."""
    return f"{noun}@{urlsplit(base_url).hostname}"
