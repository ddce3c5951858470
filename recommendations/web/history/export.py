"""A history as CSV that a spreadsheet can open without running anything in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from django.http import StreamingHttpResponse

from recommendations.reporting.outputs.comma_separated import Echo
from recommendations.reporting.outputs.guard import guarded


def streamed(
    header: Sequence[str], lines: Iterable[Sequence[str]], *, name: str
) -> StreamingHttpResponse:
    """Return a table as a file, sent while it is made; UTF-8, with the mark that Excel asks."""
    writer: Any = csv.writer(Echo())

    def written() -> Iterator[str]:
        yield "\ufeff"
        for line in chain([header], lines):
            yield writer.writerow([guarded(cell) for cell in line])

    answer = StreamingHttpResponse(written(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
