"""The matrix: a cell for each assignment, and no page heavier than a field office can bear."""

from __future__ import annotations

import gzip
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client

from agencies import revisions
from agencies.models import Agency
from recommendations.models import Role
from tests import make
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import is_plain, links_of, text_of

PAGE = "/f/hld-2013/matrix/"
SVG = "{http://www.w3.org/2000/svg}"
CELL = re.compile(r'<a class="cell([^"]*)" href="([^"]*)">(.*?)</a>')


def cells(answer: Any) -> list[tuple[str, str]]:
    """Return the fill and the address of every cell."""
    return [(fill.strip(), url) for fill, url, _ in CELL.findall(answer.content.decode())]


def test_each_cell_has_its_fill_its_words_and_its_thread(cast: make.Cast, client: Client) -> None:
    builders.verified(builders.held(cast.action, cast.ilo), "continuing", at=make.NOW)
    builders.held(cast.action, cast.iom, Role.SUPPORTING)
    answer = client.get(PAGE)
    words = text_of(answer)

    assert is_plain(answer)
    assert "2 assignments: 1 continuing, 1 without a report. Blank cells are not assigned." in words
    assert "ILO A1: Continuing" in words
    assert "IOM A1: No report yet" in words
    assert cells(answer) == [
        ("s-continuing", "/f/hld-2013/actions/A1/ILO/"),
        ("s-no_report", "/f/hld-2013/actions/A1/IOM/"),
    ]


def test_one_can_go_round_it(cast: make.Cast, client: Client) -> None:
    page = client.get(PAGE).content.decode()

    assert "The table scrolls sideways; the agencies stay in sight." in page
    assert '<a href="#after-matrix">Skip the matrix</a>' in page
    assert 'id="after-matrix"' in page
    assert "/f/hld-2013/agencies/" in page


def test_what_is_not_taken_on_yet_shows_inside_only(
    cast: make.Cast, signed_in: Any, client: Client
) -> None:
    make.proposed(cast)
    inside = signed_in(cast.coordinator).get(PAGE)

    assert cells(client.get(PAGE)) == []
    assert cells(inside) == [
        ("", "/f/hld-2013/actions/A1/ILO/"),
        ("", "/f/hld-2013/actions/A1/assign/?agency=IOM"),
    ]
    assert "ILO A1: Assigned, not taken on yet" in text_of(inside)
    assert "Inside figures" in text_of(inside)


def test_a_moment_is_kept_in_its_links(cast: make.Cast, client: Client) -> None:
    builders.held(cast.action, cast.ilo)
    answer = client.get(PAGE, {"as_of": "2026-05-04T09:30"})

    assert [url for url in links_of(answer) if "ILO" in url] == [
        "/f/hld-2013/agencies/ILO/?as_of=2026-05-04T09:30",
        "/f/hld-2013/actions/A1/ILO/?as_of=2026-05-04T09:30",
    ]


def test_the_picture_has_a_square_for_each_status_and_a_mark_where_nobody_answered(
    cast: make.Cast, client: Client, signed_in: Any
) -> None:
    builders.said(builders.held(cast.action, cast.ilo), "in_progress", at=make.NOW)
    make.proposed(cast, agency=cast.iom, role="supporting")
    page = client.get(PAGE, {"as_of": "2026-05-04T09:30", "show": "status"})
    found = [client, signed_in(cast.coordinator)]
    public, inside = (ET.fromstring(one.get("/f/hld-2013/matrix.svg").content) for one in found)

    assert "/f/hld-2013/matrix.svg?show=status&as_of=2026-05-04T09%3A30" in links_of(page)
    assert texts(public) == ["Matrix: agencies × actions", "…", "A1", "ILO", "IOM", "In progress"]
    assert texts(inside)[2:6] == ["A1", "ILO", "IOM", "?"]
    assert [one.get("fill") for one in public.iter(SVG + "rect")][1:] == ["#4d95ba", "#4d95ba"]


def texts(root: ET.Element) -> list[str]:
    """Return the words of a picture, but the sentence and the foot."""
    return [one.text or "" for one in root.iter(SVG + "text")][:6]


def test_without_actions_it_says_so(db: None, client: Client) -> None:
    make.framework()
    answer = client.get(PAGE)

    assert "No action was recorded yet at this moment." in text_of(answer)


@pytest.mark.django_db
def test_pages_of_28_agencies_by_16_actions_keep_to_their_weights(client: Client) -> None:
    kilobytes = {"matrix/": 8, "matrix/?show=changed": 8, "matrix/?show=claims": 8}
    kilobytes |= {"": 12, "trend/": 12, "trend.svg": 12, "overview.svg": 12, "matrix.svg": 12}
    framework = make.framework()
    areas = [make.area(framework, code) for code in "ABCDE"]
    actions = [make.action(areas[n % 5], f"{'ABCDE'[n % 5]}{n // 5 + 1}") for n in range(16)]
    statuses = ("in_progress", "implemented", "continuing", "on_hold", "not_started", "")
    for number in range(28):
        name = f"Organization number {number} of the United Nations"
        agency = Agency(code=f"AG{number}", acronym=f"AG{number}", name=name, category="gmg")
        revisions.create(agency, by=None, at=make.NOW)
        for place, action in enumerate(actions):
            if (number + place) % 2:
                continue
            assignment = builders.held(action, agency, Role.SUPPORTING)
            status = statuses[(number * 7 + place * 3) % 6]
            if status:
                builders.said(assignment, status, at=make.NOW)
    weights = {
        path: len(gzip.compress(client.get(f"/f/hld-2013/{path}").content, 6)) for path in kilobytes
    }

    assert len(cells(client.get(PAGE))) == 224
    assert {path for path, most in kilobytes.items() if weights[path] > most * 1024} == set()
