"""Redis goes away or freezes under load: no page fails, none costs more, and mail goes on after."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from django.db import connection

from agencies.models import Agency, User
from recommendations.models import Action, Assignment
from tests import crowd, make
from tests.crowd import Proposer, cookies_of, unsent
from tests.figures import DRILL, figure
from tests.load import Load, load
from tests.redis_server import Redis, redis_server
from tests.sink import sink
from tests.site import Site, eventually, site

SECONDS = figure(small=5, full=60)
DRAINED_WITHIN = 60
DEARER_AT_MOST = 1.25 if DRILL else 1.6
"""Times the processor time of a request without the fault; five seconds tell less than sixty."""
TIMEOUT_OF_GUNICORN = 60
READERS, WRITERS = 3, 1
AGENCIES, ACTIONS = 30, figure(small=20, full=150)
pytestmark = [
    pytest.mark.drill,
    pytest.mark.usefixtures("committed"),
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not found"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it reads /proc"),
]


def reading(running: Site, person: User) -> Iterator[Callable[[], int]]:
    """Yield the requests of a person who reads one page after another, signed in or not."""
    cookies = cookies_of(person)
    pages = ("/f/hld-2013/", "/work/", "/f/hld-2013/actions/", "/inbox/")
    for number in count():
        page = pages[number % len(pages)]
        yield lambda page=page: running.ask("GET", page, cookies=cookies)  # type: ignore[misc]


def writing(
    running: Site, coordinator: User, actions: list[Action], agencies: list[Agency]
) -> Iterator[Callable[[], int]]:
    """Yield the requests of a coordinator who proposes one action after another."""
    cookies = cookies_of(coordinator)
    for action in actions:
        proposer = Proposer(running, coordinator, cookies, action, [])
        for agency in agencies:
            yield lambda proposer=proposer, agency=agency: proposer.propose(agency)  # type: ignore[misc]


def stop(redis: Redis) -> None:
    """Stop Redis for a while, and start it again."""
    redis.stop()
    time.sleep(SECONDS)
    redis.start()


def freeze(redis: Redis) -> None:
    """Freeze Redis for a while, and thaw it."""
    redis.signal(signal.SIGSTOP)
    time.sleep(SECONDS)
    redis.signal(signal.SIGCONT)


def drained(since: float) -> float:
    """Return how many seconds after a moment nothing was left to be sent."""
    assert eventually(lambda: not unsent(), seconds=DRAINED_WITHIN + 30, every=0.2)
    return time.monotonic() - since


def test_redis_stopped_and_frozen_under_load(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("Redis stands beside PostgreSQL")
    cast = make.cast()
    agencies = crowd.agencies(AGENCIES, with_people=1)
    actions = [make.action(cast.area, f"B{n}", order=n) for n in range(1, ACTIONS + 1)]
    crowd.forget_all()
    runs: dict[str, Load] = {}
    late: dict[str, float] = {}
    faults: dict[str, Callable[[Redis], None]] = {
        "without": lambda _redis: time.sleep(SECONDS),
        "stopped": stop,
        "frozen": freeze,
        "without again": lambda _redis: time.sleep(SECONDS),
    }
    with (
        redis_server(tmp_path) as redis,
        sink(tmp_path / "sink") as mails,
        site(tmp_path, EMAIL_URL=mails.url, REDIS_URL=redis.url) as running,
    ):
        writer = writing(running, cast.coordinator, actions, agencies)
        people = [*(reading(running, cast.ilo_focal_point) for _one in range(READERS)), writer]
        with load(running, people):
            time.sleep(3)  # what is asked for the first time costs more
        for name, fault in faults.items():
            with load(running, people) as runs[name]:
                fault(redis)
                back = time.monotonic()
            late[name] = drained(back)
        told = {to for _at, _name, to in mails.taken()}
    usual = (runs["without"].cost + runs["without again"].cost) / 2
    dearer = {name: runs[name].cost / usual for name in ("stopped", "frozen")}
    with capsys.disabled():
        for name, run in runs.items():
            print(
                f"\n{name} {SECONDS} s: {len(run.took)} requests, {len(run.failed)} failed,",
                f"slowest {run.slowest:.2f} s, {run.cost / usual:.2f} × CPU,",
                f"drained {late[name]:.1f} s after",
                end=" ",
            )
    assert [run.failed for run in runs.values()] == [[], [], [], []]
    assert max(run.slowest for run in runs.values()) < TIMEOUT_OF_GUNICORN
    assert max(dearer.values()) <= DEARER_AT_MOST
    assert max(late.values()) <= DRAINED_WITHIN
    proposed = Assignment.objects.values_list("agency__code", flat=True).distinct()
    assert told == {f"{code.lower()}-0@example.org" for code in proposed}
