"""The colours of the style sheet can be told apart: by contrast, by three kinds of
colour-blind eyes, and on a grey print. The sheet itself is read, so that no copy can lie.

Contrast after WCAG 2.2, colour vision after Machado and others (2009), distance CIE76.
"""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import pytest

from recommendations.models.vocabulary import ImplementationStatus, RollUp
from recommendations.reporting.outputs import fills
from recommendations.templatetags.tracker import GLYPHS, TEXTURED

SHEET = (Path(__file__).parents[2] / "hldtracker/static/hldtracker/app.css").read_text()
TOKEN = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
LIGHT = dict(TOKEN.findall(SHEET.split(":root {")[1].split("}")[0]))
DARK_BY_SYSTEM = TOKEN.findall(SHEET.split(':root:not([data-theme="light"]) {')[1].split("}")[0])
DARK_BY_CHOICE = TOKEN.findall(SHEET.split(':root[data-theme="dark"] {')[1].split("}")[0])
SCHEMES = {"light": LIGHT, "dark": LIGHT | dict(DARK_BY_SYSTEM)}

STRONG = ("implemented", "in-progress", "continuing", "on-hold", "not-started")
# These are as pale as the paper: told apart by texture, edge and glyph instead.
PALE = {
    "discontinued": ("stripes", "solid"),
    "no_report": ("", "dashed"),
    "reported_implemented": ("", "thick"),
    "partly_implemented": ("band", "solid"),
    "no_lead": ("dots", "dotted"),
    "not_started": ("", "solid"),
}
DEFICIENCIES = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
TEXT_ON = [
    ("text", "bg"),
    ("text", "panel"),
    ("muted", "bg"),
    ("muted", "panel"),
    ("link", "bg"),
    ("link", "panel"),
    ("link-hover", "bg"),
    ("error", "bg"),
    ("error", "panel"),
    ("ok", "panel"),
    ("on-link", "link"),
    ("on-link", "link-hover"),
    ("focus-ink", "focus"),
    ("text", "added"),
    ("text", "removed"),
    ("implemented-ink", "implemented"),
    ("in-progress-ink", "in-progress"),
    ("continuing-ink", "continuing"),
    ("continuing-ink", "continuing-line"),
    ("on-hold-ink", "on-hold"),
    ("on-hold-ink", "on-hold-line"),
    ("not-started-ink", "not-started"),
    ("discontinued-ink", "discontinued"),
    ("discontinued-ink", "discontinued-line"),
    ("text", "dots"),
    *((f"{tag}-ink", tag) for tag in ("plain", "sent", "thought", "back", "agreed", "late")),
]
EDGE_ON = [("edge", "bg"), ("edge", "panel"), ("implemented", "panel"), ("error", "panel")]


def linear(colour: str) -> list[float]:
    """Return the red, green and blue light of a colour, 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    lights = sorted(
        sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True))
        for c in (one, other)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def seen(colour: str, eyes: str) -> list[float]:
    """Return the light of a colour as these eyes take it."""
    light = linear(colour)
    rows = DEFICIENCIES[eyes]
    return [min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in rows]


def lab(light: list[float]) -> tuple[float, float, float]:
    """Return lightness and the two axes of colour, in which distance is difference."""
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.95047, 1.0, 1.08883)
    x, y, z = (
        sum(a * b for a, b in zip(row, light, strict=True)) / whole
        for row, whole in zip(to_xyz, white, strict=True)
    )
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: str, other: str, eyes: str) -> float:
    """Return how different two colours look to these eyes."""
    return math.dist(lab(seen(one, eyes)), lab(seen(other, eyes)))


def test_both_ways_to_dark_give_the_same_colours() -> None:
    assert DARK_BY_SYSTEM == DARK_BY_CHOICE


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_text_is_read_on_its_ground(ink: str, ground: str, scheme: str) -> None:
    tokens = SCHEMES[scheme]
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGE_ON)
def test_edges_are_seen_on_their_ground(edge: str, ground: str, scheme: str) -> None:
    tokens = SCHEMES[scheme]
    assert contrast(tokens[edge], tokens[ground]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("eyes", ["normal", "protan", "deutan", "tritan"])
def test_strong_fills_differ_for_all_eyes(eyes: str, scheme: str) -> None:
    tokens = SCHEMES[scheme]
    close = {
        (one, other): round(distance(tokens[one], tokens[other], eyes), 1)
        for one, other in itertools.combinations(STRONG, 2)
        if distance(tokens[one], tokens[other], eyes) < 20
    }
    assert close == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("eyes", ["normal", "protan", "deutan", "tritan"])
def test_strong_fills_differ_from_the_pale_ones(eyes: str, scheme: str) -> None:
    tokens = SCHEMES[scheme]
    close = {
        (strong, pale): round(distance(tokens[strong], tokens[pale], eyes), 1)
        for strong in STRONG[:-1]
        for pale in ("panel", "discontinued")
        if distance(tokens[strong], tokens[pale], eyes) < 20
    }
    assert close == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_fills_that_meet_in_grey_have_different_textures(scheme: str) -> None:
    tokens = SCHEMES[scheme]
    close = [
        (one, other)
        for one, other in itertools.combinations(STRONG, 2)
        if distance(tokens[one], tokens[other], "grey") < 14
        and TEXTURED.get(one.replace("-", "_")) == TEXTURED.get(other.replace("-", "_"))
    ]
    assert close == []


def test_pale_looks_differ_by_texture_or_edge() -> None:
    looks = {value: (texture(value), edge(value)) for value in PALE}
    assert looks == PALE


def test_every_status_has_a_glyph_and_a_fill() -> None:
    values = {*RollUp.values, *ImplementationStatus.values, "no_report"}
    assert set(GLYPHS) == values
    assert set(re.findall(r"\.s-([a-z_]+)", SHEET)) == values


@pytest.mark.parametrize("value", sorted(fills.FILLS))
def test_files_have_the_fills_of_the_pages(value: str) -> None:
    look = fills.FILLS[value]
    (line,) = re.findall(
        rf"^(?:\.s-\w+, )?\.s-{value}(?:, \.s-\w+)? \{{(.*)\}}$", SHEET, re.MULTILINE
    )
    said = {
        name: LIGHT[token] for name, token in re.findall(r"--([a-z]+): var\(--([a-z-]+)\)", line)
    }
    textured = re.search(r"--texture: .*?var\(--([a-z-]+)\)", line)
    dash = re.search(r"--rim-style: (\w+)", line)

    assert (look.fill, look.ink) == (said["fill"], said["ink"])
    assert look.edge == said.get("rim", LIGHT["edge"])
    assert (look.line if look.texture else None) == (textured and LIGHT[textured.group(1)])
    assert look.dash == (dash.group(1) if dash else "")
    assert look.thick is ("--rim-width: 3px" in line)


@pytest.mark.parametrize("value", sorted(fills.MARKS))
def test_files_have_the_marks_of_the_pages(value: str) -> None:
    (line,) = re.findall(rf"^\.w-{value}(?:, \.w-\w+)* \{{(.*)\}}$", SHEET, re.MULTILINE)
    said = dict(re.findall(r"--([a-z]+): var\(--([a-z-]+)\)", line))
    look = fills.MARKS[value]

    assert (look.fill, look.ink) == (LIGHT[said["fill"]], LIGHT[said["ink"]])


def test_every_status_has_a_fill_in_files() -> None:
    assert set(fills.FILLS) == set(GLYPHS)


def test_the_greys_of_files_are_those_of_the_pages() -> None:
    names = {"PANEL": "panel", "TEXT": "text", "MUTED": "muted", "EDGE": "edge", "HAIR": "line"}
    names |= {"SHADE": "bg", "WARNED": "back"}

    assert {name: getattr(fills, name) for name in names} == {
        name: LIGHT[token] for name, token in names.items()
    }


def rule(value: str) -> str:
    """Return the declarations of a status in the sheet."""
    found = re.search(rf"^\.s-{value}(?:, \.s-\w+)? \{{(.*)\}}$", SHEET, re.MULTILINE)
    assert found is not None
    return found.group(1)


def texture(value: str) -> str:
    """Name the texture of a status by the kind of its gradient."""
    names = {"repeating-linear": "stripes", "linear": "band", "radial": "dots"}
    kind = re.search(r"--texture: ([a-z-]+)-gradient", rule(value))
    return names[kind.group(1)] if kind else ""


def edge(value: str) -> str:
    """Name the edge of a status."""
    style = re.search(r"--rim-style: (\w+)", rule(value))
    return "thick" if "--rim-width: 3px" in rule(value) else style.group(1) if style else "solid"
