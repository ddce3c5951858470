"""A cache in Redis that may fail: then it answers like an empty one, and quickly."""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
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
