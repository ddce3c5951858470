"""Bars of a report: the same counts as its tables, in the order and fills of every picture."""

from __future__ import annotations

from recommendations.reporting.reports.shape import Bar, Part
from recommendations.reporting.tally import Tally


def bar(label: str, tally: Tally) -> Bar:
    """Return a stacked bar of a tally."""
    return Bar(
        label,
        tuple(Part(one.value.value, str(one.value.label), one.count) for one in tally.counts),
    )
