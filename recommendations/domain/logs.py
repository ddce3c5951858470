"""Whose events a person may read: the rule for one object, and its events as a queryset.

People on the inside of an object read its log, with names and reasons. Everybody else reads
what was public of it, which comes from the facts (`reporting.public_history`), never from here.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Min, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from agencies.access import Roles
from agencies.models import (
    Agency,
    Appointment,
    Event,
    GroupMembership,
    Handover,
    Membership,
    User,
    Versioned,
    WorkingGroup,
)
from recommendations.domain import access
from recommendations.models import Action, Assignment, Duty, Round, Update

NAMED_WITH: dict[str, tuple[str, ...]] = {
    "assignment": ("action__framework", "agency", "through"),
    "duty": ("round__framework", "assignment__action", "assignment__agency", "agency"),
    "update": (
        "duty__round__framework",
        "duty__agency",
        "duty__assignment__agency",
        "duty__assignment__action",
    ),
    "round": ("framework",),
    "action": ("framework", "area"),
    "priorityarea": ("framework",),
    "keyelement": ("framework",),
    "milestone": ("framework",),
    "question": ("framework",),
    "workinggroup": ("parent", "predecessor"),
    "membership": ("user", "agency"),
    "appointment": ("user", "framework"),
    "handover": ("from_user", "to_user", "agency", "framework"),
    "groupmembership": ("group", "agency"),
}
"""What the name of an object is made of, by kind."""


def kinds() -> dict[str, type[Versioned]]:
    """Return every kind of objects that the log knows, by the word under which it files them."""
    return {
        str(model._meta.model_name): model
        for model in apps.get_models()
        if issubclass(model, Versioned)
    }


def rows_of(kind: str) -> QuerySet[Any]:
    """Return the objects of a kind with what their names are made of."""
    return kinds()[kind]._default_manager.select_related(*NAMED_WITH.get(kind, ()))


def reads_events(roles: Roles, obj: Versioned) -> bool:
    """Say whether a person reads the log of an object: who did what, when and why.

    What an agency owes and sends: the agency, and those who oversee the framework. The
    framework and its parts: those who oversee it; a round also the agencies, once it has
    opened. People: they themselves, and those who work with them.
    """
    if roles.user_id is None:
        return False
    if isinstance(obj, Agency | Assignment | Duty | Update):
        agency_id = obj.pk if isinstance(obj, Agency) else access.agency_of(obj)
        if roles.is_in(agency_id):
            return True
    if isinstance(obj, Agency | WorkingGroup | GroupMembership):
        return oversees_something(roles)
    if isinstance(obj, User | Membership | Appointment | Handover):
        return reads_about_person(roles, obj)
    if isinstance(obj, Round) and roles.agencies and obj.state != Round.State.PLANNED:
        return True
    return access.sees_inside(roles, access.framework_of(obj))


def reads_about_person(roles: Roles, obj: User | Membership | Appointment | Handover) -> bool:
    """Say whether a person reads the log about somebody, or about what somebody may do."""
    if isinstance(obj, User):
        return obj.pk == roles.user_id or bool(roles.administers)
    if isinstance(obj, Appointment):
        return obj.user_id == roles.user_id or roles.is_administrator(obj.framework_id)
    if isinstance(obj, Membership):
        concerned = obj.user_id == roles.user_id or roles.is_in(obj.agency_id)
        return concerned or oversees_something(roles)
    if roles.user_id in (obj.from_user_id, obj.to_user_id) or roles.is_in(obj.agency_id):
        return True
    if obj.agency_id is not None:
        return oversees_something(roles)
    return access.sees_inside(roles, obj.framework_id)


def oversees_something(roles: Roles) -> bool:
    """Say whether a person coordinates or administers some framework."""
    return bool(roles.coordinates or roles.administers)


def visible_events(roles: Roles, obj: Versioned, *, with_parts: bool = False) -> QuerySet[Event]:
    """Return the events of an object that a person may read, perhaps with those of its parts.

    None where the person does not read its log.
    """
    if not reads_events(roles, obj):
        return Event.objects.none()
    kind = str(obj._meta.model_name)
    wanted = Q(object_type=kind, object_id=obj.pk)
    if isinstance(obj, Round) and not access.sees_inside(roles, obj.framework_id):
        wanted &= Q(number__gte=since_opened(obj))
    if with_parts:
        for part, rows in parts_of(roles, obj).items():
            wanted |= Q(object_type=part, object_id__in=rows.values("pk"))
    return Event.objects.filter(wanted)


def since_opened(round: Round) -> Any:
    """Return the number of the event that opened a round: what was planned stays with planners."""
    opened = Event.objects.filter(object_type="round", object_id=round.pk, verb="opened")
    first = opened.order_by().values("object_id").annotate(first=Min("number")).values("first")
    return Coalesce(Subquery(first), Value(1))


def parts_of(roles: Roles, obj: Versioned) -> dict[str, QuerySet[Any]]:
    """Return what belongs to an object and has a log that the person reads, by kind."""
    if isinstance(obj, Action):
        return reported(roles, Q(action=obj))
    if isinstance(obj, Agency):
        theirs = Q(assignment__agency=obj) | Q(agency=obj)
        duties = access.visible_duties(roles).filter(theirs)
        updates = access.visible_updates(roles).filter(duty__in=duties)
        return {**reported(roles, Q(agency=obj)), "duty": duties, "update": updates}
    if isinstance(obj, Assignment):
        found = reported(roles, Q(pk=obj.pk))
        return {kind: rows for kind, rows in found.items() if kind != "assignment"}
    if isinstance(obj, Round):
        duties = access.visible_duties(roles).filter(round=obj)
        return {"duty": duties, "update": access.visible_updates(roles).filter(duty__round=obj)}
    if isinstance(obj, Duty):
        return {"update": access.visible_updates(roles).filter(duty=obj)}
    if isinstance(obj, Update):
        return {"duty": access.visible_duties(roles).filter(pk=obj.duty_id)}
    if isinstance(obj, User) and (roles.administers or obj.pk == roles.user_id):
        return about_person(roles, obj)
    return {}


def reported(roles: Roles, which: Q) -> dict[str, QuerySet[Any]]:
    """Return assignments with their duties and updates, as far as a person reads their logs."""
    inside = Q(agency__in=roles.agencies) | access.oversees_or_none(roles, "action__framework")
    assignments = Assignment.objects.filter(which).filter(inside)
    return {
        "assignment": assignments,
        "duty": Duty.objects.filter(assignment__in=assignments),
        "update": Update.objects.filter(duty__assignment__in=assignments),
    }


def about_person(roles: Roles, obj: User) -> dict[str, QuerySet[Any]]:
    """Return the memberships and offices of somebody whose logs a person reads."""
    appointments = Appointment.objects.filter(user=obj)
    if obj.pk != roles.user_id and None not in roles.administers:
        appointments = appointments.filter(framework__in=roles.administers)
    return {"membership": Membership.objects.filter(user=obj), "appointment": appointments}


WITH_PARTS = (Action, Agency, Assignment, Round, Duty, Update, User)
"""The kinds of objects to which something belongs."""
