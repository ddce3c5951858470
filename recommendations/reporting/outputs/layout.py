"""A report laid out for paper, as PDF and Word print it: texts, looks, directions and sizes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC
from typing import Any, TypeAlias

from recommendations.reporting.outputs import fills
from recommendations.reporting.outputs.about import about, title, unsettled
from recommendations.reporting.outputs.printable import printable
from recommendations.reporting.outputs.readable import (
    Room,
    described,
    has_looks,
    has_rtl,
    height,
    is_empty,
    is_rtl,
    readable,
    rooms,
    runs_rtl,
)
from recommendations.reporting.reports.shape import (
    Bar,
    Column,
    Kind,
    Passage,
    Report,
    Section,
    Table,
    Value,
)

Told: TypeAlias = dict[str, Any]
"""What one thing on paper is made of, by names."""

UPRIGHT, WIDE = 500, 750
"""The points of a line on a page that stands upright, and on one that lies."""
BESIDE = 7
"""The points that a column takes beside its letters."""
LETTER = 4.9
"""The points that a letter takes, of those that the text around has."""
SMALLEST, SMALL, LARGEST = 0.66, 0.74, 0.92
"""The letters of a table beside those of the text: the least, what a page is laid for, the most."""
KEPT = 300
"""Letters of a cell with which its row surely fits on a page, and stays on one."""
MANY = 4
"""Columns of numbers that are worth turned heads."""
PRIMARY = re.compile(r"[a-z]{2,3}(?=-|$)")
LABELS = (8, 40)
"""The least and the most room for the labels of bars, in hundredths of the line."""


GROUND = ("language", "rtl", "fills", "plain", "ink", "muted", "hair", "shade", "warned")
"""What a picture needs besides what it shows."""


def whole(report: Report) -> Told:
    """Return everything that is printed of a report."""
    moment = report.as_of.astimezone(UTC)
    pages = list(groups(report))
    parts = ("year", "month", "day", "hour", "minute", "second")
    return ground(report) | {
        "title": on_one_line(report.title) or report.name,
        "subtitle": printable(report.subtitle),
        "position": report.position,
        "unsettled": unsettled(report),
        "moment": {part: getattr(moment, part) for part in parts},
        "wide": bool(pages) and pages[0]["wide"],
        "groups": pages,
        "about": {"title": title(), "lines": about_lines(report)},
    }


def about_lines(report: Report) -> list[tuple[str, str | Told]]:
    """Return what the file says about itself; lines without a word of ours run as they are."""
    rtl = is_rtl(report.language)
    return [
        (name, words if rtl and has_rtl(words) else directed(words, rtl))
        for name, words in about(report)
    ]


def ground(report: Report) -> Told:
    """Return what all of it stands on: the language and the colours."""
    return {
        "language": (PRIMARY.match(report.language) or ["en"])[0],
        "rtl": is_rtl(report.language),
        "fills": {code: asdict(look) for code, look in fills.FILLS.items()},
        "plain": asdict(fills.PLAIN),
        "ink": fills.TEXT,
        "muted": fills.MUTED,
        "hair": fills.HAIR,
        "shade": fills.SHADE,
        "warned": fills.WARNED,
    }


def groups(report: Report) -> Iterator[Told]:
    """Yield sections that follow each other on pages that stand the same way.

    The pages that everybody reads before an annex stand upright whatever is on them.
    """
    annexed = any(section.annex for section in report.sections)
    rtl = is_rtl(report.language)

    def lies(section: Section) -> bool:
        upright = annexed and not section.annex
        return section.table is not None and not upright and size(section.table, UPRIGHT) < SMALL

    begun = False
    by_page = itertools.groupby(report.sections, lambda one: (one.annex, lies(one)))
    for (annex, wide), sections in by_page:
        line = WIDE if wide else UPRIGHT
        told = [of_section(one, line, rtl) for one in sections]
        yield {"annex": annex and not begun, "wide": wide, "sections": told}
        begun = begun or annex


def size(table: Table, line: int, *, turned: bool = False) -> float:
    """Return the size of letters with which a table has about the room that its columns like."""
    wanted = sum((one.least + one.liked) / 2 for one in rooms(table, turned=turned))
    return (line - BESIDE * len(table.columns)) / (LETTER * wanted)


def of_section(section: Section, line: int, rtl: bool) -> Told:
    """Return what a section prints."""
    return {
        "title": on_one_line(section.title) or section.key,
        "sentences": [printable(one) for one in section.sentences],
        "bars": of_bars(section.bars) if section.bars else None,
        "table": of_table(section.table, line, rtl)
        if section.table and section.table.rows
        else None,
        "passages": list(of_passages(section.passages, rtl)),
        "nothing": printable(section.nothing) if is_empty(section) else "",
    }


def of_bars(bars: Iterable[Bar]) -> Told:
    """Return bars, their key, and what they show in words."""
    told: list[Told] = [
        {
            "label": printable(bar.label),
            "total": sum(part.count for part in bar.parts),
            "parts": [{"code": one.code, "count": one.count} for one in bar.parts if one.count],
        }
        for bar in bars
    ]
    found = {part.code: part.word for bar in bars for part in bar.parts if part.count}
    key = {code: found[code] for code in (*fills.FILLS, *found) if code in found}
    longest = max(len(one["label"]) for one in told)
    return {
        "bars": told,
        "label": min(max(longest, LABELS[0]), LABELS[1]),
        "key": [{"code": code, "word": printable(word)} for code, word in key.items()],
        "alt": " ".join(f"{described(bar)}." for bar in bars),
    }


def of_table(table: Table, line: int, rtl: bool) -> Told:
    """Return a table: heads, widths, and the cells of all rows one after the other.

    Where there is little room, the heads over numbers are turned by a quarter.
    """
    columns = table.columns
    numbers = [column.kind is Kind.NUMBER for column in columns]
    turned = numbers.count(True) >= MANY and size(table, line) < SMALL
    letters = min(LARGEST, max(SMALLEST, size(table, line, turned=turned)))
    cells = [
        of_cell(column, value, rtl)
        for row in table.rows
        for column, value in zip(columns, row, strict=True)
    ]
    turning = [column.title for column in columns if turned and column.kind is Kind.NUMBER]
    return {
        "widths": shared(rooms(table, turned=turned), line, letters),
        "size": round(letters, 2),
        "ends": numbers,
        "prose": [column.kind is Kind.PROSE for column in columns],
        "turned": [turned and number for number in numbers],
        "height": height(turning),
        "heads": [printable(column.title) for column in columns],
        "whole": all(len(one if isinstance(one, str) else one["text"]) <= KEPT for one in cells),
        "cells": cells,
    }


def shared(rooms: list[Room], line: int, letters: float) -> list[int]:
    """Share a line between columns: to each the room that it needs, then what it likes."""
    least, liked = sum(one.least for one in rooms), sum(one.liked for one in rooms)
    there = (line - BESIDE * len(rooms)) / (LETTER * letters)
    share = min(1.0, max(0.0, (there - least) / max(1, liked - least)))
    beside = BESIDE / (LETTER * letters)
    return [round(10 * (one.least + (one.liked - one.least) * share + beside)) for one in rooms]


def of_cell(column: Column, value: Value, rtl: bool) -> str | Told:
    """Return a cell: a text, or one with a direction or a square of its own."""
    said = directed(readable(column, value), rtl)
    if has_looks(column) and value in fills.FILLS:
        return {"text": said if isinstance(said, str) else said["text"], "look": value}
    if column.kind in (Kind.CODE, Kind.ADDRESS) and rtl and value is not None:
        return {"text": said if isinstance(said, str) else said["text"], "rtl": False}
    return said


def of_passages(passages: Iterable[Passage], rtl: bool) -> Iterator[Told]:
    """Yield what agencies wrote; a heading that stands above already is not said again."""
    before = ""
    for one in passages:
        heading = "" if one.heading == before else on_one_line(one.heading)
        before = one.heading
        paragraphs = re.split(r"\n\s*\n", printable(one.text).strip())
        yield {
            "heading": directed(heading, rtl),
            "source": directed(on_one_line(one.source), rtl),
            "level": 3 if on_one_line(one.heading) else 2,
            "paragraphs": [directed(text, rtl, one.language) for text in paragraphs],
        }


def directed(text: str, rtl: bool, language: str = "") -> str | Told:
    """Return a text, with its direction where that is not the page's, and its language."""
    told: Told = {"text": text}
    runs = runs_rtl(text)
    if runs is not None and runs is not rtl:
        told["rtl"] = runs
    if found := PRIMARY.match(language):
        told["language"] = found[0]
    return told if len(told) > 1 else text


def on_one_line(text: str) -> str:
    """Return a text that can be a heading."""
    return " ".join(printable(text).split())
