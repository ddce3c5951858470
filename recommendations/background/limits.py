"""What one job may cost: seconds, memory, the size of a file."""

from __future__ import annotations

import resource
import signal
from datetime import timedelta

SECONDS = 120
MEMORY = 1536 * 1024 * 1024
LARGEST_FILE = 100 * 1024 * 1024
STARTING = 30
LEASE = timedelta(seconds=SECONDS + 2 * STARTING)
"""Longer than any program of a job lives: whoever finds the lease over finds nobody at work."""

PASS = timedelta(seconds=STARTING)
"""A pass of the worker begins no job later than this, so that its own time suffices for all."""


def limit_this_process() -> None:
    """Let this process end by itself when it takes too long, and refuse it too much memory.

    The kernel keeps these limits, also when the worker that started it is gone.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(SECONDS)
