"""A history page by page: by the place of an entry and not by a number, so none is missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from agencies.access import Roles
from agencies.models import Event, Versioned
from recommendations.reporting.history.entries import Entry, entries
from recommendations.reporting.history.places import Place, place_of

PAGE = 50
"""Entries on a page for people."""
CHUNK = 500


@dataclass(frozen=True)
class Page:
    """The entries of a page; `older` and `newer` are places to go on from, "" at the ends."""

    entries: list[Entry]
    older: str = ""
    newer: str = ""


def before(events: QuerySet[Event], at: datetime, pk: int) -> QuerySet[Event]:
    """Keep the events older than a place."""
    return events.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))


def page_of_events(
    events: QuerySet[Event],
    roles: Roles,
    subject: Versioned,
    *,
    older: Place | None,
    newer: Place | None,
    limit: int,
) -> Page:
    """Return the page that begins below `older`, or ends above `newer`; else the newest."""
    if newer:
        later = events.filter(Q(at__gt=newer.at) | Q(at=newer.at, pk__gt=newer.pk))
        rows = list(later.order_by("at", "pk")[: limit + 1])
        more_newer, more_older = len(rows) > limit, True
        rows = rows[:limit][::-1]
    else:
        if older:
            events = before(events, older.at, older.pk)
        rows = list(events.order_by("-at", "-pk")[: limit + 1])
        more_newer, more_older = bool(older), len(rows) > limit
        rows = rows[:limit]
    found = entries(rows, roles, subject)
    return Page(
        found,
        older=found[-1].key if found and more_older else "",
        newer=found[0].key if found and more_newer else "",
    )


def page_of_entries(
    found: list[Entry], *, older: Place | None, newer: Place | None, limit: int
) -> Page:
    """Return the same of a list that is there already."""
    places = [place_of(entry.key) for entry in found]
    start = sum(place >= older for place in places) if older else 0
    if newer:
        start = max(0, sum(place > newer for place in places) - limit)
    shown = found[start : start + limit]
    return Page(
        shown,
        older=shown[-1].key if start + limit < len(found) else "",
        newer=shown[0].key if start and shown else "",
    )


def all_entries(events: QuerySet[Event], roles: Roles, subject: Versioned) -> Iterator[Entry]:
    """Yield every entry, newest first, without ever holding them all."""
    ordered = events.order_by("-at", "-pk")
    rows = list(ordered[:CHUNK])
    while rows:
        yield from entries(rows, roles, subject)
        rows = list(before(ordered, rows[-1].at, rows[-1].pk)[:CHUNK])
