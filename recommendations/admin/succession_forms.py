"""What an administrator says when an agency is renamed, ends or becomes part of another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from agencies.forms import Reason
from agencies.models import Agency, url_safe


class RenameForm(Reason):
    """Another name, and perhaps another code."""

    field_order = ("acronym", "name", "code", "reason")

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    acronym = forms.CharField(label=lazy("Acronym"), max_length=40)
    name = forms.CharField(label=lazy("Full name"), max_length=200)
    code = forms.CharField(
        label=lazy("Code"),
        max_length=40,
        validators=[url_safe],
        help_text=lazy(
            "In addresses. Leave it to keep the addresses; with another one the old addresses "
            "lead to the new, and no agency ever gets the old code again."
        ),
    )


class SeenForm(Reason):
    """The reason of an end, and what stands for the preview that the person saw."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class IntoForm(forms.Form):
    """Which agency takes over."""

    into = forms.ModelChoiceField(
        label=lazy("Merge into"),
        queryset=Agency.objects.filter(active=True).in_order(),
        help_text=lazy("You see what would happen before anything does."),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = into.queryset.exclude(pk=agency.pk)
        into.label_from_instance = lambda one: f"{one.acronym} – {one.name}"
