"""The handbook's way to verify a call, and its table of kinds, are those of the code."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from agencies import history
from recommendations.domain.kinds import printable
from recommendations.notify.webhooks import signing
from tests.hook_server import Request, courier, hook_server
from tests.project.house import ROOT

PAGE = (ROOT / "docs" / "webhooks.md").read_text()
SEEDS = ("new", "old")


def is_genuine(*given: Any) -> bool:
    """Run what the handbook prints."""
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code[0], names)  # noqa: S102 - our own page
    return bool(names["is_genuine"](*given))


@pytest.fixture
def call(settings: Settings, tmp_path: Path) -> Iterator[Request]:
    """Return a call as it arrived, signed by two secrets."""
    with hook_server(settings, tmp_path) as server:
        body = '{"type":"ping"}'
        headers = signing.headers("msg_1", body, SEEDS, at=datetime.now(UTC))
        courier().post(server.address, headers, body)
        yield server.calls[0]


def headers_of(call: Request, **changed: str) -> dict[str, str]:
    """Return the headers of a call as the handbook names them."""
    given = {name.title(): value for name, value in call.headers.items()}
    return given | {name.replace("_", "-"): value for name, value in changed.items()}


def test_the_handbook_takes_a_call_by_each_secret_that_holds(call: Request) -> None:
    found = [
        is_genuine(signing.secret_of(seed), headers_of(call), call.body.encode())
        for seed in (*SEEDS, "another")
    ]

    assert found == [True, True, False]


def test_the_handbook_refuses_what_was_changed_or_is_old(call: Request) -> None:
    secret, body = signing.secret_of("new"), call.body.encode()
    old = signing.headers("msg_1", call.body, ["new"], at=datetime.now(UTC) - timedelta(minutes=6))

    assert is_genuine(secret, headers_of(call), body + b" ") is False
    assert is_genuine(secret, headers_of(call, Webhook_Id="msg_2"), body) is False
    assert (
        is_genuine(secret, headers_of(call, Webhook_Timestamp=str(int(time.time()) + 1)), body)
        is False
    )
    assert is_genuine(secret, old, body) is False


def test_the_handbook_prints_every_kind() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `") and "." in line[:30]]

    assert rows == [f"| `{row['kind']}` | {row['when']} | {row['whom']} |" for row in printable()]


def test_the_example_of_the_handbook_is_canonical() -> None:
    (example,) = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)

    assert example == history.canonical(json.loads(example))
