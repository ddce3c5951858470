"""Arabic in PDF: programs, and people who listen, get each word whole and in its order."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf.generic import ContentStream, DictionaryObject

from recommendations.reporting.reports.shape import Passage, Report, Table
from tests.recommendations.reporting.outputs import samples
from tests.recommendations.reporting.outputs.test_csv import written
from tests.recommendations.reporting.outputs.test_pdf import read

SENTENCE = (
    "عقدت ندوتان في عام 2013، وشارك فيهما 120 شخصًا (ILO وIOM)؛ ثم نُشر دليلٌ في «محدّد»، "
    "في الجولة \u20682013-H2\u2069، بنسبة 15,5 في المائة: إلّا أنّ World Bank (WB) لم يُجب "
    "حتى 10:30، وكذلك ESCWA."
)
NARROW = "نُشر دليلٌ في عام 2013، (ILO)، إلّا أنّ"
SIGNS = "".join(map(chr, (*range(0x64B, 0x653), 0x670)))
LETTERS = "".join(map(chr, (*range(0x621, 0x63B), *range(0x641, 0x64B))))
BIDI = re.compile("[\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Return a text as it is compared: no marks of direction, one blank between words."""
    return " ".join(unicodedata.normalize("NFKC", BIDI.sub("", text)).split())


def unsigned(text: str) -> str:
    """Return a text without the signs over and under letters, as people search."""
    return "".join(letter for letter in plain(text) if letter not in SIGNS)


def of(*paragraphs: str, language: str = "ar") -> Report:
    """Return a report in which an agency wrote these paragraphs."""
    passage = Passage(heading="ما أُنجز", source="", text="\n\n".join(paragraphs), language="ar")
    return samples.report(samples.section(table=None, passages=(passage,)), language=language)


def by_pypdf(report: Report) -> str:
    return plain(" ".join(page.extract_text() for page in read(report).pages))


def spoken(report: Report) -> list[str]:
    """Return the text of each paragraph as the tags of a PDF tell it, one piece after the other."""
    reader = read(report)
    said = [pieces(page.get_contents(), page) for page in reader.pages]
    numbers = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages)}
    found: list[str] = []

    def walk(node, page: int) -> list[str]:
        node = node.get_object()
        if isinstance(node, list):
            return [text for one in node for text in walk(one, page)]
        if not isinstance(node, DictionaryObject):
            return [said[page].get(int(node), "")]
        page = numbers[node.raw_get("/Pg").idnum] if "/Pg" in node else page
        if "/MCID" in node:
            return [said[page].get(int(node["/MCID"]), "")]
        texts = walk(node["/K"], page) if "/K" in node else []
        if node.get("/S") == "/P":
            found.append(plain("".join(texts)))
        return texts

    walk(reader.trailer["/Root"]["/StructTreeRoot"], 0)
    return found


def pieces(content: ContentStream, page) -> dict[int, str]:
    """Return the text of each marked piece of a page; reversed characters are turned round."""
    return Marked(content, page).texts


class Marked:
    """What a reader that goes by the tags makes of the content of a page."""

    def __init__(self, content: ContentStream, page) -> None:
        self.texts: dict[int, str] = {}
        self.fonts = {
            name: of_glyphs(font.get_object()["/ToUnicode"].get_data().decode())
            for name, font in page["/Resources"]["/Font"].items()
        }
        self.font: dict[bytes, str] = {}
        self.open: list[tuple[str, object]] = []
        for operands, operator in content.operations:
            self.read(operands, operator.decode())

    def read(self, operands, operator: str) -> None:
        if operator in ("BDC", "BMC"):
            self.open.append((operands[0], operands[1] if operator == "BDC" else {}))
        elif operator == "EMC":
            self.open.pop()
        elif operator == "Tf":
            self.font = self.fonts[operands[0]]
        elif operator in ("Tj", "TJ"):
            shown = operands[0] if operator == "TJ" else [operands[0]]
            self.add(
                b"".join(one.original_bytes for one in shown if hasattr(one, "original_bytes"))
            )

    def add(self, glyphs: bytes) -> None:
        numbers = [int(of["/MCID"]) for _, of in self.open if hasattr(of, "get") and "/MCID" in of]
        said = [self.font.get(glyphs[at : at + 2], "") for at in range(0, len(glyphs), 2)]
        backwards = any(name == "/ReversedChars" for name, _ in self.open)
        for number in numbers:
            text = "".join(reversed(said) if backwards else said)
            before = self.texts.get(number, "")
            self.texts[number] = text + before if backwards else before + text


def of_glyphs(table: str) -> dict[bytes, str]:
    """Return the text of each glyph of a font."""
    return {
        bytes.fromhex(glyph): bytes.fromhex(text).decode("utf-16-be")
        for glyph, text in re.findall(r"<([0-9A-F]{4})> <([0-9A-F]+)>", table, re.IGNORECASE)
    }


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_paragraph_is_extracted_as_it_was_written(language: str) -> None:
    assert plain(SENTENCE) in by_pypdf(of(SENTENCE, language=language))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_a_program_that_goes_by_places_on_paper_finds_its_words_too(tmp_path: Path) -> None:
    # Whoever made the file, it turns round a letter and the sign over it, and a bracket after
    # Latin words.
    sentence = SENTENCE.replace(" (WB)", "")
    file = tmp_path / "report.pdf"
    file.write_bytes(written(of(sentence), "pdf"))
    said = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)

    assert unsigned(sentence) in unsigned(said.stdout)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_paragraph_is_spoken_as_it_was_written(language: str) -> None:
    assert plain(SENTENCE) in spoken(of(SENTENCE, language=language))


def test_heads_and_cells_are_extracted_as_they_were_written() -> None:
    columns = tuple(replace(one, title=NARROW) for one in samples.COLUMNS)
    rows = (tuple(NARROW if one.key == "name" else None for one in columns),)
    report = replace(of(), sections=(samples.section(table=Table(columns, rows)),), title=NARROW)

    assert by_pypdf(report).count(plain(NARROW)) == len(columns) + 1 + 1 + 3


@pytest.mark.parametrize("sign", [*SIGNS, "\u0651\u064e", "\u0651\u064b", "\u0651\u0650"])
def test_a_letter_and_the_sign_on_it_are_one(sign: str) -> None:
    words = " ".join(f"{one}{sign} {one}{sign}ب ب{one}{sign}ب ب{one}{sign}" for one in LETTERS)

    assert plain(words) in by_pypdf(of(words))


def test_a_phrase_in_a_text_from_left_to_right_keeps_its_order() -> None:
    words = "The map of اللجنة الاقتصادية والاجتماعية is new"

    assert plain(words) in by_pypdf(samples.report(samples.section(sentences=(words,))))


def test_a_text_longer_than_a_page_loses_nothing() -> None:
    words = f"{SENTENCE} " * 60

    assert len(read(of(words)).pages) > 2
    assert plain(words) in plain(" ".join(spoken(of(words))))


def test_an_address_in_a_text_stays_whole() -> None:
    address = "https://www.ilo.org/global/topics/labour-migration/lang--en/index.htm?a=1"
    words = f"انظر الدليل: {address}، وكذلك 2013/."

    assert "".join(plain(words).split()) in "".join(by_pypdf(of(words)).split())
