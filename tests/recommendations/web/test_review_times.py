"""Review times text by text: each number leads to the texts that it counts."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.web.views import review_times
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import links_of, text_of

PAGE = "/f/hld-2013/rounds/R1/review-times/"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def told(cast: make.Cast, signed_in: Any, clock: Any) -> Client:
    """Return the browser of a coordinator: A1 was decided on after 2 days, A2 at once, A3 waits."""
    round = builders.a_round(cast.framework)
    actions = [cast.action, *(make.action(cast.area, f"A{n}", order=n) for n in (2, 3))]
    slow, quick, _waits = (
        builders.sent(builders.owed(round, builders.held(one, cast.ilo)), at=later(days=n))
        for n, one in enumerate(actions, 1)
    )
    builders.decided(slow, "return", at=later(days=3))
    builders.approved(quick, at=later(days=2), published_at=None)
    clock.now = later(days=9)
    browser: Client = signed_in(cast.coordinator)
    return browser


def updates(answer: Any) -> list[str]:
    """Return the actions of the texts that a page lists."""
    return [text.action_code for text in answer.context["paged"].page]


def test_each_number_leads_to_its_texts(told: Client) -> None:
    answer = told.get(PAGE)
    steps = [url for url in links_of(answer) if "days=" in url]
    found = {url.split("?")[1]: updates(told.get(url.split("#")[0])) for url in steps}

    assert "Half of 2 decisions took 0 days or less, the longest 2." in text_of(answer)
    assert found == {"days=0#texts": ["A2"], "days=2#texts": ["A1"], "days=waiting#texts": ["A3"]}


def test_they_sort_and_come_in_pages(told: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = {
        asked: updates(told.get(PAGE, {"sort": asked}))
        for asked in ("", "-update", "-sent", "decided", "-decided", "-days")
    }
    monkeypatch.setattr(review_times, "PAGE", 2)
    first = told.get(PAGE, {"sort": "-days"})
    (next_url,) = [url for url in links_of(first) if "page=2" in url]

    assert orders == {
        "": ["A1", "A2", "A3"],
        "-update": ["A3", "A2", "A1"],
        "-sent": ["A3", "A2", "A1"],
        "decided": ["A2", "A1", "A3"],
        "-decided": ["A1", "A2", "A3"],
        "-days": ["A3", "A1", "A2"],
    }
    assert next_url == PAGE + "?sort=-days&page=2#texts"
    assert updates(told.get(next_url)) == ["A2"]


def test_the_picture_and_the_csv_hold_the_numbers_of_the_page(told: Client) -> None:
    root = ET.fromstring(told.get("/f/hld-2013/rounds/R1/review-times.svg").content)
    answer = told.get("/f/hld-2013/rounds/R1/review-times.csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    numbers = [one.text for one in root.iter(SVG + "text") if one.get("font-weight") == "bold"]

    assert numbers == ["How long does review take?", "1", "1"]
    assert root.findtext(SVG + "desc") in text_of(told.get(PAGE))
    assert [(line[1], line[-1]) for line in lines] == [
        ("action", "days"),
        ("A1", "2"),
        ("A2", "0"),
        ("A3", "6"),
    ]


def test_days_that_are_no_class_are_refused(told: Client) -> None:
    answer = told.get(PAGE, {"days": "4"})

    assert answer.status_code == 400
    assert "There are: 0, 1, 2, 3–4, 5–7, 8–14, 15+, waiting." in text_of(answer)


def test_an_earlier_moment_knows_no_later_text(told: Client) -> None:
    assert updates(told.get(PAGE, {"as_of": "2026-05-06T09:30"})) == ["A1", "A2"]


@pytest.mark.parametrize("rows", [1, 30])
def test_it_asks_the_database_as_often_for_one_text_as_for_thirty(
    rows: int, cast: make.Cast, signed_in: Any
) -> None:
    round = builders.a_round(cast.framework)
    for number in range(rows):
        action = make.action(cast.area, f"B{number}", order=number + 2)
        builders.said(builders.owed(round, builders.held(action, cast.ilo)), at=make.NOW)
    client = signed_in(cast.coordinator)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)

    assert len(queries) == 8
