"""A world that many tests begin with: built by the real rules once, then written back row by row.

The rules take ten times as long as the rows that they leave. What is written back is what they
wrote in this process, so a test cannot tell the difference.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.apps import apps
from django.db import IntegrityError, connection, transaction

from agencies.models import Event

Built = TypeVar("Built")
Rows = dict[str, list[tuple[Any, ...]]]
"""The rows of each table."""


def once(build: Callable[[], Built]) -> Callable[[], Built]:
    """Build a world in the first empty database; write its rows into each later one.

    A database that is not empty gets one that is built.
    """
    kept: dict[str, tuple[Rows, bytes]] = {}

    @wraps(build)
    def world() -> Built:
        if Event.objects.exists():
            return build()
        if build.__name__ in kept:
            rows, form = kept[build.__name__]
            try:
                write_back(rows)
            except IntegrityError:
                return build()
            made: Built = pickle.loads(form)  # noqa: S301 - our own, of this process
            return made
        before = all_rows()
        made = build()
        after = all_rows()
        if all(row in after[table] for table, rows in before.items() for row in rows):
            added = {
                name: [one for one in after[name] if one not in before[name]] for name in after
            }
            kept[build.__name__] = ({k: v for k, v in added.items() if v}, pickle.dumps(made))
        return made

    return world


def all_rows() -> Rows:
    """Return the rows of every table of a model."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                found[model._meta.db_table] = [tuple(row) for row in cursor.fetchall()]
    return found


def write_back(rows: Rows) -> None:
    """Write rows into their tables, all or none."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, added in rows.items():
            row = f"({', '.join(['%s'] * len(added[0]))})"
            values = [value for one in added for value in one]
            cursor.execute(f'INSERT INTO "{table}" VALUES {", ".join([row] * len(added))}', values)
