"""A world that is found again as it was, down to the numbers that its next rows will get."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

NUMBERS = """
    SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename),
           coalesce(last_value, start_value), last_value IS NOT NULL
    FROM pg_sequences WHERE schemaname = current_schema()
"""


@contextmanager
def undone() -> Iterator[None]:
    """Undo all that is done meanwhile, and give the numbers that its rows took once more.

    PostgreSQL keeps a number that was taken when it undoes the row; SQLite gives it again.
    """
    before = taken()
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        if before:
            with connection.cursor() as cursor:
                cursor.executemany("SELECT setval(%s::regclass, %s, %s)", before)


def taken() -> list[tuple[Any, ...]]:
    """Return the last number of each sequence, and whether a row took it."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS)
        return cursor.fetchall()
