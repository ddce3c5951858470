"""Edits of people and reference data: the one way in for the admin and the loader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies import history
from agencies.models import User, Versioned

SAY_WHY = lazy("Say why. The reason is kept in the history.")


class Conflict(Exception):
    """Somebody else changed the object first (HTTP 409). Carries both versions."""

    def __init__(self, current: Any, attempted: Mapping[str, Any]) -> None:
        super().__init__(_("Changed since you opened it. Both versions are shown; choose."))
        self.current = current
        self.attempted = dict(attempted)


class ReasonNeeded(Exception):
    """The change must say why (HTTP 400)."""


def create(
    obj: Versioned, *, by: User | None, at: datetime, note: str = "", verb: str = "created"
) -> None:
    """Save a new row with its first event. Raises ValidationError, nothing saved."""
    with transaction.atomic():
        obj.version = 1
        obj.full_clean()
        obj.save(force_insert=True)
        restate(obj, editable_names(obj), by=by, at=at)
        history.append(obj, verb, by=by, at=at, changed=editable_names(obj), note=note)


def revise(
    obj: Versioned,
    *,
    values: Mapping[str, Any],
    by: User | None,
    at: datetime,
    note: str,
    version: int,
    verb: str = "revised",
) -> list[str]:
    """Change fields of a row, with a reason, and return the names of those that changed.

    Raises Conflict when `version` is not the present one, ReasonNeeded without a reason,
    ValidationError for a value that cannot stand or a field that is fixed once entered,
    ValueError for a field that is not edited by hand, as every state. Nothing is written in
    these cases.
    """
    check_editable(obj, values)
    need_reason(note)
    with transaction.atomic():
        current = claim(obj, values, version=version)
        changed = [name for name, value in values.items() if getattr(current, name) != value]
        if not changed:
            transaction.set_rollback(True)
            return []
        refuse_fixed(current, changed)
        for name in changed:
            setattr(current, name, values[name])
        current.full_clean()
        current.save()
        at = history.moment([current], at=at)
        restate(current, changed, by=by, at=at)
        history.append(current, verb, by=by, at=at, changed=changed, note=note)
        obj.refresh_from_db()
    return changed


def need_reason(note: str) -> None:
    """Raise ReasonNeeded where a change does not say why."""
    if not note.strip():
        raise ReasonNeeded(str(SAY_WHY))


def claim(obj: Versioned, values: Mapping[str, Any], *, version: int) -> Any:
    """Raise the version of a row by compare-and-set and return the row as it is now.

    Raises Conflict when `version` is not the present one.
    """
    rows = type(obj)._default_manager
    claimed = rows.filter(pk=obj.pk, version=version).update(version=F("version") + 1)
    current = rows.get(pk=obj.pk)
    if not claimed:
        raise Conflict(current, values)
    return current


def check_editable(obj: Versioned, values: Mapping[str, Any]) -> None:
    """Raise ValueError for a field that is not edited by hand: a programming error."""
    kept = set(values) - set(editable_names(obj))
    if kept:
        raise ValueError(f"not edited by hand: {', '.join(sorted(kept))}")


def refuse_fixed(obj: Versioned, changed: list[str]) -> None:
    """Raise ValidationError for fields that stay as they were entered."""
    words = _("This stays as it was entered: the figures of every earlier day count by it.")
    kept = {name: words for name in changed if name in obj.fixed}
    if kept:
        raise ValidationError(kept)


def restate(obj: Versioned, changed: list[str], *, by: User | None, at: datetime) -> None:
    """Write the row that figures from this moment on will read, if what it states changed."""
    if set(obj.stated) & set(changed):
        obj.restate(at=at, by=by)


def editable_names(obj: Versioned) -> list[str]:
    """Return the fields that a creation states: all but keys, secrets and stored copies."""
    return [
        field.name
        for field in obj._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and field.name not in ("version", "password", "last_login")
    ]
