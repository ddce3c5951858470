"""What people are told about their own account: at once, to them alone, never bundled."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from agencies import history
from agencies.models import User
from recommendations.models import Delivery
from recommendations.notify import deliveries
from recommendations.notify.deliveries import Cause

AGAIN_AFTER = timedelta(minutes=1)
"""Who asks twice in a row gets one mail."""


def tell(kind: str, user: User, *, at: datetime, facts: Mapping[str, Any] | None = None) -> None:
    """Let a mail about their account be sent to a person, and wake the worker.

    `address` among the facts sends it there instead of to their present one.
    """
    cause = Cause(key=f"sign-in:{uuid.uuid4().hex}", kind=kind, facts=facts or {})
    deliveries.tell([(cause, [user])], at=at)
    transaction.on_commit(history.announce, robust=True)


def reset_asked(user: User, *, at: datetime) -> None:
    """Send a person a link with which they set a new password, unless one left just now."""
    with transaction.atomic():
        # One at a time: of two requests in one moment the second finds what the first wrote.
        User.objects.filter(pk=user.pk).update(version=F("version"))
        recent = Delivery.objects.filter(
            user=user,
            channel=Delivery.Channel.MAIL,
            kind="password_reset",
            made_at__gt=at - AGAIN_AFTER,
        )
        if not recent.exists():
            tell("password_reset", user, at=at)


def token_made(user: User, *, at: datetime) -> None:
    """Tell a person that a token was made for their account."""
    tell("account_changed", user, at=at, facts={"what": "token", "at": at.isoformat()})


def tell_of_change(
    sender: object,
    *,
    user: User,
    what: str,
    before: str,
    by: User | None,
    at: datetime,
    **more: Any,
) -> None:
    """Tell a person that their account was changed, by whichever door and whoever did it.

    An address that opens nothing any more is told so. The new one is told too, unless the
    person has just confirmed it.
    """
    facts = {"what": what, "at": at.isoformat(), "own": by == user}
    if what == "closed":
        tell("account_closed", user, at=at, facts=facts)
    elif what != "address":
        tell("account_changed", user, at=at, facts=facts)
    else:
        tell("account_changed", user, at=at, facts={**facts, "address": before})
        if by != user:
            tell("account_changed", user, at=at, facts={**facts, "what": "new_address"})
