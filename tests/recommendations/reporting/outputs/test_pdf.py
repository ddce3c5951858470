"""PDF: what every reader can use, in the order in which it is read, whatever people wrote."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace

import pytest
from pypdf import PdfReader

from recommendations.reporting.outputs import CannotPrint, fonts
from recommendations.reporting.outputs.pdf import MAY_BREAK, pages
from recommendations.reporting.reports.shape import Report, Section, Table
from tests.figures import figure
from tests.recommendations.reporting.outputs import samples
from tests.recommendations.reporting.outputs.formulas import PAYLOADS
from tests.recommendations.reporting.outputs.test_csv import written

BAD = (
    "a\x00b\x07c\x1bd",
    '#read("/etc/passwd") *bold* _x_ $x^2$ \\ <label> @cite // no comment',
    "= Heading\n- list\n+ one\n/ term: x",
    "W" * 300,
    "https://example.org/" + "a-b/" * 60,
    "عقدت ندوتان في عام 2013 (ILO).",
    "left مرحبا left \u202eright\u202c",
    "👩‍👩‍👧‍👦 🇫🇷 flags",
    "e\u0301 a\u0308\u0323 ب\u0301 क\u0301 \u0301",
    "\ud800 half",
    "汉字 and かな",
    "\u200b\u200d\ufeff\u00ad",
    "x" * 20_000,
    "",
    "\n\n\n",
)

WIDE = tuple(replace(one, title=one.title * 3) for one in samples.COLUMNS)


def read(report: Report) -> PdfReader:
    return PdfReader(io.BytesIO(written(report, "pdf")))


def text(report: Report) -> str:
    """Return the text of a PDF, its white space made one."""
    pages = " ".join(page.extract_text() for page in read(report).pages)
    return re.sub(r"\s+", " ", pages)


def test_its_text_is_found_in_the_order_in_which_it_is_read() -> None:
    said = text(samples.everything(settled=False))
    expected = [
        "Full data",
        "Chair’s recommendations",
        "Position on 23 Nov 2013, 10:00 UTC. Published updates only.",
        "Not yet settled",
        "Areas",
        "Area A",
        "2 assignments: 1 on hold, 1 without a report.",
        "Assignments",
        "Information of",
        "ILO International Labour Organization On hold -3 31 Mar 2014 4 Oct 2013, 08:30 "
        "Two seminars. One more in May.",
        "IOM No report yet not known no date no date not known",
        "Answers",
        "What was done",
        "Deux séminaires.",
        "Late",
        "Nobody is late.",
        "Every action",
        "About this file",
        "manage.py report --verify",
    ]
    missed = []
    for words in expected:
        before, found, rest = said.partition(words)
        said = rest if found else before
        missed += [] if found else [words]

    assert missed == []


def test_it_is_tagged_titled_and_says_its_language_and_moment() -> None:
    reader = read(samples.everything(language="fr"))
    catalogue = reader.trailer["/Root"]
    tags = written(samples.everything(), "pdf")

    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"].value) == ("fr", True)
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Full data", "hldtracker")
    assert reader.metadata["/CreationDate"] == "D:20131123100000Z"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in tags
    assert {b"/H1", b"/H2", b"/TH", b"/Figure"} <= set(re.findall(rb"/S(/\w+)", tags))


def test_bars_say_in_words_what_they_show() -> None:
    alts = [str(node.get("/Alt")) for node in nodes(read(samples.everything())) if "/Alt" in node]

    assert alts == [
        "Area A: 1 Reported implemented, to be verified, 2 Partly implemented, 3 Continuing, "
        "4 In progress, 5 On hold, 6 Not started, 7 Discontinued, 8 Closed, not implemented, "
        "9 No report yet, 10 No information, 11 No lead."
    ]


def nodes(reader: PdfReader) -> list[dict]:
    """Return every element of the structure of a PDF."""
    found, left = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        node = left.pop().get_object()
        if isinstance(node, list):
            left.extend(node)
        elif isinstance(node, dict):
            found.append(node)
            if "/K" in node:
                left.append(node["/K"])
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_whatever_people_wrote_is_printed_or_marked(bad: str, language: str) -> None:
    assert written(samples.of_texts([bad], language=language), "pdf").startswith(b"%PDF")


def test_everything_at_once_is_printed() -> None:
    assert len(read(samples.of_texts([*BAD, *PAYLOADS])).pages) > 1


def test_its_pages_can_be_looked_at() -> None:
    pictures = pages(samples.everything(), 40)

    assert len(pictures) == len(read(samples.everything()).pages)
    assert {picture[:8] for picture in pictures} == {b"\x89PNG\r\n\x1a\n"}


def test_markup_in_a_text_stays_a_text() -> None:
    markup = "#read(1) *bold* $x$ \\ <label>"
    assert text(samples.of_texts([markup])).count(markup) >= 4


def test_nothing_of_where_a_long_word_may_break_stands_in_the_text() -> None:
    address = "https://example.org/data/a-management-of-labour-migration/data"
    said = text(samples.of_texts([address])).replace(" ", "")

    assert said.count(address) >= 5
    assert MAY_BREAK not in said


def test_what_no_font_draws_is_marked_and_counted() -> None:
    said = text(samples.of_texts(["one 👋 two"]))

    assert "one \ufffd two" in said
    assert "8 characters that no font here draws are shown as \ufffd." in said


def test_many_marks_cost_no_letter_that_a_font_draws() -> None:
    signs = "".join(map(chr, range(0x1F400, 0x1F440)))

    assert f"ỳ{chr(0xFFFD) * 64}ỳ" in text(samples.of_texts([f"ỳ{signs}ỳ"])).replace(" ", "")


@pytest.mark.parametrize("chinese", [False, True])
def test_chinese_needs_its_fonts(chinese: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if chinese and fonts.chinese_folder() is None:
        pytest.skip("no Chinese font is installed")
    if not chinese:
        monkeypatch.setattr(fonts, "PLACES", ())
        fonts.chinese_folder.cache_clear()
    report = samples.report(language="zh", title="报告")
    try:
        if chinese:
            assert written(report, "pdf").startswith(b"%PDF")
        else:
            with pytest.raises(CannotPrint, match="install fonts-noto-cjk"):
                written(report, "pdf")
    finally:
        fonts.chinese_folder.cache_clear()


def test_the_pages_before_the_annex_take_smaller_letters_to_stay_two() -> None:
    row = samples.TABLE.rows[0]
    rows = tuple(row for _ in range(110))
    narrow = replace(samples.TABLE, columns=samples.COLUMNS[:5], rows=tuple(r[:5] for r in rows))
    report = samples.report(
        samples.section("first", table=narrow), samples.section("annex", title="Annex", annex=True)
    )
    pages = [page.extract_text() for page in read(report).pages]

    assert ["Annex" in page.split("\n") for page in pages].index(True) == 2


def test_the_title_stands_on_the_page_of_the_first_section_however_that_lies() -> None:
    lying = read(samples.report(samples.section(table=replace(samples.TABLE, columns=WIDE)))).pages
    upright = read(samples.report(samples.section(table=None, nothing="Nothing."))).pages

    for page, lies in ((lying[0], True), (upright[0], False)):
        assert (page.mediabox.width > page.mediabox.height) is lies
        assert "Chair’s recommendations" in page.extract_text()
        assert "Assignments" in page.extract_text()


def test_a_row_stays_on_one_page() -> None:
    columns = (samples.COLUMNS[0], *(replace(samples.COLUMNS[1], key=str(at)) for at in range(5)))
    rows = tuple(
        (f"A{at}", f"First{at} {'word ' * (10 + at % 7 * 6)}last{at}", *[""] * 4)
        for at in range(60)
    )
    pages = read(samples.report(samples.section(table=Table(columns, rows)))).pages
    cut = [
        at
        for page in (page.extract_text() for page in pages)
        for at in range(len(rows))
        if (f"First{at} " in page) is not (f"last{at}\n" in f"{page}\n")
    ]

    assert (len(pages) > 2, cut) == (True, [])


def test_what_is_said_of_a_table_stays_with_its_beginning() -> None:
    row = samples.TABLE.rows[0][:3]
    table = replace(samples.TABLE, columns=samples.COLUMNS[:3], rows=(row,) * 3)
    apart = [
        lines
        for lines in range(30, 60, figure(small=3, full=1))
        for page in read(samples.report(filled(lines), samples.section("late", table=table))).pages
        if "2 assignments: 1 on hold" in (said := page.extract_text())
        and "International Labour" not in said
    ]

    assert apart == []


def filled(lines: int) -> Section:
    """Return a section of so many lines."""
    passage = replace(samples.PASSAGES[0], text="\n".join("x" * lines))
    return samples.section("first", table=None, sentences=(), passages=(passage,))


def test_every_letter_that_the_fonts_are_said_to_draw_is_drawn() -> None:
    # Accents and points are drawn on the letters that they belong to, not alone.
    ends = [line.split("-") for line in covered()]
    drawn = [
        chr(code)
        for first, last in ends
        for code in range(int(first, 16), int(last, 16) + 1, figure(small=5, full=1))
        if not unicodedata.category(chr(code)).startswith("M")
    ]
    passage = replace(samples.PASSAGES[0], text="\n".join(drawn))
    report = samples.report(samples.section(table=None, passages=(passage,)))

    assert "no font here draws" not in text(report)


def covered() -> list[str]:
    """Return the ranges of characters that the fonts are said to draw."""
    lines = (fonts.FOLDER / "coverage.txt").read_text().splitlines()
    return [line for line in lines if not line.startswith("#")]
