"""One vocabulary: refusals say what buttons say, every history says an event in the same words."""

from __future__ import annotations

from pathlib import Path

from agencies import chronicle
from recommendations.domain import access, workflow
from recommendations.domain.deeds import BUTTONS

ROOT = Path(__file__).resolve().parents[3]
PAGES = [
    *(ROOT / "templates").rglob("*.html"),
    *(ROOT / "recommendations/web").rglob("*.py"),
    *(ROOT / "recommendations/admin").rglob("*.py"),
]


def test_every_verb_has_the_words_of_its_button() -> None:
    assert {*BUTTONS} == {*access.WHO} - {("update", "edit")}


def test_the_words_of_a_button_stand_on_a_page() -> None:
    written = "".join(path.read_text() for path in PAGES)

    assert [str(words) for words in BUTTONS.values() if f'"{words}"' not in written] == []


def test_every_event_of_the_table_is_said_in_words() -> None:
    said = {(row.noun, row.event) for row in workflow.TABLE if row.event}
    unsaid = {pair for pair in said if pair not in chronicle.OF_KIND}

    assert {pair for pair in unsaid if pair[1] not in chronicle.VERBS} == set()
