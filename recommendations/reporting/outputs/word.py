"""Word: real styles and headings, header rows, a document language, words for its pictures."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section as Pages
from docx.shared import Cm, Length, Pt, RGBColor
from docx.text.paragraph import Paragraph

from recommendations.reporting.outputs import fills, layout, pdf
from recommendations.reporting.outputs.comma_separated import entry
from recommendations.reporting.outputs.layout import Told
from recommendations.reporting.outputs.provenance import CUSTOM, flat
from recommendations.reporting.outputs.word_tables import run, table, tag
from recommendations.reporting.reports.canonical import properties
from recommendations.reporting.reports.shape import Report

MARGIN = Cm(1.7)
SHORT, LONG = Cm(21), Cm(29.7)
LETTERS = 10
"""The size of the text in points."""
HEADINGS = (("Title", 20), ("Heading 1", 13), ("Heading 2", 11), ("Heading 3", 10))
LANGUAGES = {"en": "en-GB", "fr": "fr-FR", "ar": "ar-SA", "zh": "zh-CN"}
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
AFTER_RTL = ("w:cs", "w:em", "w:lang", "w:eastAsianLayout", "w:specVanish", "w:oMath")
AFTER_SIZE = (
    *("w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:fitText", "w:vertAlign", "w:rtl"),
    *AFTER_RTL,
)
AFTER_BIDI = (
    *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing"),
    *("w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment"),
    *("w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr"),
)
"""What comes after an element in its parent: Word is strict about the order."""
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def write(report: Report, file: BinaryIO) -> None:
    """Write a Word document."""
    told = layout.whole(report)
    document = docx.Document()
    styled(document, told)
    described(document, report)
    wide = told["wide"]
    page(document.sections[0], told, wide=wide)
    document.add_heading(told["title"], 0)
    document.add_paragraph(told["subtitle"], "Subtitle")
    document.add_paragraph(told["position"])
    if told["unsettled"]:
        document.add_paragraph().add_run(told["unsettled"]).bold = True
    for group in told["groups"]:
        if group["annex"] or group["wide"] != wide:
            wide = group["wide"]
            page(document.add_section(WD_SECTION.NEW_PAGE), told, wide=wide)
        for section in group["sections"]:
            shown(document, section, told, wide=wide)
    document.add_heading(told["about"]["title"], 1)
    for name, words in told["about"]["lines"]:
        line = document.add_paragraph()
        line.add_run(f"{name}: ").bold = True
        line._p.append(spoken_run(words))
    repacked(document, file)


def styled(document: Document, told: Told) -> None:
    """Set the language, the direction and the letters of all styles."""
    styles = document.styles
    language = LANGUAGES.get(told["language"], told["language"])
    (lang,) = styles.element.xpath("w:docDefaults//w:lang")
    for name in ("val", "eastAsia", "bidi"):
        lang.set(qn(f"w:{name}"), language)
    normal = styles["Normal"]
    normal.font.size = Pt(LETTERS)
    normal.paragraph_format.space_after = Pt(4)
    for name, size in (("Normal", LETTERS), ("Subtitle", 11), *HEADINGS):
        style = styles[name]
        style.font.name = "Calibri"
        style.font.size = Pt(size)
        style.font.italic = False
        style.font.color.rgb = RGBColor.from_string(fills.TEXT[1:])
        letters = style.element.get_or_add_rPr()
        letters.rFonts.set(qn("w:cs"), "Arial")
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            letters.rFonts.attrib.pop(qn(f"w:{theme}"), None)
        placed(letters, tag("szCs", val=size * 2), AFTER_SIZE)
        if told["rtl"]:
            placed(style.element.get_or_add_pPr(), tag("bidi"), AFTER_BIDI)
            placed(letters, tag("rtl"), AFTER_RTL)


def placed(parent: BaseOxmlElement, child: BaseOxmlElement, before: tuple[str, ...]) -> None:
    """Put a child where the schema wants it, in the place of one that is there."""
    for old in parent.findall(child.tag):
        parent.remove(old)
    parent.insert_element_before(child, *before)


def described(document: Document, report: Report) -> None:
    """Say in the properties of the document what it is; its dates are the moment."""
    core = document.core_properties
    core.title, core.subject, core.language = report.title, report.position, report.language
    core.author = core.last_modified_by = "hldtracker"
    core.comments = core.keywords = ""
    core.created = core.modified = report.as_of.astimezone(UTC).replace(tzinfo=None)
    lines = [
        f'<property fmtid="{FORMAT_ID}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(text)}</vt:lpwstr></property>"
        for number, (name, text) in enumerate(flat(properties(report)).items(), start=2)
    ]
    content = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes">'
        f"{''.join(lines)}</Properties>"
    )
    package = document.part.package
    part = Part(PackURI(f"/{CUSTOM}"), CUSTOM_TYPE, content.encode(), package)
    package.relate_to(part, f"{OFFICE}/relationships/custom-properties")


def page(pages: Pages, told: Told, *, wide: bool) -> None:
    """Set paper, margins and footer of the pages from here on."""
    pages.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    pages.page_width, pages.page_height = (LONG, SHORT) if wide else (SHORT, LONG)
    pages.left_margin = pages.right_margin = pages.top_margin = pages.bottom_margin = MARGIN
    if told["rtl"]:
        placed(pages._sectPr, tag("bidi"), ("w:rtlGutter", "w:docGrid"))
    pages.footer.is_linked_to_previous = False
    foot = pages.footer.paragraphs[0]
    foot.add_run(f"{told['title']}. {told['position']} · ")
    for instruction in ("PAGE", "NUMPAGES"):
        if instruction == "NUMPAGES":
            foot.add_run(" / ")
        foot._p.append(tag("fldSimple", run("1", tag("rPr")), instr=instruction))


def shown(document: Document, section: Told, told: Told, *, wide: bool) -> None:
    """Write a section: bars, what they say, the table, the texts."""
    document.add_heading(section["title"], 1)
    if bars := section["bars"]:
        pictured(document, bars, told)
    for sentence in section["sentences"]:
        document.add_paragraph(sentence)
    if section["table"]:
        line = Length((LONG if wide else SHORT) - 2 * MARGIN)
        made = table(
            section["table"],
            rtl=told["rtl"],
            title=section["title"],
            points=int(line.pt),
            letters=LETTERS,
        )
        document.element.body.insert_element_before(made, "w:sectPr")
        document.add_paragraph()
    for text in section["passages"]:
        quoted(document, text)
    if section["nothing"]:
        document.add_paragraph(section["nothing"])


def pictured(document: Document, bars: Told, told: Told) -> None:
    """Add the picture of bars, and say in words what it shows."""
    image = pdf.picture({name: told[name] for name in layout.GROUND} | bars)
    shape = document.add_picture(io.BytesIO(image), width=SHORT - 2 * MARGIN)
    shape._inline.docPr.set("descr", bars["alt"])


def quoted(document: Document, text: Told) -> None:
    """Write what an agency wrote, under its heading, in its own language and direction."""
    if text["heading"]:
        spoken(document.add_heading(level=2), text["heading"])
    if text["source"]:
        spoken(document.add_heading(level=text["level"]), text["source"])
    for paragraph in text["paragraphs"]:
        spoken(document.add_paragraph(), paragraph)


def spoken(paragraph: Paragraph, told: str | Told) -> None:
    """Write a text into a paragraph, with the direction and language that are its own."""
    if isinstance(told, dict) and "rtl" in told:
        paragraph._p.get_or_add_pPr().append(tag("bidi", val=int(told["rtl"])))
    paragraph._p.append(spoken_run(told))


def spoken_run(told: str | Told) -> BaseOxmlElement:
    """Return a run of text in its own direction and language."""
    if isinstance(told, str):
        return run(told, tag("rPr"))
    letters = tag("rPr")
    if "rtl" in told:
        letters.append(tag("rtl", val=int(told["rtl"])))
    if "language" in told:
        letters.append(tag("lang", val=told["language"], bidi=told["language"]))
    return run(told["text"], letters)


def repacked(document: Document, file: BinaryIO) -> None:
    """Write the document with the same date for each of its parts, whenever that is."""
    made = io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(file, "w") as archive:
        for name in parts.namelist():
            archive.writestr(entry(name), parts.read(name))
