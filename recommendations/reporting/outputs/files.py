"""Write a report in a format, and say how such a file is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import BinaryIO, NamedTuple

from django.utils import translation

from recommendations.reporting.outputs import comma_separated, fonts, json_text, pdf, word, workbook
from recommendations.reporting.reports.shape import Report


class Format(NamedTuple):
    """How a format is written, and what its files are to a browser."""

    write: Callable[[Report, BinaryIO], None]
    media_type: str


OFFICE = "application/vnd.openxmlformats-officedocument"
WRITERS = {
    "pdf": Format(pdf.write, "application/pdf"),
    "docx": Format(word.write, f"{OFFICE}.wordprocessingml.document"),
    "xlsx": Format(workbook.write, f"{OFFICE}.spreadsheetml.sheet"),
    "csv": Format(comma_separated.write, "text/csv; charset=utf-8"),
    "json": Format(json_text.write, "application/json"),
}
FORMATS = tuple(WRITERS)
"""The formats that a report can be written in."""
DRAWN = ("pdf", "docx")
"""Those for which letters are drawn here: of Word, those in its pictures."""


class UnknownFormat(ValueError):
    """No report can be written in this format (HTTP 404)."""


class CannotPrint(ValueError):
    """A report cannot be printed in its language on this machine. Says what to do (HTTP 409)."""


def why_not(format: str, language: str) -> str:
    """Return why no file of a format can be made in a language; "" where it can."""
    return fonts.why_not(language) if format in DRAWN else ""


def write(report: Report, format: str, file: BinaryIO) -> None:
    """Write a report, in its own language, into an open binary file.

    Raises UnknownFormat for a format that is none of FORMATS, and CannotPrint where no font has
    the letters of the language.
    """
    if because := why_not(format, report.language):
        raise CannotPrint(because)
    with translation.override(report.language):
        chosen(format).write(report, file)


def sidecar(report: Report, format: str) -> bytes | None:
    """Return what goes beside a file that cannot say itself what it is: `<name>.json`.

    None where the file says it itself. Only a CSV that is no archive needs one.
    """
    if format != "csv" or comma_separated.is_archive(report):
        return None
    with translation.override(report.language):
        return json_text.sidecar(report)


def media_type(report: Report, format: str) -> str:
    """Return the media type of a file. Raises UnknownFormat."""
    archived = format == "csv" and comma_separated.is_archive(report)
    return "application/zip" if archived else chosen(format).media_type


def file_name(report: Report, format: str) -> str:
    """Return the name of a file: framework, report, what it is about, moment, language.

    A report of what is not published says `inside`. Raises UnknownFormat.
    """
    archived = format == "csv" and comma_separated.is_archive(report)
    ending = "csv.zip" if archived else format
    chosen(format)
    parts = [
        report.framework,
        report.name,
        *(code for _name, code in report.filters),
        report.as_of.astimezone(UTC).strftime("%Y%m%dT%H%MZ"),
        *(["inside"] if report.scope.value == "inside" else []),
        report.language,
    ]
    return f"{'-'.join(parts)}.{ending}"


def chosen(format: str) -> Format:
    """Return a format by its name."""
    try:
        return WRITERS[format]
    except KeyError:
        raise UnknownFormat(format) from None
