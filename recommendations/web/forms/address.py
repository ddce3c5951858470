"""A new address, and the password that shows who asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies.models import User


class AddressForm(forms.Form):
    """The address with which a person wants to sign in. Says nothing about other people's."""

    use_required_attribute = False

    address = forms.EmailField(
        label=lazy("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        error_messages={
            "required": lazy("Enter the new address."),
            "invalid": lazy("Enter an e-mail address like name@example.org."),
        },
    )
    password = forms.CharField(
        label=lazy("Your present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": lazy("Enter your present password.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_address(self) -> str:
        """Refuse the address that the person has."""
        address = str(self.cleaned_data["address"]).strip().lower()
        if address == self.user.email.lower():
            raise forms.ValidationError(_("This is your address already."))
        return address

    def clean_password(self) -> str:
        """Refuse a wrong password."""
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your present password."))
        return password
