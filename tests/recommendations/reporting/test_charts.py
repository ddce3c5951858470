"""Where the blocks of a picture go: within it, in order, and never too small for a number."""

from __future__ import annotations

from itertools import pairwise

from recommendations.reporting.charts import GAP, LEAST, Square, bars, columns, grid

COUNTS = [("implemented", 1), ("in_progress", 150), ("on_hold", 0), ("no_report", 4)]


def test_a_column_stands_on_its_first_value_and_leaves_out_what_is_none() -> None:
    blocks = columns("Title", "Sentence.", [("R1", COUNTS)], height=200).blocks

    assert [block.value for block in blocks] == ["implemented", "in_progress", "no_report"]
    assert (blocks[0].y + blocks[0].height, round(blocks[-1].y, 6)) == (200, 0)
    assert [block.height >= LEAST for block in blocks] == [True, True, True]
    assert [round(low.y - high.y - high.height, 6) for low, high in pairwise(blocks)] == [
        2,
        2,
    ]


def test_columns_stand_apart_each_over_its_label() -> None:
    drawn = columns("Title", "Sentence.", [(f"R{n}", COUNTS) for n in range(6)], height=100)
    starts = sorted({block.x for block in drawn.blocks})
    widths = {round(block.width, 6) for block in drawn.blocks}

    assert (len(starts), len(widths)) == (6, 1)
    assert all(start + min(widths) < after for start, after in pairwise(starts))
    assert [round(label.x - min(widths) / 2, 6) for label in drawn.labels] == [
        round(start, 6) for start in starts
    ]


def test_a_column_of_more_than_it_has_room_for_stays_within_it() -> None:
    many = [(value, 1) for value in ("implemented", "on_hold", "in_progress", "no_lead")]
    blocks = columns("Title", "Sentence.", [("R1", many)], height=30).blocks

    assert (blocks[0].y + blocks[0].height, round(blocks[-1].y, 6)) == (30, 0)


def test_bars_lie_below_each_other_and_the_key_keeps_the_order_of_every_key() -> None:
    drawn = bars("Title", "Sentence.", [("A", [("no_lead", 2)]), ("B", COUNTS)])

    assert [label.text for label in drawn.labels] == ["A", "B"]
    assert drawn.labels[0].y < drawn.blocks[0].y < drawn.labels[1].y < drawn.blocks[1].y
    assert drawn.blocks[-1].y + drawn.blocks[-1].height < drawn.height
    pieces = drawn.blocks[1:]
    assert [round(after.x - one.x - one.width, 6) for one, after in pairwise(pieces)] == [GAP, GAP]
    assert drawn.values == ["implemented", "in_progress", "no_report", "no_lead"]


def test_squares_stand_beside_their_labels_however_long_these_are() -> None:
    for label, edge in (("ILO", 16), ("NGO Committee on Migration", 28.5), ("A" * 90, 30)):
        drawn = grid("Title", "Sentence.", ["A1"], [(label, [Square("implemented")])])
        assert (drawn.labels[1].text, drawn.labels[1].x) == (label, 0)
        assert edge < drawn.blocks[0].x < drawn.blocks[0].x + drawn.blocks[0].width <= 100


def test_a_grid_leaves_blank_what_is_none_and_writes_what_has_no_fill() -> None:
    rows = [("ILO", [Square("in_progress"), None, Square(sign="?"), Square("overdue", "14")])]
    drawn = grid("Title", "Sentence.", ["A1", "A2", "A3", "A4"], rows)

    assert [(block.value, block.sign) for block in drawn.blocks] == [
        ("in_progress", ""),
        ("overdue", "14"),
    ]
    assert [label.text for label in drawn.labels] == ["A1", "A2", "A3", "A4", "ILO", "?"]
    assert drawn.values == ["in_progress"]
