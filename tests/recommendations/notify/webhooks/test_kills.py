"""Callers that are killed, or work side by side, lose nothing; a second call has the same id."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from recommendations.domain import webhooks
from recommendations.models import Webhook, WebhookCall
from recommendations.notify import positions
from recommendations.notify.webhooks import calling, telling
from tests import make
from tests.figures import figure
from tests.hook_server import HookServer, courier, hook_server

CALLS, KILLS, CALLERS = figure(small=12, full=200), figure(small=6, full=100), 3
pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("committed")]
FORK = multiprocessing.get_context("fork")


def waiting(server: HookServer) -> Webhook:
    """Return a webhook for which many calls wait."""
    cast = make.cast()
    made = webhooks.register(
        cast.framework,
        None,
        address=server.address,
        events=["assignment.proposed"],
        by=cast.coordinator,
        at=make.NOW,
    )
    webhook = webhooks.allow(made, by=cast.administrator, at=make.NOW, version=1, note="Agreed.")
    for number in range(CALLS):
        action = make.action(cast.area, f"X{number}", order=number + 2)
        at = timezone.now() - timedelta(minutes=1)
        make.do("assign", action, by=cast.coordinator, at=at, agency=cast.ilo, role="lead")
    positions.number_events(at=timezone.now(), everything=True)
    telling.tell(at=timezone.now())
    assert WebhookCall.objects.count() == CALLS
    return webhook


def start(work: Callable[[], None]) -> multiprocessing.process.BaseProcess:
    """Start a process with database connections of its own."""
    connections.close_all()
    process = FORK.Process(target=work, daemon=True)
    process.start()
    return process


def call_all() -> None:
    """Do passes until nothing waits."""
    while WebhookCall.objects.filter(state="waiting").exists():
        list(calling.everything(clock=timezone.now, courier=courier()))
        time.sleep(0.01)


def forget_leases() -> None:
    """Let the time go by that a dead caller holds what it took."""
    WebhookCall.objects.exclude(lease="").update(lease_until=timezone.now() - timedelta(seconds=1))


def test_callers_killed_at_random_call_a_second_time_at_most(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = Random(1)  # noqa: S311 - repeatable
    with hook_server(settings, tmp_path, silent=0.01) as server:
        waiting(server)
        for _number in range(KILLS):
            server.arrived.clear()
            caller = start(call_all)
            server.arrived.wait(10)
            time.sleep(rng.uniform(0, 0.02))
            assert caller.pid is not None
            os.kill(caller.pid, signal.SIGKILL)
            caller.join()
            forget_leases()
        last = start(call_all)
        last.join(120)
        assert last.exitcode == 0
    copies = Counter(server.names)
    second = sum(copies.values()) - len(copies)
    with capsys.disabled():
        print(f"\n{KILLS} callers killed, {len(copies)} calls, 0 lost, {second} second calls")
    assert {*copies} == {*WebhookCall.objects.values_list("name", flat=True)}
    assert {*WebhookCall.objects.values_list("state", flat=True)} == {"sent"}
    assert second <= KILLS


def test_callers_side_by_side_call_nothing_twice(settings: Settings, tmp_path: Path) -> None:
    with hook_server(settings, tmp_path) as server:
        waiting(server)
        callers = [start(call_all) for _number in range(CALLERS)]
        for caller in callers:
            caller.join(120)
        assert [caller.exitcode for caller in callers] == [0] * CALLERS
    assert sorted(Counter(server.names).values()) == [1] * CALLS
