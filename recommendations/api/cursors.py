"""Where a page of a list begins: after a row, by the values that it is sorted by."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Field, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _

from recommendations.api.columns import Unreadable, refuse_unstorable, written
from recommendations.api.resources import Order

LONGEST = 2000
"""Characters in a cursor."""


@dataclass(frozen=True)
class Sorting:
    """How a list is sorted: by which paths, which way, and under which name."""

    name: str
    paths: tuple[str, ...]
    descending: bool
    empty: bool

    @property
    def clauses(self) -> list[OrderBy]:
        """Return the order as the database takes it: empty values come last, then the id."""
        last = True if self.empty else None
        found = [self.clause(F(path), last) for path in self.paths]
        return [*found, self.clause(F("id"), None)]

    def clause(self, path: F, last: bool | None) -> OrderBy:
        """Return one part of the order."""
        return path.desc(nulls_last=last) if self.descending else path.asc(nulls_last=last)

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the paths whose values say where a row stands."""
        return (*self.paths, "id")


def sorting_of(name: str, order: Order) -> Sorting:
    """Return the sorting that a name, with - before it or without, stands for."""
    return Sorting(name, order.paths, name.startswith("-"), order.empty)


def cursor_of(sorting: Sorting, values: Sequence[Any]) -> str:
    """Return the opaque text from which a list goes on after a row."""
    said = json.dumps([sorting.name, *values], default=written, separators=(",", ":"))
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def after(rows: QuerySet[Any], sorting: Sorting, text: str) -> Q:
    """Return the condition that a row stands after the one that a cursor names.

    Raises Unreadable for what is no cursor of this list in this order.
    """
    values = values_in(rows, sorting, text)
    condition, same = Q(pk__in=[]), Q()
    for path, value in zip(sorting.fields, values, strict=True):
        condition |= same & beyond(path, value, sorting)
        same &= Q(**{f"{path}__isnull": True}) if value is None else Q(**{path: value})
    return condition


def beyond(path: str, value: Any, sorting: Sorting) -> Q:
    """Return the condition that a row comes later by this path alone."""
    if value is None:
        return Q(pk__in=[])
    later = Q(**{f"{path}__{'lt' if sorting.descending else 'gt'}": value})
    if sorting.empty and path != "id":
        later |= Q(**{f"{path}__isnull": True})
    return later


def values_in(rows: QuerySet[Any], sorting: Sorting, text: str) -> list[Any]:
    """Return the values that a cursor holds, each of the kind of its path."""
    wrong = _("This is no place in this list. Take it from “next” of the page before.")
    try:
        if len(text) > LONGEST:
            raise ValueError
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        name, *values = json.loads(base64.urlsafe_b64decode(padded))
        if name != sorting.name or len(values) != len(sorting.fields):
            raise ValueError
        return [typed(rows, *pair) for pair in zip(sorting.fields, values, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError, KeyError):
        raise Unreadable(wrong) from None


def typed(rows: QuerySet[Any], path: str, value: Any) -> Any:
    """Return a value of a cursor as the database compares it; ValueError for another kind."""
    kind = kind_of(rows, path)
    if value is None and path != "id":
        return None
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if not isinstance(value, kind) or isinstance(value, bool) and kind is int:
        raise ValueError
    if isinstance(value, str):
        refuse_unstorable(value)
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError
    return value


KINDS = {"DateTimeField": datetime, "DateField": date, "CharField": str, "TextField": str}


def kind_of(rows: QuerySet[Any], path: str) -> type:
    """Return the type of the values at a path of these rows."""
    annotation = rows.query.annotations.get(path)
    if annotation is not None:
        return KINDS.get(annotation.output_field.get_internal_type(), int)
    model: Any = rows.model
    field: Field[Any, Any] | None = None
    for name in path.split("__"):
        field = model._meta.get_field(name.removesuffix("_id") if name != "id" else name)
        model = field.related_model
    assert field is not None  # noqa: S101 - a path has at least one name
    return KINDS.get(field.get_internal_type(), int)
