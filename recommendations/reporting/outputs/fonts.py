"""The fonts of the PDF: those that come with us, and Chinese where the machine has it.

A PDF that every reader can use (PDF/UA) needs a glyph for each character, so what no font
draws is marked before it is printed.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from recommendations.reporting.outputs.printable import MARK

HERE = Path(__file__).parent
FOLDER = HERE / "fonts"
FAMILIES = (
    "Libertinus Serif",
    "Joined Naskh Arabic",
    "DejaVu Sans Mono",
    "New Computer Modern Math",
)
"""Those in the typst package, but for the Arabic one, which is in `fonts/`; first come, first."""
PLACES = ("/usr/share/fonts", "/usr/local/share/fonts")
CHINESE = ("Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Serif SC", "Noto Sans SC")
IDEOGRAPHS = "\u2e80-\u2fdf\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffee"
NEEDS_CHINESE = re.compile(f"[{IDEOGRAPHS}]")


@functools.cache
def coverage() -> str:
    """Return the characters that our own fonts draw, as ranges of a regular expression."""
    lines = (FOLDER / "coverage.txt").read_text().splitlines()
    ranges = (line.split("-") for line in lines if not line.startswith("#"))
    return "".join(f"\\U{int(first, 16):08x}-\\U{int(last, 16):08x}" for first, last in ranges)


@functools.cache
def undrawn(chinese: bool) -> re.Pattern[str]:
    """Return what finds each character that no font draws."""
    return re.compile(f"[^\\n{coverage()}{IDEOGRAPHS if chinese else ''}]")


def drawable(text: str, chinese: bool) -> tuple[str, int]:
    """Return a text in which what no font draws is marked, and how many marks that took."""
    return undrawn(chinese).subn(MARK, text)


@functools.cache
def chinese_folder() -> Path | None:
    """Return the folder of this machine that holds a Chinese font of Noto, or None."""
    found = sorted(
        path
        for place in PLACES
        for name in ("NotoSerifCJK*", "NotoSansCJK*", "NotoSerifSC*", "NotoSansSC*")
        for path in Path(place).rglob(name)
        if path.suffix in (".ttc", ".otf", ".ttf")
    )
    return found[0].parent if found else None


@functools.cache
def fonts(chinese: bool) -> typst.Fonts:
    """Return the fonts of the compiler: never those of the machine, but for Chinese."""
    folders = [FOLDER]
    if chinese and (folder := chinese_folder()):
        folders.append(folder)
    return typst.Fonts(include_system_fonts=False, font_paths=[str(one) for one in folders])


def families(chinese: bool) -> list[str]:
    """Return the names of the fonts, the first that draws a character first."""
    there = fonts(chinese).families()
    return [*FAMILIES, *(name for name in CHINESE if chinese and name in there)]


def why_not(language: str) -> str:
    """Return why nothing can be drawn in a language, and what to do; "" where it can be."""
    if language.startswith("zh") and chinese_folder() is None:
        return _(
            "Chinese needs a font such as Noto Sans CJK, and the server has none. Choose the "
            "workbook, CSV or JSON, or ask the operator to install fonts-noto-cjk."
        )
    return ""
