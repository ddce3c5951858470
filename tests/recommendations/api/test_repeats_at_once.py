"""The same request many times at one moment, some of its senders killed: one effect."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from agencies import tokens
from agencies.models import Event
from recommendations.api import repeats
from recommendations.models import Assignment, Repeat
from tests import make
from tests.at_once import at_once
from tests.figures import figure
from tests.stage import ASKED

SENDERS = figure(small=6, full=20)
KEYS = figure(small=3, full=100)


class Killed(BaseException):
    """A process that ends in the middle of its work."""


@pytest.mark.drill
def test_a_key_that_is_sent_by_many_at_once_has_one_effect(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make.cast()
    places = [make.action(cast.area, f"B{number}", order=number) for number in range(KEYS)]
    headers = {"Authorization": f"Bearer {token(cast)}", "If-Match": '"1"'}
    keep, dying = repeats.keep, set(range(0, KEYS, 2))

    def keep_or_die(asking: Any, lease: str, answer: Any) -> bool:
        """Let the first who answers every other key die before it is committed."""
        number = int(asking.key)
        if number in dying:
            dying.discard(number)
            raise Killed
        return keep(asking, lease, answer)

    monkeypatch.setattr(repeats, "keep", keep_or_die)
    # the dead free nothing
    monkeypatch.setattr(repeats, "free", lambda asking, lease: None)

    def send(number: int) -> str:
        client = Client(headers={**headers, "Idempotency-Key": str(number)})
        try:
            answer = client.post(
                f"/api/v1/actions/{places[number].pk}/assign/",
                {"agency": "ILO", "role": "supporting"},
                content_type="application/json",
            )
        except Killed:
            return "killed"
        return f"{answer.status_code} {answer.get('Idempotency-Replayed', '')}".strip()

    for number in range(KEYS):
        first = at_once([lambda: send(number) for _ in range(SENDERS)])  # noqa: B023
        with time_machine.travel(ASKED + repeats.LEASE + timedelta(seconds=1), tick=False):
            again = at_once([lambda: send(number) for _ in range(SENDERS)])  # noqa: B023
            last = send(number)
        counted = Counter([*first, *again, last])

        assert last == "201 true"
        assert (counted["201"], counted["killed"]) == (1, 1 - number % 2)
        assert set(counted) <= {"201", "201 true", "409", "killed"}
    assert Assignment.objects.count() == KEYS
    assert Event.objects.filter(verb="proposed").count() == KEYS
    assert Repeat.objects.filter(status=201).count() == KEYS


def token(cast: make.Cast) -> str:
    """Return the secret of a token of the coordinator."""
    given = {"name": "Script", "scopes": ["read", "review"], "agency": None}
    _token, secret = tokens.issue(
        cast.coordinator, at=ASKED, expires_at=ASKED + timedelta(days=1), **given
    )
    return secret
