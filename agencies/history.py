"""The event log: append, fold, verify. The only place that writes an Event."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import OuterRef, Q
from django.dispatch import Signal

from agencies import writes
from agencies.listed import Listed
from agencies.models import Event, User, Versioned

event_recorded = Signal()
"""Sent after the commit of a transaction that appended events; it may be lost."""


def canonical(content: Mapping[str, Any]) -> str:
    """Return the one JSON text of a mapping: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    """Return the hash that stands for a text which the log must not hold."""
    return hashlib.sha256(text.encode()).hexdigest()


def kind_of(obj: models.Model) -> str:
    """Return the name under which the log files an object."""
    return str(obj._meta.model_name)


def plain(value: Any) -> Any:
    """Return a field's value as JSON knows it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if isinstance(value, models.Model) else value


def logged_values(obj: Versioned, names: Iterable[str]) -> dict[str, Any]:
    """Return what the log says about these fields: short facts plainly, texts as hashes."""
    values = {}
    for name in names:
        field = obj._meta.get_field(name)
        value = plain(getattr(obj, getattr(field, "attname", name)))
        if isinstance(value, str) and is_text(field):
            value = {"sha256": sha256(value)}
        values[name] = value
    return values


def is_text(field: Any) -> bool:
    """Say whether a field holds a name, an address or a long text."""
    short = bool(field.choices) or field.name in ("code", "slug", "since", "until", "source")
    return isinstance(field, models.CharField | models.TextField) and not short


def moment(objects: Iterable[Versioned], *, at: datetime) -> datetime:
    """Return `at`, or the time of the newest event of these objects if that is later.

    Two machines' clocks differ; on one object recorded time never runs backwards.
    """
    return max([at, *(event.at for event in newest(objects).values())])


class Last(NamedTuple):
    """What the next event of an object needs to know of the one before it."""

    number: int
    at: datetime
    hash: str


def newest(objects: Iterable[Versioned]) -> dict[tuple[str, int], Last]:
    """Return the last event of each of these objects, whose version may just have been raised.

    The number of an event is the version that it made, so that each is found by its key
    however long the history is.
    """
    theirs = Q(pk__in=[])
    for obj in objects:
        numbers = (obj.version - 1, obj.version)
        theirs |= Q(object_type=kind_of(obj), object_id=obj.pk, number__in=numbers)
    events = Event.objects.filter(theirs).order_by("number")
    rows = events.values_list("object_type", "object_id", *Last._fields)
    return {(kind, pk): Last(*event) for kind, pk, *event in rows}


def with_last_events(rows: models.QuerySet[Any], paths: Mapping[str, str]) -> models.QuerySet[Any]:
    """Return rows with the last events of them and of those that stand beside them.

    `paths` say from a row where an object of a kind stands: "" itself, "duty__" its duty.
    """
    theirs = Q(pk__in=[])
    for kind, path in paths.items():
        of_it = {"object_id": OuterRef(f"{path}id"), "number": OuterRef(f"{path}version")}
        theirs |= Q(object_type=kind, **of_it)
    events = Listed(Event.objects.filter(theirs), "object_type", "object_id", *Last._fields)
    found: models.QuerySet[Any] = rows.annotate(last_events=events)
    return found


def newest_beside(row: Any) -> dict[tuple[str, int], Last]:
    """Return the same as `newest` of a row that was read with its last events."""
    return {
        (kind, pk): Last(number, moment_said(at), before)
        for kind, pk, number, at, before in row.last_events or ()
    }


def moment_said(text: str) -> datetime:
    """Return a moment that JSON of the database says; SQLite leaves out that it is UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def append(
    obj: Versioned,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    changed: Iterable[str] = (),
    note: str = "",
    content: Mapping[str, Any] | None = None,
    on_behalf_of: User | None = None,
    previous: Last | None = None,
) -> Event:
    """Append the event of a change that was just made, in the transaction of that change.

    The caller has raised `obj.version`; it becomes the number of the event, and the
    unique constraint refuses a second event for one change. `previous` is the event before it,
    where the caller has read that under its claim.
    """
    kind = kind_of(obj)
    if obj.version > 1 and (previous is None or previous.number != obj.version - 1):
        before = Event.objects.filter(object_type=kind, object_id=obj.pk, number=obj.version - 1)
        found = before.values_list(*Last._fields).first()
        previous = Last(*found) if found else None
    event = Event(
        object_type=kind,
        object_id=obj.pk,
        framework_id=getattr(obj, "framework_id", None),
        number=obj.version,
        verb=verb,
        at=max(at, previous.at) if previous else at,
        actor=by,
        on_behalf_of=on_behalf_of,
        note=note,
        content=canonical({"set": logged_values(obj, changed), **(content or {})}),
        previous_hash=previous.hash if previous else "",
    )
    event.hash = digest(event)
    writes.add(event)
    transaction.on_commit(announce, robust=True)
    return event


def announce() -> None:
    """Tell whoever listens that new events were committed."""
    event_recorded.send(sender=Event)


def digest(event: Event) -> str:
    """Return the hash of an event over all that it says and the hash before it."""
    return sha256(
        canonical(
            {
                "object": [event.object_type, event.object_id],
                "framework": event.framework_id,
                "number": event.number,
                "verb": event.verb,
                "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor": event.actor_id,
                "on_behalf_of": event.on_behalf_of_id,
                "note": event.note,
                "content": event.content,
                "previous": event.previous_hash,
            }
        )
    )


def of(obj: Versioned) -> models.QuerySet[Event]:
    """Return the events of an object, oldest first."""
    return Event.objects.filter(object_type=kind_of(obj), object_id=obj.pk).order_by("number")


def fold(obj: Versioned) -> dict[str, Any]:
    """Return what the events of an object say that its fields hold now."""
    values: dict[str, Any] = {}
    for event in of(obj):
        values.update(json.loads(event.content)["set"])
    return values


def unfaithful(obj: Versioned) -> dict[str, tuple[Any, Any]]:
    """Return the fields where the row and the folded events differ: (row, events)."""
    said = fold(obj)
    held = logged_values(obj, said)
    return {name: (held[name], said[name]) for name in said if held[name] != said[name]}


def broken_links(events: Iterable[Event]) -> list[str]:
    """Return what is wrong with the chains of these events, in words; empty when sound.

    `events` come ordered by object and number.
    """
    problems = []
    last: dict[tuple[str, int], Event] = {}
    for event in events:
        key = (event.object_type, event.object_id)
        previous = last.get(key)
        if event.number != (previous.number + 1 if previous else 1):
            problems.append(f"{event}: a number is missing before it")
        if event.previous_hash != (previous.hash if previous else ""):
            problems.append(f"{event}: does not follow from the event before it")
        if event.hash != digest(event):
            problems.append(f"{event}: its content does not match its hash")
        last[key] = event
    return problems
