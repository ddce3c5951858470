"""Figures as JSON knows them, and the lines of their tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints


def plain(value: Any) -> Any:
    """Return figures as JSON knows them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    return value


def headings(row: type[Any], before: str = "") -> list[str]:
    """Return the names of the columns of a table: of what is nested, with a point between."""
    found = []
    for name, kind in get_type_hints(row).items():
        nested = isinstance(kind, type) and is_dataclass(kind)
        found += headings(kind, f"{before}{name}.") if nested else [f"{before}{name}"]
    return found


def line(row: Any) -> dict[str, Any]:
    """Return a row of a table, by the names of its columns."""
    return dict(flat(row))


def flat(row: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what a row holds; of what is nested always, what may be absent stays together."""
    for name, kind in get_type_hints(type(row)).items():
        value = getattr(row, name)
        if is_dataclass(kind):
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", plain(value)
