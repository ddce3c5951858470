"""Pictures of numbers: where each block and each word goes, before anything is drawn.

Across, places are per cent of the picture, so that it fits any window without shrinking its
words; down they are pixels. Left and right are those of a text that runs from the left: who
draws mirrors it. A block is never too small for its number, at the cost of the larger ones:
what is few must still be seen. The numbers printed are the exact ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from recommendations.reporting.outputs.fills import FILLS

Counts: TypeAlias = Sequence[tuple[str, int]]

GAP = 0.8
BAR = 28
"""The height of a bar in pixels."""
LINE = 20
"""The height of a line of words in pixels."""
LETTER = 1.02
"""About how wide a letter of a label is, in per cent of a picture that stands alone."""
LEAST = 15
"""The least height of a block with a number in it, in pixels."""


@dataclass(frozen=True)
class Block:
    """A piece of a picture: what it stands for, how many, and its place.

    One without a number shows its `sign`, or that of what it stands for.
    """

    value: str
    count: int
    x: float
    y: float
    width: float
    height: float
    sign: str = ""

    @property
    def middle(self) -> tuple[float, float]:
        """Return where its number stands."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Label:
    """Words of a picture: at the place where they start, or around it."""

    text: str
    x: float
    y: float
    centred: bool = False


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture: the question that it answers, the answer in words, and what is in it."""

    title: str
    sentence: str
    height: float
    blocks: tuple[Block, ...]
    labels: tuple[Label, ...]

    @property
    def values(self) -> list[str]:
        """Return what the blocks stand for, each once and in the order of every key."""
        found = {block.value for block in self.blocks}
        return [value for value in FILLS if value in found]


def lengths(counts: Sequence[int], room: float, floors: Sequence[float]) -> list[float]:
    """Share out a length by the counts, each piece at least as long as its floor if they fit."""
    total, spare = sum(counts), room - sum(floors)
    if spare < 0:
        floors, spare = [0.0] * len(counts), room
    # What each piece wants beyond its floor shares what the floors leave.
    wants = [
        max(0.0, room * count / total - floor) for count, floor in zip(counts, floors, strict=True)
    ]
    scale = spare / (sum(wants) or 1)
    return [floor + want * scale for floor, want in zip(floors, wants, strict=True)]


def across(counts: Counts, y: float = 0) -> list[Block]:
    """Lay counts out as a bar of 100 per cent; what is none takes no place."""
    present = [(value, count) for value, count in counts if count]
    numbers = [count for _value, count in present]
    room = 100 - GAP * (len(present) - 1)
    widths = lengths(numbers, room, [4 + 3 * len(str(count)) for count in numbers])
    blocks, x = [], 0.0
    for (value, count), width in zip(present, widths, strict=True):
        blocks.append(Block(value, count, x, y, width, BAR))
        x += width + GAP
    return blocks


def down(counts: Counts, x: float, width: float, height: float) -> list[Block]:
    """Lay counts out as a column that stands on its first value."""
    present = [(value, count) for value, count in counts if count]
    numbers = [count for _value, count in present]
    room = height - 2 * (len(present) - 1)
    tall = lengths(numbers, room, [LEAST] * len(numbers))
    blocks, y = [], height
    for (value, count), length in zip(present, tall, strict=True):
        blocks.append(Block(value, count, x, y - length, width, length))
        y -= length + 2
    return blocks


def bars(title: str, sentence: str, rows: Iterable[tuple[str, Counts]]) -> Picture:
    """Return a bar below each label."""
    blocks: list[Block] = []
    labels: list[Label] = []
    y = 0
    for text, counts in rows:
        labels.append(Label(text, 0, y + LINE / 2))
        blocks += across(counts, y + LINE)
        y += LINE + BAR + LINE // 2
    return Picture(
        title=title, sentence=sentence, height=y, blocks=tuple(blocks), labels=tuple(labels)
    )


def histogram(title: str, sentence: str, rows: Sequence[tuple[str, int]]) -> Picture:
    """Return a column for each number above its label, the tallest for the greatest."""
    height, most = 120, max([count for _label, count in rows], default=0)
    step = 100 / max(1, len(rows))
    blocks, labels = [], []
    for place, (text, count) in enumerate(rows):
        x, width = step * (place + 0.1), step * 0.8
        if count:
            tall = max(LEAST, height * count / most)
            blocks.append(Block("count", count, x, height - tall, width, tall))
        labels.append(Label(text, x + width / 2, height + LINE / 2 + 2, centred=True))
    return Picture(
        title=title,
        sentence=sentence,
        height=height + LINE,
        blocks=tuple(blocks),
        labels=tuple(labels),
    )


@dataclass(frozen=True)
class Square:
    """A place of a grid: what it stands for, "" for no fill, and what is written in it."""

    value: str = ""
    sign: str = ""


def grid(
    title: str,
    sentence: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Square | None]]],
) -> Picture:
    """Return the squares below their heads and beside their labels; None leaves a place blank."""
    longest = max([len(text) for text, _squares in rows], default=0)
    beside, tall = min(30, max(16, longest * LETTER + 2)), 24
    step = (100 - beside) / max(1, len(heads))
    middles = [beside + step * (place + 0.5) for place in range(len(heads))]
    labels = [
        Label(text, middle, LINE / 2, centred=True)
        for text, middle in zip(heads, middles, strict=True)
    ]
    blocks: list[Block] = []
    for number, (text, squares) in enumerate(rows):
        y = LINE + tall * number
        labels.append(Label(text, 0, y + tall / 2))
        for one, middle in zip(squares, middles, strict=True):
            if one and one.value:
                place = (middle - step * 0.45, y + 1, step * 0.9, tall - 2)
                blocks.append(Block(one.value, 0, *place, sign=one.sign))
            elif one:
                labels.append(Label(one.sign, middle, y + tall / 2, centred=True))
    return Picture(
        title=title,
        sentence=sentence,
        height=LINE + tall * len(rows),
        blocks=tuple(blocks),
        labels=tuple(labels),
    )


def columns(
    title: str, sentence: str, rows: Sequence[tuple[str, Counts]], *, height: float = 200
) -> Picture:
    """Return a column above each label; where there is no room for all labels, the outer two."""
    step = 100 / max(len(rows), 3)
    width = step * 0.72
    start = (100 - step * len(rows)) / 2 + (step - width) / 2
    blocks: list[Block] = []
    labels: list[Label] = []
    for place, (text, counts) in enumerate(rows):
        x = start + step * place
        blocks += down(counts, x, width, height)
        labels.append(Label(text, x + width / 2, height + LINE / 2 + 2, centred=True))
    return Picture(
        title=title,
        sentence=sentence,
        height=height + LINE,
        blocks=tuple(blocks),
        labels=tuple(labels),
    )
