"""How much one sender may ask for in a minute: counted for each token, person and address."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from recommendations.api.accepted import CSV
from recommendations.api.reader import Opened

WINDOW = 60
"""Seconds."""
COSTS = {"GET": 1, "HEAD": 1}
WRITING = 5
FILE = 20
"""What a request costs: reading 1, changing something 5, a list as a file 20."""


@dataclass(frozen=True)
class Spent:
    """What a request cost: where it was counted, how much of how much is spent with it."""

    key: str
    cost: int
    total: int
    most: int

    @property
    def headers(self) -> dict[str, str]:
        """Return what is left of this minute, as the draft of the IETF tells it."""
        left, seconds = max(0, self.most - self.total), max(1, round(until_next()))
        return {
            "RateLimit-Policy": f'"minute";q={self.most};w={WINDOW}',
            "RateLimit": f'"minute";r={left};t={seconds}',
        }

    def without_work(self) -> Spent:
        """Give back what an answer that was spared did not cost: it costs 1."""
        if self.cost <= 1:
            return self
        return replace(self, cost=1, total=count(self.key, 1 - self.cost))


class Limit(BaseThrottle):
    """Counts what requests cost in the minute that runs, in the cache that all processes share.

    Adding is a single step there, so that requests at one moment do not pass together. Without
    a cache that answers, everything passes.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Say whether the sender has something left in this minute."""
        sender, most = sender_of(request)
        if not most:
            return True
        key, cost = f"api:{sender}:{int(time.time() // WINDOW)}", cost_of(request, view)
        view.spent = Spent(key, cost, count(key, cost), most)
        return bool(view.spent.total <= most)

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return until_next()


def until_next() -> float:
    """Return the seconds until the next minute begins."""
    return WINDOW - time.time() % WINDOW


def sender_of(request: Request) -> tuple[str, int]:
    """Return who is counted, and how much they may ask for: 0 is without limit."""
    if request.auth is not None:
        opened = cast(Opened, request.auth)
        return f"token:{opened.token.pk}", settings.API_LIMITS["person"]
    if request.user is not None and request.user.pk is not None:
        return f"person:{request.user.pk}", settings.API_LIMITS["person"]
    return f"address:{get_adapter().get_client_ip(request._request)}", settings.API_LIMITS[
        "address"
    ]


def cost_of(request: Request, view: Any) -> int:
    """Return what a request costs."""
    if view.form == CSV:
        return FILE
    asked = COSTS.get(request.method or "", WRITING)
    return max(asked, getattr(view, "cost", 1))


def count(key: str, cost: int) -> int:
    """Add to what was counted under a key, and return the sum."""
    cache: Any = caches["limits"]
    return int(cache.raised(key, cost, timeout=2 * WINDOW))
