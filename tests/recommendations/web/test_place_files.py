"""The picture of an area, an action and an agency comes as SVG, and what it counts as CSV."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client

from recommendations.models import Role
from tests import make
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import links_of, text_of

F = "/f/hld-2013/"
SVG = "{http://www.w3.org/2000/svg}"
PLACES = {"areas/A/": "area", "actions/A1/": "action", "agencies/ILO/": "agency"}


@pytest.fixture
def told(cast: make.Cast) -> make.Cast:
    """Return A1 led by the ILO, in progress, and supported by the IOM, which is silent."""
    builders.said(builders.held(cast.action, cast.ilo), "in_progress", at=make.NOW)
    builders.held(cast.action, cast.iom, Role.SUPPORTING)
    return cast


def lines(client: Client, path: str) -> list[list[str]]:
    """Return the lines of a CSV."""
    answer = client.get(F + path)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(("path", "name"), PLACES.items())
def test_the_page_leads_to_both_and_the_picture_says_its_sentence(
    path: str, name: str, told: make.Cast, client: Client
) -> None:
    page = client.get(F + path, {"as_of": "2026-05-04T09:30"})
    moment = "?as_of=2026-05-04T09:30"
    root = ET.fromstring(client.get(f"{F}{path}{name}.svg{moment}").content)
    fills = [one.get("fill") for one in root.iter(SVG + "rect")]

    assert {f"{F}{path}{name}.{ext}{moment}" for ext in ("svg", "csv")} <= {*links_of(page)}
    assert (root.findtext(SVG + "desc") or "-") in text_of(page)
    assert "#4d95ba" in fills
    assert client.get(f"{F}{path}{name}.svg", {"as_of": "2013-10-03"}).status_code == 404


def test_the_lines_are_what_the_pages_count(told: make.Cast, client: Client) -> None:
    area = lines(client, "areas/A/area.csv")
    whole = [
        ["ILO", "A1", "lead", "accepted", "in_progress", "2026-05-04T09:30:00Z", ""],
        ["IOM", "A1", "supporting", "accepted", "no_report", "", ""],
    ]

    assert (area[0][:5], area[1][:5]) == (
        ["action", "standing", "leads", "leads_reported", "assignments"],
        ["A1", "in_progress", "1", "1", "2"],
    )
    assert dict(zip(*area, strict=True))["no_report"] == "1"
    assert lines(client, "actions/A1/action.csv")[1:] == whole
    assert lines(client, "agencies/ILO/agency.csv")[1:] == whole[:1]


def test_an_agency_counts_the_inside_for_its_own_people(told: make.Cast, signed_in: Any) -> None:
    other = make.action(told.area, "A2", order=2)
    make.proposed(told, action=other)
    own, foreign = (
        lines(signed_in(who), "agencies/ILO/agency.csv")[1:]
        for who in (told.ilo_focal_point, told.iom_focal_point)
    )

    assert [line[1] for line in own] == ["A1", "A2"]
    assert [line[1] for line in foreign] == ["A1"]
