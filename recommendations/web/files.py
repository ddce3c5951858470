"""Pictures and tables of a page as files: SVG and CSV with the numbers of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any, TypeAlias

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi

from recommendations.models import RollUp
from recommendations.reporting.charts import LINE, Block, Picture
from recommendations.reporting.facts import Scope
from recommendations.reporting.figures import Figure
from recommendations.reporting.outputs.comma_separated import separated
from recommendations.reporting.outputs.fills import FILLS, MARKS, PANEL, TEXT, Fill
from recommendations.reporting.reports.shape import Value
from recommendations.reporting.tally import Shown

WIDTH = 720
"""The width of a picture in pixels."""
TOP, EDGE = 40, 20
"""The room above a picture, for its title, and at either side, in pixels."""
LONGEST = 100
"""About as many letters as a line of the picture holds."""
Words: TypeAlias = str | Promise
WORDS: dict[str, Any] = {**dict(RollUp.choices), **dict(Shown.choices)}
"""What each fill means."""


def table(figures: Figure, name: str, lines: Iterable[Iterable[Value]]) -> HttpResponse:
    """Return the lines as a CSV: keys as headings, codes as they are, nothing that computes."""
    answer = HttpResponse(separated(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(figures, name)}.csv"'
    return answer


def drawing(
    figures: Figure, name: str, picture: Picture, signs: Sequence[tuple[str, Words]] = ()
) -> HttpResponse:
    """Return a picture as an SVG that needs nothing else: its fills, its words, its key.

    `signs` are those in it that are no sign of a status, with what they mean.
    """
    context = {
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
        **painted(picture),
        **explained(figures, picture, signs),
    }
    text = render_to_string("recommendations/picture.svg", context)
    answer = HttpResponse(text, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'inline; filename="{file_name(figures, name)}.svg"'
    return answer


def painted(picture: Picture) -> dict[str, Any]:
    """Return what the picture itself needs: its blocks with their fills, and its labels."""
    fills = [look(block.value) for block in picture.blocks]
    return {
        "picture": picture,
        "paper": PANEL,
        "text": TEXT,
        "width": WIDTH + 2 * EDGE,
        "start": pixels(across(0)),
        "blocks": [
            (fill, box(block), block.count or block.sign, block.value)
            for fill, block in zip(fills, picture.blocks, strict=True)
        ],
        "labels": [(one, pixels(across(one.x)), pixels(one.y + TOP)) for one in picture.labels],
        "textures": list({fill.texture: fill for fill in fills if fill.texture}.values()),
    }


def explained(
    figures: Figure, picture: Picture, signs: Sequence[tuple[str, Words]]
) -> dict[str, Any]:
    """Return what stands below the picture: its key, the signs, the sentence, the position."""
    sentence = broken(picture.sentence)
    below = TOP + picture.height + 12
    meant = below + LINE * len(picture.values)
    said = meant + LINE * len(signs)
    foot = said + LINE * (len(sentence) + 1)
    return {
        "key": [
            (FILLS[value], WORDS[value], pixels(below + LINE * n))
            for n, value in enumerate(picture.values)
        ],
        "signs": [(*one, pixels(meant + LINE * n + 12)) for n, one in enumerate(signs)],
        "square": [pixels(place) for place in square()],
        "sign_at": pixels(sum(square()) / 2),
        "sentence": [(line, pixels(said + LINE * (n + 1))) for n, line in enumerate(sentence)],
        "foot": (figures.position, pixels(foot)),
        "height": pixels(foot + LINE),
    }


def look(value: str) -> Fill:
    """Return how a block looks that stands for this."""
    return FILLS.get(value) or MARKS[value]


def pixels(number: float) -> str:
    """Return a number of pixels as SVG writes it, whatever the language."""
    return f"{number:.1f}"


def across(x: float) -> float:
    """Return a place across in pixels; a text from the right starts there."""
    place = WIDTH * x / 100
    return EDGE + (WIDTH - place if get_language_bidi() else place)


def box(block: Block) -> list[str]:
    """Return where a block stands, and where the number in its middle."""
    start = across(block.x + (block.width if get_language_bidi() else 0))
    x, y = block.middle
    places = (start, block.y + TOP, WIDTH * block.width / 100, block.height, across(x), y + TOP)
    return [pixels(place) for place in places]


def square() -> tuple[float, float]:
    """Return where a square of the key stands, and where its words start."""
    return (across(0) - 14, across(0) - 22) if get_language_bidi() else (across(0), across(0) + 22)


def broken(text: str) -> list[str]:
    """Return a sentence in lines that fit the picture."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= LONGEST:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def file_name(figures: Figure, name: str) -> str:
    """Return the name of a file: framework, what it shows, the moment, and whether it is inside."""
    inside = "-inside" if figures.scope is Scope.INSIDE else ""
    return f"{figures.framework}-{name}-{figures.as_of.astimezone(UTC):%Y%m%dT%H%MZ}{inside}"
