"""The state machine: one printable table, and `perform`, the only writer of a state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import NotPermitted, NotVisible, Roles, roles_of
from agencies.models import User, Versioned
from agencies.revisions import Conflict
from recommendations.domain import (
    access,
    assessments,
    assignments,
    behalf,
    claims,
    clearing,
    conversation,
    corrections,
    more_time,
    publication,
    retractions,
    reviews,
    rollup,
    rounds,
    sending,
    takeovers,
    terms,
    voluntary,
)
from recommendations.domain.deeds import DEEDS
from recommendations.domain.transition import (
    Change,
    NotAllowedNow,
    Possible,
    RequirementMissing,
    Transition,
)
from recommendations.models import Action, Assignment, Update

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
    *voluntary.TRANSITIONS,
    *rounds.TRANSITIONS,
    *clearing.TRANSITIONS,
    *terms.TRANSITIONS,
    *more_time.TRANSITIONS,
    *sending.TRANSITIONS,
    *conversation.TRANSITIONS,
    *reviews.TRANSITIONS,
    *corrections.TRANSITIONS,
    *retractions.TRANSITIONS,
    *publication.TRANSITIONS,
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
    on_behalf_of: User | None = None,
    roles: Roles | None = None,
    **facts: Any,
) -> Versioned:
    """Do `verb` to an object, with its events, or nothing at all; return the changed object.

    `on_behalf_of` names the person of an agency for whom a coordinator enters it; `roles` is
    what the person is at this moment, where the caller has just worked it out. In this order
    (design, rule 2): visible (NotVisible), claims, legal now (NotAllowedNow), permitted
    (NotPermitted), fresh (Conflict), complete (RequirementMissing), then the change, its
    events, the stored roll-up, and the framework's counters last.
    """
    roles = roles_of(by, at=at) if roles is None else roles
    if not access.sees(roles, obj):
        raise NotVisible
    row = ROWS[access.noun_of(obj), verb]
    with transaction.atomic():
        newest, current = claims.claim(obj)
        now = max([at, *(event.at for event in newest.values())])
        change = Change(current, by, now, note, facts, roles, row, on_behalf_of, newest)
        refuse_if_not_now(row, current)
        refuse_if_not_permitted(change, at=at)
        if current.version != version:
            raise Conflict(current, {"note": note, **facts})
        behalf.refuse_stranger_named(change)
        result = row.effect(change)
        rollup.refresh(touched_actions(current) if row.moves_roll_up else [])
        publication.count(change)
    return result or current


def refuse_if_not_now(row: Transition[Any], obj: Any) -> None:
    """Raise NotAllowedNow, with what is possible instead and who may."""
    if row.is_legal(obj):
        return
    possible = possible_now(obj)
    if row.state(obj) in row.sources:
        assert row.guard is not None  # noqa: S101 -- what else makes it illegal
        raise NotAllowedNow(row.guard(obj) or "", possible=possible, about=obj)
    state = getattr(obj, f"get_{row.state_field}_display")()
    words = _("Not possible now: the state is “%(state)s”.")
    if not possible:
        words = _("Not possible now: the state is “%(state)s”, and nothing follows on it.")
    raise NotAllowedNow(words % {"state": state}, possible=possible, about=obj)


def refuse_if_not_permitted(change: Change[Any], *, at: datetime) -> None:
    """Raise NotPermitted, saying who may."""
    row = change.transition
    if change.on_behalf_of is not None:
        behalf.refuse_if_not_permitted(change)
    elif not access.may(change.roles, row.verb, change.obj, at=at):
        who = access.WHO[row.noun, row.verb].words
        raise NotPermitted(_("Only %(who)s can do this.") % {"who": who})


def possible_now(obj: Versioned) -> tuple[Possible, ...]:
    """Return what the state of an object allows, and who may."""
    noun = access.noun_of(obj)
    return tuple(
        Possible(row.verb, str(DEEDS[noun, row.verb]), str(access.WHO[noun, row.verb].words))
        for row in TABLE
        if row.noun == noun and row.is_legal(obj)
    )


def legal(obj: Versioned) -> frozenset[str]:
    """Return the verbs that the state of an object allows, whoever asks."""
    noun = access.noun_of(obj)
    return frozenset(row.verb for row in TABLE if row.noun == noun and row.is_legal(obj))


def available(obj: Versioned, roles: Roles, *, at: datetime, about: str = "") -> frozenset[str]:
    """Return the verbs that a person may do to an object, or a part of it: its page's buttons.

    What a person may hangs on the kind of people that a verb asks for, so each is asked once.
    """
    noun = access.noun_of(obj)
    permitted: dict[access.Who, bool] = {}
    found = set()
    for row in TABLE:
        if (row.noun, row.about) != (noun, about) or row.state(obj) not in row.sources:
            continue
        who = access.WHO[noun, row.verb]
        if who not in permitted:
            permitted[who] = access.may(roles, row.verb, obj, at=at)
        if permitted[who] and row.is_legal(obj):
            found.add(row.verb)
    return frozenset(found)


def touched_actions(obj: Versioned) -> list[int]:
    """Return the actions whose stored roll-up a change of this object may move."""
    if isinstance(obj, Update):
        return [obj.duty.assignment.action_id] if obj.duty.assignment else []
    if isinstance(obj, Assignment):
        return [obj.action_id]
    return [obj.pk] if isinstance(obj, Action) else []


def printable() -> list[dict[str, Any]]:
    """Return the table, one row for each state a verb starts from and leads to."""
    return [
        {
            "noun": row.noun,
            "from": str(source),
            "to": str(target),
            "verb": row.verb,
            "who": access.WHO[row.noun, row.verb].value,
            "requires": list(row.requires),
            "event": row.event,
        }
        for row in TABLE
        for source in row.sources
        for target in row.targets(source)
    ]
