"""What notices are about: the objects behind many deliveries, in one query for each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeAlias

from django.db.models import QuerySet

from agencies.models import Agency, Handover, Versioned
from recommendations.models import Assignment, Duty, Job, Round, Update, Webhook

Subject: TypeAlias = Versioned | Job
"""What a notice can be about."""
Key = tuple[str, int]
"""The type of an object, as the event log files it, and its id."""


def rows_of(kind: str) -> QuerySet[Any] | None:
    """Return the rows of a kind, with all that a notice names; None for what none is about."""
    found: dict[str, QuerySet[Any]] = {
        "update": Update.objects.with_place(),
        "duty": Duty.objects.with_place(),
        "assignment": Assignment.objects.select_related("action__framework", "agency"),
        "round": Round.objects.select_related("framework"),
        "handover": Handover.objects.select_related("agency", "framework", "from_user", "to_user"),
        "agency": Agency.objects.all(),
        "job": Job.objects.select_related("framework"),
        "webhook": Webhook.objects.select_related("framework", "agency"),
    }
    return found.get(kind)


def load(keys: Iterable[Key]) -> dict[Key, Subject]:
    """Return the objects of these keys; one query for each kind of object."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, pk in keys:
        wanted[kind].add(pk)
    found: dict[Key, Subject] = {}
    for kind, pks in sorted(wanted.items()):
        rows = rows_of(kind)
        if rows is not None:
            found |= {(kind, row.pk): row for row in rows.filter(pk__in=pks)}
    return found


def duty_of(subject: Subject | None) -> Duty | None:
    """Return the duty that a notice is about, if it is about one."""
    return (
        subject.duty
        if isinstance(subject, Update)
        else subject
        if isinstance(subject, Duty)
        else None
    )


def assignment_of(subject: Subject | None) -> Assignment | None:
    """Return the assignment that a notice is about, if it is about one."""
    if isinstance(subject, Assignment):
        return subject
    duty = duty_of(subject)
    return duty.assignment if duty else None


def agency_of(subject: Subject | None) -> Agency | None:
    """Return the agency whose matter it is."""
    if isinstance(subject, Agency):
        return subject
    if isinstance(subject, Handover | Webhook):
        return subject.agency
    assignment, duty = assignment_of(subject), duty_of(subject)
    return assignment.agency if assignment else duty.agency if duty else None


def round_of(subject: Subject | None) -> Round | None:
    """Return the round that a notice is about, if it is about one."""
    if isinstance(subject, Round):
        return subject
    duty = duty_of(subject)
    return duty.round if duty else None


def framework_id_of(subject: Subject | None) -> int | None:
    """Return the framework that it belongs to."""
    return getattr(subject, "framework_id", None)
