"""Who asks: the session of a browser, or a token in the header Authorization."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request

from agencies import tokens
from agencies.models import User
from recommendations.api.reader import Opened, opened_by


class Bearer(BaseAuthentication):
    """A token of the API. A header that opens nothing is refused, not taken for a stranger's.

    Raises NotAuthenticated where it carries no token, AuthenticationFailed where it opens nothing.
    """

    def authenticate(self, request: Request) -> tuple[User, Opened] | None:
        """Return the person and what the secret opened; None without the header."""
        header = request.headers.get("Authorization", "").strip()
        if not header:
            return None
        kind, _space, secret = header.partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise NotAuthenticated
        at = timezone.now()
        opened = opened_by(secret.strip(), at=at)
        if opened is None or opened.token.user.is_demo and not settings.HLDTRACKER_DEMO:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        tokens.note_use(opened.token, at=at)
        return opened.token.user, opened

    def authenticate_header(self, request: Request) -> str:
        """Return how to sign in."""
        return 'Bearer realm="api"'
