"""What an agency does among its own moves no answer to others: no row, count, page or refusal."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import Any

import pytest
import time_machine
from django.test import Client

from recommendations.api import urls
from recommendations.api.columns import Audience
from recommendations.api.resources import Resource
from recommendations.api.tables import BY_NAME, RESOURCES
from recommendations.notify import positions
from tests import make
from tests.figures import figure
from tests.recommendations.api.conftest import client_of
from tests.recommendations.api.marked import Marked
from tests.recommendations.api.test_markers import Ask, asked, numbers, people_of

ANSWERS = figure(small=400, full=20_000)
OTHERS = ("stranger", "observer", "elsewhere", "iom")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_no_list_is_narrowed_or_sorted_by_what_some_readers_are_not_told(
    resource: Resource,
) -> None:
    guarded = {one.source for one in resource.described if one.audience is not Audience.EVERYBODY}
    used = {one.path or one.name for one in resource.filters}
    used |= {path for order in resource.orderings.values() for path in order.paths}

    assert used & guarded == set()


def goes_on(world: Marked) -> None:
    """Let the ILO and the coordinators do what is between them."""
    by, over = world.people["ilo"], world.steering
    place = {name: world.of("ilo", name, world.round) for name in ("kept", "sent", "back", "asked")}
    world.write(place["kept"], "ilo", "alone")
    world.submit(place["kept"], "ilo")
    make.do("comment", place["kept"], by=over, field_comments={"done": "Which?"})
    due = {"note": "Say where.", "due_on": date(2026, 6, 20)}
    make.do("return", place["kept"], by=over, **due)
    make.do("withdraw", place["sent"], by=by)
    world.write(place["back"], "ilo", "alone")
    make.do("ask", place["asked"].duty, by=by, note="Ill.", until_on=date(2026, 6, 20))
    make.do("grant", place["asked"].duty, by=over)
    held = world.of("ilo", "kept", world.second)
    make.do("retract", held, by=over, **due)
    agreed = world.of("ilo", "sent", world.second)
    world.write(agreed, "ilo", "alone")
    world.submit(agreed, "ilo")
    make.approved(agreed, by=over)
    make.proposed(world.cast, agency=world.cast.ilo)
    make.planned_round(world.cast.framework, "2028-H1")


def answer(client: Client, ask: Ask, *, tagged: bool) -> tuple[Any, ...]:
    """Return all that is answered, but the number of the request.

    The tag of a list moves for the members of every agency with whatever happens in a
    framework (docs/decisions/0018); for everybody else it does not.
    """
    found = client.get(f"/{ask.path}", headers={"Accept": ask.accept})
    content = b"".join(found.streaming_content) if found.streaming else found.content
    if found["Content-Type"] == "application/problem+json":
        content = json.dumps({**json.loads(content), "request_id": ""}).encode()
    apart = {"Date", "X-Request-ID", *(() if tagged else ("ETag",))}
    headers = {name: value for name, value in found.headers.items() if name not in apart}
    return found.status_code, headers, content


@pytest.mark.drill
def test_others_are_answered_as_if_nothing_had_happened(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = Random(8)  # noqa: S311 - a repeatable walk, no secret
    with time_machine.travel(make.NOW, tick=False):
        world = Marked()
        people = people_of(world)
        positions.number_events(at=make.NOW, everything=True)
    routes, known = list(urls.routes), numbers()
    known = {name: [*keys, max(keys[:-1], default=0) + 1] for name, keys in known.items()}
    asks = [Ask("get", f"{urls.V1}{name}/") for name in ("events", *BY_NAME)]
    while len(asks) < ANSWERS // 2 // (len(OTHERS) + 1):
        ask = asked(rng, routes[rng.randrange(len(routes))], known)
        if ask.method == "get":
            asks.append(ask)
    with time_machine.travel(make.later(hours=1), tick=False):
        clients = {actor: client_of(people[actor]) for actor in OTHERS}
        clients["anonymous"] = client_of()

        def all_answers() -> dict[tuple[str, Ask], tuple[Any, ...]]:
            return {
                (actor, Ask(*ask[:2], None, *ask[3:])): answer(client, ask, tagged=actor != "iom")
                for actor, client in clients.items()
                for ask in asks
            }

        before = all_answers()
        with time_machine.travel(make.NOW, tick=False):
            goes_on(world)
            positions.number_events(at=make.NOW, everything=True)
        after = all_answers()
    moved = [asking for asking in before if before[asking] != after[asking]]
    with capsys.disabled():
        print(f"\n{2 * len(asks) * len(clients)} answers, {len(moved)} moved")

    assert moved == []
    assert {status for status, *_rest in before.values()} >= {200, 400, 401, 404}
