"""Asking agencies to take actions on: one, several, or those that lead a group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, WorkingGroup
from recommendations.models import Role
from recommendations.web.forms.assignments import TargetFields
from recommendations.web.forms.fields import Day


class AgenciesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Agencies to tick, by acronym and full name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Return the acronym and the full name."""
        return f"{obj.acronym} – {obj.name}"


class AskForm(TargetFields):
    """The role, the day to answer by and the target of several assignments at once."""

    field_order: Iterable[str] | None = ("role", "respond_by")

    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, widget=forms.RadioSelect, required=False
    )
    respond_by = Day(label=_("Answer due on"))

    def shared(self) -> dict[str, Any]:
        """Return the facts that every assignment gets."""
        return {"respond_by": self.cleaned_data["respond_by"], **self.target()}


class AssignForm(AskForm):
    """Propose an action to agencies: chosen ones, or those that lead a working group."""

    asked = ("agency", "role")
    field_order = ("agency", "group", "role", "respond_by")

    agency = AgenciesField(
        label=_("Agencies"),
        queryset=Agency.objects.filter(active=True).in_order(),
        help_text=_("With more than one, each can be given a role of its own on the next page."),
    )
    group = forms.ModelChoiceField(
        label=_("Or through a working group"),
        queryset=WorkingGroup.objects.order_by("name", "id"),
        empty_label="—",
        required=False,
        help_text=_(
            "Each agency that leads it now is asked: one as lead, several as co-leads. "
            "You see whom before anybody is."
        ),
    )

    def as_shared(self) -> AskForm:
        """Return what was typed for all of them, as the next page opens with it."""
        return AskForm(initial={name: self.cleaned_data.get(name) for name in AskForm.base_fields})
