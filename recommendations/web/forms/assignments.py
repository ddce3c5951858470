"""Answering an assignment, and what follows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.models import ImplementationStatus, Precision
from recommendations.web.forms.fields import Day, Facts, LongText, ShortText


class TargetFields(Facts):
    """A target date as exactly as it is known."""

    target_on = Day(
        label=_("Target date"),
        help_text=_("Any day of the month, quarter or year if you know it no more exactly."),
    )
    target_precision = forms.ChoiceField(
        label=_("How exact the date is"), choices=Precision.choices, required=False
    )
    target_text = ShortText(
        label=_("Target in words"),
        max_length=120,
        help_text=_("As the agency wrote it, such as “before the review of 2027”."),
    )

    def target(self) -> dict[str, Any]:
        """Return the facts about the target date."""
        names = ("target_on", "target_precision", "target_text")
        return {name: self.cleaned_data.get(name) for name in names}


ANSWERS = [
    ("accept", _("Accept")),
    ("accept_partly", _("Accept in part")),
    ("consider", _("Under consideration")),
    ("decline", _("Decline")),
]


class ResponseForm(Facts):
    """An agency's answer to an assignment."""

    asked: tuple[str, ...] = ("answer",)

    answer = forms.ChoiceField(label=_("Your answer"), choices=ANSWERS, widget=forms.RadioSelect)
    reason = LongText(
        label=_("Reason"),
        help_text=_("Needed to accept in part, with the part you take on, and to decline."),
    )

    def __init__(self, *args: Any, possible: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(verb, label) for verb, label in ANSWERS if verb in possible]
        self.fields["answer"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(Facts):
    """A change that needs nothing but its reason."""

    asked = ("reason",)

    reason = LongText(label=_("Reason"), help_text=_("The agency reads it."))


class TargetForm(TargetFields):
    """Set or change a target date."""

    reason = LongText(
        label=_("Reason"), help_text=_("Needed where there is a target already."), rows=3
    )


class AssessForm(Facts):
    """The status as the coordinator sees it."""

    asked = ("status",)

    status = forms.ChoiceField(
        label=_("Status as you see it"),
        choices=ImplementationStatus.choices,
        widget=forms.RadioSelect,
    )
    reason = LongText(
        label=_("Reason"), help_text=_("Needed where it differs from the reported status.")
    )
