"""Values as readers see them, and how much room they want."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from recommendations.reporting.moments import precisely, written
from recommendations.reporting.outputs.printable import printable
from recommendations.reporting.reports.shape import Bar, Column, Kind, Section, Table, Value

DATED = (Kind.DAY, Kind.MOMENT)
LONGEST_WORD = 16
WIDEST = 44
LOOKED_AT = 200
"""Rows that are looked at for the widths of columns: every one would cost more than it tells."""


def readable(column: Column, value: Value) -> str:
    """Return a value in words: a missing date is "no date", and what is missing "not known"."""
    if value is None:
        return _("no date") if column.kind in DATED else _("not known")
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, date):
        return precisely(value, "day")
    return printable(str(column.said(value)))


def is_rtl(language: str) -> bool:
    """Say whether a language is written from right to left."""
    try:
        return bool(get_language_info(language)["bidi"])
    except KeyError:
        return False


def runs_rtl(text: str) -> bool | None:
    """Say whether a text begins from right to left; None where it has no letter."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return None


def widths(table: Table) -> list[int]:
    """Return how wide each column wants to be, in letters; the same for the same rows."""
    rows = table.rows[:LOOKED_AT]
    return [
        wanted([column.title, *(readable(column, row[at]) for row in rows)])
        for at, column in enumerate(table.columns)
    ]


def wanted(texts: Sequence[str]) -> int:
    """Return the width for texts: no word broken, and most of them on one line."""
    words = max((len(word) for text in texts for word in text.split()), default=1)
    usual = sorted(len(text) for text in texts)[len(texts) * 9 // 10]
    return max(4, min(words, LONGEST_WORD), min(usual, WIDEST))


def described(bar: Bar) -> str:
    """Return what a bar shows, for those who do not see it: "Area A: 3 Implemented, …"."""
    parts = [f"{part.count} {part.word}" for part in bar.parts if part.count]
    return printable(f"{bar.label}: {', '.join(parts)}" if parts else bar.label)


def is_empty(section: Section) -> bool:
    """Say whether a section has nothing to show, so that it says that."""
    counted = any(part.count for bar in section.bars for part in bar.parts)
    return not (section.passages or counted or (section.table and section.table.rows))
