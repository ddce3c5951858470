"""Every list of the API as CSV: the rows of the JSON, in which no spreadsheet runs anything."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from recommendations.api import urls
from recommendations.models import Action
from recommendations.notify import positions
from recommendations.reporting.outputs.guard import unguarded
from tests import make
from tests.recommendations.api.conftest import client_of
from tests.recommendations.api.test_permissions import (
    assessed,
    comment_answer,
    element,
    footnote,
    group,
    job,
    milestone,
    round_question,
)
from tests.recommendations.notify import telling as notify
from tests.stage import ASKED, Stage

NO_LIST = ("api-schema", "api-docs", "api-errors")
Row = dict[str, Any]


def is_list(route: URLPattern) -> bool:
    """Say whether an address without a key is read."""
    view = getattr(route.callback, "cls", None)
    return "<" not in str(route.pattern) and hasattr(view, "get") and route.name not in NO_LIST


LISTS = [route for route in urls.routes if is_list(route)]
OF_FIGURES: dict[str, Callable[[Any], list[Row]]] = {
    "overview": lambda told: [line for area in told["areas"] for line in area["actions"]],
    "matrix": lambda told: [cell for row in told["rows"] for cell in row["cells"] if cell],
    "standings": lambda told: list(told["rows"]),
    "actions": lambda told: list(told["lines"]),
    "answers": lambda told: list(told["answers"]),
    "agencies": lambda told: list(told["lines"]),
    "groups": lambda told: list(told["groups"]),
    "trend": lambda told: [area for stage in told["stages"] for area in stage["areas"]],
    "gaps": lambda told: list(told["coverage"]),
    "round": lambda told: [
        {"agency_code": one["agency_code"], "agency": one["agency"], "duty": duty}
        for one in told["agencies"]
        for duty in one["duties"]
    ],
}
NESTED = ("reported", "assignments", "actions", "group", "tally", "duty")
"""What stands in the columns of a table beside the rest."""
OF_OFFICE = ("api-appointments", "api-figures-gaps")
"""What is for those who hold an office."""
OF = {"api-figures-answers": "?framework=questions", "api-figures-round": "?round=2026-H1"}
"""What has rows in another framework, or of a round alone."""


def told(name: str, answer: Any) -> list[Row]:
    """Return the rows of an answer in JSON."""
    rows = OF_FIGURES.get(name.removeprefix("api-figures-"), lambda body: body["results"])
    return rows(answer.json())


def lines(client: Client, address: str) -> list[dict[str, str]]:
    """Return the lines of an address that is asked for CSV, by the names of their columns."""
    answer = client.get(address, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))


def flat(row: Row) -> Row:
    """Return a row in which what is nested stands beside the rest, with a point in its name."""
    found: Row = {}
    for name, value in row.items():
        nested = isinstance(value, dict) and name in NESTED
        found |= {f"{name}.{key}": one for key, one in value.items()} if nested else {name: value}
    return found


def read_back(cell: str, like: Any) -> Any:
    """Return what a cell says, as JSON says it."""
    if like is None:
        return None if cell == "" else cell
    text = unguarded(cell)
    return text if isinstance(like, str) else json.loads(text)


@pytest.mark.parametrize("route", LISTS, ids=lambda one: one.name)
def test_every_list_comes_as_csv_with_the_rows_of_its_json(route: URLPattern, play: Stage) -> None:
    element(play.cast.framework)
    milestone(play.cast.framework)
    group(play)
    job(play)
    assessed(play)
    footnote(play.cast.framework)
    round_question(play)
    comment_answer(play)
    positions.number_events(at=ASKED)
    Action.objects.filter(code="A1").update(short_title="=1+1")
    person = play.people["focal_point"]
    make.handed_over(play.cast.ilo, by=person, to=play.people["alternate"])
    notify.told(person, play.objects["update approved"])
    of_office = route.name in OF_OFFICE
    client = client_of(play.people["coordinator"] if of_office else person)
    address = f"/{route.pattern}{OF.get(route.name, '')}"
    long = {"api-events": "?limit=200"}.get(route.name, "")
    rows = [flat(row) for row in told(route.name, client.get(address + long))]
    page = lines(client, address)[: len(rows)]

    assert rows != []
    assert [
        {name: read_back(cell, like[name]) for name, cell in line.items()}
        for line, like in zip(page, rows, strict=True)
    ] == rows


@pytest.mark.parametrize("route", LISTS, ids=lambda one: one.name)
def test_a_list_in_a_form_that_there_is_not_is_refused_with_those_there_are(
    route: URLPattern, play: Stage
) -> None:
    client = client_of(play.people["focal_point"])
    answer = client.get(f"/{route.pattern}", headers={"Accept": "application/xml"})

    assert (answer.status_code, answer.json()["forms"]) == (406, ["application/json", "text/csv"])


def test_a_list_without_rows_still_says_what_its_columns_are(play: Stage) -> None:
    """Before anything was entered, figures have no line."""
    answer = client_of().get(
        "/api/v1/figures/overview/?as_of=2026-05-04T09:29", headers={"Accept": "text/csv"}
    )

    assert answer.getvalue().decode() == (
        "code,kind,short_title,area_code,standing,leads,reported.leads,reported.reporting,"
        "reported.verified,reported.oldest,assignments.counts,assignments.total,awaiting\r\n"
    )


def test_nothing_in_a_file_is_a_formula(play: Stage) -> None:
    Action.objects.filter(code="A1").update(short_title="=1+1", official_text="-2;=3")
    found = [
        cell
        for address in ("actions/", "figures/actions/", "figures/standings/")
        for line in lines(client_of(), f"/api/v1/{address}")
        for cell in line.values()
    ]

    assert "'=1+1" in found
    assert "'-2;'=3" in found
    assert [cell for cell in found if cell[:1] in "=+-@" and cell] == []


def test_a_feed_as_csv_goes_on_after_its_last_position(play: Stage) -> None:
    positions.number_events(at=ASKED)
    client = client_of(play.people["coordinator"])
    every = [line["position"] for line in lines(client, "/api/v1/events/")]
    rest = [line["position"] for line in lines(client, f"/api/v1/events/?after={every[4]}")]

    assert rest == every[5:]
    assert lines(client, f"/api/v1/events/?after={every[-1]}") == []


def test_a_report_comes_as_csv_where_accept_says_so(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    address = "/api/v1/reports/agency/?agency=ILO"
    found = {
        accept: client.get(address, headers={"Accept": accept})["Content-Disposition"]
        for accept in ("text/csv", "application/json", "*/*")
    }

    assert [one.rstrip('"').rpartition(".")[2] for one in found.values()] == ["zip", "json", "json"]
