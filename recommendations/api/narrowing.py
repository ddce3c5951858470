"""What narrows a history and the feed of events, as an address says it."""

from __future__ import annotations

from collections.abc import Mapping

from recommendations.api.asked import read, wrong
from recommendations.api.columns import Filter, Kind
from recommendations.reporting.history.narrowing import Narrowed, why_no_period

NARROWING = (
    Filter("person", "done by the person with this number", Kind.INTEGER),
    Filter("verb", "where this was done", Kind.TEXT),
    Filter("from", "from the first moment of this day on, in UTC", Kind.DATE),
    Filter("until", "up to the last moment of this day, in UTC", Kind.DATE),
)
NAMES = tuple(one.name for one in NARROWING)


def narrowed_by(given: Mapping[str, str]) -> Narrowed:
    """Return what these parameters leave. Raises Refused (HTTP 400)."""
    values = {
        one.name: read(one.name, given[one.name], one.kind)
        for one in NARROWING
        if given.get(one.name)
    }
    first, last = values.get("from"), values.get("until")
    backwards = why_no_period(first, last)
    if backwards:
        raise wrong("until", backwards)
    return Narrowed(values.get("person"), values.get("verb", ""), first, last)
