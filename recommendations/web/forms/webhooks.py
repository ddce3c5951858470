"""Registering a webhook, and switching one off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import Roles
from agencies.models import Agency
from recommendations.domain.kinds import Kind, kinds_for
from recommendations.domain.webhooks import manages
from recommendations.models import Framework
from recommendations.web.forms.fields import Facts, ShortText

Owner = tuple[Framework, Agency | None]


def owners_for(roles: Roles) -> dict[str, Owner]:
    """Return for whom a person may register one, by the name in the form; two queries."""
    agencies = list(Agency.objects.filter(pk__in=roles.agencies, active=True).in_order())
    found: dict[str, Owner] = {}
    for framework in Framework.objects.order_by("-is_default", "id"):
        for agency in agencies:
            found[f"{framework.pk}-{agency.pk}"] = (framework, agency)
        if manages(roles, framework.pk, None):
            found[f"{framework.pk}-0"] = (framework, None)
    return found


def words_of(owner: Owner) -> str:
    """Return an owner in words."""
    framework, agency = owner
    names = {"framework": framework.short_title, "agency": agency}
    if agency is None:
        return _("The secretariat of %(framework)s") % names
    return _("%(agency)s, for %(framework)s") % names


def kinds_of(owners: Sequence[Owner]) -> list[Kind]:
    """Return the kinds of events that any of these owners can hear of, each once."""
    audiences = dict.fromkeys(agency is None for _framework, agency in owners)
    return list(
        dict.fromkeys(
            kind for secretariat in audiences for kind in kinds_for(secretariat=secretariat)
        )
    )


class WebhookForm(Facts):
    """For whom, which address, which events."""

    asked = ("owner", "address")

    owner = forms.ChoiceField(label=gettext_lazy("For whom"), widget=forms.RadioSelect)
    address = ShortText(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Of your system, such as https://example.org/hooks/tracker."),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        help_text=gettext_lazy("Choose none to hear of all."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, owners: dict[str, Owner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = owners
        fields: Any = self.fields
        fields["owner"].choices = [(key, words_of(owner)) for key, owner in owners.items()]
        if len(owners) == 1:
            fields["owner"].initial = next(iter(owners))
        kinds = kinds_of(list(owners.values()))
        fields["events"].choices = [(kind.name, kind.words) for kind in kinds]

    def clean_owner(self) -> str:
        """Ask for an owner where none is chosen."""
        chosen: str = self.cleaned_data.get("owner", "")
        if not chosen:
            raise forms.ValidationError(_("Choose for whom."))
        return chosen


class OffForm(Facts):
    """Why a webhook is switched off."""

    asked = ("reason",)

    reason = ShortText(label=gettext_lazy("Reason"), help_text=gettext_lazy("Kept in the history."))
