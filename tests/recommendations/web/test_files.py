"""A picture as a file: mirrored where text runs from the right, its numbers within it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from django.utils import translation

from recommendations.reporting.charts import bars
from recommendations.reporting.facts import Scope
from recommendations.reporting.figures import Figure
from recommendations.web import files
from tests.make import NOW

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = Figure(framework="hld-2013", as_of=NOW, scope=Scope.INSIDE)
DRAWN = bars("Where?", "Two & <three>.", [("A", [("implemented", 2), ("no_lead", 3)])])


def drawn(language: str) -> ET.Element:
    """Return the picture in a language."""
    with translation.override(language):
        return ET.fromstring(files.drawing(FIGURES, "overview", DRAWN).content)


def places(root: ET.Element) -> list[tuple[float, float]]:
    """Return where each block of the bar starts, and how wide it is."""
    bar = [one for one in root.findall(SVG + "rect") if one.get("height") == "28.0"]
    return [(float(one.get("x", "")), float(one.get("width", ""))) for one in bar]


def test_from_the_right_the_first_block_is_the_rightmost() -> None:
    left, right = drawn("en"), drawn("ar")
    ends = [start + width for start, width in places(right)]

    assert (left.get("direction"), right.get("direction")) == ("ltr", "rtl")
    assert [start for start, _width in places(left)][0] == 20
    assert (ends[0], max(ends)) == (740, 740)
    assert sorted(width for _start, width in places(left)) == sorted(
        width for _start, width in places(right)
    )


def test_it_says_its_words_its_numbers_and_what_was_counted() -> None:
    root = drawn("en")
    said = [one.text for one in root.findall(SVG + "text")]

    assert (root.findtext(SVG + "title"), root.findtext(SVG + "desc")) == (
        "Where?",
        "Two & <three>.",
    )
    assert said == [
        *("Where?", "2", "3", "A", "Implemented", "No lead", "Two & <three>."),
        "Position on 4 May 2026, 09:30 UTC. Approved updates, published or not.",
    ]
