"""The state machine: one printable table, and `perform`, the only writer of a state."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies import history
from agencies.access import NotPermitted, NotVisible, Roles, roles_of
from agencies.fixed import Fixed
from agencies.models import User, Versioned
from agencies.revisions import Conflict
from recommendations.domain import (
    access,
    assessments,
    assignments,
    behalf,
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
from recommendations.domain.deeds import BUTTONS
from recommendations.domain.transition import (
    Change,
    NotAllowedNow,
    RequirementMissing,
    Transition,
)
from recommendations.models import Action, Assignment, Duty, Round, Update

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
        newest, current = claim(obj)
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


def claim(obj: Versioned) -> tuple[dict[tuple[str, int], history.Last], Any]:
    """Claim the rows of a change, in the one order; return their last events, and the object anew.

    Round, Action, Assignment, Duty, Update. On SQLite the transaction already holds the
    database. Whether the version is stale is looked at later, so that "not possible any more" is
    said first; each row that is changed is then written by compare-and-set on its version.
    """
    if isinstance(obj, Update | Duty):
        claim_with_above(obj)
        current = reloaded(obj)
        return history.newest_beside(current), current
    before = parents(obj)
    type(obj)._default_manager.filter(pk=obj.pk).select_for_update(no_key=True).first()
    after = parts(obj)
    current = reloaded(obj)
    return history.newest([*before, current, *after]), current


def parents(obj: Versioned) -> list[Versioned]:
    """Claim the rows that come before an object in the one order, and return them.

    An assignment claims the rounds of its framework: taking it on, or ending it, must not
    cross with the opening or reopening of one. So does an action, which an agency may take over.
    """
    if not isinstance(obj, Assignment | Action):
        return []
    rounds = Round.objects.filter(framework=obj.framework_id).order_by("id")
    claimed: list[Versioned] = list(rounds.select_for_update(no_key=True))
    if isinstance(obj, Assignment):
        claimed += Action.objects.filter(pk=obj.action_id).select_for_update(no_key=True)
    return claimed


def claim_with_above(obj: Update | Duty) -> None:
    """Claim an update or a duty with what it hangs on, in one statement."""
    assignment = duty_of(obj).assignment
    known = {"pk": obj.pk} if assignment is None else {"pk": obj.pk, "action": assignment.action_id}
    if not claiming(type(obj), assigned=assignment is not None).count(**known):
        raise NotVisible  # gone since it was loaded


def duty_of(obj: Update | Duty) -> Duty:
    """Return the duty of an update, or a duty itself."""
    return obj.duty if isinstance(obj, Update) else obj


@cache
def claiming(model: type[Update | Duty], *, assigned: bool) -> Fixed:
    """Return the query that claims one row of a kind with what it hangs on.

    PostgreSQL claims the rows in the order in which OF names their tables. The condition says
    that there is an assignment: a row that may be missing is no row to claim.
    """
    duty = "duty__" if model is Update else ""
    names = [f"{duty}round"]
    if assigned:
        names += [f"{duty}assignment__action", f"{duty}assignment"]
    if duty:
        names += ["duty"]
    keys = [f"{duty}round_id", f"{duty}assignment_id", *(f"{name}__id" for name in names)]
    rows = (
        model._default_manager.select_related(*names)
        .select_for_update(no_key=True, of=(*names, "self"))
        .only("id", *keys)
    )

    def build(pk: int, **action: int) -> QuerySet[Any, Any]:
        of_it = {f"{duty}assignment__{name}": one for name, one in action.items()}
        return rows.filter(pk=pk, **of_it)[:1]

    return Fixed(build, pk=int, **({"action": int} if assigned else {}))


def parts(obj: Versioned) -> list[Versioned]:
    """Claim the rows that come after an object in the one order, and return them."""
    if not isinstance(obj, Assignment):
        return []
    duties = obj.duties.filter(state=Duty.State.OPEN).order_by("id")
    return list(duties.select_for_update(no_key=True))


def reloaded(obj: Versioned) -> Any:
    """Return the object as it is now, with the parents that every rule looks at."""
    (now,) = as_it_is(type(obj)).rows(pk=obj.pk)
    return now


def with_parents(model: type[Versioned]) -> QuerySet[Any]:
    """Return the objects of a kind, with the parents that every rule looks at.

    An update and a duty come with the last events of all that is claimed with them.
    """
    if model is Update:
        place = ("duty__round", "duty__agency", "duty__assignment__agency")
        updates = Update.objects.select_related(*place, "duty__assignment__action").with_texts()
        return history.with_last_events(updates, ABOVE_UPDATE)
    rows: QuerySet[Any] = model._default_manager.all()
    if model is Duty:
        rows = rows.select_related("round", "assignment__action", "assignment__agency", "agency")
        return history.with_last_events(rows, ABOVE_DUTY)
    if model is Assignment:
        return rows.select_related("action__framework", "agency", "in_force")
    return rows


ABOVE_DUTY = {
    "duty": "",
    "round": "round__",
    "assignment": "assignment__",
    "action": "assignment__action__",
}
ABOVE_UPDATE = {"update": "", **{kind: f"duty__{path}" for kind, path in ABOVE_DUTY.items()}}
"""Where the objects that are claimed with an update or a duty stand, seen from it."""


@cache
def as_it_is(model: type[Versioned]) -> Fixed:
    """Return the query of one object of a kind."""
    return Fixed(lambda pk: with_parents(model).filter(pk=pk)[:1], pk=int)


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


def possible_now(obj: Versioned) -> tuple[tuple[str, str], ...]:
    """Return what the state of an object allows, as (what its button says, who may)."""
    noun = access.noun_of(obj)
    return tuple(
        (str(BUTTONS[noun, row.verb]), str(access.WHO[noun, row.verb].words))
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
