"""How long the answers to requests that may come twice are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from recommendations.models import Repeat

KEPT = timedelta(hours=24)


def forget(*, at: datetime) -> int:
    """Drop the answers that were kept long enough; return how many."""
    dropped, _kinds = Repeat.objects.filter(claimed_at__lte=at - KEPT).delete()
    return dropped
