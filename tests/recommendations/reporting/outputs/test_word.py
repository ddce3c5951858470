"""Word: styles, header rows, language and direction; and parts in the order Word asks for."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from lxml import etree

from recommendations.reporting.outputs.layout import BESIDE
from recommendations.reporting.reports.shape import Report, Table
from tests.recommendations.reporting.outputs import samples
from tests.recommendations.reporting.outputs.formulas import PAYLOADS
from tests.recommendations.reporting.outputs.test_csv import written
from tests.recommendations.reporting.outputs.test_pdf import BAD, WIDE

# The order of children in the schema of Word (ECMA-376, part 1), as far as we write them.
ORDER = {
    "pPr": "pStyle keepNext keepLines numPr bidi spacing ind contextualSpacing jc outlineLvl",
    "rPr": "rFonts b bCs i iCs caps smallCaps color spacing kern sz szCs u vertAlign rtl lang",
    "tblPr": "tblStyle bidiVisual tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook "
    "tblCaption",
    "tcPr": "tcW tcBorders shd textDirection",
    "trPr": "cantSplit trHeight tblHeader",
    "sectPr": "footerReference type pgSz pgMar cols bidi docGrid",
}


def read(report: Report) -> Document:
    return docx.Document(io.BytesIO(written(report, "docx")))


def named(document: Document, style: str) -> list[str]:
    return [one.text for one in document.paragraphs if one.style and one.style.name == style]


def test_titles_and_headings_are_styles() -> None:
    document = read(samples.everything())

    assert named(document, "Title") == ["Full data"]
    assert named(document, "Heading 1") == [
        "Areas",
        "Assignments",
        "Answers",
        "Late",
        "Every action",
        "About this file",
    ]
    assert named(document, "Heading 2") == ["What was done"]
    assert named(document, "Heading 3") == ["ILO", "ESCWA"]


def test_a_table_says_its_head_on_every_page() -> None:
    (table, _annex) = read(samples.everything()).tables
    heads = [row._tr.find(".//" + qn("w:tblHeader")) is not None for row in table.rows]

    assert heads == [True, False, False]
    assert [cell.text for cell in table.rows[1].cells] == [
        "ILO",
        "International Labour Organization",
        "On hold",
        "-3",
        "31 Mar 2014",
        "4 Oct 2013, 08:30",
        "Two seminars.\nOne more in May.",
        samples.ADDRESS,
    ]
    assert [cell.text for cell in table.rows[2].cells][1:7] == [
        "",
        "No report yet",
        "not known",
        "no date",
        "no date",
        "not known",
    ]


def test_the_picture_of_bars_has_words() -> None:
    document = read(samples.everything())
    (shape,) = document.inline_shapes

    assert shape._inline.docPr.get("descr").startswith("Area A: 1 Reported implemented, to be")


def test_the_language_and_direction_are_those_of_the_report() -> None:
    document = read(samples.everything(language="ar"))
    (lang,) = document.styles.element.xpath("w:docDefaults//w:lang")
    table = document.tables[0]._tbl

    assert (lang.get(qn("w:val")), lang.get(qn("w:bidi"))) == ("ar-SA", "ar-SA")
    assert table.tblPr.find(qn("w:bidiVisual")) is not None
    assert document.styles["Normal"].element.pPr.find(qn("w:bidi")) is not None


def test_a_text_keeps_the_language_and_the_direction_in_which_it_was_written() -> None:
    paragraphs = {one.text: one._p for one in read(samples.everything()).paragraphs}
    arabic = paragraphs[samples.PASSAGES[1].text]
    french = paragraphs[samples.PASSAGES[0].text]

    assert arabic.xpath("w:pPr/w:bidi/@w:val | w:r/w:rPr/w:rtl/@w:val") == ["1", "1"]
    assert arabic.xpath("w:r/w:rPr/w:lang/@w:bidi") == ["ar"]
    assert french.xpath("w:r/w:rPr/w:lang/@w:val") == ["fr"]


def test_a_wide_table_lies() -> None:
    wide = samples.section("wide", table=replace(samples.TABLE, columns=WIDE))
    report = samples.report(samples.section(table=None, nothing="Nothing."), wide)

    assert [one.orientation for one in read(report).sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
    ]


def test_a_cell_has_the_room_for_its_letters_that_its_column_was_given() -> None:
    (table,) = read(samples.report()).tables
    beside = table._tbl.xpath("w:tblPr/w:tblCellMar/*/@w:w")

    assert sum(map(int, beside)) == BESIDE * 20


def test_the_document_was_made_at_the_moment() -> None:
    core = read(samples.report()).core_properties

    assert core.created == core.modified
    assert (core.created.isoformat(), core.language) == ("2013-11-23T10:00:00+00:00", "en")
    with zipfile.ZipFile(io.BytesIO(written(samples.report(), "docx"))) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_parts_stand_in_the_order_that_word_asks_for(language: str) -> None:
    wrong = set()
    with zipfile.ZipFile(io.BytesIO(written(samples.everything(language=language), "docx"))) as one:
        for part in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
            for parent in etree.fromstring(one.read(part)).iter(*(qn(f"w:{n}") for n in ORDER)):
                order = ORDER[etree.QName(parent).localname].split()
                names = [etree.QName(child).localname for child in parent]
                placed = [order.index(name) for name in names if name in order]
                if any(first >= second for first, second in pairwise(placed)):
                    wrong.add((part, etree.QName(parent).localname, tuple(names)))

    assert wrong == set()


def test_whatever_people_wrote_is_printed_or_marked() -> None:
    document = read(samples.of_texts([*BAD, *PAYLOADS]))
    (table,) = document.tables

    assert table.rows[1].cells[2].text == "a�b�c�d"
    assert table.rows[10].cells[2].text == "� half"
    assert len(table.rows) == 1 + len(BAD) + len(PAYLOADS)


def test_each_status_has_a_shade_and_edges_of_its_own() -> None:
    rows = tuple((code,) for code in samples.STATUSES)
    made = read(samples.report(samples.section(table=Table((samples.COLUMNS[2],), rows))))
    looks = {}
    for row in made.tables[0].rows[1:]:
        shade = row._tr.find(".//" + qn("w:shd"))
        edge = row._tr.find(".//" + qn("w:tcBorders"))
        looks[row.cells[0].text] = (
            shade.get(qn("w:val")),
            *(f"{one.get(qn('w:val'))} {one.get(qn('w:sz'))}" for one in (edge[0], edge[2])),
            shade.get(qn("w:fill")),
        )

    assert looks == {
        "Implemented": ("clear", "single 4", "single 4", "0b4f6c"),
        "Reported implemented, to be verified": ("clear", "single 12", "single 12", "ffffff"),
        "Partly implemented": ("clear", "single 4", "single 24", "ffffff"),
        "Continuing": ("thinHorzStripe", "single 4", "single 4", "8fae7f"),
        "In progress": ("clear", "single 4", "single 4", "4d95ba"),
        "On hold": ("thinDiagStripe", "single 4", "single 4", "f0b357"),
        "Not started": ("clear", "single 4", "single 4", "d5e5ec"),
        "Discontinued": ("thinReverseDiagStripe", "single 4", "single 4", "e6e9ee"),
        "Closed, not implemented": ("thinReverseDiagStripe", "single 4", "single 4", "e6e9ee"),
        "No report yet": ("clear", "dashed 4", "dashed 4", "ffffff"),
        "No information": ("clear", "dashed 4", "dashed 4", "ffffff"),
        "No lead": ("pct10", "dotted 4", "dotted 4", "ffffff"),
    }
