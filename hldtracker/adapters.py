"""How sign-in differs from allauth's defaults: nobody signs up, and no request sends mail."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with e-mail and password, for people whom an administrator entered."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: people are entered by an administrator."""
        return False

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
