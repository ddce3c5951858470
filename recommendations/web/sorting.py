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
PLACES = ("after", "page")
"""What another order makes meaningless: the place in the order before."""


@dataclass(frozen=True)
class Head:
    """The head of a column: where it leads, and how the table is sorted by it, if it is."""

    url: str
    order: str = ""


def chosen(request: HttpRequest, keys: Iterable[str], name: str = "sort") -> str:
    """Return the order that the address asks for, "" for the usual one; UnusableAddress else.

    `name` is the parameter, where a page holds more than one table.
    """
    asked, known = request.GET.get(name, ""), list(keys)
    if asked and asked.removeprefix("-") not in known:
        words = _("This table sorts by: %(known)s.") % {"known": ", ".join(known)}
        raise UnusableAddress(words, name=name)
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


def heads(
    request: HttpRequest, asked: str, keys: Iterable[str], anchor: str = "", name: str = "sort"
) -> dict[str, Head]:
    """Return the heads of the columns: a link to each order, the other way where it is chosen."""
    left_out = (name, *PLACES)
    kept = [(one, str(value)) for one, value in request.GET.items() if one not in left_out]

    def head(column: str) -> Head:
        order = {column: "ascending", f"-{column}": "descending"}.get(asked, "")
        sort = f"-{column}" if order == "ascending" else column
        return Head(with_query(request.path, [*kept, (name, sort)]) + anchor, order)

    return {column: head(column) for column in keys}


def named(heads: Mapping[str, Head], words: Iterable[str]) -> list[tuple[str, Head]]:
    """Return the orders of a list that has no columns, each under its words."""
    return list(zip(words, heads.values(), strict=True))
