"""The history of an object for one reader: what they may read of it, and narrow it by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies import chronicle
from agencies.access import Roles
from agencies.models import Agency, Event, Versioned
from recommendations.domain import access, logs
from recommendations.models import Action, Assignment, PriorityArea
from recommendations.reporting.history import pages, public
from recommendations.reporting.history.entries import Entry
from recommendations.reporting.history.narrowing import Narrowed
from recommendations.reporting.history.pages import Page
from recommendations.reporting.history.places import Place
from recommendations.reporting.public_history import public_history, was_taken_on

FILTERS = ("parts", "person", "verb", "from", "until")
PUBLIC = (Action, PriorityArea, Agency, Assignment)
"""What everybody may read something of; the rest has a history for people on the inside."""


@dataclass(frozen=True)
class Readable:
    """An object whose history a person reads.

    `inside` readers read the log; everybody else what was public.
    """

    roles: Roles
    subject: Versioned
    inside: bool

    def at(self, as_of: datetime, *, parts: bool = False) -> Told:
        """Return its history up to a moment, perhaps with that of what belongs to it."""
        return Told(self.roles, self.subject, self.inside, as_of, parts)


def has_public_side(kind: str) -> bool:
    """Say whether everybody may read something of objects of a kind."""
    return issubclass(logs.kinds()[kind], PUBLIC)


def readable(roles: Roles, kind: str, pk: int) -> Readable | None:
    """Return the object whose history a person asks for, None where for them there is none."""
    subject: Versioned | None = logs.rows_of(kind).filter(pk=pk).first()
    if subject is None:
        return None
    inside = logs.reads_events(roles, subject)
    return Readable(roles, subject, inside) if inside or is_public(roles, subject) else None


def is_public(roles: Roles, subject: Versioned) -> bool:
    """Say whether everybody may read something of this: also of what an agency took on and left."""
    if not isinstance(subject, PUBLIC):
        return False
    if isinstance(subject, Assignment) and was_taken_on(subject):
        return True
    return isinstance(subject, Agency) or access.sees(roles, subject)


@dataclass(frozen=True)
class Told:
    """The history of an object for one reader at one moment."""

    roles: Roles
    subject: Versioned
    inside: bool
    as_of: datetime
    parts: bool

    @property
    def filters(self) -> tuple[str, ...]:
        """Return what it can be narrowed by: for the public, by nothing about persons."""
        if not self.inside:
            return tuple(name for name in FILTERS if name not in ("parts", "person"))
        has_parts = isinstance(self.subject, logs.WITH_PARTS)
        return tuple(name for name in FILTERS if has_parts or name != "parts")

    @cached_property
    def visible(self) -> QuerySet[Event]:
        """Return the events that the reader may read, of the object and what belongs to it."""
        events = logs.visible_events(self.roles, self.subject, with_parts=self.parts)
        return events.filter(at__lte=self.as_of)

    @cached_property
    def done(self) -> list[tuple[str, int | None, str | None]]:
        """Return who did what, each once: verb, number and name of the person."""
        rows = self.visible.order_by().values_list("verb", "actor", "actor__name")
        return list(rows.distinct())

    @property
    def people(self) -> list[tuple[int, str]]:
        """Return the people who did something, by name."""
        people = {(str(name), pk) for _verb, pk, name in self.done if pk is not None}
        return [(pk, name) for name, pk in sorted(people)]

    @property
    def verbs(self) -> list[tuple[str, str]]:
        """Return the verbs that it can be narrowed by, with what people call them."""
        if not self.inside:
            return public.verbs()
        return sorted({(verb, chronicle.in_words(verb)) for verb, _pk, _name in self.done})

    def page(
        self, by: Narrowed, *, limit: int, older: Place | None = None, newer: Place | None = None
    ) -> Page:
        """Return a page of the entries that are left, newest first."""
        where = {"older": older, "newer": newer}
        if not self.inside:
            return pages.page_of_entries(self.public_entries(by), limit=limit, **where)
        events = self.events(by)
        return pages.page_of_events(events, self.roles, self.subject, limit=limit, **where)

    def every(self, by: Narrowed) -> Iterable[Entry]:
        """Return every entry that is left, newest first."""
        if not self.inside:
            return self.public_entries(by)
        return pages.all_entries(self.events(by), self.roles, self.subject)

    def events(self, by: Narrowed) -> QuerySet[Event]:
        """Return the events that are left, with the people in them."""
        return by.of(self.visible.select_related("actor", "on_behalf_of"))

    def public_entries(self, by: Narrowed) -> list[Entry]:
        """Return the public changes that are left."""
        subject = self.subject
        assert isinstance(subject, PUBLIC)  # noqa: S101 -- others have no public reader
        found = public_history(subject, as_of=self.as_of)
        return [public.entry_of(change, subject) for change in found if by.keeps(change)]


def not_narrowed_by(name: str) -> str:
    """Return the refusal of a filter that a history does not have for its reader."""
    return _("This history cannot be narrowed by “%(name)s”.") % {"name": name}
