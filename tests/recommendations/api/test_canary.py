"""What is held, private or of others shows in no answer: not by a row, a count, a tag or a name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from recommendations.api.tables import RESOURCES
from recommendations.api.views.figures import FIGURES
from recommendations.domain import logs
from recommendations.models import Evidence, Framework, Update
from tests import make
from tests.figures import figure
from tests.recommendations.web import test_canary as pages

ANSWERS = figure(small=300, full=20_000)


@pytest.fixture(autouse=True)
def today() -> Iterator[Any]:
    """Stop the clock at the moment of the builders; a test sets it on."""
    with time_machine.travel(make.NOW, tick=False) as traveller:
        yield traveller


def address(rng: Random, numbers: list[int]) -> str:
    """Return an address of the API that the public may try, sound or not."""
    query: dict[str, str] = {}
    if rng.random() < 0.15:
        path = f"history/{rng.choice(KINDS)}/{rng.choice(numbers)}/"
        for name in rng.sample(sorted(OF_HISTORIES), rng.choice((0, 0, 1, 2))):
            query[name] = rng.choice(OF_HISTORIES[name])
    elif rng.random() < 0.2:
        path = f"figures/{rng.choice([*FIGURES])}/"
        if rng.random() < 0.3:
            query["round"] = rng.choice(("2026-H1", "2026-H2", "2027-H1"))
        if path.endswith("answers/") and rng.random() < 0.5:
            query["heading"] = rng.choice(("1", "2", "3"))
    else:
        resource = rng.choice(RESOURCES)
        path = f"{resource.name}/"
        if rng.random() < 0.5 and not resource.by_code:
            path += f"{rng.choice(numbers)}/{'content/' * (resource.name == 'evidence')}"
        else:
            order = rng.choice([*resource.orderings, "standing"])
            query["ordering"] = rng.choice(("", "-")) + order
            query["limit"] = rng.choice(("1", "2", "200"))
            for one in rng.sample(resource.filters, min(len(resource.filters), 1)):
                values = [str(word) for word in one.choices.values] if one.choices else VALUES
                query[one.name] = rng.choice(values)
    if rng.random() < 0.1:
        query["odd"] = "1"
    return f"/api/v1/{path}?{urlencode(query)}"


KINDS = ("action", "agency", "assignment", "priorityarea", "update", "round", "odd")
OF_HISTORIES = {
    "verb": ("published", "taken_out", "stands", "took_on", "approved"),
    "from": ("2026-05-05", "2026-05-13"),
    "until": ("2026-05-07", "2026-05-20"),
    "as_of": ("2026-05-07", "2026-05-20T10:00"),
    "limit": ("1", "2"),
    "parts": ("yes",),
}
VALUES = ["A1", "A2", "A3", "ILO", "IOM", "2026-H1", "2026-H2", "hld-2013", "1", "2", "true"]


def numbers_of(*models: Any) -> list[int]:
    """Return the numbers of the rows that there are, and of some that may come."""
    known = {pk for model in models for pk in model.objects.values_list("pk", flat=True)}
    return sorted(known | {max(known) + more for more in range(1, 6)})


def answer(url: str) -> tuple[int, dict[str, str], str]:
    """Return all that a stranger is answered, but the number of the request."""
    found = Client(raise_request_exception=False).get(url)
    text = found.content.decode()
    if found["Content-Type"] == "application/problem+json":
        text = json.dumps({**json.loads(text), "request_id": ""})
    apart = ("Date", "X-Request-ID")
    headers = {name: value for name, value in found.headers.items() if name not in apart}
    return found.status_code, headers, text


@pytest.mark.drill
def test_no_public_answer_tells_of_what_is_held(db: None, today: Any) -> None:
    world, rng = pages.Publics(), Random(7)  # noqa: S311 - a repeatable walk, no secret
    today.move_to(pages.ASKED)
    numbers = numbers_of(Evidence, Update)
    asked = {address(rng, numbers) for _ in range(ANSWERS)}
    asked |= {f"/api/v1/evidence/{one}/content/" for one in numbers_of(Evidence)}
    asked |= {
        f"/api/v1/history/{kind}/{one}/"
        for kind in ("action", "agency", "assignment")
        for one in numbers_of(logs.kinds()[kind])
    }
    before = {each: answer(each) for each in asked}
    today.move_to(make.NOW)
    world.go_on_inside()
    today.move_to(pages.ASKED)

    assert [each for each in asked if answer(each) != before[each]] == []
    assert {status for status, _, _ in before.values()} >= {200, 302, 400, 401, 404}
    counters = Framework.objects.get(pk=world.cast.framework.pk)
    assert counters.public_counter < counters.counter
