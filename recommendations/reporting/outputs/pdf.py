"""PDF for every reader (PDF/UA-1): tagged, titled, with a language and words for its pictures.

The compiler refuses what such a reader could not use, so what is written here was accepted.
"""

from __future__ import annotations

import json
import re
from typing import Any, BinaryIO

import typst
from django.utils.translation import ngettext

from recommendations.reporting.outputs import layout
from recommendations.reporting.outputs.fonts import (
    HERE,
    NEEDS_CHINESE,
    chinese_folder,
    drawable,
    families,
    fonts,
)
from recommendations.reporting.outputs.printable import MARK
from recommendations.reporting.outputs.provenance import as_keywords
from recommendations.reporting.outputs.readable import LONGEST_WORD, PIECE
from recommendations.reporting.reports.canonical import properties
from recommendations.reporting.reports.shape import Report

TEMPLATES = HERE / "typst"
STANDARD = ["ua-1"]
SIZES = (10.0, 9.5, 9.0, 8.5, 8.0)
"""Letters in points: smaller ones are tried until the sections before the annex fit."""
RESOLUTION = 200
PAGES = 2
"""What everybody reads of a report with an annex."""
LONG = re.compile(rf"(?<!\S)\S{{{LONGEST_WORD + 1},}}")
PIECES = re.compile(rf"\S{{{PIECE}}}(?=\S)")
MAY_BREAK = "\u200b"
REFUSED = re.compile(r'the text `"(.+)"` could not be displayed', re.DOTALL)
ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
TRIES = 8
PLAINEST = re.compile("[^\n -~\u00a0-\u017f\u0400-\u045f\u0621-\u064a\u2010-\u2026]")
"""What is left out of a text whose letters and accents no font draws together."""


def write(report: Report, file: BinaryIO) -> None:
    """Write a report as PDF."""
    file.write(laid_out(report).pdf(fitted=has_annex(report)))


def pages(report: Report, resolution: int) -> list[bytes]:
    """Return the pages of a report as PNG, of so many dots an inch: to be looked at."""
    return laid_out(report).pages(resolution, fitted=has_annex(report))


def laid_out(report: Report) -> Print:
    """Return a report as it is printed."""
    told = breakable(layout.whole(report)) | {"keywords": as_keywords(properties(report))}
    return Print("report.typ", told)


def has_annex(report: Report) -> bool:
    """Say whether there are pages before an annex, which are to be two."""
    return any(section.annex for section in report.sections)


def picture(told: layout.Told) -> bytes:
    """Return bars (`layout.ground` and `layout.of_bars`) as PNG."""
    (page,) = Print("bars.typ", told).pages(RESOLUTION)
    return page


def breakable(told: Any) -> Any:
    """Return what is printed, with very long words that may go on in the next line."""
    if isinstance(told, dict):
        return {name: breakable(one) for name, one in told.items()}
    if isinstance(told, list | tuple):
        return [breakable(one) for one in told]
    if isinstance(told, str):
        return LONG.sub(lambda word: PIECES.sub(rf"\g<0>{MAY_BREAK}", word[0]), told)
    return told


class Print:
    """One template, what it is told, and the fonts for the letters in it."""

    def __init__(self, template: str, told: dict[str, Any]) -> None:
        """Choose the fonts, and mark what none of them draws."""
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        self.chinese = bool(NEEDS_CHINESE.search(text)) and chinese_folder() is not None
        self.template = TEMPLATES / template
        self.told, self.marks = drawable(text, self.chinese)

    def pdf(self, *, fitted: bool) -> bytes:
        """Return the PDF; `fitted` takes smaller letters where that saves the third page.

        A letter and an accent that two fonts draw, but none draws together, are refused when
        all else is done: they are marked then, and it begins again.
        """
        for tries in range(TRIES):
            try:
                compiler = self.fitted() if fitted else self.compiler(SIZES[0])
                return bytes(compiler.compile(format="pdf", pdf_standards=STANDARD))  # type: ignore[arg-type]
            except typst.TypstError as error:
                self.mark(error, all=tries == TRIES - 2)
        raise AssertionError("typst refuses the plainest letters")

    def pages(self, resolution: int, *, fitted: bool = False) -> list[bytes]:
        """Return the pages as PNG."""
        compiler = self.fitted() if fitted else self.compiler(SIZES[0])
        made = compiler.compile(format="png", ppi=resolution)
        return made if isinstance(made, list) else [made or b""]

    def fitted(self) -> typst.Compiler:
        """Return the compiler with the largest letters with which the first part fits."""
        for size in SIZES:
            compiler = self.compiler(size)
            if int(json.loads(compiler.query("<annex>", field="value", one=True))) <= PAGES:
                break
        return compiler

    def compiler(self, size: float) -> typst.Compiler:
        """Return a compiler for letters of a size in points."""
        marks = ngettext(
            "%(count)d character that no font here draws is shown as %(mark)s.",
            "%(count)d characters that no font here draws are shown as %(mark)s.",
            self.marks,
        ) % {"count": self.marks, "mark": MARK}
        return typst.Compiler(
            str(self.template),
            root=str(TEMPLATES),
            font_paths=fonts(self.chinese),
            sys_inputs={
                "told": self.told,
                "families": "|".join(families(self.chinese)),
                "size": str(size),
                "marks": marks if self.marks else "",
            },
        )

    def mark(self, error: typst.TypstError, *, all: bool) -> None:
        """Mark what the compiler refused to draw. Raises the error where it is about another."""
        found = REFUSED.search(error.message)
        if found is None:
            raise error
        refused = ESCAPE.sub(lambda match: chr(int(match[1], 16)), found[1])
        if all or refused not in self.told:
            self.told, marked = PLAINEST.subn(MARK, self.told)
        else:
            marked = self.told.count(refused)
            self.told = self.told.replace(refused, MARK)
        self.marks += marked
