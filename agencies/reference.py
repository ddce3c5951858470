"""Reference data as people edit it: by an administrator, for a reason, shown at once.

The one way for the admin and the API. Rows that belong to no framework are shared by all: an
administrator of all frameworks edits them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies import revisions
from agencies.access import NotPermitted, roles_of
from agencies.counters import renew
from agencies.models import User, Versioned


def framework_of(obj: Any) -> int | None:
    """Return the framework to which a row belongs; None where all share it, or it is a new one."""
    found: int | None = getattr(obj, "framework_id", None)
    return found


def refuse_others(obj: Versioned, *, by: User, at: datetime) -> None:
    """Raise NotPermitted for whoever does not administer what a row belongs to."""
    if not roles_of(by, at=at).is_administrator(framework_of(obj)):
        raise NotPermitted(_("Only an administrator can do this."))


def enter(obj: Versioned, *, by: User, at: datetime, note: str) -> None:
    """Save a new row. Raises NotPermitted, ReasonNeeded, ValidationError."""
    refuse_others(obj, by=by, at=at)
    revisions.need_reason(note)
    with transaction.atomic():
        try:
            revisions.create(obj, by=by, at=at, note=note)
        except IntegrityError:  # entered by somebody else at this moment: the checks find it now
            obj.full_clean()
            raise
        renew(framework_of(obj), public=True)


def change(
    obj: Versioned, *, values: Mapping[str, Any], by: User, at: datetime, note: str, version: int
) -> list[str]:
    """Change fields of a row, and return the names of those that changed.

    Raises NotPermitted, and what `revisions.revise` raises.
    """
    refuse_others(obj, by=by, at=at)
    with transaction.atomic():
        changed = revisions.revise(obj, values=values, by=by, at=at, note=note, version=version)
        if changed:
            renew(framework_of(obj), public=True)
    return changed
