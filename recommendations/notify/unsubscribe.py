"""Unsubscribing with one click from a mail (RFC 8058), without signing in."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from agencies.models import User

SALT = "hldtracker.unsubscribe"
DIGEST = "digest"
"""All that only informs, as the digest does: duties are never switched off."""


def address_of(user: User, base_url: str) -> str:
    """Return the address for the List-Unsubscribe header of a person's mails.

    It is signed, holds nothing but their number, and never expires: a mail can be old.
    """
    token = signing.dumps([user.pk, DIGEST], salt=SALT)
    return base_url.rstrip("/") + reverse("unsubscribe", args=[token])


def person_of(token: str) -> User | None:
    """Return whose address this is; None where we did not sign it."""
    try:
        pk, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    ours = kind == DIGEST and isinstance(pk, int)
    return User.objects.filter(pk=pk).first() if ours else None
