"""An area: its statement as adopted, its actions, its passage."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from recommendations.models import Footnote, FrameworkWording, Passage, PriorityArea
from tests import make
from tests.recommendations.web.pages import is_plain, links_of, text_of

AREA = "/f/hld-2013/areas/A/"


@pytest.fixture
def sourced(cast: make.Cast) -> make.Cast:
    """Return the area with its passage of the source, which carries a footnote."""
    passage = Passage.objects.create(
        framework=cast.framework,
        number=64,
        section="Looking ahead",
        kind="list_entry",
        marker="(a)",
        text="The whole passage.",
    )
    Footnote.objects.create(
        framework=cast.framework, passage=passage, number=32, text="See the summary."
    )
    PriorityArea.objects.update(passage=passage)
    return cast


def test_it_shows_the_statement_the_actions_and_the_passage(
    sourced: make.Cast, client: Client
) -> None:
    answer = client.get(AREA)
    words = text_of(answer)

    assert answer.status_code == 200
    assert is_plain(answer)
    assert "A Area A" in words
    assert "Statement" in words
    assert (
        "1 action: 0 without a report, 1 without a lead. No agency leads. 0 assignments." in words
    )
    assert "(a) The whole passage. Footnote 32: See the summary." in words
    assert "Passage 64 of the source, “Looking ahead”" in words
    assert "/f/hld-2013/actions/A1/" in links_of(answer)
    assert "/f/hld-2013/about/source/#p64" in links_of(answer)
    assert "/f/hld-2013/about/source/#fn32" in links_of(answer)


def test_its_code_is_found_in_either_case(sourced: make.Cast, client: Client) -> None:
    answer = client.get("/f/hld-2013/areas/a/?as_of=2026-05-04")

    assert (answer.status_code, answer["Location"]) == (301, AREA + "?as_of=2026-05-04")


def test_an_area_that_does_not_exist_is_not_found(sourced: make.Cast, client: Client) -> None:
    assert client.get("/f/hld-2013/areas/Z/").status_code == 404
    assert client.get("/f/other/areas/A/").status_code == 404


def test_before_it_was_recorded_it_is_not_found_and_says_why(
    sourced: make.Cast, client: Client
) -> None:
    FrameworkWording.objects.update(recorded_at=make.NOW - timedelta(days=9))
    answer = client.get(AREA, {"as_of": "2026-05-01"})

    assert answer.status_code == 404
    assert "Nothing was recorded here yet at that moment." in text_of(answer)
