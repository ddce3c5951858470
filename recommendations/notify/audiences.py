"""Who is told something today, and whether a person may still be told it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache

from django.db.models.functions import Coalesce

from agencies.access import Roles
from agencies.handovers import coordinating
from agencies.models import Agency, Handover, Membership, User
from recommendations.models import Duty, Job, Round
from recommendations.notify import subjects
from recommendations.notify.acting import acting_for_each
from recommendations.notify.notices import Notice, To


class Audiences:
    """The people of a day: the agencies are asked for together, each framework once."""

    def __init__(self, at: datetime, *, agencies: Collection[int] = ()) -> None:
        self.day: date = at.date()
        self.acting = acting_for_each(agencies, self.day)
        self.members = members_of(agencies, self.day)
        self.coordinating = cache(self._coordinating)

    def acting_for(self, agencies: Collection[int]) -> list[User]:
        """Return who acts for any of these agencies, each person once; two queries at most."""
        unknown = {*agencies} - self.acting.keys()
        if unknown:
            self.acting |= acting_for_each(unknown, self.day)
        found = {user.pk: user for agency in agencies for user in self.acting[agency]}
        return list(found.values())

    def _coordinating(self, framework_id: int | None) -> tuple[User, ...]:
        return tuple(coordinating(framework_id, self.day))

    def of(self, notice: Notice, subject: subjects.Subject) -> Sequence[User]:
        """Return who is told of something, whoever did it."""
        if notice.to is To.HANDED and isinstance(subject, Handover):
            return self.sharing(subject)
        if notice.to is To.AGENCIES_OF_ROUND and isinstance(subject, Round):
            return self.acting_for(agencies_owing(subject))
        agency = subjects.agency_of(subject)
        acting = self.acting_for([agency.pk]) if agency else []
        if notice.to is To.AGENCY or (notice.to is To.OWNER and agency is not None):
            return acting
        framework_id = subjects.framework_id_of(subject)
        if framework_id is None:
            return ()
        # Who belongs to the agency, as whatever, may not decide on it: only who can act is told.
        own = {user.pk for user in acting} | self.members[agency.pk if agency else 0]
        return [user for user in self.coordinating(framework_id) if user.pk not in own]

    def sharing(self, handover: Handover) -> list[User]:
        """Return the two people of a hand-over, and who acts beside them in the same charge."""
        beside = (
            self.acting_for([handover.agency_id])
            if handover.agency_id is not None
            else self.coordinating(handover.framework_id)
        )
        people = {user.pk: user for user in (handover.from_user, handover.to_user, *beside)}
        return list(people.values())


def members_of(agencies: Collection[int], day: date) -> dict[int, set[int]]:
    """Return by agency who belongs to it on a day, in whatever capacity; one query."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.on(day).filter(agency__in=agencies)
    for agency, user in rows.values_list("agency_id", "user_id"):
        found[agency].add(user)
    return found


def agencies_owing(round: Round) -> list[int]:
    """Return the agencies with an open duty in a round; one query."""
    owing = Coalesce("assignment__agency", "agency")
    duties = Duty.objects.open().filter(round=round).annotate(owing=owing)
    return list(duties.order_by("owing").values_list("owing", flat=True).distinct())


def shares(handover: Handover, user: User, roles: Roles) -> bool:
    """Say whether a hand-over is a person's own, or of a charge that is theirs as well."""
    if user.pk in (handover.from_user_id, handover.to_user_id):
        return True
    if handover.agency_id is not None:
        return roles.is_in(handover.agency_id)
    return roles.is_coordinator(handover.framework_id)


def may_be_told(notice: Notice, subject: subjects.Subject | None, user: User, roles: Roles) -> bool:
    """Say whether a person may still be told something: asked again when the mail is sent."""
    if not user.is_active:
        return notice.kind == "account_closed"
    if notice.to is To.PERSON:
        return True
    if notice.to is To.ASKER:
        return isinstance(subject, Job) and subject.owner_id == user.pk
    if notice.to is To.HANDED:
        return isinstance(subject, Handover) and shares(subject, user, roles)
    if notice.to is To.AGENCIES_OF_ROUND:
        return bool(roles.agencies)
    agency = subjects.agency_of(subject)
    if notice.to is To.AGENCY or (notice.to is To.OWNER and agency is not None):
        return agency is not None and roles.is_in(agency.pk)
    return bool(roles.coordinates) and (
        subject is None
        or isinstance(subject, Agency)
        or roles.is_coordinator(subjects.framework_id_of(subject))
    )
