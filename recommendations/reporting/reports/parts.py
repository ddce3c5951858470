"""A file of a report taken apart, so that what differs between two can be named."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import defaultdict

from recommendations.reporting.reports.canonical import as_json
from recommendations.reporting.reports.shape import Report

REST = ""
"""The name of what is in no section: properties, styles, code book."""
SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
HEADING = b'<w:pStyle w:val="Heading1"/>'


def format_of(content: bytes) -> str:
    """Return the format of a file, told by its content; "csv" for what is none of the others."""
    if content.startswith(b"%PDF"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            folders = {name.split("/")[0] for name in archive.namelist()}
        return "docx" if "word" in folders else "xlsx" if "xl" in folders else "csv"
    return "json" if content.startswith(b"{") else "csv"


def differing(report: Report, ours: bytes, theirs: bytes) -> list[str]:
    """Return the keys of the sections that differ between two files of a report.

    Both are of one format. REST is among them where something else differs. Empty for a PDF,
    in which no section can be told from another, and where the two are equal.
    """
    if ours == theirs or format_of(ours) == "pdf":
        return []
    here, there = taken_apart(report, ours), taken_apart(report, theirs)
    differ = {name for name in here.keys() | there.keys() if here.get(name) != there.get(name)}
    keys = [one.key for one in report.sections]
    named = [key for key in keys if key in differ]
    return [*named, REST] if differ - {*keys} else named


def taken_apart(report: Report, content: bytes) -> dict[str, list[bytes]]:
    """Return the parts of a file by the key of the section, in their order."""
    parts: dict[str, list[bytes]] = defaultdict(list)
    if content.startswith(b"{"):
        whole = json.loads(content)
        for section in whole["content"]["sections"]:
            parts[str(section["key"])].append(as_json(section))
        del whole["content"]["sections"]
        parts[REST].append(as_json(whole))
        return parts
    if not content.startswith(b"PK\x03\x04"):
        parts[report.sections[0].key].append(content)
        return parts
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            for key, part in of_entry(report, name, archive.read(name)):
                parts[key].append(part)
    return parts


def of_entry(report: Report, name: str, content: bytes) -> list[tuple[str, bytes]]:
    """Return the parts of an entry of an archive, each with the key of its section."""
    sheet = SHEET.fullmatch(name)
    if sheet:
        keys = sheets(report)
        place = int(sheet[1]) - 1
        return [(keys[place] if place < len(keys) else REST, content)]
    if name == "word/document.xml":
        return chapters(report, content)
    keys = [one.key for one in report.sections]
    key = name.removesuffix(".csv")
    if key not in keys:
        key = key.removesuffix("_texts")
    return [(key if key in keys else REST, content)]


def sheets(report: Report) -> list[str]:
    """Return the key of the section on each sheet of a workbook, as it is written."""
    return [
        one.key
        for one in report.sections
        for written in (one.table is not None, bool(one.passages))
        if written
    ]


def chapters(report: Report, content: bytes) -> list[tuple[str, bytes]]:
    """Return a Word document at its headings, each part with the key of its section."""
    titles = [(one.title.encode(), one.key) for one in report.sections]
    found = []
    for part in content.split(HEADING):
        heading = re.sub(rb"<[^>]*>", b"", part.split(b"</w:p>")[0])
        key = next((key for title, key in titles if title == heading), REST)
        found.append((key, part))
    return found
