"""What the framework is: the reference data as it was loaded, shown in full."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests import make
from tests.recommendations.web.pages import is_plain, links_of, text_of

ABOUT = "/f/hld-2013/about/"


@pytest.fixture
def loaded(db: None) -> None:
    """Load the reference data."""
    make.reference_data()


def test_it_shows_the_framework_its_elements_its_history_and_its_groups(
    loaded: None, client: Client
) -> None:
    answer = client.get(ABOUT)
    page, words = answer.content.decode(), text_of(answer)

    assert answer.status_code == 200
    assert is_plain(answer)
    assert "endorsed by the UN System Chief Executives Board for Coordination" in words
    assert re.findall(r'<div id="element-(\w)">', page) == list("abcdefgh")
    assert page.count(f'href="{ABOUT}source/#p') >= 8
    years = [int(year) for year in re.findall(r"<h3>(\d{4})</h3>", page)]
    assert (years[0], years[-1], years) == (1994, 2013, sorted(set(years)))
    assert "Working Group on Human Rights, Gender and Migration" in words
    assert "Co-lead: OHCHR, UN Women, UNICEF" in words
    assert "Chair: not listed in the source" in words


def test_the_method_says_how_the_figures_are_counted(loaded: None, client: Client) -> None:
    words = text_of(client.get(ABOUT))

    for said in (
        "“No report yet” is always part of the total.",
        "otherwise the claim stands, unverified",
        "The newest approved update of an assignment is in force",
        "Every figure says its moment, in UTC.",
        "Supporting agencies are shown beside it and never decide.",
    ):
        assert said in words


def test_the_source_has_an_anchor_for_every_passage_and_footnote(
    loaded: None, client: Client
) -> None:
    answer = client.get(ABOUT + "source/")
    page = answer.content.decode()

    assert is_plain(answer)
    assert [int(n) for n in re.findall(r'<div id="p(\d+)">', page)] == [*range(1, 88)]
    assert [int(n) for n in re.findall(r'<div id="fn(\d+)">', page)] == [*range(1, 33)]
    assert "#fn4" in links_of(answer)


def test_a_framework_without_a_text_says_so(cast: make.Cast, client: Client) -> None:
    assert "The text of the source is not loaded." in text_of(client.get(ABOUT + "source/"))
    assert client.get(ABOUT).status_code == 200
    assert client.get("/f/other/about/").status_code == 404
