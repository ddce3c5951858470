"""A filter that a page has keeps the same rows in the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from recommendations.api.tables import RESOURCES
from recommendations.api.views.figures import FIGURES
from tests.recommendations.api.conftest import client_of, every
from tests.stage import Stage

ACTIONS = (
    *("area=A", "status=in_progress", "status=no_lead", "agency=ILO", "role=supporting"),
    *("agency=ILO&role=lead", "agency=IOM&role=lead", "q=title+OF+a9", "q=a1", "q=nothing"),
    "area=A&status=in_progress&agency=ILO&q=title",
)
QUEUE = (
    *("area=hld-2013.A", "agency=ILO", "agency=IOM", "sent=first", "sent=again"),
    *("kind=no_change", "agency=ILO&sent=first", "area=questions.Q"),
)
MATRIX = ("only=mine", "only=late", "only=no_report", "")


def named(queries: tuple[str, ...]) -> set[str]:
    """Return the filters that these addresses ask for."""
    return {pair.partition("=")[0] for query in queries for pair in query.split("&") if pair}


def test_every_filter_that_is_shared_is_compared() -> None:
    shared = {(one.name, two.name) for one in RESOURCES for two in one.filters if two.shared} | {
        (one.name, two) for one in FIGURES.values() for two in one.filters
    }
    compared = {("actions", name) for name in named(ACTIONS)}
    compared |= {("updates", name) for name in named(QUEUE)}
    compared |= {("matrix", name) for name in named(MATRIX)}

    assert shared | {("actions", "area"), ("updates", "agency")} == compared


@pytest.mark.parametrize("actor", ["anonymous", "coordinator"])
@pytest.mark.parametrize("query", ACTIONS)
def test_the_actions_of_the_page_are_those_of_the_list_and_of_the_figures(
    query: str, actor: str, play: Stage
) -> None:
    client = client_of(play.people.get(actor))
    page = client.get(f"/f/hld-2013/actions/?{query}").context["lines"]
    listed = every(client, f"/api/v1/actions/?framework=hld-2013&{query}")
    figures = client.get(f"/api/v1/figures/actions/?{query}").json()["lines"]

    assert [row["code"] for row in listed] == [line.code for line in page]
    assert [row["code"] for row in figures] == [line.code for line in page]


def ids(client: Client, query: str) -> set[int]:
    """Return the updates of the queue."""
    rows = client.get(f"/queue/?{query}").context["rows"]
    return {row.update.pk for row in rows}


@pytest.mark.parametrize("query", QUEUE)
def test_the_updates_of_the_queue_are_those_of_the_list_that_wait(query: str, play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    listed = every(client, f"/api/v1/updates/?review_state=submitted&limit=200&{query}")

    assert {row["id"] for row in listed} & ids(client, "") == ids(client, query)


@pytest.mark.parametrize("query", MATRIX)
def test_the_agencies_of_the_matrix_are_those_of_its_page(query: str, play: Stage) -> None:
    client = client_of(play.people["of_agency"])
    page: Any = client.get(f"/f/hld-2013/matrix/?{query}").context["rows"]
    told = client.get(f"/api/v1/figures/matrix/?{query}").json()["rows"]

    assert [row["agency_code"] for row in told] == [row.agency_code for row, _places in page]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("actions/?status=great", "status"),
        ("actions/?agency=nobody", "agency"),
        ("actions/?framework=hld-2013&role=head", "role"),
        ("figures/matrix/?only=late", "only"),
        ("figures/matrix/?only=mine", "only"),
        ("figures/matrix/?only=best", "only"),
    ],
)
def test_a_value_that_the_page_refuses_is_refused(address: str, name: str, play: Stage) -> None:
    answer = client_of().get(f"/api/v1/{address}")

    assert (answer.status_code, [*answer.json()["fields"]]) == (400, [name])


def test_a_value_that_the_page_refuses_begins_no_file(play: Stage) -> None:
    client = client_of(play.people["coordinator"], Accept="text/csv")
    answer = client.get("/api/v1/actions/?agency=NONE")

    assert (answer.status_code, [*answer.json()["fields"]]) == (400, ["agency"])


def test_the_kind_of_what_was_taken_back_narrows_nothing_for_others(play: Stage) -> None:
    """Of the kinds of an update, a program may ask for that of its duty and of its text."""
    client = client_of(play.people["coordinator"])
    kinds = {
        kind: {row["kind"] for row in every(client, f"/api/v1/updates/?kind={kind}&limit=200")}
        for kind in ("progress", "questionnaire")
    }

    assert kinds == {"progress": {"progress"}, "questionnaire": {"questionnaire"}}
