"""Make the Arabic fonts of reports from Noto Naskh Arabic: `fonts.py FOLDER`, with fontTools.

In Noto a letter and the sign above it (shadda, fatha and the like) are two glyphs, each with
both characters for a text. In a PDF the compiler tells them apart by their heights, and who
copies, searches or listens gets the letter twice. Here the two are one glyph, drawn as before.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools.otlLib.builder import buildLigatureSubstSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import ARGS_ARE_XY_VALUES, Glyph, GlyphComponent

MADE = Path(__file__).parents[1] / "recommendations/reporting/outputs/fonts"
LETTERS = (*range(0x621, 0x63B), *range(0x641, 0x64B), 0x671)
SIGNS = (*range(0x64B, 0x653), 0x670)
SHADDA = "uni0651"
TWO_SIGNS = ("uniFC5E", "uniFC5F", "uniFC60", "uniFC61", "uniFC62", "uniFC63")
"""The glyphs of shadda with another sign that have a character of their own."""
BASE, LIGATURE = 1, 4


def made(source: Path, target: Path) -> None:
    """Write a font with a glyph for each form of a letter with each sign."""
    font = TTFont(source, recalcTimestamp=False)
    pairs = dict(composed(font))
    font.setGlyphOrder(font["glyf"].glyphOrder)
    lookups = font["GSUB"].table.LookupList
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = LIGATURE, 0
    lookup.SubTable = [buildLigatureSubstSubtable(pairs)]
    lookups.Lookup.append(lookup)
    for one in font["GSUB"].table.FeatureList.FeatureRecord:
        if one.FeatureTag == "liga":
            one.Feature.LookupListIndex.append(len(lookups.Lookup) - 1)
    for name in font["name"].names:
        name.string = name.toUnicode().replace("Noto Naskh", "Joined Naskh")
        name.string = name.string.replace("NotoNaskh", "JoinedNaskh")
    font["post"].formatType = 3.0
    del font["DSIG"]
    font.save(target)


def composed(font: TTFont) -> Iterator[tuple[tuple[str, str], str]]:
    """Add a glyph for each letter with a sign, and yield both and the name of the new one."""
    places = font["GPOS"].table.LookupList.Lookup[0].SubTable[0]
    signs = dict(zip(places.MarkCoverage.glyphs, places.MarkArray.MarkRecord, strict=True))
    letters = dict(zip(places.BaseCoverage.glyphs, places.BaseArray.BaseRecord, strict=True))
    single = {font.getBestCmap()[code] for code in SIGNS}
    wanted = [one for one in signs if one in single or one in TWO_SIGNS or with_shadda(one, single)]
    names = list(font.getGlyphOrder())
    for letter in sorted(forms(font) & letters.keys(), key=names.index):
        for sign in wanted:
            there = letters[letter].BaseAnchor[signs[sign].Class]
            if there is not None:
                here, name = signs[sign].MarkAnchor, f"{letter}.{sign}"
                x, y = there.XCoordinate - here.XCoordinate, there.YCoordinate - here.YCoordinate
                drawn(font, name, ((letter, 0, 0), (sign, x, y)))
                yield (letter, sign), name


def with_shadda(glyph: str, signs: set[str]) -> bool:
    """Say whether a glyph is shadda with one of the other signs."""
    parts = glyph.split("_")
    return len(parts) == 2 and SHADDA in parts and set(parts) <= signs


def forms(font: TTFont) -> set[str]:
    """Return the forms that the letters of Arabic take in words, and those of lam with alef."""
    found = {font.getBestCmap()[code] for code in LETTERS}
    lookups = [one for one in font["GSUB"].table.LookupList.Lookup if one.LookupType in (1, 4)]
    before = 0
    while len(found) > before:
        before = len(found)
        for table in (table for lookup in lookups[1:] for table in lookup.SubTable):
            found |= {to for one, to in getattr(table, "mapping", {}).items() if one in found}
            for first, ligatures in getattr(table, "ligatures", {}).items():
                if first in found:
                    found |= {one.LigGlyph for one in ligatures if set(one.Component) <= found}
    return found


def drawn(font: TTFont, name: str, parts: tuple[tuple[str, int, int], ...]) -> None:
    """Add a glyph that is made of others, as wide as the first."""
    glyph: Any = Glyph()
    glyph.numberOfContours, glyph.components = -1, []
    for part, x, y in parts:
        component = GlyphComponent()
        component.glyphName, component.x, component.y = part, x, y
        component.flags = ARGS_ARE_XY_VALUES
        glyph.components.append(component)
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (font["hmtx"][parts[0][0]][0], glyph.xMin)
    font["GDEF"].table.GlyphClassDef.classDefs[name] = BASE


if __name__ == "__main__":
    for weight in ("Regular", "Bold"):
        source = Path(sys.argv[1]) / f"NotoNaskhArabic-{weight}.ttf"
        made(source, MADE / f"JoinedNaskhArabic-{weight}.ttf")
