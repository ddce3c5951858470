"""Everything is asked on 20 May, when the stage is set; as a program would ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.stage import ASKED


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """Stop the clock."""
    with time_machine.travel(ASKED, tick=False):
        yield


def client_of(person: Any = None, **headers: str) -> Client:
    """Return a client that is signed in as a person, or as nobody."""
    client = Client(raise_request_exception=False, headers=headers)
    if person is not None:
        client.force_login(person)
    return client


def ids(answer: Any) -> list[Any]:
    """Return the numbers of the rows on a page."""
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def every(client: Client, address: str) -> list[dict[str, Any]]:
    """Return the rows of all pages of a list."""
    found: list[dict[str, Any]] = []
    going_on: str | None = address
    while going_on:
        answer = client.get(going_on.removeprefix("http://testserver"))
        assert answer.status_code == 200, answer.content
        found += answer.json()["results"]
        going_on = answer.json()["next"]
    return found
