"""Handing over between two days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.handovers import Charge
from agencies.models import User
from recommendations.models import Framework
from recommendations.web.forms.fields import Day, Facts, LongText


class HandOverForm(Facts):
    """To whom, what, from when until when."""

    asked = ("charge", "to", "from_on", "until_on")

    charge = forms.ChoiceField(
        label=gettext_lazy("What you hand over"), widget=forms.RadioSelect, required=False
    )
    to = forms.ChoiceField(label=gettext_lazy("Who acts for you"))
    from_on = Day(label=gettext_lazy("First day"))
    until_on = Day(label=gettext_lazy("Last day"))
    note = LongText(
        label=gettext_lazy("Note"), help_text=gettext_lazy("The other person reads it."), rows=2
    )

    def __init__(
        self, *args: Any, charges: Sequence[Charge], receivers: dict[User, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.charges = {key_of(charge): charge for charge in charges}
        self.receivers = {str(user.pk): user for user in receivers}
        named: Any = self.fields["charge"]
        named.choices = [(key, words_of(charge)) for key, charge in self.charges.items()]
        if len(self.charges) == 1:
            named.widget = forms.HiddenInput()
            self.initial.setdefault("charge", next(iter(self.charges)))
        chosen: Any = self.fields["to"]
        people = [(str(user.pk), f"{user} ({words})") for user, words in receivers.items()]
        chosen.choices = people if len(people) == 1 else [("", "—"), *people]

    def facts(self) -> dict[str, Any]:
        """Return what was chosen, for the domain."""
        read = self.cleaned_data
        days = {name: read.get(name) for name in ("from_on", "until_on")}
        return {"to": self.receivers.get(read.get("to", "")), "note": read.get("note", ""), **days}

    def charge_chosen(self) -> Charge | None:
        """Return what is handed over, or None where nothing was chosen."""
        return self.charges.get(self.cleaned_data.get("charge", ""))


def key_of(charge: Charge) -> str:
    """Return the name of a charge in the form."""
    if charge.agency is not None:
        return f"agency-{charge.agency.pk}"
    return f"office-{charge.framework_id or 'all'}"


def words_of(charge: Charge) -> str:
    """Return a charge in words."""
    if charge.agency is not None:
        return str(charge.agency)
    if charge.framework_id is None:
        return _("As coordinator of all frameworks")
    framework = Framework.objects.get(pk=charge.framework_id)
    return _("As coordinator of %(framework)s") % {"framework": framework.short_title}


def receivers_of(charges: Sequence[Charge], *, giver: User, day: Any) -> dict[User, str]:
    """Return who has one of these charges as well, each with what they are; a query a charge."""
    found: dict[User, list[str]] = defaultdict(list)
    for charge in charges:
        rows = charge.holders().exclude(user=giver).filter(user__is_active=True)
        rows = rows.exclude(until_on__lt=day).select_related("user", *related(charge))
        for row in rows.order_by("user__name", "user_id", "id"):
            words = (
                f"{row.agency}, {row.get_capacity_display()}"
                if charge.agency is not None
                else str(row.get_office_display())
            )
            if words not in found[row.user]:
                found[row.user].append(words)
    return {user: "; ".join(words) for user, words in found.items()}


def related(charge: Charge) -> tuple[str, ...]:
    """Return what else a row about a charge names."""
    return ("agency",) if charge.agency is not None else ()
