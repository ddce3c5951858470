"""Asking for reports in tests, and reading their tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from recommendations.models import Framework
from recommendations.reporting.facts import Scope
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.catalogue import make
from recommendations.reporting.reports.shape import Report, Section, Value
from tests.make import later


def asked(
    framework: Framework,
    *,
    as_of: datetime | None = None,
    scope: Scope = Scope.INSIDE,
    language: str = "en",
    **about: Any,
) -> Asked:
    """Return what is asked: inside, in English, nine days on, long settled, unless said so."""
    moment = as_of or later(days=9)
    return Asked(
        framework=framework,
        as_of=moment,
        now=moment + timedelta(days=1),
        scope=scope,
        language=language,
        **about,
    )


def report(name: str, framework: Framework, **what: Any) -> Report:
    """Return a report."""
    return make(name, asked(framework, **what))


def section(report: Report, key: str) -> Section:
    """Return the one section of this key."""
    (found,) = (one for one in report.sections if one.key == key)
    return found


def rows(report: Report, key: str, *names: str) -> list[tuple[Value, ...]]:
    """Return the values of some columns of a section, row by row."""
    table = section(report, key).table
    assert table is not None
    keys = [column.key for column in table.columns]
    places = [keys.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in table.rows]


def row(report: Report, key: str) -> dict[str, Value]:
    """Return the only row of a section, by column."""
    table = section(report, key).table
    assert table is not None
    (values,) = table.rows
    return dict(zip([column.key for column in table.columns], values, strict=True))
