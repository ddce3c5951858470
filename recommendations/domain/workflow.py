"""The state machine: one printable table, and `perform`, the only writer of a state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from agencies import history
from agencies.access import NotPermitted, NotVisible, Roles, roles_of
from agencies.models import User, Versioned
from agencies.revisions import Conflict
from recommendations.domain import (
    access,
    assessments,
    assignments,
    reviews,
    rollup,
    rounds,
    sending,
    takeovers,
)
from recommendations.domain.transition import (
    Change,
    NotAllowedNow,
    RequirementMissing,
    Transition,
)
from recommendations.models import Action, Assignment, Duty, Framework, Round, Update

__all__ = [
    "TABLE",
    "Conflict",
    "NotAllowedNow",
    "NotPermitted",
    "NotVisible",
    "RequirementMissing",
    "available",
    "perform",
    "printable",
]

TABLE: tuple[Transition[Any], ...] = (
    *assignments.TRANSITIONS,
    *takeovers.TRANSITIONS,
    *assessments.TRANSITIONS,
    *rounds.TRANSITIONS,
    *sending.TRANSITIONS,
    *reviews.TRANSITIONS,
)
ROWS = {(row.noun, row.verb): row for row in TABLE}


def perform(
    verb: str,
    obj: Versioned,
    *,
    by: User,
    at: datetime,
    version: int,
    note: str = "",
    **facts: Any,
) -> Versioned:
    """Do `verb` to an object, with its events, or nothing at all; return the changed object.

    In this order (design, rule 2): visible (NotVisible), claims, legal now (NotAllowedNow),
    permitted (NotPermitted), fresh (Conflict), complete (RequirementMissing), then the
    change, its events, the stored roll-up, and the framework's counter last.
    """
    roles = roles_of(by, at=at)
    if not access.sees(roles, obj):
        raise NotVisible
    row = ROWS[access.noun_of(obj), verb]
    with transaction.atomic():
        fresh, claimed, current = claim(obj, version=version, raising=row.changes_obj)
        change = Change(
            obj=current,
            by=by,
            at=history.moment(claimed, at=at),
            note=note,
            facts=facts,
            roles=roles,
            transition=row,
        )
        refuse_if_not_now(change)
        refuse_if_not_permitted(change, at=at)
        if not fresh:
            raise Conflict(current, {"note": note, **facts})
        result = row.effect(change)
        rollup.refresh(touched_actions(current))
        Framework.objects.filter(pk=current.framework_id).update(counter=F("counter") + 1)
    return result or current


def claim(obj: Versioned, *, version: int, raising: bool) -> tuple[bool, list[Versioned], Any]:
    """Claim the rows of a change, in the one order; return (fresh, rows, the object reloaded).

    The object itself is claimed by compare-and-set on its version; parents by a bare row
    claim (on SQLite the transaction already holds the database). A stale version is
    remembered and raised later, so that "not possible any more" is said first.
    """
    rows: list[Versioned] = []
    fresh = False
    for claimed in order_of_claims(obj):
        same = type(claimed)._default_manager.filter(pk=claimed.pk)
        held = False
        if raising and claimed == obj:
            fresh = held = same.filter(version=version).update(version=F("version") + 1) == 1
        if not held:
            same.select_for_update(no_key=True).first()
        rows.append(claimed)
    current = reloaded(obj)
    return fresh or (not raising and current.version == version), rows, current


def order_of_claims(obj: Versioned) -> Iterator[Versioned]:
    """Yield the rows that a change of this object claims: Round, Action, Assignment, Duty, Update.

    An assignment claims the rounds that are not closed: taking it on, or ending it, must
    not cross with the opening of one. So does an action, which an agency may take over.
    """
    update = obj if isinstance(obj, Update) else None
    duty = update.duty if update else obj if isinstance(obj, Duty) else None
    assignment = duty.assignment if duty else obj if isinstance(obj, Assignment) else None
    action = assignment.action if assignment else obj if isinstance(obj, Action) else None
    if duty:
        yield duty.round
    elif isinstance(obj, Round):
        yield obj
    elif isinstance(obj, Assignment | Action):
        live = Round.objects.filter(framework=obj.framework_id).exclude(state=Round.State.CLOSED)
        yield from live.order_by("id")
    if action:
        yield action
    if assignment:
        yield assignment
    if duty:
        yield duty
    elif isinstance(obj, Assignment):
        yield from obj.duties.filter(state=Duty.State.OPEN).order_by("id")
    if update:
        yield update


def reloaded(obj: Versioned) -> Any:
    """Return the object as it is now, with the parents that every rule looks at."""
    rows: QuerySet[Any] = type(obj)._default_manager.filter(pk=obj.pk)
    if isinstance(obj, Update):
        rows = (
            Update.objects.with_place()
            .select_related("duty__assignment__in_force")
            .filter(pk=obj.pk)
        )
    elif isinstance(obj, Duty):
        rows = rows.select_related("round", "assignment__action", "assignment__agency", "agency")
    elif isinstance(obj, Assignment):
        rows = rows.select_related("action__framework", "agency", "in_force")
    return rows.get()


def refuse_if_not_now(change: Change[Any]) -> None:
    """Raise NotAllowedNow, with what is possible instead and who may."""
    row, obj = change.transition, change.obj
    if row.state(obj) not in row.sources:
        state = getattr(obj, f"get_{row.state_field}_display")()
        raise NotAllowedNow(
            _("Not possible now: the state is “%(state)s”.") % {"state": state},
            possible=possible_now(obj),
        )
    refusal = row.guard(obj) if row.guard else None
    if refusal:
        raise NotAllowedNow(refusal, possible=possible_now(obj))


def refuse_if_not_permitted(change: Change[Any], *, at: datetime) -> None:
    """Raise NotPermitted, saying who may."""
    row = change.transition
    if not access.may(change.roles, row.verb, change.obj, at=at):
        who = access.WHO[row.noun, row.verb].words
        raise NotPermitted(_("Only %(who)s can do this.") % {"who": who})


def possible_now(obj: Versioned) -> tuple[tuple[str, str], ...]:
    """Return what the state of an object allows, as (verb, who may) in words."""
    noun = access.noun_of(obj)
    return tuple(
        (capfirst(row.verb.replace("_", " ")), str(access.WHO[noun, row.verb].words))
        for row in TABLE
        if row.noun == noun and row.is_legal(obj)
    )


def available(obj: Versioned, roles: Roles, *, at: datetime) -> frozenset[str]:
    """Return the verbs that a person may do to an object now: the buttons of its page."""
    noun = access.noun_of(obj)
    return frozenset(
        row.verb
        for row in TABLE
        if row.noun == noun and row.is_legal(obj) and access.may(roles, row.verb, obj, at=at)
    )


def touched_actions(obj: Versioned) -> list[int]:
    """Return the actions whose stored roll-up a change of this object may move."""
    if isinstance(obj, Update):
        return [obj.duty.assignment.action_id] if obj.duty.assignment else []
    if isinstance(obj, Assignment):
        return [obj.action_id]
    return [obj.pk] if isinstance(obj, Action) else []


def printable() -> list[dict[str, Any]]:
    """Return the table, one row for each state a verb starts from, for people and tests."""
    return [
        {
            "noun": row.noun,
            "from": str(source),
            "to": str(row.target or source),
            "verb": row.verb,
            "who": access.WHO[row.noun, row.verb].value,
            "requires": list(row.requires),
            "event": row.event,
        }
        for row in TABLE
        for source in row.sources
    ]
