"""A cache in Redis that may fail: then it answers like an empty one; and what counts without it."""

from __future__ import annotations

import copy
import fcntl
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

TIMEOUT_SECONDS = 0.2
REST_SECONDS = 30.0
MISSES: dict[str, Any] = {
    "add": True,
    "set": None,
    "touch": False,
    "delete": False,
    "get_many": {},
    "has_key": False,
    "set_many": None,
    "delete_many": None,
    "clear": False,
    "raised": None,
}
log = logging.getLogger(__name__)


class CountingClient(RedisCacheClient):
    """A client that is made once, and also adds to a sum in one exchange."""

    @cached_property
    def client(self) -> Redis:
        """Return what talks to Redis; to make it anew costs as much as to ask."""
        return super().get_client(write=True)

    def get_client(self, key: object = None, *, write: bool = False) -> Redis:
        """Return it: there is one server."""
        return self.client

    def raised(self, key: str, by: int, timeout: int) -> int:
        """Add to a sum that begins with 0 and lasts so many seconds; return it."""
        total = int(self.client.incrby(key, by))
        if total == by:
            self.client.expire(key, timeout)
        return total


class PatientRedisCache(RedisCache):
    """Waits 0.2 s for Redis; an unreachable Redis is a miss and is left alone for 30 s."""

    def raised(self, key: str, by: int, timeout: int) -> int:
        """Add to a sum that begins with 0 and lasts so many seconds, and return it.

        Without Redis nothing was added before.
        """
        found = self._cache.raised(self.make_and_validate_key(key), by, timeout)
        return by if found is None else int(found)

    @cached_property
    def _cache(self) -> Patient:  # type: ignore[override]
        client = CountingClient(
            self._servers,  # type: ignore[attr-defined]
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            **self._options,  # type: ignore[attr-defined]
        )
        return Patient(client)


class Patient:
    """Asks a cache client, or says what an empty cache would say."""

    def __init__(self, client: RedisCacheClient) -> None:
        self.client = client
        self.silent_until = 0.0

    def __getattr__(self, question: str) -> Callable[..., Any]:
        return partial(self.ask, question)

    def ask(self, question: str, *args: Any, **kwargs: Any) -> Any:
        """Put one question to Redis; ValueError where `incr` finds no key."""
        if time.monotonic() >= self.silent_until:
            try:
                return getattr(self.client, question)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self.silent_until = time.monotonic() + REST_SECONDS
                log.warning("cache unreachable, asked again in 30 s: %s", type(error).__name__)
        if question == "get":
            return args[1] if len(args) > 1 else kwargs.get("default")
        if question == "incr":
            raise ValueError(f"Key '{args[0]}' not found")
        return copy.copy(MISSES[question])


class FileCounts(DummyCache):
    """Sums without Redis: a small file for each, which all processes of the machine share.

    It keeps nothing else. A folder that cannot be written to is a Redis that is away.
    """

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(folder, params)
        self.folder = Path(folder)
        self.swept_at = 0.0

    def raised(self, key: str, by: int, timeout: int) -> int:
        """Add to a sum that begins with 0 and lasts about so many seconds, and return it."""
        name = salted_hmac(
            "limits", self.make_and_validate_key(key), algorithm="sha256"
        ).hexdigest()
        try:
            self.sweep(timeout)
            with (self.folder / name).open("a+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(0)
                total = int(file.read() or 0) + by
                file.truncate(0)
                file.write(str(total))
        except OSError as error:
            log.warning("sums cannot be kept: %s", type(error).__name__)
            return by
        return total

    def sweep(self, age: float) -> None:
        """Remove, now and then, the sums that nothing was added to for so many seconds."""
        now = time.time()
        if abs(now - self.swept_at) < age:
            return
        self.swept_at = now
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # another process was here first
                if path.stat().st_mtime < now - age:
                    path.unlink()
