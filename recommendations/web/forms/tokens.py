"""A new token of the API, and the password that shows who asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies.models import Agency, Token, User
from recommendations.web.forms.fields import Facts, ShortText

DAYS = ((30, lazy("30 days")), (90, lazy("90 days")), (365, lazy("A year")))


class TokenForm(Facts):
    """What a token is called, what it may do, for which agency, and until when."""

    asked = ("name", "scopes")

    name = ShortText(label=lazy("Name"), help_text=lazy("Which program uses it."))
    scopes = forms.MultipleChoiceField(
        label=lazy("It may"),
        choices=Token.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        label=lazy("Agency"),
        empty_label=lazy("All that I am"),
        help_text=lazy("With an agency it acts for that one alone, and in no office of yours."),
        required=False,
    )
    days = forms.TypedChoiceField(label=lazy("Valid for"), choices=DAYS, coerce=int, initial=90)
    password = forms.CharField(
        label=lazy("Your present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": lazy("Enter your present password.")},
    )

    def __init__(self, *args: Any, user: User, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        field: Any = self.fields["agency"]
        field.queryset = agencies

    def clean_password(self) -> str:
        """Refuse a wrong password."""
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your present password."))
        return password

    def facts(self, *, at: datetime) -> dict[str, Any]:
        """Return what the token is made with."""
        read = self.cleaned_data
        return {
            "name": read["name"],
            "scopes": read["scopes"],
            "agency": read["agency"],
            "expires_at": at + timedelta(days=read["days"]),
        }

    def say(self, problems: Mapping[str, Iterable[str]]) -> None:
        """Show what cannot stand at its field."""
        for name, texts in problems.items():
            self.add_error("days" if name == "expires_at" else name, list(texts))
