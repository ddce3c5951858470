"""A Redis of a test's own, which may go away and come back."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.site import eventually, free_port


@dataclass
class Redis:
    """A Redis of a test's own, which may go away and come back."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, with what it had written down."""
        keep = ["--appendonly", "yes", "--save", "", "--dir", str(self.folder)]
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", *keep]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        assert eventually(self.answers, seconds=20)

    def answers(self) -> bool:
        """Say whether it answers."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def forget(self) -> None:
        """Empty it."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def signal(self, number: int) -> None:
        """Stop, freeze or thaw it."""
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self) -> None:
        """Stop it and wait for its end."""
        self.signal(signal.SIGTERM)
        assert self.process is not None
        self.process.wait()


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[Redis]:
    """Run a Redis on a free port; skips nothing: who calls knows that the program is there."""
    found = Redis(folder, free_port())
    found.start()
    try:
        yield found
    finally:
        assert found.process is not None
        found.process.kill()
        found.process.wait()
