"""XLSX: real dates and numbers, filters and frozen heads, and no cell that computes."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime

from python_calamine import CalamineWorkbook

from recommendations.reporting.reports.shape import Column, Kind, Report, Table
from tests.recommendations.reporting.outputs import samples
from tests.recommendations.reporting.outputs.formulas import HARMLESS, PAYLOADS
from tests.recommendations.reporting.outputs.test_csv import written


def read(report: Report) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(written(report, "xlsx")))


def parts(report: Report, name: str) -> list[str]:
    """Return the XML of the parts of a workbook whose name begins so."""
    with zipfile.ZipFile(io.BytesIO(written(report, "xlsx"))) as archive:
        return [archive.read(one).decode() for one in archive.namelist() if one.startswith(name)]


def test_there_is_a_sheet_for_each_section_and_one_for_the_file_and_its_codes() -> None:
    assert read(samples.everything()).sheet_names == [
        "Assignments",
        "Answers texts",
        "Every action",
        "About this file",
        "Code book",
    ]


def test_dates_are_dates_numbers_numbers_and_what_is_not_known_is_empty() -> None:
    rows = read(samples.report()).get_sheet_by_name("Assignments").to_python()

    assert rows[0][5] == "Information of (UTC)"
    assert rows[1] == [
        "ILO",
        "International Labour Organization",
        "On hold",
        -3.0,
        date(2014, 3, 31),
        datetime(2013, 10, 4, 8, 30),
        "Two seminars.\nOne more in May.",
        samples.ADDRESS,
    ]
    assert rows[2] == ["IOM", "", "No report yet", "", "", "", "", samples.ADDRESS]


def test_rows_are_as_high_as_their_longest_text_also_where_nobody_measures() -> None:
    texts = [
        "Short.",
        "Two seminars. " * 20,
        "One.\nTwo.\nThree.",
        "移民与发展。" * 20,
        "x" * 60_000,
    ]
    (sheet, *_rest) = parts(samples.of_texts(texts), "xl/worksheets/sheet1.xml")
    rows = re.findall(r'<row r="(\d+)"([^>]*)>', sheet)
    found = {int(number): re.search(r' ht="(\d+)"', said) for number, said in rows}
    heights = {number: int(points[1]) if points else 15 for number, points in found.items()}

    assert [heights[number] for number in range(1, 7)] == [15, 15, 105, 45, 90, 405]


def test_no_cell_is_a_formula_or_a_link() -> None:
    report = samples.of_texts([*PAYLOADS, *HARMLESS])
    sheets = parts(report, "xl/worksheets/")

    assert [sheet for sheet in sheets if re.search(r"<f[ />]|<hyperlink", sheet)] == []
    cells = [
        re.search(r'\bt="(\w+)"', cell)
        for sheet in sheets
        for cell in re.findall(r"<c [^>]+>", sheet)
    ]
    assert {kind.group(1) for kind in cells if kind} == {"inlineStr"}


def test_texts_are_read_back_as_they_were_written() -> None:
    texts = [text for text in (*PAYLOADS, "_x0041_", "  two  ", "a & <b>") if "\r" not in text]
    kept = [text for text in texts if not re.search("[\x00\v]", text)]
    rows = read(samples.of_texts(kept)).get_sheet_by_name("Assignments").to_python()

    assert [row[2] for row in rows[1:]] == kept


def test_the_head_stays_in_sight_and_every_column_can_be_filtered() -> None:
    (sheet, *_others) = parts(samples.report(), "xl/worksheets/")

    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet
    assert '<autoFilter ref="A1:H3"/>' in sheet


def test_an_arabic_workbook_runs_from_right_to_left() -> None:
    sheets = parts(samples.report(language="ar"), "xl/worksheets/")

    assert [sheet for sheet in sheets if 'rightToLeft="1"' not in sheet] == []


def test_the_workbook_was_made_at_the_moment() -> None:
    (core,) = parts(samples.report(), "docProps/core")

    assert re.findall(r"W3CDTF\">([^<]+)<", core) == ["2013-11-23T10:00:00Z"] * 2


def test_a_text_that_no_cell_holds_is_cut_with_a_mark() -> None:
    long = "𝄞" * 20_000
    rows = read(samples.of_texts([long])).get_sheet_by_name("Assignments").to_python()

    assert rows[1][2].startswith("𝄞" * 1000)
    assert rows[1][2].endswith("… [cut here: a cell holds no more. The JSON has the whole text.]")
    assert len(rows[1][2].encode("utf-16-le")) // 2 <= 32_767


def test_a_day_before_excel_begins_is_a_text() -> None:
    table = Table((Column("on", Kind.DAY, "On"),), ((date(1899, 12, 31),), (date(1900, 3, 1),)))
    rows = read(samples.report(samples.section(table=table)))
    assert rows.get_sheet_by_name("Assignments").to_python() == [
        ["On"],
        ["1899-12-31"],
        [date(1900, 3, 1)],
    ]


def test_sheets_whose_titles_are_alike_or_forbidden_get_names_of_their_own() -> None:
    one = samples.section()
    titles = ("A/B: [late]? *", "Late and missing, by the agency that reports", "", "'x'")
    report = samples.report(
        *(replace(one, key=str(at), title=title) for at, title in enumerate((*titles, *titles)))
    )

    assert read(report).sheet_names[:8] == [
        "A B late",
        "Late and missing, by the agency",
        "-",
        "x",
        "A B late 2",
        "Late and missing, by the agen 2",
        "- 2",
        "x 2",
    ]


def test_a_file_that_can_still_change_opens_with_what_it_is() -> None:
    (book,) = parts(samples.report(settled=False), "xl/workbook.xml")
    rows = read(samples.report(settled=False)).get_sheet_by_name("About this file").to_python()

    assert 'activeTab="1"' in book
    assert rows[2] == [
        "Settled",
        "Not yet settled: the moment is not two minutes old, and figures can still change.",
    ]


def test_each_status_has_a_pattern_and_edges_of_its_own() -> None:
    rows = tuple((code,) for code in samples.STATUSES)
    report = samples.report(samples.section(table=Table((samples.COLUMNS[2],), rows)))
    (styles,), (sheet, *_others) = parts(report, "xl/styles"), parts(report, "xl/worksheets/")
    fills = re.findall(r'<fill><patternFill patternType="(\w+)"', styles)
    edges = re.findall(r"<border>(.*?)</border>", styles)
    formats = re.findall(r'<xf [^>]*fillId="(\d+)" borderId="(\d+)"', styles.split("<cellXfs")[1])
    cells = [int(one) for one in re.findall(r'<c r="A(?!1")\d+" s="(\d+)"', sheet)]
    looks = {
        word: (fills[int(formats[at][0])], re.findall(r'style="(\w+)"', edges[int(formats[at][1])]))
        for word, at in zip(samples.STATUSES.values(), cells, strict=True)
    }

    assert looks == {
        "Implemented": ("solid", ["thin"] * 4),
        "Reported implemented, to be verified": ("solid", ["medium"] * 4),
        "Partly implemented": ("solid", ["thin", "thin", "thin", "thick"]),
        "Continuing": ("lightHorizontal", ["thin"] * 4),
        "In progress": ("solid", ["thin"] * 4),
        "On hold": ("lightUp", ["thin"] * 4),
        "Not started": ("solid", ["thin"] * 4),
        "Discontinued": ("lightDown", ["thin"] * 4),
        "Closed, not implemented": ("lightDown", ["thin"] * 4),
        "No report yet": ("solid", ["dashed"] * 4),
        "No information": ("solid", ["dashed"] * 4),
        "No lead": ("gray0625", ["dotted"] * 4),
    }
