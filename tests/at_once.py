"""Several people at the same moment, each with a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

from tests.entry_paths import REFUSALS

PATIENCE = 120


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of these in threads that start together; return what each returned or raised.

    A refusal is an answer. Anything else that is raised is an answer too, so that the test
    that compares the answers shows it.
    """
    start = threading.Barrier(len(acts), timeout=PATIENCE)
    answers: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait()
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(place, act), daemon=True)
        for place, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "somebody still waits"
    return answers


def said(answer: Any) -> str:
    """Return an answer in a word: done, or the name of the refusal or error."""
    if isinstance(answer, REFUSALS):
        return type(answer).__name__
    return repr(answer) if isinstance(answer, Exception) else "done"
