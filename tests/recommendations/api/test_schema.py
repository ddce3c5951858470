"""The description of the API: the file is the code, and the answers are the description."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from django.urls import reverse

from recommendations.api import urls
from recommendations.api.refusals import PROBLEMS
from recommendations.api.schema import figures
from recommendations.api.schema.document import document, written
from recommendations.api.tables import RESOURCES
from recommendations.api.views.figures import FIGURES
from tests.project.house import ROOT
from tests.recommendations.api.conftest import address_of, client_of, sent, tag_of
from tests.stage import Stage

DESCRIBED = document()
PAGES = ("api-schema", "api-docs", "api-errors")


def test_the_file_is_what_the_code_says() -> None:
    """`make schema` writes it."""
    assert (ROOT / "docs" / "openapi.json").read_text() == written(DESCRIBED)


def test_every_address_is_described_and_every_description_has_an_address() -> None:
    routes = {
        re.sub("<[a-z]+:([a-z]+)>", r"{\1}", f"/{route.pattern}")
        for route in urls.routes
        if route.name not in PAGES
    }

    assert routes == set(DESCRIBED["paths"])


def test_names_of_operations_are_names_of_one_operation() -> None:
    names = [
        one["operationId"] for methods in DESCRIBED["paths"].values() for one in methods.values()
    ]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("address", "status", "expected"),
    [
        ("rounds/{key}/close/", "200", {"round_hold", "round_release", "round_reopen"}),
        (
            "actions/{key}/assign/",
            "201",
            {f"assignment_{one}" for one in ("accept", "accept_partly", "consider", "decline")}
            | {"assignment_withdraw", "assignment_set_target"},
        ),
        ("duties/{key}/waive/", "200", set()),
    ],
)
def test_an_answer_leads_to_the_verbs_that_are_possible_after_it(
    address: str, status: str, expected: set[str]
) -> None:
    answer = DESCRIBED["paths"][f"/api/v1/{address}"]["post"]["responses"][status]
    plain = {"read", "change_Rounds", "round_remind"}

    assert answer["links"].keys() - plain == expected
    key = {"path.key": "$response.body#/id"}
    tagged = {**key, "header.If-Match": "$response.header.ETag"}
    found = {name: one["parameters"] for name, one in answer["links"].items()}
    assert found == {name: key if name in ("read", "round_remind") else tagged for name in found}


def shape_of(address: str, method: str, status: int) -> Any:
    """Return what checks an answer of an operation."""
    responses = DESCRIBED["paths"][address][method]["responses"]
    answer = responses[str(status)]
    if "$ref" in answer:
        answer = DESCRIBED["components"]["responses"][answer["$ref"].rsplit("/", 1)[-1]]
    (media_type, content), *_rest = answer["content"].items()
    shape = {**content["schema"], "components": DESCRIBED["components"]}
    return media_type, jsonschema_rs.validator_for(shape, validate_formats=True)


def check(address: str, method: str, answer: Any) -> None:
    """Fail where an answer is not as the description says."""
    media_type, shape = shape_of(address, method, answer.status_code)

    assert answer["Content-Type"] == media_type
    errors = [f"{one.instance_path}: {one.message}" for one in shape.iter_errors(answer.json())]
    assert errors == []


ACTORS = ("anonymous", "stranger", "focal_point", "coordinator", "administrator")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_what_is_read_is_as_it_is_described(resource: Any, play: Stage) -> None:
    address = f"/api/v1/{resource.name}/"
    for actor in ACTORS:
        client = client_of(play.people.get(actor))
        listed = client.get(f"{address}?limit=200")
        check(address, "get", listed)
        if listed.status_code == 200:
            for row in listed.json()["results"][:3]:
                key = row[resource.key]
                check(f"{address}{{key}}/", "get", client.get(f"{address}{key}/"))
        check(address, "get", client.get(f"{address}?nothing=1"))
    check(f"{address}{{key}}/", "get", client.get(f"{address}999999/"))


def test_what_is_done_and_refused_is_as_it_is_described(play: Stage) -> None:
    client, place = client_of(play.people["coordinator"]), address_of(play, "update submitted")
    address = "/api/v1/updates/{key}/return/"
    given = {"note": "Say where.", "due_on": "2026-07-01"}
    tag = tag_of(client, place)
    for body, headers in (
        (given, {}),
        ({}, {"tag": tag}),
        ({"due": 1}, {"tag": tag}),
        (given, {"tag": '"99"'}),
        (given, {"tag": tag}),
        (given, {"tag": tag}),
    ):
        check(address, "post", sent(client, f"{place}return/", body, **headers))
    action = address_of(play, "action any")
    made = sent(
        client,
        f"{action}assign/",
        {"agency": "ILO", "role": "supporting"},
        tag=tag_of(client, action),
    )
    check("/api/v1/actions/{key}/assign/", "post", made)
    for name in FIGURES:
        found = client.get(
            f"/api/v1/figures/{name}/", {"round": "2026-H1"} if name == "round" else {}
        )
        check(f"/api/v1/figures/{name}/", "get", found)
        described = figures.paths()[f"/api/v1/figures/{name}/"]["get"]["responses"]["200"]
        shape = described["content"]["application/json"]["schema"]
        assert shape["properties"].keys() == found.json().keys()
    check("/api/v1/", "get", client.get("/api/v1/"))
    for query in ("", "?from=2026-05-04&verb=returned", "?from=soon", "?until=2026-05-04&form=1"):
        check("/api/v1/events/", "get", client.get(f"/api/v1/events/{query}"))
    check("/api/v1/history/", "get", client.get("/api/v1/history/"))
    one, history = place.replace("updates", "history/update"), "/api/v1/history/{kind}/{key}/"
    for query in ("", "?limit=1&parts=yes", "?verb=odd", "?as_of=2099-01-01", "?before=1"):
        check(history, "get", client.get(f"/api/v1/{one}{query}"))
        check(history, "get", client_of().get(f"/api/v1/{one}{query}"))
    action = address_of(play, "action any").replace("actions", "history/action")
    check(history, "get", client_of().get(f"/api/v1/{action}"))
    rows = [{"noun": "round", "id": 1, "verb": "close", "tag": '"99"'}, {}]
    check("/api/v1/transitions/", "post", sent(client, "transitions/", {"transitions": rows}))


BODIES = {
    one["operationId"]: one["requestBody"]["content"]["application/json"]["schema"]
    for methods in DESCRIBED["paths"].values()
    for one in methods.values()
    if "application/json" in one.get("requestBody", {}).get("content", {})
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_shows_one_that_it_takes_with_all_that_it_needs(name: str) -> None:
    body = BODIES[name]
    shape = jsonschema_rs.validator_for(body, validate_formats=True)
    shown: list[Any] = body.get("examples", [])

    assert [one.message for given in shown for one in shape.iter_errors(given)] == []
    assert bool(shown) or not body.get("required")


PROSE = {"body", "draft_body", "content", "suggestions", "suggestion", "done"}
"""What the text of an update is, and how it is suggested."""


def exemplary(shape: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what a description gives as examples, with the field or parameter it is of."""
    if isinstance(shape, list):
        for one in shape:
            yield from exemplary(one, name)
    elif isinstance(shape, dict):
        yield from ((name, one) for one in (*shape.get("examples", ()), shape.get("example")))
        for key, one in shape.items():
            if key not in ("example", "examples"):
                named = one.get("name", key) if isinstance(one, dict) else shape.get("name", key)
                yield from exemplary(one, named)


def test_an_example_is_of_the_kind_of_its_field() -> None:
    """What a text of an update says is no example of a hash, a verb, a tag or a name."""
    told = {name for name, one in exemplary(DESCRIBED) if "Two seminars" in str(one)}
    hashes = {
        str(one)
        for name, one in exemplary(DESCRIBED)
        if name in ("hash", "sha256", "content_hash", "on_text") and one is not None
    }

    assert told - {"schema"} <= PROSE  # a schema shows a whole body
    assert [len(one) for one in hashes] == [64]


def test_the_reference_says_what_a_body_needs_and_of_which_kind(play: Stage) -> None:
    page = client_of().get(reverse("api-docs")).content.decode()
    answering = page.partition('id="update_answer_comment"')[2].partition("</details>")[0]
    returning = page.partition('id="update_return"')[2].partition("</details>")[0]

    assert "Needs: comment; text." in answering
    assert "<code>comment</code> (integer, needed)" in answering
    assert "Needs: note; due_on." in returning
    assert "<code>note</code> (string, needed)" in returning
    assert "<code>due_on</code> (date, needed)" in returning
    assert "<code>field_comments</code> (object)" in returning
    example = '{"note": "Agreed at the meeting of 14 November.", "due_on": "2013-11-30"}'
    assert html.escape(example) in returning


def test_the_reference_shows_what_figures_hold(play: Stage) -> None:
    page = client_of().get(reverse("api-docs")).content.decode()
    overview = page.partition('id="figures_overview"')[2].partition("</details>")[0]
    line = page.partition("<summary><code>FigureActionLine</code></summary>")[2]
    line = line.partition("</details>")[0]

    assert "<code>areas</code> (array of FigureAreaLine)" in overview
    assert "needed" not in overview
    assert "Where one action stands" in line
    assert "<code>no_lead</code> (No lead)" in line


def test_the_reference_shows_every_operation_and_every_refusal(play: Stage) -> None:
    client = client_of()
    page = client.get(reverse("api-docs")).content.decode()
    errors = client.get(reverse("api-errors")).content.decode()

    for address, methods in DESCRIBED["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {address}</code>" in page
    for slug in PROBLEMS:
        assert f'id="{slug}"' in errors
        assert f"<code>{slug}</code>" in errors


def test_the_description_is_given_out(play: Stage) -> None:
    first = client_of().get("/api/v1/schema/")
    again = client_of().get("/api/v1/schema/", headers={"If-None-Match": first["ETag"]})

    assert json.loads(first.content) == json.loads(json.dumps(DESCRIBED))
    assert (first["Content-Type"], again.status_code) == ("application/vnd.oai.openapi+json", 304)
