"""What a file says of itself, put where its format has room for it, and read from there.

The properties of a report (`reports.canonical.properties`) as flat pairs of name and text, for
the formats that hold only such: `filters`, `counts` and `hashes` become `filters.round` and
so on.
"""

from __future__ import annotations

import json
import re
import zipfile
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

NESTED = ("filters", "counts", "hashes")
CUSTOM = "docProps/custom.xml"
KEYWORDS = re.compile(rb"<pdf:Keywords>([^<]*)</pdf:Keywords>")
PROPERTY = re.compile(rb'<property [^>]*name="([^"]*)"[^>]*><vt:\w+>([^<]*)</vt:')
LARGEST = 200_000_000
"""Bytes that are read of a file, or of what it unpacks to."""


class UnreadableFile(ValueError):
    """A file that says nothing of itself, or not in our way (HTTP 400). Has words for it."""


def flat(properties: dict[str, Any]) -> dict[str, str]:
    """Return properties as pairs of name and text."""
    pairs: dict[str, str] = {}
    for name, value in properties.items():
        if name in NESTED:
            pairs |= {f"{name}.{key}": str(one) for key, one in value.items()}
        else:
            pairs[name] = json.dumps(value) if isinstance(value, bool | int) else str(value)
    return pairs


def restored(pairs: dict[str, str]) -> dict[str, Any]:
    """Return properties from pairs of name and text, as `flat` made them."""
    properties: dict[str, Any] = {name: {} for name in NESTED}
    for name, value in pairs.items():
        group, dot, key = name.partition(".")
        if dot and group in NESTED:
            properties[group][key] = int(value) if group == "counts" else value
        else:
            properties[name] = value == "true" if name == "settled" else value
    return properties


def as_keywords(properties: dict[str, Any]) -> str:
    """Return properties as the one keyword of a PDF."""
    return urlencode(flat(properties), safe=":/")


def read_properties(path: str | Path) -> dict[str, Any]:
    """Return what a file says of itself; its format is told by its content.

    A CSV is asked by the `.json` beside it. Raises UnreadableFile.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError
        with path.open("rb") as file:
            start = file.read(4)
        properties = READERS.get(start, from_text)(path)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        properties = {}
    if not all(
        isinstance(properties.get(name), dict) and "report" in properties for name in NESTED
    ):
        raise UnreadableFile(
            _("%(name)s does not say which report it is. Choose a file that this site made.")
            % {"name": path.name}
        )
    return properties


def from_pdf(path: Path) -> dict[str, Any]:
    """Return the properties in the keywords of a PDF."""
    found = KEYWORDS.search(path.read_bytes())
    if found is None:
        raise ValueError
    return restored(dict(parse_qsl(unescape(found.group(1).decode()), keep_blank_values=True)))


def from_archive(path: Path) -> dict[str, Any]:
    """Return the properties in a workbook, a Word document or an archive of CSV files."""
    with zipfile.ZipFile(path) as archive:
        if CUSTOM in archive.namelist():
            return from_custom(unpacked(archive, CUSTOM))
        return of_json(unpacked(archive, "properties.json"))


def unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a file of an archive. Raises ValueError where it is too large to be ours."""
    if archive.getinfo(name).file_size > LARGEST:
        raise ValueError
    return archive.read(name)


def from_custom(content: bytes) -> dict[str, Any]:
    """Return the properties in the custom properties of an Office file."""
    found = PROPERTY.findall(content)
    return restored({unescape(name.decode()): unescape(text.decode()) for name, text in found})


def from_text(path: Path) -> dict[str, Any]:
    """Return the properties in a JSON, or in that beside a CSV."""
    content = path.read_bytes()
    if content.startswith(b"{"):
        return of_json(content)
    return of_json(path.with_name(f"{path.name}.json").read_bytes())


def of_json(content: bytes) -> dict[str, Any]:
    """Return the properties in a JSON object."""
    properties = json.loads(content)["properties"]
    return properties if isinstance(properties, dict) else {}


READERS = {b"%PDF": from_pdf, b"PK\x03\x04": from_archive}
"""The first four bytes of a format, and how its files are asked."""
