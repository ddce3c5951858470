"""Mails about an account: written when they are sent, so that no token waits in the database."""

from __future__ import annotations

from datetime import datetime

from agencies.models import User
from recommendations.models import Delivery


def write(delivery: Delivery, *, user: User, at: datetime) -> tuple[str, str, str]:
    """Return subject, text and HTML of a mail about the account of a person."""
    raise NotImplementedError(delivery.kind)
