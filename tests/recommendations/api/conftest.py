"""Everything is asked on 20 May, when the stage is set; as a program would ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signals
from django.db import close_old_connections
from django.test import Client

from agencies import tokens
from agencies.models import User
from tests.stage import ASKED, Stage


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """Stop the clock."""
    with time_machine.travel(ASKED, tick=False):
        yield


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the connection of the test open after each request, as Django's own client does."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


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


def secret_of(user: User, *scopes: str, **more: Any) -> str:
    """Return the secret of a new token of a person; without scopes it has all."""
    given = {"name": "Script", "agency": None, "expires_at": ASKED + timedelta(days=30), **more}
    wanted = scopes or ("read", "report", "review", "admin")
    return tokens.issue(user, scopes=wanted, at=ASKED, **given)[1]


def holder(user: User, *scopes: str, **more: Any) -> Client:
    """Return a client that sends a token of a person."""
    return client_of(Authorization=f"Bearer {secret_of(user, *scopes, **more)}")


def sent(client: Client, address: str, given: Any = None, *, tag: str = "", **headers: str) -> Any:
    """Return the answer to a POST in JSON."""
    headers |= {"If-Match": tag} if tag else {}
    return client.post(
        f"/api/v1/{address}", given or {}, content_type="application/json", headers=headers
    )


def patched(client: Client, address: str, given: Any, *, tag: str = "") -> Any:
    """Return the answer to a PATCH in JSON."""
    headers = {"If-Match": tag} if tag else {}
    return client.patch(
        f"/api/v1/{address}", given, content_type="application/json", headers=headers
    )


def tag_of(client: Client, address: str) -> str:
    """Return the tag of a row as the client reads it."""
    return str(client.get(f"/api/v1/{address}").get("ETag", ""))


def address_of(play: Stage, name: str) -> str:
    """Return the address of an object of the stage, by the name that it has there."""
    plural = {"duty": "duties"}.get(name.split(" ")[0], name.split(" ")[0] + "s")
    return f"{plural}/{play.objects[name].pk}/"
