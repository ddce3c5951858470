"""Whose events a person may read, as one queryset over all objects: `reads_events` for a feed.

`logs.reads_events` is the same rule for one object; a test holds the two against each other.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from agencies.access import Roles
from agencies.models import Appointment, Event, Handover, Membership, User
from recommendations.domain import access
from recommendations.domain.logs import kinds, oversees_something
from recommendations.models import Assignment, Framework, Round

OF_AGENCIES = ("assignment", "duty", "update")
SHARED = ("workinggroup", "groupmembership")
OF_PEOPLE = ("user", "membership", "appointment", "handover")


def readable_events(roles: Roles) -> QuerySet[Event]:
    """Return the events of every object whose log a person reads."""
    if roles.user_id is None:
        return Event.objects.none()
    wanted = Q(pk__in=[])
    for kind, rows in {**sides(roles), **people(roles)}.items():
        wanted |= Q(object_type=kind, object_id__in=rows.values("pk"))
    wanted |= Q(object_type__in=others(), framework_id__in=overseen(roles))
    wanted |= Q(object_type="round", framework_id__in=overseen(roles))
    if roles.agencies:
        wanted |= opened_rounds()
    if oversees_something(roles):
        wanted |= Q(object_type__in=("agency", *SHARED))
    else:
        wanted |= Q(object_type="agency", object_id__in=roles.agencies)
    return Event.objects.filter(wanted)


def sides(roles: Roles) -> dict[str, QuerySet[Any]]:
    """Return what an agency owes and sends, as far as the two sides read its log."""
    inside = Q(agency__in=roles.agencies) | access.oversees_or_none(roles, "action__framework")
    return {
        "assignment": Assignment.objects.filter(inside),
        "duty": access.visible_duties(roles),
        "update": access.visible_updates(roles),
    }


def overseen(roles: Roles) -> QuerySet[Any, Any]:
    """Return the ids of the frameworks whose own log a person reads."""
    return Framework.objects.filter(access.oversees_or_none(roles, "pk")).values("pk")


def others() -> list[str]:
    """Return the kinds that are parts of a framework, and no round."""
    apart = {*OF_AGENCIES, *SHARED, *OF_PEOPLE, "agency", "round"}
    return sorted(set(kinds()) - apart)


def opened_rounds() -> Q:
    """Return the condition that an event is of a round, and not from before it opened."""
    opened = Event.objects.filter(
        object_type="round", object_id=OuterRef("object_id"), verb="opened"
    )
    first = opened.order_by().values("object_id").annotate(first=Min("number")).values("first")
    planned = Round.objects.exclude(state=Round.State.PLANNED)
    return Q(
        object_type="round",
        object_id__in=planned.values("pk"),
        number__gte=Coalesce(Subquery(first), Value(1)),
    )


def people(roles: Roles) -> dict[str, QuerySet[Any]]:
    """Return the people, and what they may do, whose log a person reads."""
    users = User.objects.all()
    if not roles.administers:
        users = users.filter(pk__in=[roles.user_id or 0])
    memberships, handovers = Membership.objects.all(), Handover.objects.all()
    if not oversees_something(roles):
        memberships = memberships.filter(Q(user=roles.user_id) | Q(agency__in=roles.agencies))
    appointments = Appointment.objects.filter(
        Q(user=roles.user_id) | within(roles.administers, "framework")
    )
    theirs = Q(from_user=roles.user_id) | Q(to_user=roles.user_id) | Q(agency__in=roles.agencies)
    if oversees_something(roles):
        theirs |= Q(agency__isnull=False)
    offices = roles.coordinates | roles.administers
    handovers = handovers.filter(theirs | Q(agency__isnull=True) & within(offices, "framework"))
    return {
        "user": users,
        "membership": memberships,
        "appointment": appointments,
        "handover": handovers,
    }


def within(offices: frozenset[int | None], path: str) -> Q:
    """Return the condition that a framework, or none, is within these offices."""
    if None in offices:
        return ~Q(pk__in=[])
    return Q(**{f"{path}__in": [pk for pk in offices if pk is not None]})
