"""How sign-in differs from allauth's defaults.

No sign-up, no mail inside a request, demo people in a demo only.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies import people
from recommendations.notify import accounts

log = logging.getLogger(__name__)


def is_demo_elsewhere(user: Any) -> bool:
    """Say whether a person belongs to a demo, and this site is none: they may not be in."""
    return bool(user.is_demo) and not settings.HLDTRACKER_DEMO


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs people in; a demo person only in a demo, and a session of theirs ends with it."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Ask at sign-in, and again for the session of each request."""
        return bool(super().user_can_authenticate(user)) and not is_demo_elsewhere(user)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with e-mail and password, for people whom an administrator entered."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "No account has this e-mail address and password. Check both and sign in again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: people are entered by an administrator."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Refuse a demo person elsewhere as if the password were wrong.

        allauth hands on people whom the backend refused, to tell them that they left.
        """
        user = super().authenticate(request, **credentials)
        return None if user is not None and is_demo_elsewhere(user) else user

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Stop a demo person elsewhere on every other way in."""
        if is_demo_elsewhere(user):
            raise PermissionDenied
        return super().pre_login(request, user, **kwargs)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Note that the person asked; the mail, and the key in it, is made when it leaves.

        A demo person elsewhere gets none, and the page says the same.
        """
        if not is_demo_elsewhere(user):
            accounts.reset_asked(user, at=timezone.now())

    def set_password(self, user: Any, password: str) -> None:
        """Set a password by the link of a mail: with its event, and a mail that says so."""
        people.set_password(
            user,
            password,
            by=user,
            at=timezone.now(),
            note="Set by the link in a mail",
            version=user.version,
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: mail leaves through the outbox only, never inside a request."""
        log.warning("no mail inside a request: %s", template_prefix)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the page that follows shows who is signed in."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on, later: for people who are known already, never for new ones."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Say no: people are entered by an administrator."""
        return False
