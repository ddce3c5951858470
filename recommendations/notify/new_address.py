"""Changing one's address: a link to the new one, which only its reader can open.

Nothing is changed until the link is confirmed. It holds the address and a fingerprint of the
account as it was when the change was asked for: a password or an address that was changed
since makes it worthless, and so does its first use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare, salted_hmac

from agencies import people
from agencies.models import User
from recommendations.notify import accounts

SALT = "hldtracker.new-address"
LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Asked:
    """What a link says: whose address it changes, and into which."""

    user: User
    address: str


def ask(user: User, address: str, *, at: datetime) -> None:
    """Send a link to a new address. Where somebody has that address, nothing is sent or said."""
    address = address.strip().lower()
    if not User.objects.filter(email__iexact=address).exists():
        facts = {"address": address, "state": state_of(user)}
        accounts.tell("address_change", user, at=at, facts=facts)


def state_of(user: User) -> str:
    """Return the fingerprint of an account: another address or password, another fingerprint."""
    return salted_hmac(SALT, f"{user.pk} {user.email} {user.password}").hexdigest()[:32]


def token(user: User, facts: Mapping[str, Any], *, at: datetime) -> str:
    """Return what the link carries, signed; made when the mail leaves."""
    said = {"user": user.pk, "to": facts["address"], "state": facts["state"], "at": at.isoformat()}
    return signing.dumps(said, salt=SALT)


def asked_in(token: str, *, at: datetime) -> Asked | None:
    """Return what a link says, or nothing where it does not hold (any more)."""
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=said["user"], is_active=True).first()
    if user is None or not constant_time_compare(said["state"], state_of(user)):
        return None
    if at - datetime.fromisoformat(said["at"]) > LASTS:
        return None
    return Asked(user, said["to"])


def take(asked: Asked, *, at: datetime) -> bool:
    """Change the address; the old one is told. False where somebody has it by now."""
    user = asked.user
    try:
        people.revise(
            user,
            values={"email": asked.address},
            by=user,
            at=at,
            note="Confirmed by the link in a mail",
            version=user.version,
        )
    except ValidationError:
        return False
    return True
