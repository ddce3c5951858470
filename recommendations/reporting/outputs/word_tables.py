"""The tables of the Word document, made as XML: cell by cell they would take minutes."""

from __future__ import annotations

from collections.abc import Sequence

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from recommendations.reporting.outputs import fills, layout
from recommendations.reporting.outputs.layout import Told

LETTER = 0.56
"""The width of a letter, of its size."""
TWENTIETHS = 20
"""Twentieths of a point are what Word counts in."""
BESIDE = layout.BESIDE * TWENTIETHS // 2
"""The room on either side of the letters of a cell: that with which widths were shared out."""
PATTERNS = {
    "lines": "thinHorzStripe",
    "stripes": "thinDiagStripe",
    "counter-stripes": "thinReverseDiagStripe",
    "dots": "pct10",
}
"""A texture -> the pattern of Word that is like it; a band is a thick edge below."""
EDGE, THICK = 4, 12
"""The edge of a status in eighths of a point, and that which tells one from the others."""


def tag(name: str, *children: BaseOxmlElement, **attributes: str | int) -> BaseOxmlElement:
    """Return an element of Word's own namespace."""
    named = {qn(f"w:{key.rstrip('_')}"): str(value) for key, value in attributes.items()}
    made: BaseOxmlElement = OxmlElement(f"w:{name}", attrs=named)
    made.extend(children)
    return made


def table(told: Told, *, rtl: bool, title: str, points: int, letters: float) -> BaseOxmlElement:
    """Return a table of a width in points, whose first row is said again on every page.

    `letters` is the size of the text around, in points.
    """
    whole = sum(told["widths"])
    widths = [points * TWENTIETHS * width // whole for width in told["widths"]]
    size = round(told["size"] * letters * 2)
    properties = tag("tblPr", tag("tblStyle", val="TableGrid"))
    if rtl:
        properties.append(tag("bidiVisual"))
    properties.extend(
        (
            tag("tblW", w=points * TWENTIETHS, type="dxa"),
            borders(),
            tag("tblLayout", type="fixed"),
            tag("tblCellMar", *(tag(side, w=BESIDE, type="dxa") for side in ("left", "right"))),
            tag(
                "tblLook", val="0020", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noVBand=1
            ),
            tag("tblCaption", val=title),
        )
    )
    made = tag("tbl", properties, tag("tblGrid", *(tag("gridCol", w=width) for width in widths)))
    ends = told["ends"]
    heads = [
        {"text": head, "head": True, "turned": turned}
        for head, turned in zip(told["heads"], told["turned"], strict=True)
    ]
    tall = round(told["height"] * told["size"] * letters * LETTER)
    made.append(row(heads, widths, ends, size, head=tall))
    cells = told["cells"]
    for at in range(0, len(cells), len(widths)):
        made.append(row(cells[at : at + len(widths)], widths, ends, size))
    return made


def borders() -> BaseOxmlElement:
    """Return hair lines between rows, and none between columns."""
    hair: dict[str, str | int] = {"sz": 4, "space": 0, "color": fills.HAIR[1:]}
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lined = ("top", "bottom", "insideH")
    return tag(
        "tblBorders",
        *(tag(side, **hair, val="single" if side in lined else "nil") for side in sides),
    )


def row(
    cells: Sequence[str | Told],
    widths: list[int],
    ends: list[bool],
    size: int,
    *,
    head: int = 0,
) -> BaseOxmlElement:
    """Return a row that stays on one page; `head` is the height of turned heads, in points."""
    properties = tag("trPr", tag("cantSplit"))
    if any(isinstance(one, dict) and one.get("turned") for one in cells):
        properties.append(tag("trHeight", val=head * TWENTIETHS, hRule="atLeast"))
    if head:
        properties.append(tag("tblHeader"))
    made = tag("tr", properties)
    for told, width, end in zip(cells, widths, ends, strict=True):
        made.append(cell({"text": told} if isinstance(told, str) else told, width, end, size))
    return made


def cell(told: Told, width: int, end: bool, size: int) -> BaseOxmlElement:
    """Return a cell with a text; that of a status in its fill and ink."""
    properties = tag("tcPr", tag("tcW", w=width, type="dxa"))
    look = fills.FILLS.get(told.get("look", ""))
    if look:
        properties.extend(painted(look))
    elif "head" in told:
        properties.append(tag("shd", val="clear", color="auto", fill=fills.SHADE[1:]))
    if told.get("turned"):
        properties.append(tag("textDirection", val="btLr"))
    letters = [tag("sz", val=size), tag("szCs", val=size)]
    if look:
        letters.insert(0, tag("color", val=look.ink[1:]))
    if "head" in told:
        letters = [tag("b"), tag("bCs"), *letters]
    about = tag("pPr", tag("spacing", before=30, after=30))
    if "rtl" in told:
        about.insert(0, tag("bidi", val=int(told["rtl"])))
        letters.append(tag("rtl", val=int(told["rtl"])))
    if end and not told.get("turned"):
        about.append(tag("jc", val="end"))
    return tag("tc", properties, tag("p", about, run(told["text"], tag("rPr", *letters))))


def painted(look: fills.Fill) -> tuple[BaseOxmlElement, BaseOxmlElement]:
    """Return the edges and the shade of the cell of a status: told apart without colours too."""
    drawn: dict[str, str | int] = {"sz": THICK if look.thick else EDGE, "space": 0}
    drawn |= {"val": look.dash or "single", "color": look.edge[1:]}
    sides = {side: tag(side, **drawn) for side in ("top", "left", "bottom", "right")}
    if look.texture == "band":
        sides["bottom"] = tag("bottom", val="single", sz=2 * THICK, space=0, color=look.line[1:])
    pattern = PATTERNS.get(look.texture, "clear")
    color = look.line[1:] if look.texture in PATTERNS else "auto"
    return tag("tcBorders", *sides.values()), tag(
        "shd", val=pattern, color=color, fill=look.fill[1:]
    )


def run(text: str, properties: BaseOxmlElement) -> BaseOxmlElement:
    """Return a run of text, with its line ends."""
    made = tag("r", properties)
    for number, line in enumerate(text.split("\n")):
        if number:
            made.append(tag("br"))
        written = tag("t")
        written.text = line
        written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made.append(written)
    return made
