"""The nudge after a commit: it never waits, many make one, a broker that fails costs nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app

from recommendations.notify import nudge
from recommendations.notify.nudge import Nudger


def eventually(true: Callable[[], bool], *, seconds: float = 10) -> bool:
    """Wait until something is true, and say whether it became so."""
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()


class Broker:
    """What a broker does with a message: keeps it, late or never."""

    def __init__(self, *, seconds: float = 0, away: int = 0) -> None:
        self.seconds, self.away = seconds, away
        self.tries = 0
        self.kept: list[str] = []

    def __call__(self, name: str, **options: Any) -> None:
        self.tries += 1
        time.sleep(self.seconds)
        if self.tries <= self.away:
            raise ConnectionError("nobody answers")
        self.kept.append(name)


def plug_in(monkeypatch: pytest.MonkeyPatch, broker: Broker) -> None:
    """Let messages go to this broker; the broker is the one thing that is not ours."""
    monkeypatch.setattr(current_app, "send_task", broker)


def test_a_frozen_broker_holds_nobody_up_and_many_nudges_become_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = Broker(seconds=1)
    plug_in(monkeypatch, broker)
    nudger = Nudger()
    before = time.monotonic()
    for _commit in range(1000):
        nudger()
    took = time.monotonic() - before

    assert took < broker.seconds
    assert eventually(lambda: not nudger.wanted.is_set() and len(broker.kept) == broker.tries)
    assert {*broker.kept} == {nudge.TASK}
    assert len(broker.kept) <= 3


def test_the_first_commit_is_told_at_once_and_those_right_after_it_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = Broker()
    plug_in(monkeypatch, broker)
    monkeypatch.setattr(nudge, "BETWEEN_SECONDS", 1.0)
    nudger = Nudger()
    before = time.monotonic()
    nudger()
    assert eventually(lambda: broker.kept == [nudge.TASK])
    for _commit in range(10):
        nudger()
        time.sleep(0.01)

    assert eventually(lambda: broker.kept == [nudge.TASK] * 2)
    assert time.monotonic() - before >= nudge.BETWEEN_SECONDS
    assert not nudger.wanted.is_set()


def test_a_broker_that_is_away_is_left_alone_and_asked_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = Broker(away=1)
    plug_in(monkeypatch, broker)
    nudger = Nudger()
    nudger()
    assert eventually(lambda: broker.tries == 1)
    nudger()

    assert eventually(lambda: broker.kept == [nudge.TASK])


def test_a_broker_that_failed_once_is_asked_again_at_once_and_then_ever_more_seldom(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = Broker(away=3)
    plug_in(monkeypatch, broker)
    nudger = Nudger()
    before = time.monotonic()
    nudger()

    assert eventually(lambda: broker.kept == [nudge.TASK])
    assert 0.7 <= time.monotonic() - before < nudge.REST_SECONDS
