"""CSV: values for programs. Keys as headings, codes as they are, days and moments as in ISO 8601.

The words for the codes stand in the code book, so that a CSV is the same in every language.
A report of one table is one file; of several, an archive of one file for each.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from recommendations.reporting.outputs import json_text
from recommendations.reporting.outputs.guard import guarded
from recommendations.reporting.outputs.printable import printable
from recommendations.reporting.reports.canonical import plain
from recommendations.reporting.reports.code_book import code_book
from recommendations.reporting.reports.shape import Report, Section, Value

BYTE_ORDER_MARK = "\ufeff"
"""Excel takes a CSV without it for one in an old encoding."""
FIRST_OF_ALL = (1980, 1, 1, 0, 0, 0)
"""The date of everything in an archive: its own is in its properties."""
PROPERTIES = "properties.json"
TEXTS = ("heading", "source", "language", "text")

Lines = Iterable[Iterable[Value]]


class Echo:
    """A file that hands back what is written to it, for a stream."""

    def write(self, value: str) -> str:
        """Return the line."""
        return value


def is_archive(report: Report) -> bool:
    """Say whether the CSV of a report is an archive: it has more than one table to write."""
    return len(report.sections) != 1 or len(list(tables(report.sections[0]))) != 1


def write(report: Report, file: BinaryIO) -> None:
    """Write the one table of a report, or an archive of all, the code book and properties."""
    if not is_archive(report):
        ((_name, lines),) = tables(report.sections[0])
        file.write(separated(lines))
        return
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for section in report.sections:
            for name, lines in tables(section):
                archive.writestr(entry(f"{name}.csv"), separated(lines))
        archive.writestr(entry("code_book.csv"), separated(explained(report)))
        archive.writestr(entry(PROPERTIES), json_text.sidecar(report))


def tables(section: Section) -> Iterator[tuple[str, Lines]]:
    """Yield the tables of a section by their names: its own, and that of its texts."""
    if section.table:
        yield section.key, ([one.key for one in section.table.columns], *section.table.rows)
    if section.passages:
        texts = ((one.heading, one.source, one.language, one.text) for one in section.passages)
        yield f"{section.key}_texts" if section.table else section.key, (TEXTS, *texts)


def explained(report: Report) -> Lines:
    """Return the code book, with its headings."""
    book = ((one.section, one.column, one.code, one.meaning) for one in code_book(report))
    return [("section", "column", "code", "meaning"), *book]


def separated(lines: Lines) -> bytes:
    """Return lines as CSV in UTF-8; what is not known is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([cell(value) for value in line] for line in lines)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def cell(value: Value) -> str | int | None:
    """Return a value as its cell holds it; a text that looks like a formula is guarded."""
    said = plain(value)
    return guarded(printable(said)) if isinstance(said, str) else said


def entry(name: str) -> zipfile.ZipInfo:
    """Return what an archive says of a file in it: the same on every day and machine."""
    told = zipfile.ZipInfo(name, FIRST_OF_ALL)
    told.compress_type = zipfile.ZIP_DEFLATED
    told.create_system = 3
    told.external_attr = 0o644 << 16
    return told
