"""The counters of the frameworks: pages and answers that are kept rest on them."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from agencies import writes
from agencies.models import Appointment


def renew(framework_id: int | None, *, public: bool) -> None:
    """Raise the counters of a framework, or of all of them, so that nothing kept stays stale.

    The public one only with what the public can see: its tag on a public page must not move
    with the rest. The one place that writes them; the ground floor names no framework itself.
    """
    frameworks: Any = Appointment._meta.get_field("framework").related_model
    counters = ("counter", "public_counter") if public else ("counter",)
    if framework_id is None:
        frameworks._default_manager.update(**{name: F(name) + 1 for name in counters})
    else:
        writes.raise_by_one(frameworks, counters, pk=framework_id)
