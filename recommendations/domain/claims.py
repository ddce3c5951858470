"""The claims of a change: which rows it holds, in the one order, and how they are read then.

Why in one statement: docs/decisions/0016-parents-are-claimed-at-once.md.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import QuerySet

from agencies import history
from agencies.access import NotVisible
from agencies.fixed import Fixed
from agencies.models import Versioned
from recommendations.models import Action, Assignment, Duty, Round, Update


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
