"""CSV of what is told as JSON: the same rows, in which no spreadsheet runs anything."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from recommendations.api.accepted import CSV
from recommendations.api.columns import written
from recommendations.reporting.outputs.comma_separated import Echo
from recommendations.reporting.outputs.guard import guarded

LONGEST_FILE = 100_000
"""Rows in one file: whoever needs more reads page by page."""


def sheet(
    name: str, names: Sequence[str], rows: Iterable[Mapping[str, Any]], *, tag: str = ""
) -> StreamingHttpResponse:
    """Return rows as a CSV to save, sent while they are read."""
    answer = StreamingHttpResponse(lines(names, rows), content_type=f"{CSV}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    if tag:
        answer["ETag"] = tag
    return answer


def lines(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of a file: the names of the fields, then one line for each row."""
    writer: Any = csv.writer(Echo())
    yield writer.writerow(names)
    for row in rows:
        yield writer.writerow([cell(row[name]) for name in names])


def cell(value: Any) -> str:
    """Return a value as a cell: null is empty, what holds several values is JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple | dict):
        return guarded(json.dumps(value, ensure_ascii=False, default=written))
    return guarded(written(value))
