"""Tables sort on the server by the column that the address names."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from recommendations.models import Role
from recommendations.web import standings
from recommendations.web.views import actions
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import links_of, text_of

F = "/f/hld-2013/"
ROUND = F + "rounds/2026-H1/?standing=all"
SORTED = re.compile(r'<th[^>]* aria-sort="(\w+)"><a href="([^"]*)">([^<&]*)')


@pytest.fixture
def held(db: None, clock: Any) -> make.Cast:
    """Let the ILO lead A1 and A3 and the IOM support A3; A2 stands alone. A round is open."""
    people = make.cast()
    make.action(people.area, "A2", order=2)
    third = make.action(people.area, "A3", order=3)
    for action, agency, role in (
        (people.action, people.ilo, Role.LEAD),
        (third, people.ilo, Role.LEAD),
        (third, people.iom, Role.SUPPORTING),
    ):
        builders.held(action, agency, role)
    make.open_round(people, with_supporting=True)
    clock.now = later(days=1)
    return people


def rows(answer: Any, codes: str = r"A\d") -> list[str]:
    """Return the codes at the heads of the rows of the page, in order."""
    heads = re.findall(r'<th scope="row">(.*?)</th>', answer.content.decode(), re.S)
    return [code for head in heads for code in re.findall(rf"<bdi>({codes})</bdi>", head)]


def test_actions_sort_by_each_column_and_back(held: make.Cast, client: Client) -> None:
    orders = {
        asked: rows(client.get(F + "actions/", {"sort": asked}))
        for asked in ("", "title", "-title", "leads", "-leads", "-agencies")
    }

    assert orders == {
        "": ["A1", "A2", "A3"],
        "title": ["A1", "A2", "A3"],
        "-title": ["A3", "A2", "A1"],
        "leads": ["A2", "A1", "A3"],
        "-leads": ["A1", "A3", "A2"],
        "-agencies": ["A3", "A1", "A2"],
    }


def test_the_order_goes_along_from_page_to_page_and_with_the_filters(
    held: make.Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PAGE", 2)
    first = client.get(F + "actions/", {"sort": "-agencies", "area": "A"})
    (next_url,) = [url for url in links_of(first) if "after=" in url]
    second = client.get(next_url)

    assert (rows(first), rows(second)) == (["A3", "A1"], ["A2"])
    assert first.content.count(b'<input type="hidden" name="sort" value="-agencies">') == 2


def test_the_head_says_the_order_and_leads_to_the_other_one(
    held: make.Cast, client: Client
) -> None:
    heads = [
        SORTED.findall(client.get(F + "agencies/", {"sort": asked}).content.decode())
        for asked in ("", "leads", "-leads")
    ]

    assert heads == [
        [],
        [("ascending", f"{F}agencies/?sort=-leads", "Leads")],
        [("descending", f"{F}agencies/?sort=leads", "Leads")],
    ]


def test_agencies_sort_within_their_category(held: make.Cast, client: Client) -> None:
    found = [
        rows(client.get(F + "agencies/", {"sort": asked}), "ILO|IOM")
        for asked in ("", "supports", "-supports", "leads")
    ]

    assert found == [["ILO", "IOM"], ["ILO", "IOM"], ["IOM", "ILO"], ["IOM", "ILO"]]


def test_coverage_sorts_by_what_it_counts(held: make.Cast, signed_in: Any) -> None:
    client = signed_in(held.coordinator)
    found = [
        rows(client.get(F + "gaps/", {"sort": asked}))[:3]
        for asked in ("", "-supporting", "leads", "-leads")
    ]

    assert found == [["A2", "A1", "A3"], ["A3", "A2", "A1"], ["A2", "A1", "A3"], ["A1", "A3", "A2"]]


def test_duties_sort_from_page_to_page(
    held: make.Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standings, "PAGE", 2)
    client = signed_in(held.coordinator)
    first = client.get(f"{ROUND}&sort=-agency")
    (next_url,) = [url for url in links_of(first) if "page=2" in url]

    assert next_url == "/f/hld-2013/rounds/2026-H1/?standing=all&sort=-agency&page=2#duties"
    assert [line.agency.agency for line in first.context["listed"].page] == ["IOM", "ILO"]
    assert [one.agency.agency for one in client.get(next_url).context["listed"].page] == ["ILO"]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("actions/?sort=-standing", "title, leads, status, reported, agencies"),
        ("agencies/?sort=id", "name, leads, supports, actions"),
        ("gaps/?sort=--leads", "action, leads, supporting, reported, evidence"),
        ("rounds/2026-H1/?sort=duty_id", "agency, state, due, sent"),
    ],
)
def test_an_order_that_the_table_has_not_is_refused_with_those_that_it_has(
    held: make.Cast, signed_in: Any, path: str, known: str
) -> None:
    answer = signed_in(held.coordinator).get(F + path)

    assert answer.status_code == 400
    assert f"This table sorts by: {known}." in text_of(answer)
