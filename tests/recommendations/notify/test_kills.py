"""What is killed at any moment loses nothing; a second copy is the same mail again."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from agencies.models import Agency
from recommendations.models import Delivery, Message, ScheduledRun
from recommendations.notify import passes
from tests import crowd, make
from tests.crowd import Proposer, cookies_of, unsent
from tests.figures import figure
from tests.redis_server import redis_server
from tests.sink import Sink, sink
from tests.site import Site, eventually, site

KILLS = {"Redis": figure(small=8, full=200), "files": figure(small=6, full=60)}
PEOPLE = {"Redis": 15, "files": 50}
"""Focal points of each agency: so many mails after each kill."""
LEASE = 6
"""Seconds: short, as what a killed sender held is sent after it; longer than a wait for SQLite."""
SENDER_KILLS, CROWD = figure(small=8, full=200), figure(small=300, full=3_000)
SENDERS, DELIVERIES = 4, figure(small=400, full=10_000)
FORK = multiprocessing.get_context("fork")
pytestmark = [
    pytest.mark.drill,
    pytest.mark.usefixtures("committed"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it reads /proc"),
]


@pytest.fixture
def mails(tmp_path: Path, settings: Settings) -> Iterator[Sink]:
    """Return a mail server in a process of its own, to which this process sends as well."""
    settings.DELIVERY_WAIT_SECONDS = 0
    with sink(tmp_path / "sink") as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", urlsplit(running.url).port
        yield running


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the variables of a broker: Redis beside PostgreSQL, files beside SQLite."""
    if connection.vendor == "sqlite":
        yield {}
        return
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not found")
    with redis_server(tmp_path) as running:
        yield {"REDIS_URL": running.url}


def start(work: Callable[[], None]) -> multiprocessing.process.BaseProcess:
    """Start a process with database connections of its own."""
    connections.close_all()
    process = FORK.Process(target=work, daemon=True)
    process.start()
    return process


def send_until_killed() -> None:
    """Do pass after pass."""
    while True:
        passes.deliver(clock=timezone.now)
        time.sleep(0.01)


def send_what_there_is() -> None:
    """Do passes until nothing is left."""
    while unsent():
        passes.deliver(clock=timezone.now)
        time.sleep(0.01)


@dataclass
class Killer:
    """Kills a process of the site, or a sender beside it, and counts who was sending."""

    site: Site
    rng: Random
    sender: multiprocessing.process.BaseProcess | None = None
    killed: Counter[str] = field(default_factory=Counter)
    senders: int = 0

    def strike(self) -> None:
        """Kill somebody. What is dead already cannot be killed: then the sender is."""
        if self.sender is None:
            self.sender = start(send_until_killed)
        part = self.rng.choice(["worker", "worker", "sender", "web"])
        processes = self.site.processes(part) if part != "sender" else []
        if not processes:
            part, processes = "sender", [self.sender.pid or 0]
        victim = self.rng.choice(processes)
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        if part == "sender":
            self.sender.join()
            self.sender = None
        if part != "web":
            # The first process of a worker takes its pool along; threads die with their process.
            self.senders += 2 if victim == processes[0] and part == "worker" else 1
        self.killed[part] += 1


def wait_for_a_moment(mails: Sink, rng: Random, mails_to_come: int, *, patience: float) -> None:
    """Wait for some mails, then for a moment anywhere between the last of them and the next."""
    target = mails.count() + mails_to_come
    eventually(lambda: mails.count() >= target, seconds=patience, every=0.002)
    time.sleep(rng.uniform(0, 0.02))


def strike_while(
    killer: Killer, proposer: Proposer, agencies: Sequence[Agency], mails: Sink, most: int
) -> None:
    """Kill once for each agency, at a random moment while its people are told."""
    allowed = threading.Semaphore(0)

    def propose_all() -> None:
        for agency in agencies:
            allowed.acquire()
            proposer.insist([agency])
        connections.close_all()

    proposing = threading.Thread(target=propose_all, daemon=True)
    proposing.start()
    for _agency in agencies:
        allowed.release()
        coming, patience = killer.rng.randint(0, most), killer.rng.uniform(0.05, 2)
        wait_for_a_moment(mails, killer.rng, coming, patience=patience)
        killer.strike()
    proposing.join(120)
    assert not proposing.is_alive()


def test_whatever_is_killed_nothing_is_lost(
    mails: Sink,
    broker: dict[str, str],
    tmp_path: Path,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.DELIVERY_LEASE_SECONDS = LEASE
    name = "Redis" if broker else "files"
    cast = make.cast()
    agencies = crowd.agencies(KILLS[name], with_people=PEOPLE[name])
    crowd.forget_all()
    lease = {"DELIVERY_LEASE_SECONDS": str(LEASE)}
    more = {"EMAIL_URL": mails.url, "SWEEP_SECONDS": "1", **lease, **broker}
    with site(tmp_path, **more) as running:
        cookies = cookies_of(cast.coordinator)
        proposer = Proposer(running, cast.coordinator, cookies, cast.action, [])
        killer = Killer(running, Random(1))  # noqa: S311 - repeatable
        strike_while(killer, proposer, agencies, mails, PEOPLE[name])
        if killer.sender is not None:
            killer.sender.kill()
            killer.sender.join()
        drained = eventually(lambda: not unsent(), seconds=120)
    copies = mails.copies()
    second = sum(count - 1 for count in copies.values())
    with capsys.disabled():
        said = ", ".join(f"{part} {count}" for part, count in sorted(killer.killed.items()))
        print(f"\n{name}: killed {said}: {len(copies)} mails, {second} second copies", end=" ")
    assert drained
    assert {*copies} == {*Message.objects.values_list("message_id", flat=True)}
    told = Delivery.objects.filter(channel="mail", state="done").values_list("user__email")
    assert told.count() == len(agencies) * PEOPLE[name]
    assert {to for _at, _name, to in mails.taken()} == {email for (email,) in told}
    assert {*Message.objects.values_list("state", flat=True)} == {"sent"}
    assert second <= killer.senders
    assert {status for status in proposer.answers if status >= 500} == set()


def test_senders_killed_in_the_middle_of_mails_lose_nothing(
    mails: Sink, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DELIVERY_LEASE_SECONDS = 2
    cast, rng = make.cast(), Random(1)  # noqa: S311 - repeatable
    (agency,) = crowd.agencies(1, with_people=CROWD)
    crowd.forget_all()
    crowd.propose(cast, agency)
    for _kill in range(SENDER_KILLS):
        sender = start(send_until_killed)
        coming = rng.randint(1, CROWD // SENDER_KILLS)
        wait_for_a_moment(mails, rng, coming, patience=10)
        sender.kill()
        sender.join()
    last = start(send_what_there_is)
    last.join(120)
    assert last.exitcode == 0
    copies = mails.copies()
    second = sum(count - 1 for count in copies.values())
    with capsys.disabled():
        print(f"\n{SENDER_KILLS} senders: {len(copies)} mails, {second} second copies", end=" ")
    assert {*copies} == {*Message.objects.values_list("message_id", flat=True)}
    assert {to for _at, _name, to in mails.taken()} == {
        f"x0-{number}@example.org" for number in range(CROWD)
    }
    assert {*Message.objects.values_list("state", flat=True)} == {"sent"}
    assert second <= SENDER_KILLS


def test_four_senders_and_two_timetables_send_nothing_twice(
    mails: Sink, broker: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cast = make.cast()
    make.owed(cast)
    (agency,) = crowd.agencies(1, with_people=DELIVERIES // 2)
    crowd.forget_all()
    crowd.propose(cast, agency)
    more = {"EMAIL_URL": mails.url, "SWEEP_SECONDS": "1", **broker}
    with (
        site(tmp_path, ["worker", "beat"], **more) as first,
        site(tmp_path, ["worker", "beat"], log="second.log", **more) as second,
    ):
        assert first.pid != second.pid
        drained = eventually(lambda: not unsent() and mails.count() > 0, seconds=300)
    told = Delivery.objects.filter(kind="proposed")
    with capsys.disabled():
        print(f"\n{SENDERS} senders, {told.count()} deliveries, {mails.count()} mails", end=" ")
    assert drained
    assert told.count() == DELIVERIES
    assert {*mails.copies().values()} == {1}
    assert {*Counter(to for _at, _name, to in mails.taken()).values()} == {1}
    assert mails.count() == Message.objects.filter(state="sent").count()
    assert ScheduledRun.objects.filter(name="remind").count() in (1, 2)  # an hour may begin


def test_two_bundlers_make_one_digest_of_a_day(mails: Sink) -> None:
    cast = make.cast()
    (agency,) = crowd.agencies(1, with_people=20)
    crowd.forget_all()
    crowd.propose(cast, agency)
    passes.positions.number_events(at=timezone.now())
    passes.fan_out.fan_out(at=timezone.now())
    waiting = Delivery.objects.filter(channel="mail", state="waiting")
    waiting.update(in_digest=True, ready_at=timezone.now())
    for sender in [start(send_what_there_is) for _number in range(SENDERS)]:
        sender.join(120)
        assert sender.exitcode == 0

    assert {*Counter(to for _at, _name, to in mails.taken()).values()} == {1}
    assert mails.count() == 20
