"""Files that are handed out: always as an attachment, and nothing in them may run here."""

from __future__ import annotations

import tempfile
from typing import Any, BinaryIO

from django.http import FileResponse

from recommendations.reporting import outputs
from recommendations.reporting.reports.shape import Report

SANDBOX = "default-src 'none'; sandbox"
"""A browser may show a file that other people's words are in, but nothing in it may run."""
IN_MEMORY = 2 * 1024 * 1024
SIDECAR = "csv.json"
"""The ending under which the properties of a CSV of one table are fetched."""


class NoSuchFile(Exception):
    """The report has no such file (HTTP 404)."""


def attached(file: BinaryIO | Any, *, name: str, media_type: str) -> FileResponse:
    """Return a file as an attachment; it is sent in pieces and closed afterwards."""
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def name_and_type(report: Report, format: str) -> tuple[str, str]:
    """Return what a file of a report is called, and its media type; raises NoSuchFile."""
    try:
        if format == SIDECAR:
            return f"{outputs.file_name(report, 'csv')}.json", outputs.media_type(report, "json")
        return outputs.file_name(report, format), outputs.media_type(report, format)
    except outputs.UnknownFormat as problem:
        raise NoSuchFile from problem


def write(report: Report, format: str, file: BinaryIO) -> None:
    """Write a file of a report, or what stands beside its CSV; raises NoSuchFile."""
    if format == SIDECAR:
        beside = outputs.sidecar(report, "csv")
        if beside is None:
            raise NoSuchFile
        file.write(beside)
        return
    try:
        outputs.write(report, format, file)
    except outputs.UnknownFormat as problem:
        raise NoSuchFile from problem


def written(report: Report, format: str) -> BinaryIO:
    """Return a file of a report, open at its beginning; raises NoSuchFile."""
    file: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - sent, then closed
    write(report, format, file)
    file.seek(0)
    opened: BinaryIO = file
    return opened
