"""Reports in the languages they can be asked for in: no word of ours is left in English."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from recommendations.reporting import sentences
from recommendations.reporting.facts import Scope
from recommendations.reporting.moments import written
from recommendations.reporting.outputs import FORMATS, LANGUAGES, CannotPrint, fonts, why_not
from recommendations.reporting.outputs.about import about
from recommendations.reporting.reports.catalogue import OFFERS, make
from recommendations.reporting.reports.shape import Report
from tests.figures import figure
from tests.recommendations.reporting.outputs import samples
from tests.recommendations.reporting.outputs.test_csv import written as written_as
from tests.recommendations.reporting.reports.test_catalogue import crowd, of

pytestmark = pytest.mark.django_db

LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = {"SHA-256", "JSON", "Word", "UTC", "SHA", "hldtracker"}


def reports(language: str) -> list[Report]:
    """Return every report of a world in which two agencies reported and answered."""
    world = crowd(2)
    return [
        make(one.name, replace(of(one.name, world, Scope.INSIDE), language=language))
        for one in OFFERS
    ]


def our_words(report: Report) -> list[str]:
    """Return the words of a report that nobody but us wrote."""
    with translation.override(report.language):
        found = [report.position]
    for section in report.sections:
        found += [section.nothing]
        for column in section.table.columns if section.table else ():
            found += [column.title, column.meaning]
            if column.key not in ("agency", "area", "action"):
                found += column.words.values()
        found += [part.word for bar in section.bars for part in bar.parts]
    return found


def test_no_word_of_ours_is_left_in_english() -> None:
    left = {
        (one.name, words)
        for one in reports("ar")
        for words in our_words(one)
        if set(LATIN.findall(words)) - NAMES
    }

    assert left == set()


def test_every_report_is_written_in_every_language_and_format() -> None:
    french = reports("fr")
    drawn = [one for one in LANGUAGES if not why_not("pdf", one)]
    some = drawn[: -figure(small=2, full=4) : -1]
    asked = {one: [replace(report, language=one) for report in french] for one in some}
    empty = [
        (report.name, language, format)
        for language, made in asked.items()
        for report in made
        for format in FORMATS
        if not written_as(report, format)
    ]

    assert empty == []


def test_a_translation_that_nobody_has_checked_says_so() -> None:
    drafts = {one: samples.report(language=one) for one in LANGUAGES}
    said = {one: "Draft" in str(about(report)) for one, report in drafts.items()}

    assert said == {"en": False, "fr": True, "ar": True, "zh": True}


def test_chinese_alone_needs_a_font_of_the_machine_where_letters_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused() -> set[tuple[str, str]]:
        return {(one, to) for one in LANGUAGES for to in FORMATS if why_not(to, one)}

    monkeypatch.setattr(fonts, "chinese_folder", lambda: None)
    without = refused()
    monkeypatch.setattr(fonts, "chinese_folder", lambda: Path("/usr/share/fonts"))

    assert (without, refused()) == ({("zh", "pdf"), ("zh", "docx")}, set())


def test_a_file_in_chinese_is_made_wherever_nothing_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "chinese_folder", lambda: None)
    report = samples.report(language="zh")
    words = "Noto Sans CJK.*fonts-noto-cjk"

    assert [len(written_as(report, format)) > 0 for format in ("xlsx", "csv", "json")] == [True] * 3
    for format in ("pdf", "docx"):
        with pytest.raises(CannotPrint, match=words):
            written_as(report, format)


def test_chinese_has_its_own_stops_and_dates() -> None:
    with translation.override("zh"):
        said = (sentences.actions(16), sentences.listed(["甲", "乙"]), written(samples.MOMENT))

    assert said == ("16 项行动", "甲、乙", "2013年11月23日 10:00")


def test_arabic_counts_with_six_forms_and_french_with_two() -> None:
    with translation.override("ar"):
        arabic = [sentences.actions(count) for count in (0, 1, 2, 3, 11, 100)]
    with translation.override("fr"):
        french = [sentences.actions(count) for count in (0, 1, 2)]

    assert arabic == ["0 إجراء", "1 إجراء", "2 إجراءان", "3 إجراءات", "11 إجراءً", "100 إجراء"]
    assert french == ["0 mesure", "1 mesure", "2 mesures"]


def test_dates_are_written_as_the_language_writes_them() -> None:
    with translation.override("fr"):
        french = written(samples.MOMENT)
    with translation.override("ar"):
        arabic = written(samples.MOMENT)

    assert (written(samples.MOMENT), french, arabic) == (
        "23 Nov 2013, 10:00",
        "23 novembre 2013, 10:00",
        "23 نوفمبر 2013، 10:00",
    )
