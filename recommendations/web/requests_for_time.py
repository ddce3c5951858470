"""Requests for more time, as pages show them to the two sides."""

from __future__ import annotations

from recommendations.models import Duty, TimeRequest


def newest(duty: Duty) -> TimeRequest | None:
    """Return the newest request of a duty with its answer; one query."""
    rows = duty.time_requests.select_related("answer", "recorded_by")
    return rows.order_by("-id").first()
