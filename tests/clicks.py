"""The clicks that journeys took in a browser, printed beside what they may take."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

PROPERTY = "journey"


def table(reports: Iterable[pytest.TestReport]) -> list[str]:
    """Return the lines of the table: each journey once, or each count where they differ."""
    rows = {
        tuple(value)
        for report in reports
        for name, value in report.user_properties
        if name == PROPERTY
    }
    if not rows:
        return []
    lines = [f"{journey:<56}{clicks:>6}{target:>8}" for journey, clicks, target in sorted(rows)]
    return [f"{'journey':<56}{'clicks':>6}{'target':>8}", *lines]
