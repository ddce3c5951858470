"""Senders in processes of their own repeat one request, and some are killed: one effect."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client

from agencies.models import Event
from recommendations.api import repeats
from recommendations.models import Action, Assignment, Repeat
from tests import make
from tests.figures import figure
from tests.recommendations.api.conftest import secret_of
from tests.stage import ASKED

KEYS, SENDERS = figure(small=5, full=100), figure(small=4, full=20)
FORK = multiprocessing.get_context("fork")
LATER = ASKED + repeats.LEASE + timedelta(seconds=1)
"""When what a dead process claimed is free again."""
pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("committed")]


class Sender:
    """Sends one request with one key, from a process that starts when it is told to."""

    def __init__(self, secret: str, action: Action) -> None:
        self.action = action
        self.headers = {
            "Authorization": f"Bearer {secret}",
            "If-Match": f'"{action.version}"',
            "Idempotency-Key": action.code,
        }

    def send(self) -> str:
        """Return the status, and whether it is the answer to an earlier request."""
        answer = Client(raise_request_exception=False, headers=self.headers).post(
            f"/api/v1/actions/{self.action.pk}/assign/",
            {"agency": "ILO", "role": "supporting"},
            content_type="application/json",
        )
        return f"{answer.status_code} {answer.get('Idempotency-Replayed', '')}".strip()

    def statements(self) -> int:
        """Return how many statements the request takes."""
        counted: list[str] = []
        with connection.execute_wrapper(noting(lambda: counted.append(""))):
            assert self.send() == "201"
        return len(counted)


def noting(after: Callable[[], object]) -> Callable[..., Any]:
    """Return what does something after each statement."""

    def execute(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        try:
            return execute(sql, params, many, context)
        finally:
            after()

    return execute


def killed_after(number: int) -> Callable[..., Any]:
    """Return what ends this process, as kill -9 does, after so many statements."""
    left = [number]

    def count() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return noting(count)


def all_at_once(senders: Sequence[Sender], *, dying: Sequence[int], at: Any) -> list[str]:
    """Send from a process each, started together; return what each was answered, or "killed".

    The first ones die after as many statements as `dying` says.
    """
    connections.close_all()
    start, answers = FORK.Barrier(len(senders)), FORK.SimpleQueue()
    with time_machine.travel(at, tick=False):
        processes = [
            FORK.Process(target=run, args=(one, start, answers, deadly), daemon=True)
            for one, deadly in zip(senders, [*dying, *[0] * len(senders)], strict=False)
        ]
        for process in processes:
            process.start()
        said = [ended(process, answers) for process in processes]
    return [*(one for one in said if one == "killed"), *(answers.get() for one in said if not one)]


def run(sender: Sender, start: Any, answers: SimpleQueue[str], deadly: int) -> None:
    """Send from this process, which may die of it."""
    start.wait(60)
    if deadly:
        with connection.execute_wrapper(killed_after(deadly)):
            said = sender.send()
    else:
        said = sender.send()
    answers.put(said)


def ended(process: BaseProcess, answers: SimpleQueue[str]) -> str:
    """Return "killed" for a process that was, and nothing for one that answered."""
    process.join(120)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return "killed" if process.exitcode else ""


def test_a_key_has_one_effect_whoever_is_killed(capsys: pytest.CaptureFixture[str]) -> None:
    cast = make.cast()
    secret = secret_of(cast.coordinator, "read", "review")
    second, *actions = (make.action(cast.area, f"B{one}", order=one) for one in range(KEYS + 1))
    Sender(secret, cast.action).statements()  # notes that the token is in use, once in minutes
    length = Sender(secret, second).statements()
    counted: Counter[str] = Counter()
    for number, action in enumerate(actions):
        senders = [Sender(secret, action)] * SENDERS
        deadly = length - number % length  # from the end, where the work and its answer meet
        first = all_at_once(senders[:1], dying=[deadly], at=ASKED)
        rest = all_at_once(senders[1:], dying=[], at=ASKED)
        again = all_at_once(senders, dying=[length - deadly + 1], at=LATER)
        last = all_at_once(senders[:1], dying=[], at=LATER + repeats.LEASE)
        after = all_at_once(senders[:1], dying=[], at=LATER + repeats.LEASE)

        assert first == ["killed"]
        assert {*rest, *again} <= {"201", "201 true", "409", "killed"}
        assert (last[0][:3], after) == ("201", ["201 true"])
        counted.update(first + rest + again + last + after)
    effects = Counter(Assignment.objects.values_list("action__code", flat=True))
    told = Event.objects.filter(verb="proposed").count()
    with capsys.disabled():
        print(f"\n{KEYS} keys, {SENDERS} senders, {dict(counted)}: {sum(effects.values())} effects")

    assert effects == Counter(Action.objects.values_list("code", flat=True))
    assert (told, Repeat.objects.filter(status=201).count()) == (KEYS + 2, KEYS + 2)
