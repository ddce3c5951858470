"""The one shape of every report: sections with sentences, bars, a table, texts.

A builder makes a Report from figures; every output (page, PDF, Word, workbook, CSV, JSON)
prints the same one. Values are codes, numbers, dates and people's own words; what a reader
sees of a code stands beside it in the column, so that the canonical form holds no words of
ours and stays equal when a translation changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import TypeAlias

from recommendations.reporting.figures import Figure

Value: TypeAlias = str | int | date | datetime | None
"""What a cell holds. None is "not known": printed as such, never as zero or as nothing."""


class Kind(Enum):
    """What the cells of a column are, which decides how each output writes them.

    CODE is a code or acronym, kept in one direction; CHOICE one of the column's words; NUMBER
    a whole number; DAY a date; MOMENT a time in UTC; TEXT a short text; PROSE paragraphs that
    somebody wrote, in a language of their own; ADDRESS a canonical address on this site.
    """

    CODE = "code"
    CHOICE = "choice"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    TEXT = "text"
    PROSE = "prose"
    ADDRESS = "address"


@dataclass(frozen=True)
class Column:
    """A column: its key for machines, its title for readers, and the words of its codes.

    `meaning` is the sentence of the code book.
    """

    key: str
    kind: Kind
    title: str
    meaning: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def said(self, value: Value) -> Value:
        """Return what a reader sees of a value: the word of a code, else the value."""
        return self.words.get(value, value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Table:
    """Columns and rows; every row has one value for each column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Part:
    """A part of a bar: the code that gives it its fill, its word, and how many it counts."""

    code: str
    word: str
    count: int


@dataclass(frozen=True)
class Bar:
    """A stacked bar with its label; parts of none are left out by whoever draws it."""

    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A text that an agency wrote, under its heading.

    `part` says for machines which part of what its source wrote it is. `language` is the BCP 47
    tag in which it was written, "" where that is not known.
    """

    heading: str
    source: str
    text: str
    part: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a report. `key` names it for machines, and its hash goes by that name.

    `sentences` say in words what bars and table show. `nothing` is said in their place where
    there is nothing to show. Those of the `annex` come after the two pages that everybody reads.
    """

    key: str
    title: str
    sentences: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    table: Table | None = None
    passages: tuple[Passage, ...] = ()
    nothing: str = ""
    annex: bool = False


@dataclass(frozen=True, kw_only=True)
class Report(Figure):
    """A report of a framework at a moment, for a scope, in one language.

    `filters` are what it was narrowed by: pairs of name and code. `settled` is false while its
    moment is younger than two minutes: its figures can still change.
    """

    name: str
    title: str
    subtitle: str
    language: str
    filters: tuple[tuple[str, str], ...]
    address: str
    settled: bool
    sections: tuple[Section, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows or texts each section has."""
        return {
            one.key: len(one.table.rows) if one.table else len(one.passages)
            for one in self.sections
        }
