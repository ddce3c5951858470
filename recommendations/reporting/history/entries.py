"""Events as people read them: who, when, why, and each field before and after."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from agencies import chronicle
from agencies.access import Roles
from agencies.models import Event, Versioned
from recommendations.domain import logs
from recommendations.reporting.history.places import Place
from recommendations.reporting.history.texts import Texts, texts_of
from recommendations.reporting.history.words import (
    SILENT,
    FieldChange,
    Names,
    names_in,
    value_in_words,
)

Key = tuple[str, int]


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `key` is its place in the list, newest first.

    `verb`, `kind` and `number` are what programs call it, and the object it happened to;
    `about` names that where it is not the subject, and `leads_to` is the object whose page
    the reader may open. `who` is empty for the public, which reads no names.
    """

    key: str
    at: datetime
    words: str
    verb: str
    kind: str
    number: int
    about: str = ""
    leads_to: Versioned | None = None
    who: str = ""
    on_behalf_of: str = ""
    why: str = ""
    changes: tuple[FieldChange, ...] = field(default=())


def entries(events: Sequence[Event], roles: Roles, subject: Versioned) -> list[Entry]:
    """Return events as entries; the number of queries depends on the kinds among them alone."""
    objects = objects_of(events, subject)
    before = values_before(events)
    said = [json.loads(event.content) for event in events]
    names = names_in(
        (objects.get((event.object_type, event.object_id)), values)
        for event, content in zip(events, said, strict=True)
        for values in (content["set"], before[event.pk])
    )
    texts = texts_of(objects.values(), roles)
    return [
        entry(event, content, objects, before[event.pk], names, texts, subject)
        for event, content in zip(events, said, strict=True)
    ]


def entry(
    event: Event,
    content: dict[str, Any],
    objects: dict[Key, Versioned],
    before: dict[str, Any],
    names: Names,
    texts: Texts,
    subject: Versioned,
) -> Entry:
    """Return one event as an entry; what it is about is named where that is not the subject."""
    key = (event.object_type, event.object_id)
    obj = objects.get(key)
    changes = [*changed(obj, content["set"], before, names, texts), *texts.told(key, content)]
    return Entry(
        key=Place(event.at, 0, event.pk).key,
        at=event.at,
        words=chronicle.in_words(event.verb, event.object_type),
        verb=event.verb,
        kind=event.object_type,
        number=event.object_id,
        about="" if obj == subject else name_of(obj),
        leads_to=None if obj == subject else obj,
        who=str(event.actor) if event.actor else _("The system"),
        on_behalf_of=str(event.on_behalf_of or ""),
        why=event.note,
        changes=tuple(changes),
    )


def changed(
    obj: Versioned | None, after: dict[str, Any], before: dict[str, Any], names: Names, texts: Texts
) -> list[FieldChange]:
    """Return the fields that an event set, before and after, in words."""
    if obj is None:
        return []
    found = []
    for name, value in after.items():
        old, new = (
            value_in_words(obj, name, one, names, texts) for one in (before.get(name), value)
        )
        if name not in SILENT and old != new:
            label = capfirst(chronicle.label_of(obj, name))
            found.append(FieldChange(name, label, old, new, said=isinstance(value, dict)))
    return found


def kind_in_words(kind: str) -> str:
    """Return what objects of a kind are called."""
    model = logs.kinds().get(kind)
    return capfirst(str(model._meta.verbose_name)) if model else kind


def name_of(obj: Versioned | None) -> str:
    """Return the name of an object, with its kind where the name alone says too little."""
    if obj is None:
        return ""
    return f"{kind_in_words(str(obj._meta.model_name))} {obj}"


def objects_of(events: Sequence[Event], subject: Versioned) -> dict[Key, Versioned]:
    """Return the objects of these events; one query for each kind beside the subject."""
    here = (str(subject._meta.model_name), subject.pk)
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if (event.object_type, event.object_id) != here:
            wanted[event.object_type].add(event.object_id)
    return {here: subject} | {
        (kind, obj.pk): obj
        for kind, pks in wanted.items()
        if kind in logs.kinds()
        for obj in logs.rows_of(kind).filter(pk__in=pks)
    }


def values_before(events: Sequence[Event]) -> dict[int, dict[str, Any]]:
    """Return what the fields of each event's object held before it; one query."""
    newest: dict[Key, int] = {}
    for event in events:
        key = (event.object_type, event.object_id)
        newest[key] = max(event.number, newest.get(key, 0))
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, pk in newest:
        by_kind[kind].append(pk)
    if not by_kind:
        return {}
    wanted = reduce(or_, (Q(object_type=k, object_id__in=pks) for k, pks in by_kind.items()))
    asked = {(event.object_type, event.object_id, event.number): event.pk for event in events}
    rows = Event.objects.filter(wanted).order_by("object_type", "object_id", "number")
    found: dict[int, dict[str, Any]] = {}
    folded: dict[Key, dict[str, Any]] = defaultdict(dict)
    for kind, pk, number, content in rows.values_list(
        "object_type", "object_id", "number", "content"
    ):
        if (kind, pk, number) in asked:
            found[asked[kind, pk, number]] = dict(folded[kind, pk])
        folded[kind, pk].update(json.loads(content)["set"])
    return found
