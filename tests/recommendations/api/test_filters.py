"""Every filter of every list: it is answered, and what it keeps are rows of the list."""

from __future__ import annotations

from typing import Any

import pytest

from recommendations.api.columns import Filter, Kind
from recommendations.api.resources import Resource
from recommendations.api.tables import RESOURCES
from recommendations.models import Passage
from tests import make
from tests.recommendations.api.conftest import client_of, ids
from tests.recommendations.api.test_permissions import element, milestone
from tests.stage import Stage

FILTERS = [
    pytest.param(resource, one, id=f"{resource.name}-{one.name}")
    for resource in RESOURCES
    for one in resource.filters
]
VALUES = {
    Kind.INTEGER: "1",
    Kind.TEXT: "a",
    Kind.DATE: "2026-06-01",
    Kind.MOMENT: "2026-05-04T09:00:00Z",
    Kind.BOOLEAN: "true",
}
CODES = {
    "framework": "hld-2013",
    "area": "A",
    "action": "A1",
    "agency": "ILO",
    "group": "GMG",
    "parent": "GMG",
    "round": "2026-H1",
}
OF_THEIR_OWN = {
    "areas": "A",
    "actions": "A1",
    "rounds": "2026-H1",
    "key-elements": "a",
    "milestones": "a",
}
NAMED = [one for one in FILTERS if one.values[1].kind is Kind.CODE]  # type: ignore[attr-defined]


def code_of(resource: Resource, one: Filter) -> str:
    """Return a code that there is."""
    return OF_THEIR_OWN[resource.name] if one.name == "code" else CODES[one.name]


@pytest.fixture(autouse=True)
def rows(play: Stage) -> None:
    """Let there be a working group, and one of each part of the source."""
    make.group("GMG", "A group")
    element(play.cast.framework)
    milestone(play.cast.framework)


@pytest.mark.parametrize(("resource", "one"), FILTERS)
def test_each_filter_is_answered_on_the_first_page_and_on_a_later_one(
    resource: Resource, one: Filter, play: Stage
) -> None:
    client = client_of(play.people["coordinator"])
    keys = [
        row[resource.key]
        for row in client.get(f"/api/v1/{resource.name}/?limit=200").json()["results"]
    ]
    value = code_of(resource, one) if one.kind is Kind.CODE else VALUES.get(one.kind)
    values = one.choices.values if one.choices else [value]
    for value in values:
        address = f"/api/v1/{resource.name}/?limit=1&{one.name}={value}"
        for _page in range(2):
            answer = client.get(address)

            assert answer.status_code == 200, answer.content
            assert {row[resource.key] for row in answer.json()["results"]} <= {*keys}
            address = answer.json()["next"] or address


def test_a_passage_is_found_by_words_that_are_no_pattern(play: Stage) -> None:
    home = play.cast.framework
    texts = ("Fifty % of all", "fifty of all", "Fifty_of all", "Fifty \\ all")
    made = [
        Passage.objects.create(framework=home, number=900 + place, kind="paragraph", text=text)
        for place, text in enumerate(texts)
    ]
    client = client_of()
    found = {
        q: ids(client.get("/api/v1/passages/", {"q": q})) for q in ("Y % O", "y_o", "\\", "fifty")
    }
    known = [one.pk for one in made]

    assert found == {"Y % O": known[:1], "y_o": known[2:3], "\\": known[3:], "fifty": known}


@pytest.mark.parametrize(("resource", "one"), NAMED)
def test_a_code_is_found_in_whatever_case_and_none_is_refused(
    resource: Resource, one: Filter, play: Stage
) -> None:
    client, address = client_of(play.people["coordinator"]), f"/api/v1/{resource.name}/"
    code = code_of(resource, one)
    written, other = (
        client.get(address, {one.name: text}).json() for text in (code, code.swapcase())
    )
    csv = {"Accept": "text/csv"}
    refused = [
        client.get(address, {one.name: "nix"}, headers=headers).json() for headers in ({}, csv)
    ]

    assert written["results"] == other["results"]
    assert [list(said["fields"]) for said in refused] == [[one.name]] * 2
    assert {said["type"].rpartition("#")[2] for said in refused} == {"unusable-value"}


def test_a_code_that_is_not_for_the_reader_is_refused_as_one_that_there_is_not(
    play: Stage,
) -> None:
    def told(actor: str, code: str) -> tuple[int, dict[str, Any]]:
        answer = client_of(play.people[actor]).get("/api/v1/duties/", {"round": code})
        return answer.status_code, {**answer.json(), "request_id": ""}

    planned = play.objects["round planned"].code  # type: ignore[attr-defined]
    status, refused = told("focal_point", planned)

    assert (status, refused) == told("focal_point", "nix")
    assert refused["detail"] == (
        "There is none with this code. Take one of http://testserver/api/v1/rounds/"
    )
    assert told("coordinator", planned)[1]["results"] == []


def test_what_there_is_may_have_no_row(play: Stage, django_assert_num_queries: Any) -> None:
    """Whether it is there is asked where the page is empty, in one statement for all codes."""
    client, address = client_of(), "/api/v1/assignments/"
    make.framework("third", is_default=False)
    asked = {"framework": "THIRD", "area": "a", "action": "a1"}
    with django_assert_num_queries(3):
        answer = client.get(address, asked)

    assert (answer.status_code, answer.json()["results"]) == (200, [])
    refused = client.get(address, {**asked, "area": "B"}).json()
    assert list(refused["fields"]) == ["area"]


def test_an_area_may_be_named_with_its_framework(play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    found = [
        client.get("/api/v1/updates/", {"area": area})
        for area in ("A", "a", "HLD-2013.a", "hld-2013.Z", "other.A")
    ]

    assert [one.status_code for one in found] == [200, 200, 200, 400, 400]
    assert found[0].json()["count"] == found[1].json()["count"] == found[2].json()["count"] > 0
    elsewhere = client.get("/api/v1/assignments/", {"area": "hld-2013.A"})
    assert (elsewhere.status_code, [*elsewhere.json()["fields"]]) == (400, ["area"])


def test_reports_and_figures_find_codes_in_whatever_case(play: Stage) -> None:
    program = client_of(play.people["coordinator"])
    asked = {
        "figures/actions/?agency=ilo&area=a": "figures/actions/?agency=ILO&area=A",
        "figures/overview/?round=2026-h1": "figures/overview/?round=2026-H1",
        "figures/matrix/?framework=HLD-2013": "figures/matrix/?framework=hld-2013",
        "reports/agency/?agency=ilo": "reports/agency/?agency=ILO",
        "reports/round/?round=2026-h1": "reports/round/?round=2026-H1",
    }
    for other, written in asked.items():
        first, second = (program.get(f"/api/v1/{one}") for one in (other, written))

        assert (first.status_code, first.content) == (200, second.content), other


def test_a_language_in_which_nothing_is_told_is_refused(play: Stage) -> None:
    client = client_of()
    found = {
        code: client.get("/api/v1/actions/", {"lang": code, "limit": 1})
        for code in ("en", "EN-gb", "", "xx", "fr")
    }

    assert [one.status_code for one in found.values()] == [200, 200, 200, 400, 400]
    assert found["xx"].json()["fields"] == {"lang": "“xx” is none of: en."}
