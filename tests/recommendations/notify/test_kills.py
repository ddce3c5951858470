"""Senders that are killed at any moment lose nothing; a second copy is the same mail again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from agencies.models import Cursor, Event, Membership, User
from recommendations.models import Delivery, Message
from recommendations.notify import passes
from tests import mail_server, make
from tests.figures import figure

MAILS, KILLS = figure(small=150, full=3000), figure(small=20, full=200)
SENDERS, DELIVERIES = 4, figure(small=400, full=10_000)
pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("committed")]
FORK = multiprocessing.get_context("fork")


def many_focal_points(cast: make.Cast, count: int) -> None:
    """Let an agency have so many focal points, and nobody be told of what was before."""
    people = User.objects.bulk_create(
        User(email=f"person-{number}@example.org", name=f"Person {number}", version=1)
        for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(
            user=person,
            agency=cast.ilo,
            capacity=Membership.Capacity.FOCAL_POINT,
            from_on=make.START,
        )
        for person in people
    )
    passes.positions.number_events(at=timezone.now())
    numbered = Cursor.objects.get(name="numberer").position
    Cursor.objects.update_or_create(name="fan-out", defaults={"position": numbered})


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


def unsent() -> bool:
    """Say whether something is still to be read, told or sent."""
    cursors = dict(Cursor.objects.values_list("name", "position"))
    return (
        Event.objects.filter(place__isnull=True).exists()
        or cursors["numberer"] != cursors["fan-out"]
        or Delivery.objects.filter(channel="mail", state="waiting").exists()
        or Message.objects.filter(state="waiting").exists()
    )


def propose(cast: make.Cast) -> None:
    """Let something happen that every focal point of the ILO is told."""
    facts = {"agency": cast.ilo, "role": "lead"}
    make.do("assign", cast.action, by=cast.coordinator, at=timezone.now(), **facts)


def wait_for_a_moment(server: mail_server.MailServer, rng: Random) -> None:
    """Wait for some mails, from none at all, or for a while."""
    target = len(server.mails) + rng.randint(0, 2 * MAILS // KILLS)
    until = time.monotonic() + rng.uniform(0.1, 3)
    while len(server.mails) < target and time.monotonic() < until:
        time.sleep(0.001)


def test_senders_killed_at_random_lose_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DELIVERY_WAIT_SECONDS, settings.DELIVERY_LEASE_SECONDS = 0, 1
    cast, rng, killed = make.cast(), Random(1), 0  # noqa: S311 - repeatable
    many_focal_points(cast, MAILS)
    people = MAILS + 2 + 1
    with mail_server.mail_server(settings) as server:
        propose(cast)
        while killed < KILLS:
            sender = start(send_until_killed)
            wait_for_a_moment(server, rng)
            assert sender.pid is not None
            os.kill(sender.pid, signal.SIGKILL)
            sender.join()
            killed += 1
        last = start(send_what_there_is)
        last.join(120)
        assert last.exitcode == 0
    copies = Counter(str(mail["Message-ID"]) for mail in server.mails)
    second = sum(count - 1 for count in copies.values())
    with capsys.disabled():
        print(f"\n{killed} senders killed, {len(copies)} mails, 0 lost, {second} second copies")
    assert {*copies} == {*Message.objects.values_list("message_id", flat=True)}
    assert len(copies) == people
    assert {*Message.objects.values_list("state", flat=True)} == {"sent"}
    assert second <= killed
    assert max(copies.values()) <= 3


def test_senders_side_by_side_send_nothing_twice(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DELIVERY_WAIT_SECONDS = 0
    cast = make.cast()
    many_focal_points(cast, DELIVERIES // 2)
    with mail_server.mail_server(settings) as server:
        propose(cast)
        senders = [start(send_what_there_is) for _number in range(SENDERS)]
        for sender in senders:
            sender.join(600)
        assert [sender.exitcode for sender in senders] == [0] * SENDERS
    told = Delivery.objects.count()
    with capsys.disabled():
        print(f"\n{SENDERS} senders, {told} deliveries, {len(server.mails)} mails")
    assert told == 2 * (DELIVERIES // 2 + 3)
    assert len(server.mails) == DELIVERIES // 2 + 3
    assert {*Counter(str(mail["Message-ID"]) for mail in server.mails).values()} == {1}
