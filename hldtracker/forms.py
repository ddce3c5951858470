"""The sign-in form in our own words: what to enter, never what is wrong with the person."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password; both may be pasted (WCAG 2.2, 3.3.8)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("E-mail address"), _("Password")
        login.error_messages |= {
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address like name@example.org."),
        }
        password.error_messages |= {"required": _("Enter your password.")}
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)
