"""What a transition is: a row of the table, the change it makes, and why it may refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from django.utils.translation import gettext as _

from agencies import history, writes
from agencies.access import Roles
from agencies.models import User, Versioned
from agencies.revisions import Conflict

V = TypeVar("V", bound=Versioned)


class Possible(NamedTuple):
    """What the state of an object allows: the verb, the same in words, and who may."""

    verb: str
    deed: str
    who: str


class NotAllowedNow(Exception):
    """The object is in a state in which this is not possible (HTTP 409).

    `possible` names what is possible now; `about` is the object, where the refusal is about
    its state.
    """

    def __init__(
        self,
        message: str,
        possible: tuple[Possible, ...] = (),
        about: Versioned | None = None,
    ) -> None:
        super().__init__(message)
        self.possible = possible
        self.about = about


class RequirementMissing(Exception):
    """Something that the change needs is missing or cannot stand (HTTP 400).

    `problems` maps the name of a fact to what to do about it.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(dict.fromkeys(problems.values())))
        self.problems = dict(problems)


@dataclass
class Change(Generic[V]):
    """A transition under way: what it is about, and what it has changed so far.

    Every row is claimed before an effect sees it. `write` is how an effect changes a row
    that has a version: one event for each. `published` counts the texts that it made public;
    `newest` holds the last event of each claimed row.
    """

    obj: V
    by: User
    at: datetime
    note: str
    facts: Mapping[str, Any]
    roles: Roles
    transition: Transition[V]
    on_behalf_of: User | None = None
    newest: Mapping[tuple[str, int], history.Last] = field(default_factory=dict)
    written: set[tuple[str, int]] = field(default_factory=set)
    published: int = 0

    def write(
        self,
        row: Versioned,
        event: str,
        *,
        note: str | None = None,
        content: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        """Set fields of a claimed row, by compare-and-set on its version; append its one event.

        Raises Conflict where the row is not the one that was read under the claim.
        """
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        if not writes.change(row, ("version", *values), version=row.version - 1):
            raise Conflict(row, self.facts)
        self.log(row, event, note=note, content=content, changed=tuple(values))

    def create(
        self, row: Versioned, event: str, *, changed: tuple[str, ...], note: str | None = None
    ) -> None:
        """Save a new row with its first event."""
        row.version = 1
        row.save(force_insert=True)
        self.log(row, event, note=note, changed=changed)

    def log(
        self,
        row: Versioned,
        event: str,
        *,
        changed: tuple[str, ...],
        note: str | None = None,
        content: Mapping[str, Any] | None = None,
    ) -> None:
        """Append the event of a row; a second one for the same row is a programming error."""
        key = (history.kind_of(row), row.pk)
        if key in self.written:
            raise AssertionError(f"two events for one change of {key}")
        self.written.add(key)
        history.append(
            row,
            event,
            by=self.by,
            at=self.at,
            changed=changed,
            note=self.note if note is None else note,
            content=content,
            on_behalf_of=self.on_behalf_of,
            previous=self.newest.get(key),
        )

    def fact(self, name: str) -> Any:
        """Return a fact of the request, or None."""
        return self.facts.get(name)

    def need(self, **problems: str | None) -> None:
        """Raise RequirementMissing with those that are not None."""
        missing = {name: text for name, text in problems.items() if text}
        if missing:
            raise RequirementMissing(missing)


@dataclass(frozen=True)
class Transition(Generic[V]):
    """One row of the table: from where, where to, what is required, what it does.

    `about` names a part of the object, such as a comment, on whose page its button stands.
    `moves_roll_up` says that it may change where an action stands.
    `leads` names, for a state from which it can lead to several, all of them.
    """

    noun: str
    verb: str
    sources: tuple[str, ...]
    target: str
    event: str
    effect: Callable[[Change[V]], Versioned | None]
    requires: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    state_field: str = ""
    guard: Callable[[V], str | None] | None = None
    moves_roll_up: bool = True
    about: str = ""
    leads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def targets(self, source: str) -> tuple[str, ...]:
        """Return the states to which this can lead from one."""
        return self.leads.get(source, (self.target or source,))

    def state(self, obj: Versioned) -> str:
        """Return the state of an object on which this transition depends."""
        return str(getattr(obj, self.state_field)) if self.state_field else ""

    def is_legal(self, obj: V) -> bool:
        """Say whether the state of an object, and what is around it, allow this now."""
        return self.state(obj) in self.sources and not (self.guard and self.guard(obj))


def reason_needed(change: Change[Any]) -> str | None:
    """Return what to say where a change has no reason."""
    return reason_problem(change.note)


def need_reason(note: str) -> None:
    """Raise RequirementMissing where no reason is given."""
    problem = reason_problem(note)
    if problem:
        raise RequirementMissing({"reason": problem})


def reason_problem(note: str) -> str | None:
    """Return what to say where no reason is given."""
    return None if note.strip() else _("Give the reason.")
