"""Who a person is today: the agencies they act for and the offices they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.contrib.auth.models import AnonymousUser

from agencies.models import Appointment, Membership, User

Person = User | AnonymousUser | None


class NotPermitted(Exception):
    """The person sees the object, but may not do this to it (HTTP 403). Says who may."""


class NotVisible(Exception):
    """For this person the object does not exist (HTTP 404)."""


@dataclass(frozen=True)
class Roles:
    """The agencies and frameworks a person acts for at a moment.

    A framework id of None in an office stands for all frameworks.
    """

    user_id: int | None = None
    agencies: frozenset[int] = frozenset()
    coordinates: frozenset[int | None] = frozenset()
    administers: frozenset[int | None] = frozenset()
    observes: frozenset[int | None] = frozenset()
    clears: frozenset[int] = frozenset()

    @property
    def has_part(self) -> bool:
        """Say whether something that is not public may exist for the person."""
        return bool(self.agencies or self.coordinates or self.administers)

    def is_in(self, agency_id: int | None) -> bool:
        """Say whether the person belongs to the agency, in whatever capacity."""
        return agency_id is not None and agency_id in self.agencies

    def clears_for(self, agency_id: int | None) -> bool:
        """Say whether the person is a clearing officer of the agency."""
        return agency_id is not None and agency_id in self.clears

    def is_coordinator(self, framework_id: int | None) -> bool:
        """Say whether the person coordinates the framework."""
        return holds(self.coordinates, framework_id)

    def is_administrator(self, framework_id: int | None) -> bool:
        """Say whether the person administers the framework."""
        return holds(self.administers, framework_id)

    def is_observer(self, framework_id: int | None) -> bool:
        """Say whether the person observes the framework."""
        return holds(self.observes, framework_id)


NOBODY = Roles()


def holds(office: frozenset[int | None], framework_id: int | None) -> bool:
    """Say whether an office reaches a framework."""
    return None in office or (framework_id is not None and framework_id in office)


def roles_of(user: Person, *, at: datetime) -> Roles:
    """Return what a person is on this day; two queries, none for a stranger."""
    if not isinstance(user, User):
        return NOBODY
    return roles_of_each([user], at=at)[user.pk]


def roles_of_each(users: Collection[User], *, at: datetime) -> dict[int, Roles]:
    """Return by id what each of these people is on this day; two queries, however many."""
    day, active = at.date(), [user.pk for user in users if user.is_active]
    places: dict[int, set[tuple[int, str]]] = defaultdict(set)
    offices: dict[int, set[tuple[str, int | None]]] = defaultdict(set)
    if active:
        for pk, agency, capacity in (
            Membership.objects.on(day)
            .filter(user__in=active)
            .values_list("user_id", "agency_id", "capacity")
        ):
            places[pk].add((agency, capacity))
        for pk, office, framework in (
            Appointment.objects.on(day)
            .filter(user__in=active)
            .values_list("user_id", "office", "framework_id")
        ):
            offices[pk].add((office, framework))
    found = {pk: roles_from(pk, places[pk], offices[pk]) for pk in active}
    return {user.pk: found.get(user.pk, NOBODY) for user in users}


def roles_from(
    user_id: int, places: set[tuple[int, str]], offices: Iterable[tuple[str, int | None]]
) -> Roles:
    """Return the roles of a person with these places in agencies and these offices.

    Places are (agency, capacity), offices (office, framework).
    """
    held: dict[str, set[int | None]] = {office: set() for office in Appointment.Office.values}
    for office, framework_id in offices:
        held[office].add(framework_id)
    return Roles(
        user_id=user_id,
        agencies=frozenset(agency for agency, _capacity in places),
        coordinates=frozenset(held[Appointment.Office.COORDINATOR]),
        administers=frozenset(held[Appointment.Office.ADMINISTRATOR]),
        observes=frozenset(held[Appointment.Office.OBSERVER]),
        clears=frozenset(
            agency
            for agency, capacity in places
            if capacity == Membership.Capacity.CLEARING_OFFICER
        ),
    )


def members_ever(agency_id: int, user_id: int, *, moments: tuple[datetime, ...]) -> bool:
    """Say whether a person belonged to an agency at one of these moments; one query."""
    held = reduce(or_, (Membership.objects.on(moment.date()) for moment in moments))
    return held.filter(agency_id=agency_id, user_id=user_id).exists()
