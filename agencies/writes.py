"""Rows that are added, changed and removed by statements that are written once.

Django writes an INSERT or UPDATE anew each time, which costs more than the database needs to do
it (docs/decisions/0019-statements-written-once.md). Only for what every change writes: no signal
is sent, and nothing is checked that the database does not check itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery


def add(row: Model) -> None:
    """Save a new row; its values are values, not expressions."""
    fields = type(row)._meta.local_concrete_fields
    given = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection=connection)
        for field in fields
        if not field.primary_key
    ]
    with connection.cursor() as cursor:
        cursor.execute(insertion(type(row), connection.vendor), given)
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias


@lru_cache
def insertion(model: type[Model], _vendor: str) -> str:
    """Return the statement that adds a row, as Django writes it."""
    query = InsertQuery(model)
    meta = model._meta
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    query.insert_values(fields, [model()], raw=True)
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [meta.pk]
    ((sql, _given),) = compiler.as_sql()
    return str(sql)


def change(row: Model, names: Iterable[str], *, version: int) -> bool:
    """Write these fields of a row if it still has a version; say whether it had.

    The version is among the fields: it is what the row has from then on.
    """
    fields: list[Any] = [row._meta.get_field(name) for name in names]
    given = [
        field.get_db_prep_save(getattr(row, field.attname), connection=connection)
        for field in fields
    ]
    sql = alteration(type(row), tuple(field.column for field in fields))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*given, row.pk, version])
        return bool(cursor.rowcount)


@lru_cache
def alteration(model: type[Model], columns: tuple[str, ...]) -> str:
    """Return the statement that writes these columns of a row at a version."""
    quoted = connection.ops.quote_name
    values = ", ".join(f"{quoted(column)} = %s" for column in columns)
    return (
        f"UPDATE {quoted(model._meta.db_table)} SET {values} "  # noqa: S608 - names of the model
        f"WHERE {quoted('id')} = %s AND {quoted('version')} = %s"
    )


def remove(row: Model) -> None:
    """Remove a row on which no other rests."""
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row.pk])  # noqa: S608 - its own table


def raise_by_one(model: type[Model], names: Iterable[str], *, pk: int) -> None:
    """Raise whole numbers of a row by one."""
    quoted = connection.ops.quote_name
    values = ", ".join(f"{quoted(name)} = {quoted(name)} + 1" for name in names)
    table = quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {values} WHERE id = %s", [pk])  # noqa: S608 - the same
