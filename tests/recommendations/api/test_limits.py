"""What senders may ask for, counted in a Redis that all processes share, and that may go away."""

from __future__ import annotations

import multiprocessing
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connections
from django.test import Client
from pytest_django import Settings

from tests import make
from tests.figures import figure
from tests.recommendations.api.conftest import client_of, holder

FORK = multiprocessing.get_context("fork")
PROCESSES, EACH = 2, figure(small=8, full=200)
PERSON, ADDRESS = EACH * PROCESSES // 2, 20
PAGE = "/api/v1/frameworks/?limit=1"
pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def counted_in(settings: Settings) -> Callable[[str], None]:
    """Return what lets the limits count at an address, from nothing."""

    def count(location: str) -> None:
        settings.API_LIMITS = {"person": PERSON, "address": ADDRESS}
        backend = "hldtracker.cache.PatientRedisCache"
        limits = {"BACKEND": backend, "LOCATION": location, "KEY_PREFIX": uuid.uuid4().hex}
        settings.CACHES = {**settings.CACHES, "limits": limits}

    return count


def answers(client: Client, times: int, **headers: str) -> list[int]:
    """Return how a client is answered that asks so many times."""
    return [client.get(PAGE, headers=headers).status_code for _ in range(times)]


def from_processes(ask: Callable[[], list[int]]) -> Counter[int]:
    """Ask from processes of their own, started together; return how often each answer came."""
    connections.close_all()
    caches["limits"].close()
    start, found = FORK.Barrier(PROCESSES), FORK.SimpleQueue()

    def run() -> None:
        start.wait(60)
        found.put(ask())

    processes = [FORK.Process(target=run, daemon=True) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    said = [found.get() for _ in processes]
    for process in processes:
        process.join(60)
    return Counter(status for one in said for status in one)


@pytest.mark.drill
def test_processes_share_one_count_of_a_token(
    redis_url: str, counted_in: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    client = holder(make.cast().coordinator, "read")
    counted_in(redis_url)
    found = from_processes(lambda: answers(client, EACH))
    with capsys.disabled():
        print(f"\n{PROCESSES} processes, {EACH} requests each, {PERSON} allowed: {dict(found)}")

    assert found == {200: PERSON, 429: PROCESSES * EACH - PERSON}


def test_an_address_is_counted_apart_and_told_how_long_to_wait(
    redis_url: str, counted_in: Any
) -> None:
    client = holder(make.cast().coordinator, "read")
    counted_in(redis_url)
    stranger = client_of()
    found = answers(stranger, ADDRESS + 1)
    refused = stranger.get(PAGE)

    assert found == [*[200] * ADDRESS, 429]
    assert (refused["Retry-After"], refused["Content-Type"]) == ("60", "application/problem+json")
    assert answers(client, 1) == [200]


def test_a_file_costs_as_much_as_twenty_pages(redis_url: str, counted_in: Any) -> None:
    make.cast()
    counted_in(redis_url)
    stranger = client_of()

    assert answers(stranger, 1, Accept="text/csv") == [200]
    assert answers(stranger, 1) == [429]


def test_a_redis_that_is_away_lets_everybody_through(counted_in: Any) -> None:
    make.cast()
    counted_in("redis://127.0.0.1:1")

    assert answers(client_of(), ADDRESS * 2) == [200] * ADDRESS * 2
