"""People as sign-in knows them: a row, and the address with which allauth finds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.dispatch import Signal

from agencies import history, revisions
from agencies.models import User

account_changed = Signal()
"""Sent in the transaction that changed how a person signs in: they are told, by whichever door.

With `user`, `what` ("password", "address", "closed" or "opened"), `before` (the address that they
had), `by` and `at`.
"""


def enter(user: User, *, by: User | None, at: datetime, note: str = "") -> User:
    """Save a new person with an address that can sign in, once they have a password.

    Raises ValidationError, nothing saved.
    """
    user.email = user.email.strip().lower()
    if not user.password:
        user.set_unusable_password()
    with transaction.atomic():
        revisions.create(user, by=by, at=at, note=note)
        keep_in_step(user)
    return user


def revise(
    user: User,
    *,
    values: Mapping[str, Any],
    by: User | None,
    at: datetime,
    note: str,
    version: int,
    verb: str = "revised",
) -> list[str]:
    """Change fields of a person; a new address replaces the old one at sign-in.

    Returns and raises what `revisions.revise` does.
    """
    if "email" in values:
        values = {**values, "email": str(values["email"]).strip().lower()}
    with transaction.atomic():
        before = User.objects.values_list("email", flat=True).get(pk=user.pk)
        changed = revisions.revise(
            user, values=values, by=by, at=at, note=note, version=version, verb=verb
        )
        keep_in_step(user)
        if "email" in changed:
            announce(user, "address", by=by, at=at, before=before)
        if "is_active" in changed:
            announce(user, "opened" if user.is_active else "closed", by=by, at=at)
    return changed


def announce(user: User, what: str, *, by: User | None, at: datetime, before: str = "") -> None:
    """Let whoever tells people know that an account was changed."""
    account_changed.send(sender=User, user=user, what=what, before=before, by=by, at=at)


def keep_in_step(user: User) -> None:
    """Let allauth know the one address of a person: theirs, primary and verified."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )


def set_password(
    user: User, password: str, *, by: User | None, at: datetime, note: str, version: int
) -> None:
    """Give a person a password; every session of theirs ends. Raises Conflict when stale.

    The caller has checked that the password is a good one.
    """
    with transaction.atomic():
        claimed = User.objects.filter(pk=user.pk, version=version).update(version=version + 1)
        user.refresh_from_db()
        if not claimed:
            raise revisions.Conflict(user, {})
        user.set_password(password)
        user.save(update_fields=["password"])
        history.append(user, "password_set", by=by, at=at, note=note)
        announce(user, "password", by=by, at=at)
