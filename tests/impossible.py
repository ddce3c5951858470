"""Rows that cannot be, written past every rule but the database's own."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction


def names_of(label: str) -> set[str]:
    """Return the name of every constraint of an app, and of every unique field as model.field."""
    constraints = {
        constraint.name
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }
    fields = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
    }
    return constraints | fields


def twin(row: models.Model, **changes: Any) -> None:
    """Insert a copy of a row with some fields changed."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    copy = type(row)(**values)
    for name, value in changes.items():
        setattr(copy, name, value)
    type(row)._default_manager.bulk_create([copy])


def change(row: models.Model, **changes: Any) -> None:
    """Change fields of a row where it lies."""
    type(row)._default_manager.filter(pk=row.pk).update(**changes)


def refusal(write: Any) -> str:
    """Do an impossible write; return what the database says, or why it said nothing."""
    try:
        with transaction.atomic():
            write()
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except IntegrityError as error:
        return str(error)
    return "nothing was refused"


def refused_by(name: str, said: str) -> bool:
    """Say whether it was this constraint that refused.

    SQLite names the columns of a unique constraint where it has no expression.
    """
    if "." in name or (connection.vendor == "sqlite" and said.startswith("UNIQUE")):
        return "unique" in said.lower()
    return name in said
