"""What a resource is: one row of the table from which routes, schema and tests are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from agencies.access import Roles
from recommendations.api.columns import Audience, Column, Filter, Kind
from recommendations.api.reader import Reader


@dataclass(frozen=True)
class Order:
    """A way to sort a list. Its paths are followed by the id; of empty values, they come last."""

    paths: tuple[str, ...]
    meaning: str
    empty: bool = False


BY_ID = Order((), "in the order in which they were entered")


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """A kind of objects that the API shows: where its rows come from, and what is told of each.

    `rows` returns those that exist for a reader, by their roles alone. `public` resources are
    read without signing in. `agency` and `framework` are the paths by which a row's inside is
    known. `noun` is the word under which the table of transitions knows it. `tag` are the columns
    whose values name the version of a row. `counted` says that the counters of the frameworks
    rise with every change of it, so that an unchanged list costs nothing. `narrow` does what the
    filters ask that are shared with a page. `renamed` returns the key that stands today for one
    that somebody had before, or "".
    """

    name: str
    title: str
    meaning: str
    rows: Callable[[Roles], QuerySet[Any]]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    orders: Mapping[str, Order] = field(default_factory=dict)
    order: str = "id"
    key: str = "id"
    public: bool = False
    counted: bool = True
    noun: str = ""
    agency: str = ""
    framework: str = ""
    tag: tuple[str, ...] = ()
    own_tag: tuple[str, ...] = ()
    narrow: Callable[[Reader, QuerySet[Any], Mapping[str, Any]], QuerySet[Any]] | None = None
    more: tuple[Column, ...] = ()
    renamed: Callable[[str], str] | None = None

    @property
    def by_code(self) -> bool:
        """Say whether its addresses carry a code, and not a number."""
        return self.key != "id"

    @property
    def orderings(self) -> dict[str, Order]:
        """Return every way to sort it, by name."""
        return {"id": BY_ID, **self.orders}

    @property
    def described(self) -> tuple[Column, ...]:
        """Return all that is told of one row on its own."""
        return (*self.columns, *self.more)

    @property
    def has_inside(self) -> bool:
        """Say whether some of its fields are told to some of its readers only."""
        return any(one.audience is not Audience.EVERYBODY for one in self.described)


def number(name: str, meaning: str, path: str = "", **more: Any) -> Column:
    """Return a column of whole numbers."""
    return Column(name, meaning, Kind.INTEGER, path, **more)


def text(name: str, meaning: str, path: str = "", **more: Any) -> Column:
    """Return a column of texts."""
    return Column(name, meaning, Kind.TEXT, path, **more)


def code(name: str, meaning: str, path: str = "", **more: Any) -> Column:
    """Return a column of codes."""
    return Column(name, meaning, Kind.CODE, path, **more)


def day(name: str, meaning: str, path: str = "", **more: Any) -> Column:
    """Return a column of days."""
    return Column(name, meaning, Kind.DATE, path, **more)


def moment(name: str, meaning: str, path: str = "", **more: Any) -> Column:
    """Return a column of moments."""
    return Column(name, meaning, Kind.MOMENT, path, **more)


def yes(name: str, meaning: str, path: str = "", **more: Any) -> Column:
    """Return a column that is true or false."""
    return Column(name, meaning, Kind.BOOLEAN, path, **more)


def word(name: str, meaning: str, choices: Any, path: str = "", **more: Any) -> Column:
    """Return a column of one of several words; an empty text where nothing is said."""
    return Column(name, meaning, Kind.WORD, path, choices, **more)


def listed(name: str, meaning: str, path: str = "", **more: Any) -> Column:
    """Return a column of whole numbers, several to a row."""
    return Column(name, meaning, Kind.NUMBERS, path, **more)
