"""Tokens of the API: made and shown once, found by their secret, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agencies.models import Agency, Membership, Token, User

MARK = "hldt_"
"""What every secret begins with, so that scanners of published code know one."""
SHOWN = 12
"""Characters of a secret by which a person recognises it."""
LONGEST_LIFE = timedelta(days=366)
MOST = 20
"""Tokens of one person that are valid at once."""
NOTED_EACH = timedelta(minutes=5)
"""How exactly the last use is kept: reading must not write a row each time."""


def issue(
    user: User,
    *,
    name: str,
    scopes: Collection[str],
    agency: Agency | None,
    expires_at: datetime,
    at: datetime,
) -> tuple[Token, str]:
    """Make a token, and return it with its secret, which is shown once and kept nowhere.

    Raises ValidationError, by field, for what cannot stand.
    """
    name = " ".join(name.split())
    with transaction.atomic():
        held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        refuse(held, name=name, scopes=scopes, agency=agency, expires_at=expires_at, at=at)
        secret = MARK + secrets.token_urlsafe(32)
        token = Token.objects.create(
            user=held,
            name=name,
            prefix=secret[:SHOWN],
            secret_hash=hash_of(secret),
            scopes=[scope for scope in Token.Scope.values if scope in scopes],
            agency=agency,
            made_at=at,
            expires_at=expires_at,
        )
    return token, secret


def refuse(
    user: User,
    *,
    name: str,
    scopes: Collection[str],
    agency: Agency | None,
    expires_at: datetime,
    at: datetime,
) -> None:
    """Raise ValidationError where a token like this cannot be made."""
    problems: dict[str, str] = {}
    if not name or len(name) > 80 or "\x00" in name:
        problems["name"] = _("Give the token a name of at most 80 characters.")
    elif valid_tokens(user, at=at).count() >= MOST:
        problems["name"] = _("You have %(most)d tokens. Revoke one that is no longer used.") % {
            "most": MOST
        }
    if not scopes or not set(scopes) <= set(Token.Scope.values):
        problems["scopes"] = _("Choose at least one thing that the token may do.")
    if not at < expires_at <= at + LONGEST_LIFE:
        problems["expires_at"] = _("Choose a day within the next 366 days.")
    if agency is not None and not agencies_of(user, at=at).filter(pk=agency.pk).exists():
        problems["agency"] = _("Choose an agency that you act for today.")
    if problems:
        raise ValidationError(problems)


def agencies_of(user: User, *, at: datetime) -> QuerySet[Agency]:
    """Return the agencies to which a token of a person can be bound."""
    places = Membership.objects.on(at.date()).filter(user=user)
    return Agency.objects.filter(pk__in=places.values("agency")).in_order()


def tokens_of(user: User) -> QuerySet[Token]:
    """Return the tokens of a person, the newest first."""
    return Token.objects.filter(user=user).select_related("agency").order_by("-made_at", "-id")


def valid_tokens(user: User, *, at: datetime) -> QuerySet[Token]:
    """Return the tokens of a person that open something at a moment."""
    return Token.objects.filter(user=user).filter(valid(at))


def valid(at: datetime) -> Q:
    """Return the condition that a token opens something at a moment."""
    return Q(revoked_at__isnull=True, expires_at__gt=at, user__is_active=True)


TOKEN = [field.attname for field in Token._meta.concrete_fields]
USER = [field.attname for field in User._meta.concrete_fields]
COLUMNS = (*TOKEN, *(f"user__{name}" for name in USER))
"""What a token and its person are made of, in this order."""


def with_secret(secret_hash: str, at: datetime) -> QuerySet[Token]:
    """Return the token with the secret of this hash, if it opens something at a moment."""
    return Token.objects.filter(valid(at), secret_hash=secret_hash)


def token_of(row: Sequence[Any]) -> Token:
    """Return the token with its person of a row that begins with COLUMNS."""
    token = Token.from_db(DEFAULT_DB_ALIAS, TOKEN, row[: len(TOKEN)])
    token.user = User.from_db(DEFAULT_DB_ALIAS, USER, row[len(TOKEN) : len(COLUMNS)])
    return token


def may_open(secret: str) -> bool:
    """Say whether something looks like a secret."""
    return secret.startswith(MARK) and len(secret) <= 100


def note_use(token: Token, *, at: datetime) -> None:
    """Keep when a token was last used; written at most once in five minutes."""
    if token.last_used_at is not None and at - token.last_used_at < NOTED_EACH:
        return
    before = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - NOTED_EACH)
    Token.objects.filter(before, pk=token.pk).update(last_used_at=at)


def revoke(token: Token, *, at: datetime) -> None:
    """End a token at once; one that has ended stays as it was."""
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)


def hash_of(secret: str) -> str:
    """Return what is kept of a secret: 32 random bytes need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
