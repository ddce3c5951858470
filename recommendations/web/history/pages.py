"""A history page by page: by the place of an entry and not by a number, so none is missed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agencies.access import Roles
from agencies.models import Event, Versioned
from recommendations.web.addresses import UnusableAddress
from recommendations.web.history.entries import Entry, entries

PAGE = 50
CHUNK = 500
KEY = re.compile(r"([0-9]{8}T[0-9]{12})-([0-9]{1,18})(-[0-9])?")


@dataclass(frozen=True)
class Page:
    """The entries of a page; `older` and `newer` are places to go on from, "" at the ends."""

    entries: list[Entry]
    older: str = ""
    newer: str = ""


def read_key(name: str, typed: str) -> tuple[datetime, int]:
    """Return the place that an address names; raises UnusableAddress for anything else."""
    match = KEY.fullmatch(typed)
    try:
        if match is None:
            raise ValueError
        at = datetime.strptime(match[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        message = _("This is no place in the history. Begin at its newest entry.")
        raise UnusableAddress(message, name=name) from None
    return at, int(match[2])


def before(events: QuerySet[Event], at: datetime, pk: int) -> QuerySet[Event]:
    """Keep the events older than a place."""
    return events.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))


def page_of_events(
    events: QuerySet[Event], roles: Roles, subject: Versioned, *, older: str, newer: str
) -> Page:
    """Return the page that begins below `older`, or ends above `newer`; else the newest."""
    if newer:
        at, pk = read_key("after", newer)
        later = events.filter(Q(at__gt=at) | Q(at=at, pk__gt=pk)).order_by("at", "pk")
        rows = list(later[: PAGE + 1])
        more_newer, more_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        if older:
            events = before(events, *read_key("before", older))
        rows = list(events.order_by("-at", "-pk")[: PAGE + 1])
        more_newer, more_older = bool(older), len(rows) > PAGE
        rows = rows[:PAGE]
    found = entries(rows, roles, subject)
    return Page(
        found,
        older=found[-1].key if found and more_older else "",
        newer=found[0].key if found and more_newer else "",
    )


def page_of_entries(found: list[Entry], *, older: str, newer: str) -> Page:
    """Return the same of a list that is there already."""
    keys = [entry.key for entry in found]
    for name, key in (("before", older), ("after", newer)):
        if key:
            read_key(name, key)
    start = keys.index(older) + 1 if older in keys else 0
    if newer in keys:
        start = max(0, keys.index(newer) - PAGE)
    shown = found[start : start + PAGE]
    return Page(
        shown,
        older=shown[-1].key if start + PAGE < len(found) else "",
        newer=shown[0].key if start and shown else "",
    )


def all_entries(events: QuerySet[Event], roles: Roles, subject: Versioned) -> Iterator[Entry]:
    """Yield every entry, newest first, without ever holding them all."""
    ordered = events.order_by("-at", "-pk")
    rows = list(ordered[:CHUNK])
    while rows:
        yield from entries(rows, roles, subject)
        rows = list(before(ordered, rows[-1].at, rows[-1].pk)[:CHUNK])
