"""What becomes of an agency: another name, an end, a place in another one.

Each is one change of the agency, with one event. What follows for its actions, people and
groups is decided by whoever calls this.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from agencies import history, revisions
from agencies.fixed import Fixed
from agencies.models import Agency, AgencyCode, User

ENDS = ("closed", "merged")
"""The events with which an agency ends."""


def rename(
    agency: Agency,
    *,
    code: str,
    acronym: str,
    name: str,
    by: User | None,
    at: datetime,
    note: str,
    version: int,
) -> list[str]:
    """Give an agency another name, and perhaps another code; return what changed.

    Addresses with the old code lead to the new one from then on, and nobody gets the old
    code again. Figures of earlier moments keep the old names. Raises Conflict when stale,
    ReasonNeeded, and ValidationError for a code that is taken or was another one's.
    """
    wanted = {"code": code, "acronym": acronym, "name": name}
    values = {key: value for key, value in wanted.items() if getattr(agency, key) != value}
    if not values:
        raise ValidationError(_("Nothing is different from what is saved."))
    refuse_used(agency, code)
    old = agency.code
    with transaction.atomic():
        write(agency, "renamed", values, by=by, at=at, note=note, version=version)
        if old.lower() != code.lower():
            AgencyCode.objects.create(agency=agency, code=old)
    return [*values]


def refuse_used(agency: Agency, code: str) -> None:
    """Raise ValidationError for a code that an agency has, or ever had."""
    had = AgencyCode.objects.filter(code__iexact=code).exists()
    has = Agency.objects.filter(code__iexact=code).exclude(pk=agency.pk).exists()
    if had or has:
        words = _("An agency had this code, and its addresses. Choose another.")
        raise ValidationError({"code": words})


def end(
    agency: Agency,
    *,
    into: Agency | None = None,
    by: User,
    at: datetime,
    note: str,
    version: int,
) -> None:
    """Close an agency, or merge it into another one. Raises Conflict when stale."""
    values: dict[str, Any] = {"active": False}
    if into is not None:
        values["merged_into"] = into
    verb = "closed" if into is None else "merged"
    write(agency, verb, values, by=by, at=at, note=note, version=version)


def take_over(agency: Agency, *, by: User, at: datetime, note: str, version: int) -> None:
    """Note in the history of an agency that another one became part of it."""
    write(agency, "took_over", {}, by=by, at=at, note=note, version=version)


def reopen(agency: Agency, *, by: User, at: datetime, note: str, version: int) -> None:
    """Let a closed agency be active again; what ended with it stays ended."""
    write(agency, "activated", {"active": True}, by=by, at=at, note=note, version=version)


def ended_at(agency: Agency) -> datetime | None:
    """Return when an agency ended, where it did; one query, none while it is active."""
    if agency.active:
        return None
    ends = history.of(agency).filter(verb__in=ENDS).order_by("-number")
    return ends.values_list("at", flat=True).first()


def write(
    agency: Agency,
    verb: str,
    values: Mapping[str, Any],
    *,
    by: User | None,
    at: datetime,
    note: str,
    version: int,
) -> None:
    """Set fields of an agency, fixed ones too, with its one event."""
    revisions.need_reason(note)
    with transaction.atomic():
        current = revisions.claim(agency, values, version=version)
        for name, value in values.items():
            setattr(current, name, value)
        current.full_clean()
        current.save()
        at = history.moment([current], at=at)
        revisions.restate(current, [*values], by=by, at=at)
        history.append(current, verb, by=by, at=at, changed=[*values], note=note)
        agency.refresh_from_db()


def code_today(code: str) -> str:
    """Return the code of the agency that had this one before; "" where none had."""
    for (today,) in WITH_OLD_CODE.rows(code=code.lower()):
        return str(today)
    return ""


WITH_OLD_CODE = Fixed(
    lambda code: (
        AgencyCode.objects.annotate(lower=Lower("code"))
        .filter(lower=code)
        .values_list("agency__code")
    ),
    code=str,
)
