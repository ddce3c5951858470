"""Transitions as admin actions: the workflow does each row on its own, and may refuse it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from agencies.admin.confirmed import Doing, Refused
from agencies.forms import Reason
from agencies.models import Versioned
from recommendations.domain import publication, questionnaires, rounds, workflow
from recommendations.models import Duty, Round


class NewDueDate(Reason):
    """A new due date, and why."""

    due_on = forms.DateField(
        label=lazy("New due date"), widget=forms.DateInput(attrs={"type": "date"})
    )
    field_order = ("due_on", "reason")


class NewTerms(Reason):
    """Later dates for rounds that run or ran, and why."""

    due_on = forms.DateField(
        label=lazy("Updates due on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    closes_on = forms.DateField(
        label=lazy("Closes on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    field_order = ("due_on", "closes_on", "reason")


def performing(verb: str) -> Doing:
    """Return what does `verb` to one row by the workflow, and says refusals in words."""

    def do(obj: Versioned, **facts: Any) -> object:
        try:
            return workflow.perform(verb, obj, **facts)
        except workflow.NotAllowedNow as refusal:
            raise Refused(f"{refusal} {possible(refusal)}".strip()) from refusal
        except workflow.RequirementMissing as refusal:
            raise Refused(str(refusal)) from refusal

    return do


def possible(refusal: workflow.NotAllowedNow) -> str:
    """Return what is possible instead, and who may do it."""
    if not refusal.possible:
        return ""
    deeds = "; ".join(f"{one.deed} ({one.who})" for one in refusal.possible)
    return _("Possible now: %(deeds)s.") % {"deeds": deeds}


def what_opening_does(round: Round) -> str:
    """Return in words what opening a round makes."""
    count = rounds.owing(round).count()
    updates = ngettext(
        "%(count)d assignment will owe an update.",
        "%(count)d assignments will owe an update.",
        count,
    ) % {"count": count}
    asked = len(questionnaires.to_ask(round.framework))
    agencies = questionnaires.answering(round).count() if asked else 0
    if not agencies:
        return updates
    answers = ngettext(
        "%(count)d agency will answer the questionnaire (questions: %(asked)d).",
        "%(count)d agencies will answer the questionnaire (questions: %(asked)d).",
        agencies,
    ) % {"count": agencies, "asked": asked}
    return f"{updates} {answers}"


def what_closing_leaves(round: Round) -> str:
    """Return in words what closing a round leaves behind; nothing is deleted."""
    left = rounds.at_closing(round)
    return (
        _(
            "Kept as they are: %(drafts)d drafts. Without any report: %(missing)d. "
            "Still in review: %(in_review)d. Returned, and still to be answered: %(returned)d."
        )
        % left
    )


def what_moves(round: Round) -> str:
    """Return in words which dates a round has, and how much moves with them."""
    count = round.duties.filter(state=Duty.State.OPEN, voluntary=False).count()
    moves = ngettext(
        "%(count)d open duty moves where it is due earlier.",
        "%(count)d open duties move where they are due earlier.",
        count,
    ) % {"count": count}
    dates = _("Now due on %(due)s, closes on %(closes)s.") % {
        "due": date_format(round.due_on),
        "closes": date_format(round.closes_on),
    }
    return f"{dates} {moves}"


def what_holding_does(round: Round) -> str:
    """Return in words what holding the publication of a round means."""
    if round.held:
        return _("Held already.")
    return _("What is approved from now on stays inside. What is public already stays public.")


def what_a_release_publishes(round: Round) -> str:
    """Return in words what becomes public when a round is released."""
    if not round.held:
        return _("Nothing is held.")
    count = publication.unpublished(round).count()
    if not count:
        return _("Nothing approved is waiting: no text becomes public now.")
    return ngettext(
        "%(count)d approved text becomes public.",
        "%(count)d approved texts become public at one moment.",
        count,
    ) % {"count": count}


def what_a_waiver_leaves(duty: Duty) -> str:
    """Return in words what a waiver means for one duty."""
    if duty.state != Duty.State.OPEN:
        return duty.get_state_display()
    return _("Counts as waived, not as missing. This cannot be taken back.")
