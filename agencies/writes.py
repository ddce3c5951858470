"""Rows that are added, changed and removed by statements that are written once.

Django writes an INSERT or UPDATE anew each time, which costs more than the database needs to do
it (docs/decisions/0019-statements-written-once.md). Only for what every change writes: no signal
is sent, and nothing is checked that the database does not check itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from django.db.models.sql import InsertQuery


def add(row: Model) -> None:
    """Save a new row; its values are values, not expressions."""
    database = connections[DEFAULT_DB_ALIAS]
    if not database.features.can_return_columns_from_insert:  # SQLite before 3.35
        row.save(force_insert=True)
        return
    with database.cursor() as cursor:
        cursor.execute(insertion(type(row)), prepared(row, database))
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, database.alias


def add_all(rows: Sequence[Model]) -> None:
    """Save new rows of one model, of which nobody needs the keys."""
    if not rows:
        return
    model, database = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    columns = [f'"{field.column}"' for field in filled(model)]
    place = f"({', '.join('%s' for _column in columns)})"
    sql = (
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) '  # noqa: S608 - its names
        f"VALUES {', '.join(place for _row in rows)}"
    )
    with database.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in prepared(row, database)])


def prepared(row: Model, database: Any) -> list[Any]:
    """Return the values of a new row as the database takes them."""
    return [
        field.get_db_prep_save(field.pre_save(row, add=True), connection=database)
        for field in filled(type(row))
    ]


@lru_cache
def filled(model: type[Model]) -> list[Any]:
    """Return the fields of a new row: all but its key."""
    return [field for field in model._meta.local_concrete_fields if not field.primary_key]


@lru_cache
def insertion(model: type[Model]) -> str:
    """Return the statement that adds a row, as Django writes it."""
    query = InsertQuery(model)
    query.insert_values(filled(model), [model()], raw=True)
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.returning_fields = [model._meta.pk]
    ((sql, _given),) = compiler.as_sql()
    return str(sql)


def change(row: Model, names: Iterable[str], *, version: int) -> bool:
    """Write these fields of a row if it still has a version; say whether it had.

    The version is among the fields: it is what the row has from then on.
    """
    fields: list[Any] = [row._meta.get_field(name) for name in names]
    database = connections[DEFAULT_DB_ALIAS]
    given = [
        field.get_db_prep_save(getattr(row, field.attname), connection=database) for field in fields
    ]
    sql = alteration(type(row), tuple(field.column for field in fields))
    with database.cursor() as cursor:
        cursor.execute(sql, [*given, row.pk, version])
        return bool(cursor.rowcount)


@lru_cache
def alteration(model: type[Model], columns: tuple[str, ...]) -> str:
    """Return the statement that writes these columns of a row at a version."""
    values = ", ".join(f'"{column}" = %s' for column in columns)
    table = model._meta.db_table
    return f'UPDATE "{table}" SET {values} WHERE id = %s AND version = %s'  # noqa: S608 - its names


def remove(row: Model) -> None:
    """Remove a row on which no other rests."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f'DELETE FROM "{row._meta.db_table}" WHERE id = %s', [row.pk])  # noqa: S608


def raise_by_one(model: type[Model], names: Iterable[str], *, pk: int) -> None:
    """Raise whole numbers of a row by one."""
    values = ", ".join(f'"{name}" = "{name}" + 1' for name in names)
    sql = f'UPDATE "{model._meta.db_table}" SET {values} WHERE id = %s'  # noqa: S608 - its names
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, [pk])
