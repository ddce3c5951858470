"""The values of fields as people say them: choices, dates, names, texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from agencies.models import Versioned
from recommendations.domain import logs
from recommendations.reporting.moments import precisely, written

if TYPE_CHECKING:
    from recommendations.reporting.history.texts import Texts

Names = dict[tuple[str, int], str]
SILENT = ("waived_at", "waived_by")
"""Fields that say again what every entry says: when it was, and who did it."""


@dataclass(frozen=True)
class FieldChange:
    """A field of an object before and after; `before` is empty where it began.

    `label` is what people call it, `name` is the same in every language; `said` is a text.
    """

    name: str
    label: str
    before: str
    after: str
    said: bool = False


def field_of(obj: Versioned, name: str) -> Any:
    """Return a field of an object's kind, None where there is none of this name any more."""
    try:
        return obj._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def names_in(said: Iterable[tuple[Versioned | None, dict[str, Any]]]) -> Names:
    """Return the names of all objects that these values point to.

    Those that an object still points to are loaded with it (`logs.NAMED_WITH`); for what it
    pointed to earlier there is one query for each kind.
    """
    wanted: dict[type[Any], set[int]] = defaultdict(set)
    found: Names = {}
    for obj, values in said:
        if obj is None:
            continue
        for name, value in values.items():
            field = field_of(obj, name)
            if not isinstance(field, models.ForeignKey) or value is None or name in SILENT:
                continue
            if field.is_cached(obj) and getattr(obj, field.attname) == value:
                kind = str(field.related_model._meta.model_name)
                found[kind, value] = str(getattr(obj, name))
            else:
                wanted[field.related_model].add(value)
    for model, pks in wanted.items():
        kind = str(model._meta.model_name)
        rows = logs.rows_of(kind) if kind in logs.kinds() else model._default_manager.all()
        found |= {(kind, row.pk): str(row) for row in rows.filter(pk__in=pks)}
    return found


def value_in_words(obj: Versioned, name: str, value: Any, names: Names, texts: Texts) -> str:
    """Return what a field held, in words; "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, dict) and "sha256" in value:
        return texts.behind(obj, value["sha256"])
    field = field_of(obj, name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, models.ForeignKey):
        return names.get((str(field.related_model._meta.model_name), value), str(value))
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return f"{written(datetime.fromisoformat(value))} UTC"
    if isinstance(field, models.DateField):
        return precisely(date.fromisoformat(value), "day")
    return str(value)
