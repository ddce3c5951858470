"""The feed of changes: scoped as the logs are, in one order, and complete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agencies.access import roles_of
from agencies.models import Event, EventPosition
from recommendations.domain import logs
from recommendations.domain.readable import readable_events
from recommendations.notify import positions
from tests import make
from tests.recommendations.api.conftest import client_of
from tests.stage import ASKED, Stage


@pytest.fixture
def numbered(play: Stage) -> Stage:
    """Return the stage with a position for each of its events."""
    make.handed_over(play.cast.ilo, by=play.people["focal_point"], to=play.people["alternate"])
    positions.number_events(at=ASKED)
    return play


ACTORS = (
    *("focal_point", "alternate", "other_agency", "coordinator", "of_agency"),
    *("administrator", "observer", "stranger", "elsewhere", "gone"),
)


@pytest.mark.parametrize("actor", ACTORS)
def test_the_rule_for_all_objects_is_the_rule_for_each(actor: str, numbered: Stage) -> None:
    roles = roles_of(numbered.people[actor], at=ASKED)
    readable = set(readable_events(roles).values_list("id", flat=True))
    expected: set[int] = set()
    for kind in set(Event.objects.values_list("object_type", flat=True)):
        for obj in logs.rows_of(kind):
            expected |= set(logs.visible_events(roles, obj).values_list("id", flat=True))

    assert readable == expected


def pages(client: Any, address: str) -> list[dict[str, Any]]:
    """Return the events of all pages."""
    found: list[dict[str, Any]] = []
    after, more = 0, True
    while more:
        answer = client.get(f"/api/v1/events/?after={after}&{address}").json()
        found += answer["results"]
        after, more = answer["next_after"], answer["more"]
    return found


def test_pages_of_a_feed_hold_each_event_once_in_order(numbered: Stage) -> None:
    client = client_of(numbered.people["coordinator"])
    found = [one["position"] for one in pages(client, "limit=7")]
    roles = roles_of(numbered.people["coordinator"], at=ASKED)
    known = readable_events(roles).values_list("place__position", flat=True)

    assert found == sorted(known)


def test_a_feed_tells_nobody_how_much_happens_that_is_not_for_them(numbered: Stage) -> None:
    client = client_of(numbered.people["stranger"])
    before = client.get("/api/v1/events/").json()
    by = numbered.people["coordinator"]
    make.do("hold", numbered.objects["round open"], by=by, at=ASKED, note="A reason.")
    positions.number_events(at=ASKED)

    assert client.get("/api/v1/events/").json() == before
    assert {one["object_type"] for one in before["results"]} == {"user"}
    assert (before["next_after"], before["more"]) == (before["results"][-1]["position"], False)
    after = f"/api/v1/events/?after={before['next_after']}"
    nothing = {"results": [], "next_after": before["next_after"], "more": False}
    assert client.get(after).json() == nothing


def test_an_event_without_a_position_is_for_the_next_time(numbered: Stage) -> None:
    """It has an id before others, and was committed after them: it is found all the same."""
    client = client_of(numbered.people["coordinator"])
    end = client.get("/api/v1/events/?limit=200&after=100000").json()["next_after"]
    last = EventPosition.objects.order_by("-position")[0].position
    make.do(
        "hold",
        numbered.objects["round open"],
        by=numbered.people["coordinator"],
        at=ASKED,
        note="A reason.",
    )
    early = client.get(f"/api/v1/events/?after={last}").json()
    positions.number_events(at=ASKED)
    later = client.get(f"/api/v1/events/?after={early['next_after']}").json()

    assert (end, early["results"], early["next_after"]) == (100_000, [], last)
    assert [(one["verb"], one["note"], one["actor_name"]) for one in later["results"]] == [
        ("held", "A reason.", "Coordinator")
    ]
    assert later["results"][0]["content"] == {"set": {"held": True}}


def test_a_feed_is_narrowed(numbered: Stage) -> None:
    client = client_of(numbered.people["coordinator"])
    found = pages(client, "framework=questions&object_type=update&limit=200")

    assert {one["framework"] for one in found} == {"questions"}
    assert {one["object_type"] for one in found} == {"update"}
    assert client.get("/api/v1/events/?framework=none").status_code == 400
    assert client.get("/api/v1/events/?after=x").status_code == 400


def test_a_feed_is_narrowed_by_object_person_verb_and_days(numbered: Stage) -> None:
    client = client_of(numbered.people["coordinator"])
    every = pages(client, "limit=200")
    update = numbered.objects["update returned"]
    person = numbered.people["focal_point"].pk
    ways: dict[str, Callable[[dict[str, Any]], bool]] = {
        f"object_id={update.pk}": lambda one: one["object_id"] == update.pk,
        f"person={person}": lambda one: one["actor"] == person,
        "verb=returned": lambda one: one["verb"] == "returned",
        "from=2026-05-05": lambda one: one["at"] >= "2026-05-05",
        "until=2026-05-04": lambda one: one["at"] < "2026-05-05",
        "until=9999-12-31": lambda one: True,
        "verb=&person=": lambda one: True,
    }
    for query, fits in ways.items():
        expected = [one for one in every if fits(one)]
        assert expected != []
        assert pages(client, f"limit=200&{query}") == expected, query
    by = numbered.people["coordinator"].pk
    together = f"object_type=update&object_id={update.pk}&person={by}&verb=returned"
    days = "from=2026-05-04&until=2026-05-04"
    (found,) = pages(client, f"{together}&{days}")
    assert (found["object_id"], found["actor"], found["verb"]) == (update.pk, by, "returned")
    assert pages(client, f"{together}&from=2026-05-05&until=2026-05-05") == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("object_id=x", "object_id"),
        ("person=Me", "person"),
        ("person=-1", "person"),
        ("from=yesterday", "from"),
        ("until=2026-02-30", "until"),
        ("from=2026-05-04&until=2026-05-03", "until"),
        ("verb=%00", "verb"),
    ],
)
def test_what_narrows_no_feed_is_refused(query: str, name: str, numbered: Stage) -> None:
    client = client_of(numbered.people["coordinator"])
    for accept in ("application/json", "text/csv"):
        answer = client.get(f"/api/v1/events/?{query}", headers={"Accept": accept})
        assert (answer.status_code, [*answer.json()["fields"]]) == (400, [name])


def test_what_there_is_not_is_refused_and_not_waited_for(play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    found = {
        query: client.get(f"/api/v1/events/?{query}")
        for query in ("object_type=updates", "framework=nix", "framework=HLD-2013")
    }
    said = {query: one.json().get("fields") for query, one in found.items()}

    assert [one.status_code for one in found.values()] == [400, 400, 200]
    assert said == {
        "object_type=updates": {"object_type": "There is no “updates”. Did you mean “update”?"},
        "framework=nix": {
            "framework": "There is none with this code. "
            "Take one of http://testserver/api/v1/frameworks/"
        },
        "framework=HLD-2013": None,
    }
