"""What telling costs inside the request: our nudge, and one task published on commit, by turns."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from django.db import transaction

from agencies.history import event_recorded
from agencies.models import Agency, Event
from bench import usual

TURNS = 600
BREATH = 0.003
"""Seconds between two changes, as between two requests."""


def change(agency: Agency, then: Callable[[], object] | None) -> float:
    """Change a row and commit; return the seconds until the request could answer."""
    begun = time.perf_counter()
    with transaction.atomic():
        Agency.objects.filter(pk=agency.pk).update(name=agency.name)
        if then is not None:
            transaction.on_commit(then)
    return time.perf_counter() - begun


def measure(agency: Agency) -> None:
    """Print what each way adds to a change, and the ratio."""

    def nudged() -> None:
        event_recorded.send(sender=Event)

    def published() -> None:
        usual.tell.delay(0, 0)

    ways: dict[str, Callable[[], object] | None] = {
        "alone": None,
        "nudged": nudged,
        "published": published,
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _turn in range(TURNS):
        for name, then in ways.items():
            took[name].append(change(agency, then))
            time.sleep(BREATH)
    middle = {name: 1000 * median(seconds) for name, seconds in took.items()}
    ours, theirs = (middle[name] - middle["alone"] for name in ("nudged", "published"))
    print(
        f"inside the request: the change {middle['alone']:.2f} ms, our nudge {ours:+.2f} ms, "
        f"a published task {theirs:+.2f} ms: {ours / theirs:.2f} ×"
    )
