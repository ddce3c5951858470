"""The order of a table: `?sort=name` or `?sort=-name`, by the columns that it offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from recommendations.web.addresses import UnusableAddress, with_query

Row = TypeVar("Row")
Keys: TypeAlias = Mapping[str, Callable[[Any], Any]]
"""The columns that a table sorts by: what each compares. None comes last, either way."""
PLACES = ("sort", "after", "page")
"""What another order makes meaningless: the order before, and the place in it."""


@dataclass(frozen=True)
class Head:
    """The head of a column: where it leads, and how the table is sorted by it, if it is."""

    url: str
    order: str = ""


def chosen(request: HttpRequest, keys: Keys) -> str:
    """Return the order that the address asks for, "" for the usual one; UnusableAddress else."""
    asked = request.GET.get("sort", "")
    if asked and asked.removeprefix("-") not in keys:
        words = _("This table sorts by: %(known)s.") % {"known": ", ".join(keys)}
        raise UnusableAddress(words, name="sort")
    return asked


def in_order(rows: Iterable[Row], asked: str, keys: Keys) -> list[Row]:
    """Sort rows; those that compare equal keep their usual order, which ends in the id."""
    if not asked:
        return list(rows)
    key = keys[asked.removeprefix("-")]
    pairs = [(key(row), row) for row in rows]
    known = [pair for pair in pairs if pair[0] is not None]
    known.sort(key=lambda pair: pair[0], reverse=asked.startswith("-"))
    return [row for _value, row in known] + [row for value, row in pairs if value is None]


def heads(request: HttpRequest, asked: str, keys: Keys, anchor: str = "") -> dict[str, Head]:
    """Return the heads of the columns: a link to each order, the other way where it is chosen."""
    kept = [(name, str(value)) for name, value in request.GET.items() if name not in PLACES]

    def head(name: str) -> Head:
        order = {name: "ascending", f"-{name}": "descending"}.get(asked, "")
        sort = f"-{name}" if order == "ascending" else name
        return Head(with_query(request.path, [*kept, ("sort", sort)]) + anchor, order)

    return {name: head(name) for name in keys}
