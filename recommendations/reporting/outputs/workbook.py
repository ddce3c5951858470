"""XLSX: a sheet for each section, real dates and numbers, and nothing that computes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from textwrap import wrap
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from recommendations.reporting.outputs import fills
from recommendations.reporting.outputs.about import about, title
from recommendations.reporting.outputs.printable import printable
from recommendations.reporting.outputs.provenance import flat
from recommendations.reporting.outputs.readable import has_looks, is_rtl, rooms
from recommendations.reporting.reports.canonical import plain, properties
from recommendations.reporting.reports.code_book import code_book
from recommendations.reporting.reports.shape import Column, Kind, Report, Section, Table, Value

LONGEST = 32_767
"""Letters that a cell holds, as UTF-16 counts them."""
FIRST_DAY = date(1900, 3, 1)
"""Days before it are texts: Excel knows none before 1900, and takes that for a leap year."""
NAME = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
WIDEST = 60
LINE, MOST_LINES = 15, 27
"""The points of a line, and as many as the highest row of Excel (409 points) takes."""
ARROW = 3
"""The letters that the arrow of a filter covers."""
FIRST_BROAD = "\u2e80"
"""From here on letters are about twice as broad: Chinese ones, above all."""
PATTERNS = {"": 1, "band": 1, "lines": 11, "stripes": 14, "counter-stripes": 13, "dots": 18}
"""A texture -> the number of the pattern that is like it; a band is a thick edge below."""
EDGES = {"": 1, "dashed": 3, "dotted": 4}
THICK, THICKEST = 2, 5


def write(report: Report, file: BinaryIO) -> None:
    """Write a workbook: the sections, what the file is, and the code book."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        book = Book(workbook, report)
        for section in report.sections:
            if section.table:
                book.sheet(section.title, section.table)
            if section.passages:
                book.sheet(_("%(title)s: texts") % {"title": section.title}, texts(section))
        book.about()
        book.sheet(_("Code book"), explained(report))


class Book:
    """A workbook with the formats of its cells, and its sheets by names of their own."""

    def __init__(self, workbook: xlsxwriter.Workbook, report: Report) -> None:
        """Say what the workbook is, and make the formats."""
        self.workbook = workbook
        self.report = report
        self.names: set[str] = set()
        moment = report.as_of.astimezone(UTC).replace(tzinfo=None)
        workbook.set_properties(
            {
                "title": printable(report.title),
                "subject": report.position,
                "author": "hldtracker",
                "created": moment,
            }
        )
        for name, text in flat(properties(report)).items():
            workbook.set_custom_property(name, text, "text")
        top = {"valign": "top", "text_wrap": True}
        self.head = workbook.add_format({**top, "bold": True, "bg_color": fills.SHADE, "bottom": 1})
        self.text = workbook.add_format(top)
        self.number = workbook.add_format({"valign": "top"})
        self.day = workbook.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        self.moment = workbook.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm"})
        self.looks = {
            code: workbook.add_format({**top, **painted(look)})
            for code, look in fills.FILLS.items()
        }

    def sheet(self, name: str, table: Table) -> None:
        """Write a table on a sheet of its own: head frozen, filters on, ready for print."""
        sheet = self.added(name)
        widths = [min(room.liked + 3, WIDEST) for room in rooms(table)]
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        self.line(sheet, 0, [headed(column) for column in table.columns], widths)
        for number, row in enumerate(table.rows, start=1):
            self.raised(sheet, number, map(words_in, table.columns, row), widths)
            for at, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                self.cell(sheet, number, at, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)
        sheet.repeat_rows(0)

    def about(self) -> None:
        """Write what the file is; first to be seen while its figures can still change."""
        sheet = self.added(title())
        widths = (28, 100)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        said = [
            (section.title, sentence)
            for section in self.report.sections
            for sentence in (*section.sentences, section.nothing)
            if sentence
        ]
        for number, (name, words) in enumerate([*about(self.report), *said]):
            self.raised(sheet, number, (name, words), widths)
            sheet.write_string(number, 0, fitting(name), self.head)
            sheet.write_string(number, 1, fitting(words), self.text)
        if not self.report.settled:
            sheet.activate()

    def added(self, name: str) -> Worksheet:
        """Return a new sheet, in the direction of the language, with its page and its footer."""
        sheet: Worksheet = self.workbook.add_worksheet(self.free(name))
        if is_rtl(self.report.language):
            sheet.right_to_left()
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L" + self.report.position.replace("&", "&&") + "&R&P / &N")
        return sheet

    def free(self, name: str) -> str:
        """Return a name that no other sheet has, of characters that sheets may have."""
        words = FORBIDDEN.sub(" ", printable(name)).split()
        plain_name = " ".join(words).strip(" '") or "-"
        for number in range(1, len(self.names) + 2):
            ending = f" {number}" if number > 1 else ""
            found = shortened(plain_name, NAME - len(ending)) + ending
            if found.casefold() not in self.names:
                break
        self.names.add(found.casefold())
        return found

    def line(
        self, sheet: Worksheet, number: int, heads: Sequence[str], widths: Sequence[int]
    ) -> None:
        """Write the heads of a table."""
        self.raised(sheet, number, heads, [width - ARROW for width in widths])
        for at, head in enumerate(heads):
            sheet.write_string(number, at, fitting(head), self.head)

    def raised(
        self, sheet: Worksheet, number: int, texts: Iterable[str], widths: Sequence[int]
    ) -> None:
        """Give a row the height of its texts, unless one line is enough."""
        lines = max(map(lines_of, texts, widths), default=1)
        if lines > 1:
            sheet.set_row(number, LINE * min(lines, MOST_LINES))

    def cell(self, sheet: Worksheet, row: int, at: int, column: Column, value: Value) -> None:
        """Write a value as what it is; what is not known stays empty."""
        if value is None:
            sheet.write_blank(row, at, None, self.text)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, at, value.astimezone(UTC).replace(tzinfo=None), self.moment)
        elif isinstance(value, date) and value >= FIRST_DAY:
            sheet.write_datetime(row, at, value, self.day)
        elif isinstance(value, int):
            sheet.write_number(row, at, value, self.number)
        else:
            sheet.write_string(
                row, at, fitting(str(column.said(plain(value)))), self.look(column, value)
            )

    def look(self, column: Column, value: Value) -> Format:
        """Return the format of a text: that of its status where it is one."""
        return self.looks.get(str(value), self.text) if has_looks(column) else self.text


def words_in(column: Column, value: Value) -> str:
    """Return the text of a cell that may take several lines; "" for numbers and days."""
    if value is None or isinstance(value, int | date):
        return ""
    return str(column.said(plain(value)))


def lines_of(text: str, width: int) -> int:
    """Return the lines that a text takes in a column, rather one too many.

    Without a height LibreOffice and others print one line over the next; with one Excel no longer
    finds it out by itself.
    """
    parts = text[: MOST_LINES * width].splitlines()
    return sum(len(wrap(part, width_for(part, width))) or 1 for part in parts)


def width_for(text: str, width: int) -> int:
    """Return how many letters of a text fit in a width; some fonts are broader than others."""
    broad = any(letter >= FIRST_BROAD for letter in text)
    return max(1, width * 9 // (20 if broad else 10))


def painted(look: fills.Fill) -> dict[str, str | int]:
    """Return the fill, the texture and the edge of a status: told apart without colours too."""
    told: dict[str, str | int] = {
        "font_color": look.ink,
        "bg_color": look.fill,
        "pattern": PATTERNS[look.texture],
        "border": THICK if look.thick else EDGES[look.dash],
        "border_color": look.edge,
    }
    if PATTERNS[look.texture] > 1:
        told["fg_color"] = look.line
    if look.texture == "band":
        told |= {"bottom": THICKEST, "bottom_color": look.line}
    return told


def headed(column: Column) -> str:
    """Return the head of a column; of moments, with their zone."""
    return f"{column.title} (UTC)" if column.kind is Kind.MOMENT else column.title


def texts(section: Section) -> Table:
    """Return the texts of a section as a table."""
    heads = (("heading", _("Heading")), ("source", _("Source")), ("language", _("Language")))
    columns = [Column(key, Kind.TEXT, word) for key, word in (*heads, ("text", _("Text")))]
    rows = ((one.heading, one.source, one.language, one.text) for one in section.passages)
    return Table(tuple(columns), tuple(rows))


def explained(report: Report) -> Table:
    """Return the code book as a table."""
    heads = (("section", _("Section")), ("column", _("Column")), ("code", _("Code")))
    columns = [Column(key, Kind.TEXT, word) for key, word in (*heads, ("meaning", _("Meaning")))]
    rows = ((one.section, one.column, one.code, one.meaning) for one in code_book(report))
    return Table(tuple(columns), tuple(rows))


def fitting(text: str) -> str:
    """Return a text that a cell holds; of one that is longer, its beginning and a mark."""
    text = printable(text)
    if utf16(text) <= LONGEST:
        return text
    mark = _("… [cut here: a cell holds no more. The JSON has the whole text.]")
    return shortened(text, LONGEST - utf16(mark)) + mark


def shortened(text: str, most: int) -> str:
    """Return as much of the beginning of a text as `most` halves of UTF-16 hold."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore").rstrip()


def utf16(text: str) -> int:
    """Return the length of a text as Excel counts it."""
    return len(text.encode("utf-16-le")) // 2
