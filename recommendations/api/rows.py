"""Rows of a resource: read in one query, told as far as the reader may know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import IntegerField, QuerySet, Subquery

from agencies.access import Roles
from agencies.fixed import STAND_INS, Fixed
from recommendations.api.asked import Asked, wrong
from recommendations.api.codes import refuse_unknown
from recommendations.api.columns import Audience, Column, Unreadable
from recommendations.api.cursors import Sorting, after, cursor_of
from recommendations.api.reader import Reader
from recommendations.api.resources import Resource
from recommendations.domain import access

MOST_COUNTED = 1000
"""A count stops here: nobody reads on to find out whether it is 1,800 or 1,900."""
STATEMENTS = 100
"""Queries of each kind that a process keeps written: those of the readers of the last hours."""


class Counted(Subquery):
    """How many rows a query has, up to the limit that it is cut at."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Page:
    """Some rows of a list, where they go on ("" = nowhere), and how many there are."""

    rows: list[dict[str, Any]]
    next: str
    found: int

    @property
    def count(self) -> int:
        """Return how many there are, up to the limit."""
        return min(self.found, MOST_COUNTED)

    @property
    def capped(self) -> bool:
        """Say whether there are more than were counted."""
        return self.found > MOST_COUNTED


def page_of(resource: Resource, reader: Reader, asked: Asked) -> Page:
    """Return a page of a list; one query, and a second for a page after the last row.

    A second also where there is no row at all: is there what was named? Raises Refused if not.
    """
    told = Telling(resource, reader, asked.columns)
    paths = (*told.paths, *asked.sorting.fields)
    if asked.after or asked.shared or asked.has_pattern:
        found = list(page_asked(resource, reader, asked, paths))
    else:
        shape = tuple((name, shape_of(value)) for name, value in asked.conditions.items())
        first = first_page(resource, reader.roles, asked.sorting, asked.limit, paths, shape)
        found = first.rows(**{name: asked.conditions[name] for name in first.kinds})
    if not found and not asked.after:
        refuse_unknown(resource, reader, asked)
    shown = found[: asked.limit]
    going_on = ""
    if len(found) > len(shown):
        going_on = cursor_of(asked.sorting, shown[-1][len(told.paths) : -1])
    count = found[0][-1] if found else count_of(resource, reader, asked)
    return Page([told.row(values) for values in shown], going_on, count)


def narrowed(resource: Resource, reader: Reader, asked: Asked) -> QuerySet[Any]:
    """Return the rows that exist for a reader and fit what was asked."""
    rows = resource.rows(reader.roles).filter(**asked.conditions)
    if asked.shared and resource.narrow is not None:
        rows = resource.narrow(reader, rows, {**asked.shared})
    return rows


def shape_of(value: Any) -> Any:
    """Return what a condition makes of a query: the kind of its value, or a value that stays."""
    return type(value) if type(value) in STAND_INS else value


@lru_cache(maxsize=STATEMENTS)
def first_page(
    resource: Resource,
    roles: Roles,
    sorting: Sorting,
    limit: int,
    paths: tuple[str, ...],
    shape: tuple[tuple[str, Any], ...],
) -> Fixed:
    """Return the query of a first page for whoever has these roles."""
    kinds = {name: kind for name, kind in shape if kind in STAND_INS}
    same = {name: value for name, value in shape if name not in kinds}

    def build(**values: Any) -> QuerySet[Any, Any]:
        every = resource.rows(roles).filter(**same, **values)
        return page(every, every, sorting, limit, paths)

    return Fixed(build, **kinds)


def page_asked(
    resource: Resource, reader: Reader, asked: Asked, paths: tuple[str, ...]
) -> QuerySet[Any, Any]:
    """Return any other page. Raises Refused for a cursor that is none (HTTP 400)."""
    every = narrowed(resource, reader, asked)
    rows = every
    if asked.after:
        try:
            rows = every.filter(after(every, asked.sorting, asked.after))
        except Unreadable as problem:
            raise wrong("after", str(problem)) from problem
    return page(every, rows, asked.sorting, asked.limit, paths)


def page(
    every: QuerySet[Any],
    rows: QuerySet[Any],
    sorting: Sorting,
    limit: int,
    paths: tuple[str, ...],
) -> QuerySet[Any, Any]:
    """Return the first of these rows, one more than fit, each with how many there are in all."""
    counting = every.order_by().values("pk")[: MOST_COUNTED + 1]
    query = rows.order_by(*sorting.clauses).annotate(rows_counted=Counted(counting))
    found: QuerySet[Any, Any] = query.values_list(*paths, "rows_counted")[: limit + 1]
    return found


def count_of(resource: Resource, reader: Reader, asked: Asked) -> int:
    """Return how many rows a list has of which a page shows none: none on the first."""
    if not asked.after:
        return 0
    try:
        return narrowed(resource, reader, asked)[: MOST_COUNTED + 1].count()
    except EmptyResultSet:
        return 0


class Telling:
    """How the rows of a resource are told to a reader."""

    def __init__(self, resource: Resource, reader: Reader, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self.names = [one.name for one in self.columns]
        self.roles = reader.roles
        self.guarded = [
            (one.name, one.audience)
            for one in self.columns
            if one.audience is not Audience.EVERYBODY
        ]
        places = [path for path in (resource.agency, resource.framework) if path]
        self.has_agency = bool(resource.agency)
        self.has_framework = bool(resource.framework)
        self.places = places if self.guarded else []
        self.paths = (*(one.source for one in self.columns), *self.places)

    def row(self, values: Sequence[Any]) -> dict[str, Any]:
        """Return what is told of a row; what the reader may not know is null."""
        told = dict(zip(self.names, values, strict=False))
        if not self.guarded:
            return told
        place = values[len(self.names) : len(self.paths)]
        agency_id = place[0] if self.has_agency else None
        own = self.roles.is_in(agency_id)
        framework_id = place[-1] if self.has_framework else None
        inside = own or access.sees_inside(self.roles, framework_id)
        for name, audience in self.guarded:
            if not (own if audience is Audience.AGENCY else inside):
                told[name] = None
        return told


def one_row(
    resource: Resource, reader: Reader, key: Any, columns: Sequence[Column]
) -> tuple[dict[str, Any], str] | None:
    """Return a row that exists for the reader, and the tag of its version; one query.

    The tag is "" where the reader is not told the version of the row.
    """
    told = Telling(resource, reader, columns)
    places = [path for path in (resource.agency, resource.framework) if path]
    paths = (*told.paths, *places, *resource.tag, *resource.own_tag)
    if resource.by_code:
        found = list(with_key(resource, reader.roles, paths, key))
    else:
        found = one_with(resource, reader.roles, paths).rows(key=key)
    if not found:
        return None
    values = found[0]
    rest = list(values[len(told.paths) :])
    agency_id = rest[0] if resource.agency else None
    framework_id = rest[len(places) - 1] if resource.framework else None
    own = reader.roles.is_in(agency_id)
    versions = rest[len(places) :]
    if not own:
        versions = versions[: len(resource.tag)]
    inside = own or access.sees_inside(reader.roles, framework_id)
    known = bool(resource.tag) and (inside or version_is_told(resource))
    tag = "-".join(str(one or 0) for one in versions) if known else ""
    return told.row(values), tag


@lru_cache(maxsize=STATEMENTS)
def one_with(resource: Resource, roles: Roles, paths: tuple[str, ...]) -> Fixed:
    """Return the query of one row for whoever has these roles."""
    return Fixed(partial(with_key, resource, roles, paths), key=int)


def with_key(
    resource: Resource, roles: Roles, paths: tuple[str, ...], key: Any
) -> QuerySet[Any, Any]:
    """Return the row with a key, if it exists for these roles."""
    return resource.rows(roles).filter(**{lookup(resource): key}).values_list(*paths)


def lookup(resource: Resource) -> str:
    """Return how a row is found by what its address carries: codes in whatever case."""
    return f"{resource.key}__iexact" if resource.by_code else resource.key


def version_is_told(resource: Resource) -> bool:
    """Say whether everybody who sees a row is told its version."""
    return any(
        one.name == "version" and one.audience is Audience.EVERYBODY for one in resource.columns
    )


def all_rows(
    resource: Resource, reader: Reader, asked: Asked, *, most: int
) -> Iterator[dict[str, Any]]:
    """Return the rows of a list for a file, at most so many, one after the other.

    Raises Refused at once: of a file that has begun nothing can be refused any more.
    """
    told = Telling(resource, reader, asked.columns)
    rows = narrowed(resource, reader, asked).order_by(*asked.sorting.clauses)
    # Asked apart: rows that were begun to be read, and that nobody takes, would hold a cursor
    # that is closed in the middle of another statement, which waits for itself then.
    if asked.codes and not rows.exists():
        refuse_unknown(resource, reader, asked)
    values = rows.values_list(*told.paths)[:most].iterator(chunk_size=500)
    return (told.row(one) for one in values)
