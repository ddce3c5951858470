"""People who read and write on a site that runs elsewhere, and what their requests cost it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from django.db import connections

from tests.site import Site, cpu_of

WINDOW = 1.0
"""Seconds over which the processor time of the web is divided by its requests."""
BREATH = 0.05
"""Seconds between two requests of one person: the site has room to spare."""


@dataclass
class Load:
    """The requests made so far: seconds and status of each, and the cost of each window."""

    site: Site
    took: list[tuple[float, int]] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def ask(self, one: Callable[[], int]) -> None:
        """Make one request; one that is not answered counts as status 599."""
        began = time.monotonic()
        try:
            status = one()
        except OSError:
            status = 599
        self.took.append((time.monotonic() - began, status))

    def person(self, requests: Iterator[Callable[[], int]]) -> None:
        """Make one request after another until the load ends."""
        try:
            while not self.ended.wait(BREATH):
                self.ask(next(requests))
        finally:
            connections.close_all()

    def watch(self) -> None:
        """Note, for each window, how much processor time the web used for a request."""
        while not self.ended.is_set():
            used, count = cpu_of(self.site.processes("web")), len(self.took)
            self.ended.wait(WINDOW)
            made = len(self.took) - count
            if made:
                self.costs.append((cpu_of(self.site.processes("web")) - used) / made)

    @property
    def cost(self) -> float:
        """Return the median of the processor seconds for a request."""
        return median(self.costs)

    @property
    def slowest(self) -> float:
        """Return the seconds that the slowest request took."""
        return max(seconds for seconds, _status in self.took)

    @property
    def failed(self) -> list[int]:
        """Return the answers that say that the site failed."""
        return [status for _seconds, status in self.took if status >= 500]


@contextmanager
def load(site: Site, people: Sequence[Iterator[Callable[[], int]]]) -> Iterator[Load]:
    """Let each of these people make their requests meanwhile."""
    made = Load(site)
    threads = [threading.Thread(target=made.watch, daemon=True)]
    threads += [
        threading.Thread(target=made.person, args=(requests,), daemon=True) for requests in people
    ]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        made.ended.set()
        for thread in threads:
            thread.join(120)
