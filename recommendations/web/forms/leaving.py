"""A person who leaves: their last day, and who succeeds them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, User
from recommendations.domain.leaving import Leaving
from recommendations.web.forms.fields import Day, Facts, LongText


class LeavingForm(Facts):
    """The last day, a successor for each agency, the reason."""

    asked = ("last_day", "reason")

    last_day = Day(label=gettext_lazy("Last day"))
    reason = LongText(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("Kept in the history."), rows=2
    )

    def __init__(self, *args: Any, leaver: User, leaving: Leaving, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).exclude(pk=leaver.pk).order_by("name", "id")
        self.people = {str(person.pk): person for person in people}
        offered = [(pk, str(person)) for pk, person in self.people.items()]
        self.agencies = [one.agency for one in leaving.places]
        for agency in self.agencies:
            self.fields[field_of(agency)] = forms.ChoiceField(
                label=_("New focal point of %(agency)s") % {"agency": agency},
                choices=[("", _("Nobody yet")), *offered],
                required=False,
            )
        self.order_fields(["last_day", *(field_of(agency) for agency in self.agencies), "reason"])

    def facts(self) -> dict[str, Any]:
        """Return what was typed, for the domain."""
        read = self.cleaned_data
        return {
            "last_day": read.get("last_day"),
            "note": read.get("reason", ""),
            "successors": {
                agency.pk: self.people.get(read.get(field_of(agency), ""))
                for agency in self.agencies
            },
        }


def field_of(agency: Agency) -> str:
    """Return the name of the field for the successor in an agency."""
    return f"successor_{agency.pk}"
