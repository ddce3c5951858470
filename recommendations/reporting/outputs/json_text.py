"""JSON: the canonical content to the byte, the properties, and the words for its codes."""

from __future__ import annotations

from typing import Any, BinaryIO

from recommendations.reporting.reports.canonical import as_json, canonical, properties
from recommendations.reporting.reports.code_book import code_book
from recommendations.reporting.reports.shape import Report, Section


def write(report: Report, file: BinaryIO) -> None:
    """Write one object: `content`, which is the canonical form itself, `properties`, `words`."""
    file.write(b'{"content":')
    file.write(canonical(report))
    file.write(b',"properties":')
    file.write(as_json(properties(report)))
    file.write(b',"words":')
    file.write(as_json(words(report)))
    file.write(b"}\n")


def words(report: Report) -> dict[str, Any]:
    """Return everything that a report says in its language, by the keys of its content."""
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "position": report.position,
        "sections": {section.key: said(section) for section in report.sections},
    }


def said(section: Section) -> dict[str, Any]:
    """Return what a section says."""
    columns = section.table.columns if section.table else ()
    return {
        "title": section.title,
        "sentences": section.sentences,
        "nothing": section.nothing,
        "headings": [one.heading for one in section.passages],
        "bars": [
            {
                "label": bar.label,
                "parts": [[part.code, part.word, part.count] for part in bar.parts],
            }
            for bar in section.bars
        ],
        "columns": {
            one.key: {"title": one.title, "meaning": one.meaning, "words": dict(one.words)}
            for one in columns
        },
    }


def sidecar(report: Report) -> bytes:
    """Return what stands beside a file of values alone: its properties and its code book."""
    book = [
        {
            "section": one.section,
            "column": one.column,
            "code": one.code,
            "meaning": one.meaning,
        }
        for one in code_book(report)
    ]
    return as_json({"properties": properties(report), "code_book": book}) + b"\n"
