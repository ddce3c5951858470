"""Values as readers see them, and how much room they want."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from recommendations.reporting.moments import precisely, written
from recommendations.reporting.outputs.fills import FILLS
from recommendations.reporting.outputs.printable import printable
from recommendations.reporting.reports.shape import Bar, Column, Kind, Section, Table, Value

DATED = (Kind.DAY, Kind.MOMENT)
LONGEST_WORD, PIECE = 20, 10
"""Longer words may go on in the next line, in pieces of so many letters."""
WIDEST = 44
DAY, CLOCK = 18, 7
"""The letters of a day, which stay together, and of the time after it."""
WIDE_LETTERS = 145
"""The width of capitals, in hundredths of that of other letters."""
TWO_LINES = 5
"""The room of two lines of a head that is turned, in letters."""
SQUARE = 2
"""The room of the square before a status, in letters."""
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


def has_rtl(text: str) -> bool:
    """Say whether a text has a letter that is written from right to left."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def height(heads: Sequence[str]) -> int:
    """Return the letters of a line in which each of these heads takes two lines at most."""
    words = max((len(word) for head in heads for word in head.split()), default=1)
    return max(words, max((len(head) for head in heads), default=1) * 6 // 10) + 1


@dataclass(frozen=True)
class Room:
    """What a column needs so that no word is broken, and what it would like, in letters."""

    least: int
    liked: int


def rooms(table: Table, *, turned: bool = False) -> list[Room]:
    """Return the room of each column; heads of numbers take none where they are `turned`."""
    rows = table.rows[:LOOKED_AT]
    return [
        room(column, [readable(column, row[at]) for row in rows], turned=turned)
        for at, column in enumerate(table.columns)
    ]


def room(column: Column, texts: Sequence[str], *, turned: bool) -> Room:
    """Return the room of a column with these texts."""
    head = [] if turned and column.kind is Kind.NUMBER else [column.title]
    least = max((one for text in (*head, *texts) for one in map(unbroken, text.split())), default=1)
    usual = sorted(len(text) for text in texts)[len(texts) * 9 // 10] if texts else 1
    if column.kind is Kind.CODE:
        least = least * WIDE_LETTERS // 100
    if column.kind in DATED:
        least = max(least, min(usual - (CLOCK if column.kind is Kind.MOMENT else 0), DAY))
    if has_looks(column):
        least, usual = least + SQUARE, usual + SQUARE
    if turned and column.kind is Kind.NUMBER:
        least = max(least, TWO_LINES)
    return Room(max(3, least), max(3, least, min(usual, WIDEST)))


def unbroken(word: str) -> int:
    """Return how many letters of a word stay together."""
    return len(word) if len(word) <= LONGEST_WORD else PIECE


def has_looks(column: Column) -> bool:
    """Say whether the values of a column are statuses, each with a fill of its own."""
    return bool(column.words) and column.words.keys() <= FILLS.keys()


def described(bar: Bar) -> str:
    """Return what a bar shows, for those who do not see it: "Area A: 3 Implemented, …"."""
    parts = [f"{part.count} {part.word}" for part in bar.parts if part.count]
    return printable(f"{bar.label}: {', '.join(parts)}" if parts else bar.label)


def is_empty(section: Section) -> bool:
    """Say whether a section has nothing to show, so that it says that."""
    counted = any(part.count for bar in section.bars for part in bar.parts)
    return not (section.passages or counted or (section.table and section.table.rows))
