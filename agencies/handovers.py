"""Who stands in for whom between two days, and so who is reminded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from agencies import history, revisions
from agencies.access import NotPermitted, NotVisible, roles_of
from agencies.models import Agency, Appointment, Handover, Membership, User

ACTING = (Membership.Capacity.FOCAL_POINT, Membership.Capacity.ALTERNATE)
"""The capacities whose duties can be handed over."""


@dataclass(frozen=True)
class Charge:
    """What a person can hand over: their duties for an agency, or a coordinator's office.

    Without an agency it is the office; a framework id of None then stands for all frameworks.
    """

    agency: Agency | None = None
    framework_id: int | None = None

    @property
    def of_same(self) -> dict[str, Any]:
        """Return the lookup of the rows about exactly this."""
        if self.agency is not None:
            return {"agency": self.agency}
        return {"agency": None, "framework": self.framework_id}

    def holders(self) -> QuerySet[Any]:
        """Return the memberships or appointments that give somebody this charge."""
        if self.agency is not None:
            return Membership.objects.filter(agency=self.agency, capacity__in=ACTING)
        reach = Q(framework=None)
        if self.framework_id is not None:
            reach |= Q(framework=self.framework_id)
        return Appointment.objects.filter(reach, office=Appointment.Office.COORDINATOR)

    def overlapping(self) -> Q:
        """Return the condition that a hand-over is about this, or about a part of it."""
        if self.agency is not None:
            return Q(agency=self.agency)
        same = Q(agency=None)
        if self.framework_id is not None:
            same &= Q(framework=None) | Q(framework=self.framework_id)
        return same


def charges_of(user: User, *, day: date) -> list[Charge]:
    """Return what a person has, or will have, to hand over; agencies first; two queries."""
    to_come = Q(until_on__isnull=True) | Q(until_on__gte=day)
    memberships = user.memberships.filter(to_come, capacity__in=ACTING).select_related("agency")
    found = {
        row.agency_id: Charge(agency=row.agency)
        for row in memberships.order_by("agency__sort_key", "agency_id")
    }
    offices = user.appointments.filter(to_come, office=Appointment.Office.COORDINATOR)
    frameworks = sorted(
        set(offices.values_list("framework_id", flat=True)), key=lambda pk: (pk is not None, pk)
    )
    return [*found.values(), *(Charge(framework_id=pk) for pk in frameworks)]


def hand_over(
    charge: Charge,
    *,
    by: User,
    to: User | None,
    from_on: date | None,
    until_on: date | None,
    at: datetime,
    note: str = "",
) -> Handover:
    """Hand a charge to another person who can act in it on every one of these days.

    Raises ValidationError with what to do about each field; nothing is saved then.
    """
    with transaction.atomic():
        # Two hand-overs of one person are made one after the other, so that none overlaps.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        problems = problems_of(charge, by=by, to=to, days=(from_on, until_on), today=at.date())
        if problems or to is None or from_on is None or until_on is None:
            raise ValidationError(problems)
        made = Handover(
            agency=charge.agency,
            framework_id=charge.framework_id,
            from_user=by,
            to_user=to,
            from_on=from_on,
            until_on=until_on,
            note=note.strip(),
        )
        revisions.create(made, by=by, at=at, verb="handed_over")
    return made


def problems_of(
    charge: Charge,
    *,
    by: User,
    to: User | None,
    days: tuple[date | None, date | None],
    today: date,
) -> dict[str, str]:
    """Return what keeps a hand-over from being made: field → what to do."""
    found = day_problems(*days, today=today)
    if to is None:
        found["to"] = _("Choose who acts for you.")
    elif to == by:
        found["to"] = _("You cannot hand over to yourself. Choose another person.")
    first, last = days
    if found or to is None or first is None or last is None:
        return found
    if not can_act(by, charge, first, last):
        return {"from_on": _("You do not have this duty yourself on all of these days.")}
    if not can_act(to, charge, first, last):
        return {"to": cannot_act(charge, to)}
    standing = Handover.objects.filter(
        charge.overlapping(), ended_at=None, from_on__lte=last, until_on__gte=first
    )
    own = standing.filter(from_user=by).select_related("to_user").order_by("from_on", "id").first()
    if own is not None:
        return {
            "from_on": _("%(who)s acts for you on some of these days. End that first.")
            % {"who": own.to_user}
        }
    if standing.filter(from_user=to).exists():
        return {
            "to": _(
                "%(who)s has handed over to somebody else on some of these days. "
                "Choose another person or other days."
            )
            % {"who": to}
        }
    return {}


def day_problems(first: date | None, last: date | None, *, today: date) -> dict[str, str]:
    """Return what is wrong with the days of a hand-over."""
    found = {}
    if first is None:
        found["from_on"] = _("Give the first day.")
    elif first < today:
        found["from_on"] = _("Give a first day that has not passed.")
    if last is None:
        found["until_on"] = _("Give the last day. A hand-over ends by itself after it.")
    elif first is not None and last < first:
        found["until_on"] = _("Give a last day that is not before the first.")
    return found


def cannot_act(charge: Charge, to: User) -> str:
    """Return why a person cannot receive a hand-over, and who can change that."""
    if charge.agency is not None:
        words = _(
            "%(who)s is not focal point or alternate of %(agency)s on all of these days. "
            "Choose another person or other days, or ask an administrator to enter them."
        )
        return words % {"who": to, "agency": charge.agency}
    return _(
        "%(who)s is not a coordinator on all of these days. "
        "Choose another person or other days, or ask an administrator to appoint them."
    ) % {"who": to}


def can_act(user: User, charge: Charge, first: date, last: date) -> bool:
    """Say whether a person can act in a charge on every day from the first to the last."""
    if not user.is_active:
        return False
    rows = charge.holders().filter(user=user).values_list("from_on", "until_on")
    return covered(rows, first, last)


def covered(periods: Iterable[tuple[date, date | None]], first: date, last: date) -> bool:
    """Say whether periods, both days included, leave no gap from one day to another."""
    day = first
    for from_on, until_on in sorted(periods, key=lambda period: period[0]):
        if from_on > day:
            break
        if until_on is None or until_on >= last:
            return True
        day = max(day, until_on + timedelta(days=1))
    return False


def end(handover: Handover, *, by: User, at: datetime, version: int, note: str = "") -> Handover:
    """End a hand-over before its last day, or take it back before its first; nothing is deleted.

    The giver, the receiver and administrators may. Raises NotVisible for anybody else,
    NotPermitted where it is over already, Conflict where it changed meanwhile.
    """
    if not concerns(handover, by, at=at):
        raise NotVisible
    with transaction.atomic():
        current = revisions.claim(handover, {}, version=version)
        if current.ended_at is not None or current.until_on < at.date():
            raise NotPermitted(_("This hand-over is over already."))
        begun = current.from_on <= at.date()
        current.ended_at, current.ended_by = at, by
        current.save(update_fields=["ended_at", "ended_by"])
        history.append(
            current,
            "ended" if begun else "taken_back",
            by=by,
            at=at,
            changed=("ended_at", "ended_by"),
            note=note,
        )
    return Handover.objects.get(pk=current.pk)


def concerns(handover: Handover, user: User, *, at: datetime) -> bool:
    """Say whether a hand-over is a person's own, or one that they administer."""
    if user.pk in (handover.from_user_id, handover.to_user_id):
        return True
    roles = roles_of(user, at=at)
    if handover.framework_id is None:
        return bool(roles.administers)
    return roles.is_administrator(handover.framework_id)


def concerning(user: User, *, day: date) -> QuerySet[Handover]:
    """Return the hand-overs of a person, given or taken, that are not over on a day."""
    own = Q(from_user=user) | Q(to_user=user)
    rows = Handover.objects.filter(own, ended_at=None, until_on__gte=day)
    return rows.select_related("agency", "framework", "from_user", "to_user").order_by(
        "from_on", "id"
    )


def running(day: date) -> QuerySet[Handover]:
    """Return the hand-overs that hold on a day.

    One whose receiver cannot act any more, or whose account is no longer active, holds no
    longer: the giver is reminded again.
    """
    agency_place = Membership.objects.on(day).filter(
        user=OuterRef("to_user"), agency=OuterRef("agency"), capacity__in=ACTING
    )
    offices = Appointment.objects.on(day).filter(
        user=OuterRef("to_user"), office=Appointment.Office.COORDINATOR
    )
    office = offices.filter(Q(framework=None) | Q(framework=OuterRef("framework")))
    able = Q(Exists(agency_place), agency__isnull=False) | Q(Exists(office), agency__isnull=True)
    return Handover.objects.on(day).filter(able, ended_at=None, to_user__is_active=True)


def acting_for(agency: Agency, day: date) -> QuerySet[User]:
    """Return who acts for an agency on a day, and so is reminded: one query.

    Its focal points, or where it has none its alternates; whoever has handed over is
    replaced by the person who acts for them. Nobody: the agency is vacant.
    """
    members = Membership.objects.on(day).filter(agency=agency, user__is_active=True)
    focal = members.filter(capacity=Membership.Capacity.FOCAL_POINT)
    alternates = members.filter(capacity=Membership.Capacity.ALTERNATE)
    given = running(day).filter(agency=agency)
    first = Q(pk__in=focal.values("user")) | (
        ~Q(Exists(focal)) & Q(pk__in=alternates.values("user"))
    )
    return (
        User.objects.filter(first | Q(pk__in=given.values("to_user")))
        .exclude(pk__in=given.values("from_user"))
        .order_by("name", "id")
    )


def coordinating(framework_id: int | None, day: date) -> QuerySet[User]:
    """Return who coordinates a framework, or all of them, on a day, and so is reminded: one query.

    A coordinator who has handed over is replaced by the deputy.
    """
    charge = Charge(framework_id=framework_id)
    holders = Appointment.objects.on(day).filter(
        pk__in=charge.holders().values("pk"), user__is_active=True
    )
    given = running(day).filter(charge.overlapping())
    held = Q(pk__in=holders.values("user")) | Q(pk__in=given.values("to_user"))
    return (
        User.objects.filter(held).exclude(pk__in=given.values("from_user")).order_by("name", "id")
    )
