"""The form of a report that is equal for ever, its hashes, and what every file says of itself."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings

from recommendations.reporting.reports.shape import Report, Section, Value


def canonical(report: Report) -> bytes:
    """Return the canonical JSON of a report (UTF-8): equal for ever once its moment is settled.

    It holds codes, numbers, moments and what people wrote; no word of ours, and no language.
    """
    return as_json(
        {
            "report": report.name,
            "framework": report.framework,
            "as_of": plain(report.as_of),
            "scope": report.scope.value,
            "filters": dict(report.filters),
            "sections": [content(section) for section in report.sections],
        }
    )


def content(section: Section) -> dict[str, Any]:
    """Return what the hash of a section covers: its table and its texts."""
    table = section.table
    return {
        "key": section.key,
        "columns": [column.key for column in table.columns] if table else [],
        "rows": [[plain(value) for value in row] for row in table.rows] if table else [],
        "texts": [[one.source, one.part, one.text] for one in section.passages],
    }


def plain(value: Value) -> str | int | None:
    """Return a value as JSON writes it: a moment in UTC to the second, a day as a day."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value


def as_json(value: Any) -> bytes:
    """Return JSON with sorted keys and nothing between; half a surrogate pair as its escape."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode(errors="backslashreplace")


def section_hashes(report: Report) -> dict[str, str]:
    """Return the SHA-256 of each section, by its key."""
    return {one.key: hashlib.sha256(as_json(content(one))).hexdigest() for one in report.sections}


def properties(report: Report) -> dict[str, Any]:
    """Return what every file carries about itself: enough to make it again and to compare."""
    return {
        "report": report.name,
        "framework": report.framework,
        "as_of": plain(report.as_of),
        "settled": report.settled,
        "scope": report.scope.value,
        "filters": dict(report.filters),
        "language": report.language,
        "release": settings.RELEASE,
        "publisher": settings.PUBLISHER,
        "licence": settings.DATA_LICENCE,
        "address": report.address,
        "counts": report.counts,
        "hashes": section_hashes(report),
    }
