"""What telling costs inside the request: our nudge, and one task published on commit, by turns."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from django.db import transaction

from agencies.history import event_recorded
from agencies.models import Agency, Event
from bench import usual

TURNS = 300
BREATH = 0.01
"""Seconds between two changes, as between two requests."""


def change(agency: Agency, then: Callable[[], object]) -> float:
    """Change a row and commit; return for how many seconds the request waits for `then`."""
    waited = 0.0

    def after_commit() -> None:
        nonlocal waited
        begun = time.perf_counter()
        then()
        waited = time.perf_counter() - begun

    with transaction.atomic():
        Agency.objects.filter(pk=agency.pk).update(name=agency.name)
        transaction.on_commit(after_commit)
    return waited


def nudged() -> None:
    """Announce that an event was committed: whoever listens is told, and nobody waits."""
    event_recorded.send(sender=Event)


def published() -> None:
    """Publish a task to Redis."""
    usual.tell.delay(0, 0)


def measure(agency: Agency) -> None:
    """Print for how long a request waits for each way, and the ratio."""
    took: dict[str, list[float]] = {"nudged": [], "published": []}
    for _turn in range(TURNS):
        for then in (nudged, published):
            took[then.__name__].append(change(agency, then))
            time.sleep(BREATH)
    ours, theirs = (1000 * median(took[name]) for name in ("nudged", "published"))
    print(
        f"inside the request: our nudge {ours:.3f} ms, a published task {theirs:.3f} ms: "
        f"{ours / theirs:.3f} ×",
        flush=True,
    )
