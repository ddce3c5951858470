"""What a history can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
        people: Iterable[tuple[str, str]] | None,
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
        first, last = read.get("from"), read.get("until")
        if first and last and last < first:
            self.add_error("until", _("Enter a day that is not before the first one."))
        return read

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """Return the moments between which an entry is shown: from the first, before the last."""
        first: date | None = self.cleaned_data.get("from")
        last: date | None = self.cleaned_data.get("until")
        begin = datetime.combine(first, time(), UTC) if first else None
        end = datetime.combine(last + timedelta(days=1), time(), UTC) if last else None
        return begin, end
