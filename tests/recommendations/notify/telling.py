"""Telling people something by the one writer of deliveries, for the tests of what they see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from agencies.models import User, Versioned
from recommendations.models import Delivery
from recommendations.notify import deliveries
from recommendations.notify.deliveries import Cause
from tests import make


def told(
    user: User,
    subject: Versioned | None,
    *,
    kind: str = "returned",
    at: datetime = make.NOW,
    key: str = "",
    **facts: Any,
) -> Delivery:
    """Tell a person something about an object, and return the line in their inbox."""
    key = key or f"event:{Delivery.objects.count() + 1000}"
    framework = getattr(subject, "framework_id", None)
    cause = Cause(key, kind, framework_id=framework, subject=subject, facts=facts)
    deliveries.tell([(cause, [user])], at=at)
    return Delivery.objects.get(cause=key, user=user, channel=Delivery.Channel.INBOX)
