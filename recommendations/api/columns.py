"""What a field of an answer or a parameter is: its kind, its meaning, how it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from django.db.models import CharField, Choices
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from recommendations.reporting.moments import with_plus

CharField.register_lookup(Lower)
LARGEST = 2**63 - 1
"""The largest whole number that both databases keep."""
LONGEST = 200
"""Characters in a parameter."""


class Audience(Enum):
    """Who is told a field of a row: whoever sees the row, its two sides, its agency alone."""

    EVERYBODY = "everybody"
    INSIDE = "inside"
    AGENCY = "agency"


class Kind(Enum):
    """What a value is, as the schema and the reader of an answer know it."""

    INTEGER = "integer"
    TEXT = "text"
    CODE = "code"
    DATE = "date"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    WORD = "word"
    OBJECT = "object"
    LIST = "list"
    NUMBERS = "numbers"


@dataclass(frozen=True)
class Column:
    """A field of a row: its name in the answer, and where it comes from.

    `choices` are the words of a WORD, with their meanings; `blank` says that none may stand.
    `empty` says that it may be null.
    """

    name: str
    meaning: str
    kind: Kind = Kind.TEXT
    path: str = ""
    choices: type[Choices] | None = None
    empty: bool = False
    blank: bool = False
    audience: Audience = Audience.EVERYBODY

    @property
    def source(self) -> str:
        """Return the path of the model's field."""
        return self.path or self.name


@dataclass(frozen=True)
class Filter:
    """A parameter that narrows a list: equal to a value, or `lookup` it.

    One that is `shared` narrows as on the page that has it: its resource says how. One that is
    not `counted` asks for what changes while no counter rises, so that no tag can tell.
    """

    name: str
    meaning: str
    kind: Kind
    path: str = ""
    lookup: str = ""
    choices: type[Choices] | None = None
    shared: bool = False
    counted: bool = True

    @property
    def condition(self) -> str:
        """Return the condition as the database interface names it."""
        path = self.path or self.name
        lookup = "lower" if self.kind is Kind.CODE else self.lookup
        return f"{path}__{lookup}" if lookup else path

    def compared(self, value: Any) -> Any:
        """Return a value as the condition takes it: codes are found in whatever case."""
        return value.lower() if self.kind is Kind.CODE else value


class Unreadable(ValueError):
    """A value is not of its kind. Says what to write instead."""


def as_integer(text: str) -> int:
    """Return a whole number that a database can hold."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19 or int(text) > LARGEST:
        raise Unreadable(_("Write a whole number, such as 12."))
    return int(text)


def as_date(text: str) -> date:
    """Return a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(_("Write a day like 2013-11-23.")) from None


def as_moment(text: str) -> datetime:
    """Return a moment; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(with_plus(text))
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(_("Write a moment like 2013-11-23T10:00:00Z.")) from None


def as_boolean(text: str) -> bool:
    """Return a yes or no."""
    if text not in ("true", "false"):
        raise Unreadable(_("Write true or false."))
    return text == "true"


def as_text(text: str) -> str:
    """Return a text that every database takes."""
    if len(text) > LONGEST:
        raise Unreadable(_("Write at most %(most)d characters.") % {"most": LONGEST})
    return text


READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.INTEGER: as_integer,
    Kind.DATE: as_date,
    Kind.MOMENT: as_moment,
    Kind.BOOLEAN: as_boolean,
    Kind.TEXT: as_text,
    Kind.CODE: as_text,
}


def value_of(text: str, kind: Kind, choices: type[Choices] | None = None) -> Any:
    """Return what a parameter says. Raises Unreadable, with what to write."""
    refuse_unstorable(text)
    if kind is not Kind.WORD or choices is None:
        return READERS[kind](text)
    if text not in choices.values:
        words = _("Choose one of: %(words)s.")
        raise Unreadable(words % {"words": ", ".join(str(one) for one in choices.values)})
    return text


def refuse_unstorable(text: str) -> None:
    """Raise Unreadable for a character that no database keeps, or that is half of one."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Unreadable(_("This text holds a character that cannot be stored."))


def written(value: Any) -> Any:
    """Return a value as JSON writes it: a moment in UTC, a day as a day."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value)
