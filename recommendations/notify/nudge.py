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
REST_SECONDS = 5.0
"""How long an unreachable broker is left alone."""

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
        while True:
            self.wanted.wait()
            self.wanted.clear()
            try:
                current_app.send_task(self.task, expires=50)
            except Exception as error:  # the broker may fail in any way: the sweep stands in
                log.warning("no nudge, tried again soon: %s", type(error).__name__)
                time.sleep(REST_SECONDS)
                self.wanted.set()


nudge = Nudger()
nudge_jobs = Nudger("recommendations.tasks.run_jobs")
