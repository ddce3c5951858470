"""The cast of the tests, and the only place that may take the triggers off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.db import connection, transaction

from agencies import triggers
from tests import clicks, make
from tests.stage import Stage, stage


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the clicks of the journeys that were walked, beside their targets."""
    for line in clicks.table(terminalreporter.getreports("passed")):
        terminalreporter.write_line(line)


MEETING = {"db", "transactional_db", "live_server", "django_db_setup"}
"""The fixtures of a test that meets a database; without one of them it is refused."""
REACHING = {"connection", "subprocess"}
"""The names in a module that may depend on the kind of database without such a fixture."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that meet a database.

    A module in which no test asks for a database, and which cannot reach one otherwise, says the
    same on every kind: it runs on one.
    """
    tests = [item for item in items if isinstance(item, pytest.Function)]
    meeting = {item.path for item in tests if meets_database(item)}
    for item in tests:
        if item.path in meeting:
            item.add_marker(pytest.mark.database)


def meets_database(item: pytest.Function) -> bool:
    """Say whether a test asks for a database, or stands where one can be reached otherwise."""
    return bool(
        MEETING.intersection(item.fixturenames)
        or item.get_closest_marker("django_db")
        or REACHING.intersection(vars(item.module))
    )


@pytest.fixture
def cast(db: None) -> make.Cast:
    """Return a small world: a framework, two agencies, and the people around them."""
    return make.cast()


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Return a world with every state, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield stage()
        transaction.set_rollback(True)


@pytest.fixture
def play(stage_of_module: Stage, db: None) -> Stage:
    """Return the stage, set once for a module; `db` undoes what a test does to it.

    A module with tests that commit for real cannot use it.
    """
    return stage_of_module


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """Let a test commit for real, and clear the tables afterwards.

    The event log refuses to be emptied, so its triggers go first; the migration signal of
    the flush puts them back. The application has no way to do this.
    """
    yield
    drop_triggers()


def drop_triggers() -> None:
    """Take the triggers off; the next migration, or the rollback of a test, puts them back."""
    with connection.cursor() as cursor:
        for trigger in triggers.for_backend(connection):
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


@pytest.fixture
def redis_url() -> str:
    """Return the address of a Redis for tests; skips without one, fails where one is required."""
    url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
    try:
        with redis.Redis.from_url(url or "redis://", socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("Redis is required here and does not answer")
        pytest.skip("Redis does not answer")
    return url
