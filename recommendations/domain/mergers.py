"""An agency becomes part of another one, which takes over what it had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agencies import revisions, succession
from agencies.models import Agency, GroupMembership, Membership, User, Versioned
from recommendations.domain.closures import (
    Closing,
    end_assignments,
    end_rest,
    refuse,
    refuse_changed,
)
from recommendations.domain.holdings import Holdings, fingerprint, hold, holdings, live_of
from recommendations.domain.transition import NotAllowedNow
from recommendations.models import AWAITING_ANSWER, LEADING, Assignment, Role


@dataclass(frozen=True)
class Passing:
    """What becomes of one assignment: whether the other agency gets it, and what of its own ends.

    `there` is what the other agency has on that action already.
    """

    assignment: Assignment
    there: Assignment | None

    @property
    def replaces(self) -> bool:
        """Say whether the other agency's own place ends for the one that it takes over.

        What was taken on goes before what is only asked for, and leading before supporting.
        """
        if self.there is None or not self.assignment.is_active:
            return False
        rises = self.assignment.role in LEADING and self.there.role == Role.SUPPORTING
        waits = self.there.acceptance in AWAITING_ANSWER
        return rises or (waits and self.there.role == self.assignment.role)

    @property
    def passes(self) -> bool:
        """Say whether the other agency gets it."""
        return self.there is None or self.replaces

    @property
    def words(self) -> str:
        """Return in words what becomes of it."""
        if not self.passes:
            return _("Ends: the other agency has this action already, and keeps its place.")
        if self.replaces:
            return _("Passes on, taken on; the other agency's own place on this action ends.")
        if self.assignment.is_active:
            return _("Passes on, taken on; due again in an open round.")
        return _("The other agency is asked in its place.")


@dataclass(frozen=True)
class Merger:
    """What a merger would do, as whoever decides on it sees it before."""

    held: Holdings
    into: Agency
    passings: tuple[Passing, ...]

    @property
    def rows(self) -> tuple[Versioned, ...]:
        """Return the rows beside the holdings that it rests on."""
        there = (one.there for one in self.passings if one.there is not None)
        return (self.into, *there)

    @property
    def seen(self) -> str:
        """Return what stands for all that the preview shows."""
        return fingerprint([*self.held.rows, *self.rows])


def preview(agency: Agency, into: Agency, *, on: date) -> Merger:
    """Return what merging an agency into another would do; 6 queries."""
    held = holdings(agency, on=on)
    return Merger(held, into, tuple(passings(held, into)))


def passings(held: Holdings, into: Agency) -> Iterable[Passing]:
    """Return what becomes of each assignment; one query."""
    actions = {one.action_id for one in held.assignments}
    there = {one.action_id: one for one in live_of(into).filter(action__in=actions)}
    return [Passing(one, there.get(one.action_id)) for one in held.assignments]


def merge(
    agency: Agency,
    into: Agency,
    *,
    seen: str,
    joining: Iterable[int] = (),
    by: User,
    at: datetime,
    note: str,
) -> None:
    """Merge an agency into another one, in one transaction.

    What it had taken on is the other's from now on, what it was asked the other is asked; it
    owes nothing any more; its places in groups follow. The memberships in `joining` go on in
    the other agency, all others end on this day. Nobody joins an agency by a merger of their
    own making. Raises what `close` does, and NotAllowedNow for a merger into itself or into
    an agency that is not active; nothing is changed then.
    """
    refuse(agency, by=by, at=at, note=note)
    refuse_target(agency, into)
    closing = Closing(by, at, note)
    with transaction.atomic():
        hold((live_of(agency) | live_of(into)), [agency, into])
        into = Agency.objects.get(pk=into.pk)
        refuse_target(agency, into)
        now = preview(Agency.objects.get(pk=agency.pk), into, on=closing.today)
        held = now.held
        refuse_changed(held.agency, now.seen, seen)
        end_assignments(held, closing)
        succession.end(agency, into=into, by=by, at=at, note=note, version=held.agency.version)
        for passing in now.passings:
            pass_on(passing, into, closing)
        people_follow(held, into, {*joining}, closing)
        places_follow(held, into, closing)
        end_rest(held, closing)
        succession.take_over(into, by=by, at=at, note=note, version=into.version)


def refuse_target(agency: Agency, into: Agency) -> None:
    """Raise NotAllowedNow for a merger into itself, or into an agency that ended itself.

    A circle cannot come about: what was merged is never active again.
    """
    if agency.pk == into.pk:
        raise NotAllowedNow(_("An agency cannot be merged into itself. Choose another one."))
    if not into.active:
        raise NotAllowedNow(
            _("%(agency)s is not active any more. Choose an agency that is.") % {"agency": into}
        )


def pass_on(passing: Passing, into: Agency, closing: Closing) -> None:
    """Give the other agency an assignment that ended, or ask it what the first was asked."""
    if not passing.passes:
        return
    one, there = passing.assignment, passing.there
    if there is not None:
        closing.perform("end" if there.is_active else "withdraw", there)
    if one.is_active:
        ended = Assignment.objects.select_related("agency__merged_into").get(pk=one.pk)
        closing.perform("take_over", one.action, assignment=ended)
        return
    late = one.respond_by is not None and one.respond_by < closing.today
    closing.perform(
        "assign",
        one.action,
        agency=into,
        role=one.role,
        through=one.through,
        respond_by=None if late else one.respond_by,
        target_on=one.target_on,
        target_precision=one.target_precision,
        target_text=one.target_text,
    )


def people_follow(held: Holdings, into: Agency, joining: set[int], closing: Closing) -> None:
    """Let the chosen people go on in the other agency, where they are not there already."""
    lasting = Q(until_on__isnull=True) | Q(until_on__gt=closing.today)
    there = set(into.memberships.filter(lasting).values_list("user_id", flat=True))
    for row in held.memberships:
        if row.pk in joining and may_join(row, closing.by) and row.user_id not in there:
            there.add(row.user_id)
            joined = Membership(
                user=row.user,
                agency=into,
                capacity=row.capacity,
                from_on=max(closing.today, row.from_on),
                until_on=row.until_on,
            )
            revisions.create(joined, by=closing.by, at=closing.at, note=closing.note)


def may_join(row: Membership, by: User) -> bool:
    """Say whether a merger may carry a person over: active people, and never whoever does it."""
    return row.user.is_active and row.user_id != by.pk


def places_follow(held: Holdings, into: Agency, closing: Closing) -> None:
    """Give the other agency the places in groups that it does not have already."""
    lasting = Q(until_on__isnull=True) | Q(until_on__gt=closing.today)
    there = set(into.group_memberships.filter(lasting).values_list("group_id", "role"))
    for row in held.places:
        if (row.group_id, row.role) not in there:
            there.add((row.group_id, row.role))
            followed = GroupMembership(
                group=row.group,
                agency=into,
                role=row.role,
                from_on=max(closing.today, row.from_on or closing.today),
                until_on=row.until_on,
            )
            revisions.create(followed, by=closing.by, at=closing.at, note=closing.note)
