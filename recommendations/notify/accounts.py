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


def password_changed(user: User, *, at: datetime) -> None:
    """Tell a person that their password was changed."""
    tell("account_changed", user, at=at, facts={"what": "password", "at": at.isoformat()})


def address_changed(user: User, *, before: str, at: datetime) -> None:
    """Tell the address that a person had that it opens their account no more."""
    facts = {"what": "address", "at": at.isoformat(), "address": before}
    tell("account_changed", user, at=at, facts=facts)
