"""One vocabulary: refusals say what buttons say, every history says an event in the same words."""

from __future__ import annotations

import re
from pathlib import Path

from agencies import chronicle
from recommendations.domain import access, workflow
from recommendations.domain.deeds import DEEDS

ROOT = Path(__file__).resolve().parents[3]
PAGES = [
    *(ROOT / "templates").rglob("*.html"),
    *(ROOT / "recommendations/web").rglob("*.py"),
    *(ROOT / "recommendations/admin").rglob("*.py"),
]


def test_every_verb_is_said_in_words() -> None:
    assert {*DEEDS} == {*access.WHO} - {("update", "edit")}


def test_a_button_begins_with_the_words_of_its_deed() -> None:
    """What follows may say where the press leads: “Approve and open next”."""
    written = "".join(path.read_text() for path in PAGES)
    begun = [re.compile(rf'"{re.escape(str(words))}( and [a-z ]+)?"') for words in DEEDS.values()]

    assert [one.pattern for one in begun if not one.search(written)] == []


def test_every_event_of_the_table_is_said_in_words() -> None:
    said = {(row.noun, row.event) for row in workflow.TABLE if row.event}
    unsaid = {pair for pair in said if pair not in chronicle.OF_KIND}

    assert {pair for pair in unsaid if pair[1] not in chronicle.VERBS} == set()
