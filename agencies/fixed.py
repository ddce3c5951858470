"""Queries of which only some values change: their SQL is written once, not with every request.

Django writes the SQL of a join anew each time, which costs several times what the database needs
to answer it (docs/decisions/0019-statements-written-once.md).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: 2_013_000_000 + place,
    str: lambda place: f"stand-in {place} of a value",
    date: lambda place: date(1803, 1, 1 + place),
    datetime: lambda place: datetime(1807, 1, 1 + place, 1, 2, 3, 4, tzinfo=UTC),
}
"""Values that no row holds: where they stand in the parameters, real ones will."""
LARGEST = 2**31 - 1
"""The largest whole number that every column holds."""


@dataclass(frozen=True)
class Written:
    """A statement, its parameters (a name, or a value that stays), and what makes rows of it."""

    sql: str
    parameters: tuple[tuple[str, Any], ...]
    query: QuerySet[Any, Any]
    answers: list[list[tuple[Any, ...]]]

    def ask(self, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Ask the database, and return its answer."""
        given = [kind(values[name]) if name else kind for name, kind in self.parameters]
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self.sql, given)
            answer: list[tuple[Any, ...]] = cursor.fetchall()
        return answer

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Ask the database, and return what Django makes of its answer."""
        self.answers[:] = [self.ask(values)]
        try:
            return list(self.query)
        finally:
            # Nothing that somebody read stays in memory with the statement, whatever happens. A
            # copy of the query for each time would cost more than the rows.
            self.answers.clear()
            self.query._result_cache = None


class Fixed:
    """A query that is built once in each thread, and then asked with other values.

    `build` is called with a stand-in for each name and returns a query. It hands them on as they
    are: a value that makes another query (None, an empty list, a pattern) has no place here. A
    stand-in that is not found in the statement raises ValueError.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **kinds: type) -> None:
        self.build = build
        self.kinds = kinds
        self.known = threading.local()

    def rows(self, **values: Any) -> list[Any]:
        """Return the rows for these values, as the query itself would; one query.

        A number that may be too large for its column is left to the query itself.
        """
        written = self.written(values)
        return list(self.build(**values)) if written is None else written.rows(values)

    def count(self, **values: Any) -> int:
        """Return how many rows there are: for a query that claims them, and is not read."""
        written = self.written(values)
        return len(self.build(**values) if written is None else written.ask(values))

    def written(self, values: dict[str, Any]) -> Written | None:
        """Return the statement, written at the first time; None where these values need another."""
        if any(isinstance(one, int) and abs(one) > LARGEST for one in values.values()):
            return None
        if not hasattr(self.known, "written"):
            self.known.written = self.write()
        found: Written | None = self.known.written
        return found

    def write(self) -> Written | None:
        """Have Django write the statement; None where it finds that no row can meet it.

        It may find so for a stand-in that a small column cannot hold.
        """
        query = self.build(**self.stand_ins(0))
        compiler: Any = query.query.get_compiler(DEFAULT_DB_ALIAS)
        again: Any = self.build(**self.stand_ins(len(self.kinds))).query
        try:
            sql, given = compiler.as_sql()
            _sql, given_again = again.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        except EmptyResultSet:
            return None
        parameters = self.parameters(given, given_again)
        answers: list[list[tuple[Any, ...]]] = []
        converters = compiler.get_converters([one for one, *_rest in compiler.select])
        # Django's own ways to make rows of an answer ask the compiler of the query for it.
        compiler.execute_sql = lambda *_args, **_options: answers
        compiler.get_converters = lambda _expressions: converters
        query.query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]
        return Written(sql, parameters, query, answers)

    def stand_ins(self, first: int) -> dict[str, Any]:
        """Return a stand-in for each name, another one for another `first`."""
        return {
            name: STAND_INS[kind](first + place)
            for place, (name, kind) in enumerate(self.kinds.items())
        }

    def parameters(self, given: Any, again: Any) -> tuple[tuple[str, Any], ...]:
        """Return what stands in each place of a statement that was written twice.

        Stand-ins are those that differ: a value that only looks like one stays as it is, and
        one that was changed on its way is found out (ValueError).
        """
        these, those = self.stand_ins(0), self.stand_ins(len(self.kinds))
        found = []
        for one, other in zip(given, again, strict=True):
            names = [
                name
                for name in self.kinds
                if one == stored(these[name]) and other == stored(those[name])
            ]
            if not names and one != other:
                raise ValueError(f"{one!r} stands for a value and was changed")
            found.append((names[0], as_stored(one)) if names else ("", one))
        if missing := set(self.kinds) - {name for name, _value in found}:
            raise ValueError(f"not in the statement: {', '.join(sorted(missing))}")
        return tuple(found)


def stored(value: Any) -> Any:
    """Return a value as the database interface hands it to the database."""
    if not isinstance(value, date):
        return value
    ops = connections[DEFAULT_DB_ALIAS].ops
    if isinstance(value, datetime):
        return ops.adapt_datetimefield_value(value)
    return ops.adapt_datefield_value(value)


def as_stored(parameter: Any) -> Callable[[Any], Any]:
    """Return what turns a value into the kind of parameter in whose place it stands.

    The database interface marks whole numbers with their size.
    """
    return type(parameter) if isinstance(parameter, int) else stored
