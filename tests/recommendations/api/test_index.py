"""The beginning: what there is, where, and where it is described."""

from __future__ import annotations

from typing import Any

from recommendations.api import urls
from tests.recommendations.api.conftest import client_of
from tests.stage import Stage

PAGES = ("api-index", "api-schema", "api-docs", "api-errors")


def test_the_index_names_every_address_without_a_key(play: Stage) -> None:
    answer = client_of().get("/api/v1/").json()
    places = {row["address"] for row in answer["results"]}
    routes = {
        f"http://testserver/{route.pattern}"
        for route in urls.routes
        if "<" not in str(route.pattern) and route.name not in PAGES
    }

    assert places == routes


def test_what_the_index_links_to_is_there(play: Stage) -> None:
    client = client_of()
    links = client.get("/api/v1/").json()["links"]
    paths = [one.removeprefix("http://testserver").partition("#")[0] for one in links.values()]

    assert sorted(links) == ["method", "reference", "refusals", "schema"]
    assert [client.get(path, follow=True).status_code for path in paths] == [200] * 4


def test_the_index_says_what_everybody_reads(play: Stage) -> None:
    client = client_of()
    rows: list[dict[str, Any]] = client.get("/api/v1/").json()["results"]
    public = {row["name"] for row in rows if row["public"]}
    read = {
        row["name"]
        for row in rows
        if client.get(row["address"].removeprefix("http://testserver")).status_code == 200
    }

    assert public == read
    (actions,) = (row for row in rows if row["name"] == "actions")
    assert actions == {
        "name": "actions",
        "title": "Actions",
        "meaning": "A select action or select issue. Where it stands is told by the figures.",
        "address": "http://testserver/api/v1/actions/",
        "methods": ["GET", "POST"],
        "public": True,
    }
