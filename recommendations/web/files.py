"""Pictures and tables of a page as files: SVG and CSV with the numbers of the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi

from recommendations.models import RollUp
from recommendations.reporting.charts import LINE, Block, Picture
from recommendations.reporting.facts import Scope
from recommendations.reporting.figures import Figure
from recommendations.reporting.outputs.comma_separated import separated
from recommendations.reporting.outputs.fills import FILLS, PANEL, TEXT
from recommendations.reporting.reports.shape import Value
from recommendations.reporting.tally import Shown

WIDTH = 720
"""The width of a picture in pixels."""
TOP, EDGE = 40, 20
"""The room above a picture, for its title, and at either side, in pixels."""
LONGEST = 100
"""About as many letters as a line of the picture holds."""
WORDS: dict[str, Any] = {**dict(RollUp.choices), **dict(Shown.choices)}
"""What each fill means."""


def table(figures: Figure, name: str, lines: Iterable[Iterable[Value]]) -> HttpResponse:
    """Return the lines as a CSV: keys as headings, codes as they are, nothing that computes."""
    answer = HttpResponse(separated(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(figures, name)}.csv"'
    return answer


def drawing(figures: Figure, name: str, picture: Picture) -> HttpResponse:
    """Return a picture as an SVG that needs nothing else: its fills, its words, its key."""
    sentence = broken(picture.sentence)
    below = TOP + picture.height + 12
    said = below + LINE * len(picture.values)
    foot = said + LINE * (len(sentence) + 1)
    key = [
        (FILLS[value], WORDS[value], pixels(below + LINE * n))
        for n, value in enumerate(picture.values)
    ]
    context = {
        "picture": picture,
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "paper": PANEL,
        "text": TEXT,
        "width": WIDTH + 2 * EDGE,
        "height": pixels(foot + LINE),
        "start": pixels(across(0)),
        "blocks": [
            (FILLS[block.value], box(block), block.count, block.value) for block in picture.blocks
        ],
        "labels": [(one, pixels(across(one.x)), pixels(one.y + TOP)) for one in picture.labels],
        "textures": list({fill.texture: fill for fill, *_ in key if fill.texture}.values()),
        "key": key,
        "square": [pixels(place) for place in square()],
        "sentence": [(line, pixels(said + LINE * (n + 1))) for n, line in enumerate(sentence)],
        "foot": (figures.position, pixels(foot)),
    }
    text = render_to_string("recommendations/picture.svg", context)
    answer = HttpResponse(text, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'inline; filename="{file_name(figures, name)}.svg"'
    return answer


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
