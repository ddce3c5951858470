"""How long a PDF of many rows takes, beside the compiler alone on the bare table."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
import typst

from recommendations.reporting.outputs import fonts, layout
from recommendations.reporting.reports.shape import Report, Value
from tests.figures import DRILL
from tests.recommendations.reporting.outputs import samples
from tests.recommendations.reporting.outputs.test_csv import written

ROWS = 2_000
MOST = 3
TURNS = 5
WORDS: dict[str, dict[Value, Value]] = {
    "en": {},
    "ar": {
        "International Labour Organization": "منظمة العمل الدولية",
        "Two seminars.\nOne more in May.": "عُقدت ندوتان في عام 2013.\nوأخرى في أيار/مايو.",
    },
}
BARE = """
#set document(title: "Rows")
#set page(paper: "a4", flipped: true)
#set text(lang: "en", size: 7.5pt)
#let told = json(bytes(sys.inputs.told))
#table(columns: (1fr,) * 8, table.header(..told.heads), ..told.cells)
"""


def of_rows(turn: int, language: str) -> Report:
    """Return a report of many rows, other ones in each turn: the compiler remembers."""
    full = tuple(WORDS[language].get(value, value) for value in samples.ROW)
    rows = tuple(
        (f"A{turn}-{number}", *(full if number % 2 else samples.UNKNOWN)[1:])
        for number in range(ROWS)
    )
    section = samples.section(table=replace(samples.TABLE, rows=rows))
    return samples.report(section, language=language)


def bare(report: Report) -> bytes:
    """Return the same cells as a table and nothing else."""
    ((section,),) = (group["sections"] for group in layout.whole(report)["groups"])
    cells = [one if isinstance(one, str) else one["text"] for one in section["table"]["cells"]]
    told = json.dumps({"heads": section["table"]["heads"], "cells": cells})
    made = typst.compile(
        BARE.encode(),
        format="pdf",
        font_paths=fonts.fonts(False),
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"told": told},
    )
    return bytes(made)


@pytest.mark.drill
@pytest.mark.skipif(not DRILL, reason="a measurement, which a busy machine upsets")
@pytest.mark.parametrize("language", WORDS)
def test_a_pdf_of_many_rows_takes_at_most_three_times_the_bare_table(language: str) -> None:
    ratios = []
    for turn in range(TURNS):
        report = of_rows(turn, language)
        began = time.perf_counter()
        bare(report)
        between = time.perf_counter()
        written(report, "pdf")
        ratios.append((time.perf_counter() - between) / (between - began))
    ratio = sorted(ratios)[len(ratios) // 2]
    print(f"{ROWS} rows in {language}: {ratio:.2f} times the bare table (turns: {ratios})")

    assert ratio <= MOST
