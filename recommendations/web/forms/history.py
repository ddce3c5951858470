"""What a history can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.reporting.history.narrowing import Narrowed, why_no_period
from recommendations.web.forms.fields import Day


class HistoryForm(forms.Form):
    """Person, verb, and the days from and until; a value that does not exist is an error.

    `people` and `verbs` are (value, words) pairs of what occurs in the history. Without
    people nothing is offered about persons; `parts` is offered where something belongs to it.
    """

    use_required_attribute = False

    def __init__(
        self,
        data: Any,
        *,
        people: Iterable[tuple[int, str]] | None,
        verbs: Iterable[tuple[str, str]],
        parts: bool,
    ) -> None:
        super().__init__(data)
        if parts:
            self.fields["parts"] = forms.ChoiceField(
                label=_("About"),
                choices=[("", _("This alone")), ("yes", _("With what belongs to it"))],
                required=False,
            )
        if people is not None:
            self.fields["person"] = forms.ChoiceField(
                label=_("Person"), choices=[("", _("Everybody")), *people], required=False
            )
        self.fields["verb"] = forms.ChoiceField(
            label=_("What was done"), choices=[("", _("Anything")), *verbs], required=False
        )
        self.fields["from"] = Day(label=_("From"))
        self.fields["until"] = Day(label=_("Until"))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        read = super().clean() or {}
        wrong = why_no_period(read.get("from"), read.get("until"))
        if wrong:
            self.add_error("until", wrong)
        return read

    @property
    def narrowed(self) -> Narrowed:
        """Return what is left of the history."""
        chosen = self.cleaned_data
        return Narrowed(
            person=int(chosen["person"]) if chosen.get("person") else None,
            verb=chosen.get("verb", ""),
            first=chosen.get("from"),
            last=chosen.get("until"),
        )
