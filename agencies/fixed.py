"""Queries of which only some values change: their SQL is written once, not with every request.

Django writes the SQL of a join anew each time, which costs several times what the database needs
to answer it (docs/decisions/0017-statements-written-once.md).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: 4_213_370_000_000_000_000 + place,
    str: lambda place: f"stand-in {place} of a value",
    date: lambda place: date(1803, 1, 1 + place),
    datetime: lambda place: datetime(1807, 1, 1 + place, 1, 2, 3, 4, tzinfo=UTC),
}
"""Values that no row holds: where they stand in the parameters, real ones will."""


@dataclass(frozen=True)
class Written:
    """A statement, its parameters (a name, or a value that stays), and what reads its rows."""

    sql: str
    parameters: tuple[tuple[str, Any], ...]
    compiler: Any
    converters: dict[int, Any]


class Fixed:
    """A query that is built once in each thread, and then asked with other values.

    `build` is called with a stand-in for each name and returns rows as `values_list` does. It
    hands them on as they are: a value that makes another query (None, an empty list, a pattern)
    has no place here. A stand-in that is not found in the statement raises ValueError.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **kinds: type) -> None:
        self.build = build
        self.kinds = kinds
        self.known = threading.local()

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows for these values; one query."""
        if not hasattr(self.known, "written"):
            self.known.written = self.write()
        written: Written | None = self.known.written
        if written is None:
            return list(self.build(**values))
        given = [kind(values[name]) if name else kind for name, kind in written.parameters]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, given)
            found = cursor.fetchall()
        if written.converters:
            found = map(tuple, written.compiler.apply_converters(found, written.converters))
        return list(found)

    def write(self) -> Written | None:
        """Have Django write the statement; None where it finds that no row can meet it.

        It may find so for a stand-in that a small column cannot hold.
        """
        stand_ins = {
            name: STAND_INS[kind](place) for place, (name, kind) in enumerate(self.kinds.items())
        }
        compiler = self.build(**stand_ins).query.get_compiler(connection=connection)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        prepared = {name: stored(value) for name, value in stand_ins.items()}
        names = {value: name for name, value in prepared.items()}
        if missing := set(prepared.values()) - set(parameters):
            raise ValueError(f"not in the statement: {', '.join(names[one] for one in missing)}")
        return Written(
            sql,
            tuple(
                (names[one], as_stored(one)) if one in names else ("", one) for one in parameters
            ),
            compiler,
            compiler.get_converters([one for one, *_rest in compiler.select]),
        )


def stored(value: Any) -> Any:
    """Return a value as the database interface hands it to the database."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def as_stored(parameter: Any) -> Callable[[Any], Any]:
    """Return what turns a value into the kind of parameter in whose place it stands.

    The database interface marks whole numbers with their size.
    """
    return type(parameter) if isinstance(parameter, int) else stored
