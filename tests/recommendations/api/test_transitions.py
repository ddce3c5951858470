"""Many transitions in one request, and how much one sender may ask for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from recommendations.api import limits, repeats
from recommendations.domain import workflow
from tests.recommendations.api.conftest import (
    address_of,
    client_of,
    every,
    holder,
    sent,
    tag_of,
)
from tests.stage import ASKED, Stage


def row(play: Stage, name: str, verb: str, client: Any, **facts: Any) -> dict[str, Any]:
    """Return a transition of an object of the stage."""
    noun = name.split(" ")[0]
    tag = tag_of(client, address_of(play, name))
    return {"noun": noun, "id": play.objects[name].pk, "verb": verb, "tag": tag, "facts": facts}


def test_each_is_answered_and_one_that_is_refused_hinders_no_other(play: Stage) -> None:
    client = holder(play.people["coordinator"])
    rows = [
        row(play, "update submitted", "approve", client, claim="agree"),
        row(play, "update draft", "approve", client, claim="agree"),
        row(play, "assignment accepted", "accept", client),
        {**row(play, "round open", "close", client), "tag": '"99"'},
        {**row(play, "round open", "close", client), "tag": ""},
        {**row(play, "round open", "close", client), "id": 10**9},
        {**row(play, "round open", "close", client), "verb": "approve"},
        row(play, "round open", "close", client, when="now"),
        {"noun": "round", "verbs": "close"},
        row(play, "action any", "assign", client, agency="IOM", role="supporting"),
    ]
    answer = sent(client, "transitions/", {"transitions": rows})
    results = answer.json()["results"]

    assert [one["status"] for one in results] == [200, 409, 403, 412, 428, 404, 400, 400, 400, 201]
    assert results[0]["row"]["review_state"] == "approved"
    assert results[0]["tag"] == tag_of(client, address_of(play, "update submitted"))
    assert results[3]["problem"]["current"]["state"] == "open"


def test_the_versions_in_lists_are_tags_of_their_rows(play: Stage) -> None:
    client = holder(play.people["coordinator"])
    asked = {
        "update submitted": ("updates", "approve", {"claim": "agree"}),
        "duty open": ("duties", "set_due", {"due_on": "2026-07-01", "note": "Agreed."}),
        "round planned": ("rounds", "hold", {"note": "Before the summit."}),
    }
    rows = []
    for name, (plural, verb, facts) in asked.items():
        pk = play.objects[name].pk
        listed = every(client, f"/api/v1/{plural}/?fields=id,version&limit=200")
        (version,) = (one["version"] for one in listed if one["id"] == pk)
        one = {"noun": name.split(" ")[0], "id": pk, "verb": verb, "facts": facts}
        rows.append({**one, "tag": f'"{version}"'})
    answer = sent(client, "transitions/", {"transitions": rows})

    assert [one["status"] for one in answer.json()["results"]] == [200] * 3


def test_each_is_answered_with_what_it_was_sent_as(play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    rows = [
        row(play, "action any", "assign", client, agency="IOM", role="supporting"),
        {**row(play, "round open", "close", client), "tag": '"99"'},
        {"noun": "rounds", "id": "x"},
        "close",
    ]
    plain = sent(client, "transitions/", {"transitions": rows}).json()["results"]
    keyed = sent(client, "transitions/", {"transitions": rows[1:]}, **{"Idempotency-Key": "k"})
    names = ("noun", "id", "verb")
    asked = [{name: one.get(name) for name in names} for one in rows[:3] if isinstance(one, dict)]
    asked.append(dict.fromkeys(names))

    assert [{name: one[name] for name in names} for one in plain] == asked
    assert [{name: one[name] for name in names} for one in keyed.json()["results"]] == asked[1:]
    assert (plain[0]["resource"], plain[0]["row"]["agency"]) == ("assignments", "IOM")


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"noun": "updates"}, {"noun": "There is no “updates”. Did you mean “update”?"}),
        ({"noun": "duties"}, {"noun": "There is no “duties”. Did you mean “duty”?"}),
        ({"verb": "aprove"}, {"verb": "There is no “aprove”. Did you mean “approve”?"}),
        ({"verb": "extend"}, {"verb": "“extend” is none of: {verbs}."}),
        ({"noun": None, "verb": "", "id": None}, ("noun", "id", "verb")),
    ],
)
def test_what_a_row_misspells_is_named_with_the_nearest(
    given: dict[str, Any], fields: Any, play: Stage
) -> None:
    client = client_of(play.people["coordinator"])
    sound = row(play, "update submitted", "approve", client, claim="agree")
    answer = sent(client, "transitions/", {"transitions": [{**sound, **given}]})
    said = answer.json()["results"][0]["problem"]["fields"]
    verbs = ", ".join(sorted(one.verb for one in workflow.TABLE if one.noun == "update"))

    assert [*said] == [*fields]
    if isinstance(fields, dict):
        assert said == {name: words.format(verbs=verbs) for name, words in fields.items()}


def test_with_a_key_each_is_done_once_also_after_a_crash(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(play.people["coordinator"])
    given = {
        "transitions": [
            row(play, "action any", "assign", client, agency="IOM", role="supporting"),
            row(play, "update submitted", "comment", client, field_comments={"done": "Where?"}),
        ]
    }
    keep = repeats.keep

    def crash(asking: Any, lease: str, answer: Any) -> bool:
        if asking.key == "k":
            raise SystemExit
        return keep(asking, lease, answer)

    monkeypatch.setattr(repeats, "keep", crash)
    with pytest.raises(SystemExit):
        sent(client, "transitions/", given, **{"Idempotency-Key": "k"})
    monkeypatch.setattr(repeats, "keep", keep)
    again, third = (
        sent(client, "transitions/", given, **{"Idempotency-Key": "k"}) for _ in range(2)
    )

    assert [one["status"] for one in again.json()["results"]] == [201, 200]
    assert (third.content, third["Idempotency-Replayed"]) == (again.content, "true")
    first, second = given["transitions"]
    assert play.objects["action any"].assignments.filter(agency__code="IOM").count() == 1
    assert second["noun"] == "update"
    assert first["noun"] == "action"


@pytest.mark.parametrize("rows", [None, [], "x", {}, [1] * 101])
def test_a_list_has_one_to_a_hundred(rows: Any, play: Stage) -> None:
    answer = sent(client_of(play.people["coordinator"]), "transitions/", {"transitions": rows})

    assert answer.status_code == 400


# --- limits ----------------------------------------------------------------------------------


@pytest.fixture
def limited(settings: Any, tmp_path: Path) -> Any:
    """Let a person ask for ten and an address for three, counted from nothing."""
    settings.API_LIMITS = {"person": 10, "address": 3}
    files = {"BACKEND": "hldtracker.cache.FileCounts", "LOCATION": str(tmp_path)}
    settings.CACHES = {**settings.CACHES, "limits": files}
    return settings


def test_an_address_and_a_token_are_counted_apart(play: Stage, limited: Any) -> None:
    stranger, program = client_of(), holder(play.people["stranger"], "read")
    found = [stranger.get("/api/v1/actions/?limit=1").status_code for _ in range(4)]
    refused = stranger.get("/api/v1/actions/")
    allowed = [program.get("/api/v1/actions/?limit=1").status_code for _ in range(11)]

    assert found == [200, 200, 200, 429]
    assert (refused["Retry-After"], refused["Content-Type"]) == ("60", "application/problem+json")
    assert allowed == [*[200] * 10, 429]


def test_writing_and_files_are_dearer(play: Stage, limited: Any) -> None:
    program = holder(play.people["coordinator"])
    another = holder(play.people["coordinator"])
    first = another.get("/api/v1/actions/", headers={"Accept": "text/csv"}).status_code
    written = [sent(program, "rounds/999999999/close/").status_code for _ in range(3)]

    assert (limits.FILE, first) == (20, 429)
    assert written == [404, 404, 429]


def test_what_did_not_change_costs_one_where_that_is_known_without_the_work(
    play: Stage, limited: Any
) -> None:
    limited.API_LIMITS = {"person": 0, "address": 43}
    client, asked = client_of(), {"Accept": "text/csv"}
    first = client.get("/api/v1/actions/", headers=asked)
    asked["If-None-Match"] = first["ETag"]
    known = [client.get("/api/v1/actions/", headers=asked) for _ in range(5)]

    assert [one.status_code for one in (first, *known)] == [200, 304, 304, 304, 304, 429]
    assert [one["RateLimit"] for one in (first, *known)] == [
        *(f'"minute";r={left};t=60' for left in (23, 22, 21, 20, 19)),
        '"minute";r=0;t=60',
    ]
    assert first["RateLimit-Policy"] == '"minute";q=43;w=60'


def test_what_is_found_unchanged_by_the_work_costs_the_work(play: Stage, limited: Any) -> None:
    limited.API_LIMITS = {"person": 0, "address": 43}
    client, address = client_of(), f"/api/v1/history/action/{play.cast.action.pk}/"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, first["RateLimit"], again["RateLimit"]) == (
        304,
        '"minute";r=38;t=60',
        '"minute";r=33;t=60',
    )


def test_without_a_limit_none_is_told(play: Stage) -> None:
    assert "RateLimit" not in client_of().get("/api/v1/actions/")


def test_each_minute_begins_anew(play: Stage, limited: Any) -> None:
    client = client_of()
    for _ in range(4):
        client.get("/api/v1/actions/?limit=1")
    with time_machine.travel(ASKED + timedelta(seconds=60), tick=False):
        assert client.get("/api/v1/actions/?limit=1").status_code == 200
