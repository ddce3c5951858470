"""A history as CSV that a spreadsheet can open without running anything in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from recommendations.web.history.entries import Entry

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, or skips before looking for one."""


class Echo:
    """A file that hands back what is written to it, for a stream."""

    def write(self, value: str) -> str:
        """Return the line."""
        return value


def harmless(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before it."""
    return f"'{value}" if value.lstrip(" ").startswith(RUNS) else value


def header(*, public: bool) -> list[str]:
    """Return the names of the columns; the public reads of no person and no reason."""
    names = [_("When (UTC)"), _("About"), _("What"), _("Field"), _("Before"), _("After")]
    return names if public else [*names, _("Who"), _("On behalf of"), _("Why")]


def rows(entry: Entry, subject: str, *, public: bool) -> Iterator[list[str]]:
    """Yield a row for each field of an entry, or one for an entry without any."""
    start = [f"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", entry.about or subject, entry.words]
    end = [] if public else [entry.who, entry.on_behalf_of, entry.why]
    fields = [[one.label, one.before, one.after] for one in entry.changes] or [["", "", ""]]
    for each in fields:
        yield [harmless(cell) for cell in (*start, *each, *end)]


def streamed(
    found: Iterable[Entry], *, subject: str, public: bool, name: str
) -> StreamingHttpResponse:
    """Return the entries as a file, sent while it is made; UTF-8, with the mark that Excel asks."""
    language = translation.get_language()
    writer: Any = csv.writer(Echo())

    def lines() -> Iterator[str]:
        with translation.override(language):
            yield "\ufeff"
            yield writer.writerow(header(public=public))
            for entry in found:
                for row in rows(entry, subject, public=public):
                    yield writer.writerow(row)

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
