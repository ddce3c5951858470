"""The forms around sign-in in our own words: what to enter, never what is wrong with the person."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm, UserTokenForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from hldtracker.adapters import is_demo_elsewhere

ENTER_ADDRESS = {
    "required": _("Enter your e-mail address."),
    "invalid": _("Enter an e-mail address like name@example.org."),
}


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password; both may be pasted (WCAG 2.2, 3.3.8)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("E-mail address"), _("Password")
        login.error_messages |= ENTER_ADDRESS
        password.error_messages |= {"required": _("Enter your password.")}
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)


class ResetForm(ResetPasswordForm):  # type: ignore[misc]
    """The address of somebody who forgot their password, or never had one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        field.label = _("E-mail address")
        field.error_messages |= ENTER_ADDRESS
        field.widget.attrs.pop("placeholder", None)


class ResetLinkForm(UserTokenForm):  # type: ignore[misc]
    """Whose link it is. One for somebody who may not sign in opens nothing."""

    def _get_user(self, uidb36: str) -> Any:
        user = super()._get_user(uidb36)
        may_sign_in = user is not None and user.is_active and not is_demo_elsewhere(user)
        return user if may_sign_in else None


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = self.fields["password1"], self.fields["password2"]
        first.label, second.label = _("New password"), _("New password again")
        first.help_text = " ".join(password_validators_help_texts())
        first.error_messages |= {"required": _("Enter a new password.")}
        second.error_messages |= {"required": _("Enter the new password again.")}
        for field in (first, second):
            field.widget.attrs.pop("placeholder", None)
