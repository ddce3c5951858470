"""What the matrix can show beside the status, and whose rows; each as an address."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.models import Role
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import is_plain, links_of, text_of

PAGE = "/f/hld-2013/matrix/"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def told(cast: make.Cast, clock: Any) -> make.Cast:
    """Return two agencies on two actions, moved in the newest of two rounds.

    ILO A1: claims implemented, three days past its date. ILO A2: no report, no date. IOM A1:
    supporting, no longer on hold, its own date passed too. IOM A2: leads, unchanged, in time.
    """
    second = make.action(cast.area, "A2", order=2)
    first = builders.a_round(cast.framework)
    past, ahead = date(2026, 5, 10), date(2026, 7, 1)
    lead = builders.held(cast.action, cast.ilo, target_on=past)
    builders.held(second, cast.ilo, Role.CO_LEAD)
    support = builders.held(cast.action, cast.iom, Role.SUPPORTING, target_on=past)
    other = builders.held(second, cast.iom, Role.CO_LEAD, target_on=ahead)
    for assignment, status in ((lead, "in_progress"), (support, "on_hold"), (other, "continuing")):
        builders.said(builders.owed(first, assignment), status, at=later(days=1))
    builders.a_round(cast.framework, "R2", at=later(days=3))
    builders.said(lead, "implemented", at=later(days=4))
    builders.said(support, "in_progress", at=later(days=4))
    clock.now = later(days=9)
    return cast


def test_claims_to_verify_stand_out(told: make.Cast, client: Client) -> None:
    answer = client.get(PAGE, {"show": "claims"})
    words = text_of(answer)

    assert is_plain(answer)
    assert "1 claim of “implemented” waits to be verified." in words
    assert "ILO A1: Reported implemented, to be verified" in words
    assert "IOM A2: Nothing to verify" in words


def test_what_changed_since_the_newest_round_opened(told: make.Cast, client: Client) -> None:
    words = text_of(client.get(PAGE, {"show": "changed"}))

    assert (
        "Since round R2 opened: 2 assignments moved up, 0 down, 0 reported for the first time, "
        "0 changed otherwise."
    ) in words
    assert (
        "▲ ILO A1: Moved up, from “In progress” to “Reported implemented, to be verified”" in words
    )
    assert "▲ IOM A1: Moved up, from “On hold” to “In progress”" in words
    assert "· ILO A2: Not changed" in words
    assert "· IOM A2: Not changed" in words


def test_days_late_are_for_the_inside_and_of_leads_with_a_date(
    told: make.Cast, signed_in: Any, client: Client
) -> None:
    words = text_of(signed_in(told.coordinator).get(PAGE, {"show": "late"}))

    assert "1 of 2 open leads is past" not in words
    assert "1 of 2 open leads are past their target date; 1 has no target date." in words
    assert "3 ILO A1: 3 days past its target date" in words
    assert "– ILO A2: No target date" in words
    assert "· IOM A1: Not late" in words
    assert "· IOM A2: Not late" in words


@pytest.mark.parametrize("query", [{"show": "late"}, {"only": "late"}, {"only": "mine"}])
def test_the_public_is_offered_no_ranking(
    query: dict[str, str], told: make.Cast, signed_in: Any, client: Client
) -> None:
    answer = client.get(PAGE, query)
    everybody = text_of(client.get(PAGE))

    assert answer.status_code == 400
    assert "past its target date" not in text_of(answer)
    assert "target date" not in everybody
    assert "My agency" not in everybody


def test_only_some_agencies_have_a_row(told: make.Cast, signed_in: Any, client: Client) -> None:
    mine = text_of(signed_in(told.iom_focal_point).get(PAGE, {"only": "mine"}))
    late = text_of(signed_in(told.coordinator).get(PAGE, {"only": "late"}))
    silent = text_of(client.get(PAGE, {"only": "no_report"}))

    found = [("ILO A1:" in words, "IOM A1:" in words) for words in (mine, late, silent)]
    assert found == [(False, True), (True, False), (True, False)]
    assert "1 of 2 agencies is shown." in silent


def test_without_a_match_it_says_so_and_leads_back(cast: make.Cast, client: Client) -> None:
    answer = client.get(PAGE, {"only": "no_report"})

    assert "No agency matches these filters. Clear filters" in text_of(answer)


def test_a_matrix_of_changes_before_any_round_says_so(cast: make.Cast, client: Client) -> None:
    builders.held(cast.action, cast.ilo)

    assert "No round had opened yet." in text_of(client.get(PAGE, {"show": "changed"}))


def test_its_csv_holds_the_rows_and_what_they_show(
    told: make.Cast, signed_in: Any, client: Client
) -> None:
    late = signed_in(told.coordinator).get("/f/hld-2013/matrix.csv", {"show": "late"})
    moved = client.get("/f/hld-2013/matrix.csv", {"show": "changed", "only": "no_report"})

    def lines(answer: Any) -> list[list[str]]:
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    common = ["agency", "action", "role", "acceptance", "status"]
    assert lines(late) == [
        [*common, "target_on", "days_past"],
        ["ILO", "A1", "lead", "accepted", "reported_implemented", "2026-05-10", "3"],
        ["ILO", "A2", "co_lead", "accepted", "no_report", "", ""],
        ["IOM", "A1", "supporting", "accepted", "in_progress", "2026-05-10", "0"],
        ["IOM", "A2", "co_lead", "accepted", "continuing", "2026-07-01", "0"],
    ]
    assert lines(moved) == [
        [*common, "status_before", "moved"],
        ["ILO", "A1", "lead", "accepted", "reported_implemented", "in_progress", "up"],
        ["ILO", "A2", "co_lead", "accepted", "no_report", "", ""],
    ]


@pytest.mark.parametrize(
    ("show", "fills", "signs"),
    [
        ("status", {"#ffffff": 2, "#4d95ba": 1, "#8fae7f": 1}, ["–", "…", "∞"]),
        ("late", {"#fde4e1": 1}, ["3", "–", "·", "·"]),
        ("changed", {"#ffffff": 1, "#4d95ba": 1}, ["▲", "·", "▲", "·"]),
        ("claims", {"#ffffff": 1}, ["·", "·", "·"]),
    ],
)
def test_its_picture_shows_what_the_page_shows(
    show: str, fills: dict[str, int], signs: list[str], told: make.Cast, signed_in: Any
) -> None:
    client = signed_in(told.coordinator)
    page = client.get(PAGE, {"show": show, "only": "no_report"})
    answer = client.get("/f/hld-2013/matrix.svg", {"show": show})
    root = ET.fromstring(answer.content)
    squares = [
        one.get("fill", "") for one in root.iter(SVG + "rect") if one.get("height") == "22.0"
    ]
    middles = [
        one.text or ""
        for one in root.iter(SVG + "text")
        if one.get("text-anchor") == "middle" and float(one.get("y", "0")) in (72, 96)
    ]
    found = [one for one in links_of(page) if "matrix.svg" in one]

    assert found == [f"/f/hld-2013/matrix.svg?show={show}&only=no_report"]
    assert Counter(one for one in squares if one.startswith("#")) == fills
    assert sorted(one for one in middles if one in {*"3–…∞·▲"}) == sorted(signs)
    assert client.get(found[0]).content.count(b">ILO<") == 1
    assert b">IOM<" not in client.get(found[0]).content
    sentence = root.findtext(SVG + "desc")
    assert sentence in text_of(page)


def test_the_public_has_no_picture_of_days_late(told: make.Cast, client: Client) -> None:
    picture = client.get("/f/hld-2013/matrix.svg", {"show": "late"})
    status = client.get("/f/hld-2013/matrix.svg")

    assert (picture.status_code, picture.content) == (status.status_code, status.content)
    assert b"past the target date" not in picture.content


@pytest.mark.parametrize(("show", "count"), [("status", 5), ("claims", 5), ("changed", 6)])
def test_each_mode_asks_the_database_six_times_at_most(
    show: str, count: int, told: make.Cast, client: Client
) -> None:
    for rows in range(2):
        for number in range(rows * 20):
            action = make.action(told.area, f"B{number}", order=number + 3)
            builders.said(builders.held(action, told.ilo), "in_progress", at=later(days=5))
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, {"show": show, "as_of": "2026-05-12T09:30"})
        assert len(queries) == count
