"""The trend as a page and as files: the same numbers, each leading to its list."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from tests import make
from tests.make import later
from tests.recommendations.reporting.test_trend import two_rounds
from tests.recommendations.web.pages import is_plain, text_of

F = "/f/hld-2013/"
PAGE = F + "trend/"
NUMBER = re.compile(r'<td class="number"><a href="([^"]*)">(\d+)</a></td>')
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def told(db: None, clock: Any) -> None:
    """Show two rounds at a later moment."""
    two_rounds()
    clock.now = later(days=9)


def listed(answer: Any) -> int:
    """Return how many actions a list says it holds."""
    found = re.search(r"(\d+) (?:of \d+ )?actions?\.", text_of(answer))
    assert found is not None
    return int(found.group(1))


def test_it_says_where_the_actions_stood_and_what_moved(told: None, client: Client) -> None:
    answer = client.get(PAGE)
    words = text_of(answer)

    assert is_plain(answer)
    assert "Since round R2 opened: 1 action moved up, 1 down," in words
    assert "Status R1 R2" in words
    assert "Moved up (1) A1 Short title of A1 … In progress to ✓ Reported implemented" in words
    assert "Moved down (1) A2 Short title of A2 ∞ Continuing to ‖ On hold" in words


def test_every_number_leads_to_the_list_of_what_it_counts(told: None, client: Client) -> None:
    numbers = NUMBER.findall(client.get(PAGE).content.decode())
    found = [(listed(client.get(url.replace("&amp;", "&"))), int(count)) for url, count in numbers]

    assert len(found) == 20
    assert [many for many, count in found] == [count for many, count in found]


def test_a_chosen_moment_is_kept_in_its_links(told: None, client: Client) -> None:
    page = client.get(PAGE, {"as_of": "2026-05-10T12:00"}).content.decode()
    moments = re.findall(r"as_of=([^\"&]+)", page)

    assert {unquote(moment) for moment in moments} == {"2026-05-09T09:30", "2026-05-10T12:00"}


def test_its_csv_holds_the_numbers_of_the_page(told: None, client: Client) -> None:
    answer = client.get(F + "trend.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == (
        'attachment; filename="hld-2013-trend-20260513T0930Z.csv"'
    )
    assert [(row["round"], row["position_at"], row["area"], row["actions"]) for row in rows] == [
        ("R1", "2026-05-09T09:30:00Z", "A", "5"),
        ("R2", "2026-05-13T09:30:00Z", "A", "5"),
    ]
    assert [(row["in_progress"], row["no_information"]) for row in rows] == [("2", "2"), ("0", "1")]


@pytest.mark.parametrize("name", ["trend.svg", "overview.svg"])
def test_its_svg_stands_alone(name: str, told: None, client: Client) -> None:
    answer = client.get(F + name)
    root = ET.fromstring(answer.content)
    inside = float(root.get("width", "0"))
    places = [
        (float(one.get("x", "0")), float(one.get("width", "0")))
        for one in root.findall(SVG + "rect")
        if one.get("width") != "100%"
    ]

    assert answer["Content-Type"] == "image/svg+xml"
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title desc")
    assert [root.findtext(SVG + tag) != "" for tag in ("title", "desc")] == [True, True]
    assert b"style" not in answer.content
    assert b"href" not in answer.content
    assert [place for place in places if place[0] < 20 or sum(place) > inside - 20] == []


def test_files_may_be_kept_by_a_shared_cache_for_a_minute_but_not_those_of_a_person(
    told: None, client: Client, signed_in: Any
) -> None:
    person = signed_in(make.person("Coordinator 2", office="coordinator"))
    for name in ("trend.svg", "trend.csv", "overview.svg", "overview.csv"):
        public = client.get(F + name)
        again = client.get(F + name, headers={"If-None-Match": public["ETag"]})
        assert (public["Cache-Control"], again.status_code) == ("public, max-age=60", 304)
        inside = person.get(F + name)
        assert inside["Cache-Control"] == "private, no-store"
        assert "-inside." in inside["Content-Disposition"]


def test_what_the_public_keeps_shows_a_round_that_opens_and_none_of_its_other_steps(
    cast: make.Cast, clock: Any
) -> None:
    round = make.planned_round(cast.framework)
    addresses = (F, PAGE, F + "trend.csv", F + "matrix/?show=changed", F + "data/")

    def answers() -> list[tuple[str, bytes]]:
        clock.now = later(days=9)
        found = [Client().get(address) for address in addresses]
        return [(one["ETag"], one.content) for one in found]

    def step(verb: str, days: int, **facts: Any) -> None:
        make.do(verb, round, by=cast.coordinator, at=later(days=days), **facts)

    before = answers()
    step("hold", 1, note="Before the summit.")
    held = answers()
    step("open", 2)
    opened = answers()
    dates = {"due_on": round.closes_on, "closes_on": round.closes_on, "note": "More time."}
    step("extend", 3, **dates)
    step("close", 4)
    step("reopen", 5, **dates)

    assert held == before
    assert all(one[0] != other[0] for one, other in zip(opened, before, strict=True))
    assert {
        address
        for address, one, other in zip(addresses, opened, before, strict=True)
        if one[1] != other[1]
    } == {*addresses}
    assert answers() == opened


def test_without_a_round_it_says_so(db: None, client: Client) -> None:
    make.framework()
    answer = client.get(PAGE)

    assert "No round had opened yet at this moment. See the overview" in text_of(answer)
    assert client.get(F + "trend.svg").status_code == 200
