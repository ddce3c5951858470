"""Who asks: the session of a browser, or a token in the header Authorization."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agencies import tokens
from agencies.models import Token, User


class Bearer(BaseAuthentication):
    """A token of the API. A header that opens nothing is refused, not taken for a stranger's."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return the person and the token; None without the header."""
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        kind, _space, secret = header.partition(" ")
        at = timezone.now()
        token = tokens.found_by(secret.strip(), at=at) if kind.lower() == "bearer" else None
        if token is None or token.user.is_demo and not settings.HLDTRACKER_DEMO:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        tokens.note_use(token, at=at)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Return how to sign in."""
        return 'Bearer realm="api"'
