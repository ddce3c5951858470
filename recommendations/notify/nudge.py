"""The nudge after a commit: one thread a process wakes the worker; it may be lost.

Nothing here waits inside a request, and nothing depends on it: the sweep each minute finds
whatever a lost nudge leaves (design, rule 4).
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery import current_app

TASK = "recommendations.tasks.deliver"
FIRST_REST_SECONDS, REST_SECONDS = 0.1, 5.0
"""How long a broker is left alone after it failed once, doubled each time, and at most.

One failure is no broker that is away: a connection may have been closed since it was used last.
"""
BETWEEN_SECONDS = 0.1
"""How long commits are gathered after a message: publishing costs as much as a small request."""

log = logging.getLogger(__name__)


class Nudger:
    """Wakes the worker for a task after commits: many in a row make one message."""

    def __init__(self, task: str = TASK) -> None:
        self.task = task
        self.wanted = threading.Event()
        self.begun = threading.Lock()
        self.thread: threading.Thread | None = None

    def __call__(self, **kwargs: Any) -> None:
        """Ask for a nudge; returns at once, whatever the broker does."""
        self.wanted.set()
        if self.thread is None or not self.thread.is_alive():
            with self.begun:
                if self.thread is None or not self.thread.is_alive():
                    self.thread = threading.Thread(target=self.run, name="nudge", daemon=True)
                    self.thread.start()

    def run(self) -> None:
        """Send one message for all that was asked for since the last."""
        rest = FIRST_REST_SECONDS
        while True:
            self.wanted.wait()
            self.wanted.clear()
            try:
                current_app.send_task(self.task, expires=50)
                rest = FIRST_REST_SECONDS
                time.sleep(BETWEEN_SECONDS)
            except Exception as error:  # the broker may fail in any way: the sweep stands in
                log.warning("no nudge, tried again in %.1f s: %r", rest, error)
                time.sleep(rest)
                rest = min(2 * rest, REST_SECONDS)
                self.wanted.set()


nudge = Nudger()
nudge_jobs = Nudger("recommendations.tasks.run_jobs")
