"""A person who leaves: what they hold, who takes it over, and what stays vacant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agencies import handovers, people, revisions
from agencies.access import NotPermitted, roles_of
from agencies.models import Agency, Appointment, Handover, Membership, User
from recommendations.domain.transition import (
    NotAllowedNow,
    RequirementMissing,
    reason_problem,
)
from recommendations.models import Duty, ReviewClaim


@dataclass(frozen=True)
class Place:
    """A membership that ends: how many duties are open, and who else can act for the agency."""

    membership: Membership
    open_duties: int
    others: tuple[User, ...]

    @property
    def agency(self) -> Agency:
        """Return the agency."""
        return self.membership.agency

    @property
    def left_vacant(self) -> bool:
        """Say whether nobody else can act for the agency, while duties are open."""
        return bool(self.open_duties) and not self.others


@dataclass(frozen=True)
class Leaving:
    """All that a person holds on the day on which they leave."""

    places: tuple[Place, ...]
    appointments: tuple[Appointment, ...]
    handovers: tuple[Handover, ...]
    claims: tuple[ReviewClaim, ...]


def may_leave(by: User, *, at: datetime) -> bool:
    """Say whether a person lets others leave: an administrator of all frameworks."""
    return None in roles_of(by, at=at).administers


def preview(user: User, *, last_day: date) -> Leaving:
    """Return what would end, and where nobody else could act."""
    to_come = Q(until_on=None) | Q(until_on__gt=last_day)
    memberships = user.memberships.filter(to_come).select_related("agency")
    appointments = user.appointments.filter(to_come).select_related("framework")
    own = Q(from_user=user) | Q(to_user=user)
    running = Handover.objects.filter(own, ended_at=None, until_on__gt=last_day)
    return Leaving(
        places=tuple(
            place(row, last_day) for row in memberships.order_by("agency__sort_key", "id")
        ),
        appointments=tuple(appointments.order_by("id")),
        handovers=tuple(
            running.select_related("agency", "framework", "from_user", "to_user").order_by("id")
        ),
        claims=tuple(user.review_claims.order_by("id")),
    )


def place(membership: Membership, last_day: date) -> Place:
    """Return a membership that ends, with what it leaves behind; two queries."""
    agency = Q(assignment__agency=membership.agency_id) | Q(agency=membership.agency_id)
    duties = Duty.objects.filter(agency, state=Duty.State.OPEN, voluntary=False)
    return Place(membership, duties.count(), tuple(others(membership, last_day)))


def others(membership: Membership, last_day: date) -> QuerySet[User]:
    """Return who else can act for the agency on the day after."""
    after = Membership.objects.on(last_day + timedelta(days=1)).filter(agency=membership.agency_id)
    found = User.objects.filter(pk__in=after.values("user"), is_active=True)
    return found.exclude(pk=membership.user_id).order_by("name", "id")


def leave(
    user: User,
    *,
    last_day: date | None,
    successors: Mapping[int, User | None],
    by: User,
    at: datetime,
    note: str,
    version: int,
) -> None:
    """End all that a person holds on their last day, and close the account if it has come.

    `successors` names by agency who becomes focal point from the day after; without one the
    agency may be vacant. Raises NotPermitted, NotAllowedNow, Conflict or RequirementMissing;
    nothing is changed then.
    """
    if not may_leave(by, at=at):
        raise NotPermitted(_("Only an administrator of all frameworks can do this."))
    if user == by:
        raise NotPermitted(_("Another administrator has to do this, so that one always remains."))
    with transaction.atomic():
        current = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not current.is_active:
            raise NotAllowedNow(_("This account is closed already."))
        if current.version != version:
            raise revisions.Conflict(current, {"note": note})
        check(current, last_day=last_day, successors=successors, note=note)
        assert last_day is not None  # noqa: S101 - said above
        how: dict[str, Any] = {"by": by, "at": at, "note": note}
        leaving = preview(current, last_day=last_day)
        end_all(leaving, last_day, **how)
        for one in leaving.places:
            succeed(one.agency, successors.get(one.agency.pk), last_day, **how)
        if last_day <= at.date():
            closed = {"is_active": False}
            people.revise(current, values=closed, version=version, verb="left", **how)


def end_all(leaving: Leaving, last_day: date, *, by: User, at: datetime, note: str) -> None:
    """End hand-overs at once, memberships and offices on the last day; give up what is read."""
    how: dict[str, Any] = {"by": by, "at": at, "note": note}
    for handover in leaving.handovers:
        handovers.end(handover, version=handover.version, **how)
    held: list[Any] = [one.membership for one in leaving.places]
    for row in (*held, *leaving.appointments):
        values = {"until_on": max(last_day, row.from_on)}
        revisions.revise(row, values=values, version=row.version, verb="ended", **how)
    ReviewClaim.objects.filter(pk__in=[claim.pk for claim in leaving.claims]).delete()


def check(
    user: User, *, last_day: date | None, successors: Mapping[int, User | None], note: str
) -> None:
    """Raise RequirementMissing with what is missing, or cannot stand."""
    problems = {}
    if last_day is None:
        problems["last_day"] = _("Give the last day.")
    reason = reason_problem(note)
    if reason:
        problems["reason"] = reason
    for agency_id, successor in successors.items():
        if successor is not None and (successor == user or not successor.is_active):
            problems[f"successor_{agency_id}"] = _("Choose another person, who can sign in.")
    if problems:
        raise RequirementMissing(problems)


def succeed(
    agency: Agency, successor: User | None, last_day: date, *, by: User, at: datetime, note: str
) -> None:
    """Make a person focal point of an agency from the day after; one who is already stays so."""
    first = last_day + timedelta(days=1)
    if successor is None:
        return
    held = Membership.objects.on(first).filter(user=successor, agency=agency)
    for row in held:
        if row.capacity == Membership.Capacity.FOCAL_POINT:
            return
        # An alternate becomes the focal point: one membership ends, another begins.
        values = {"until_on": max(last_day, row.from_on)}
        revisions.revise(
            row, values=values, by=by, at=at, note=note, version=row.version, verb="ended"
        )
    made = Membership(
        user=successor, agency=agency, capacity=Membership.Capacity.FOCAL_POINT, from_on=first
    )
    revisions.create(made, by=by, at=at, note=note)
