"""The words of reports stand in every catalogue, with all their figures, and compiled."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from recommendations.reporting.outputs import LANGUAGES
from tests.project import catalogues

FIGURE = re.compile(r"%\((\w+)\)[ds]")
CATALOGUES = catalogues.translated()
each = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)


def test_there_is_a_catalogue_for_every_language_of_reports() -> None:
    assert {path.parent.parent.name for path in CATALOGUES} == set(LANGUAGES) - {"en"}


@each
def test_everything_that_reports_print_is_translated(path: Path) -> None:
    """Where it is red: `make translations`, then fill in what is empty."""
    catalogue = polib.pofile(str(path))
    there = {(entry.msgctxt, entry.msgid) for entry in catalogue.translated_entries()}
    wanted = set(catalogues.printed())

    assert (wanted - there, there - wanted) == (set(), set())


@each
def test_a_translation_has_the_figures_of_its_original(path: Path) -> None:
    wrong = [
        (entry.msgid, said)
        for entry in polib.pofile(str(path))
        for said in (entry.msgstr_plural or {0: entry.msgstr}).values()
        if sorted(FIGURE.findall(said)) != sorted(FIGURE.findall(entry.msgid))
    ]

    assert wrong == []


@each
def test_what_programs_read_is_compiled_from_what_people_write(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == catalogues.compiled(path)


@each
def test_a_full_stop_and_a_question_stay_what_they_are(path: Path) -> None:
    ends = {".": ".。", "?": "?؟？", ":": ":："}
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(path))
        if entry.msgid[-1] in ends
        and entry.msgstr
        and entry.msgstr[-1] not in ends[entry.msgid[-1]]
    ]

    assert wrong == []
