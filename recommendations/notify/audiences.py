"""Who is told something today, and whether a person may still be told it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from agencies.access import Roles
from agencies.handovers import acting_for, coordinating
from agencies.models import Agency, Handover, User, Versioned
from recommendations.models import Duty, Round
from recommendations.notify import subjects
from recommendations.notify.notices import Notice, To


class Audiences:
    """The people of a day: each agency and each framework is asked for once."""

    def __init__(self, at: datetime) -> None:
        self.day: date = at.date()
        self.acting_for = cache(self._acting_for)
        self.coordinating = cache(self._coordinating)

    def _acting_for(self, agency: Agency) -> tuple[User, ...]:
        return tuple(acting_for(agency, self.day))

    def _coordinating(self, framework_id: int) -> tuple[User, ...]:
        return tuple(coordinating(framework_id, self.day))

    def of(self, notice: Notice, subject: Versioned) -> tuple[User, ...]:
        """Return who is told of something, whoever did it."""
        if notice.to is To.HANDED and isinstance(subject, Handover):
            return (subject.from_user, subject.to_user)
        if notice.to is To.AGENCIES_OF_ROUND and isinstance(subject, Round):
            return self.once(agencies_owing(subject))
        agency = subjects.agency_of(subject)
        if notice.to is To.AGENCY:
            return self.once([agency] if agency else [])
        framework_id = subjects.framework_id_of(subject)
        if framework_id is None:
            return ()
        own = {user.pk for user in self.acting_for(agency)} if agency else set()
        # Who belongs to the agency may not decide on it: only who can act is told.
        return tuple(user for user in self.coordinating(framework_id) if user.pk not in own)

    def once(self, agencies: Iterable[Agency]) -> tuple[User, ...]:
        """Return who acts for these agencies, each person once."""
        found = {user.pk: user for agency in agencies for user in self.acting_for(agency)}
        return tuple(found.values())


def agencies_owing(round: Round) -> list[Agency]:
    """Return the agencies with an open duty in a round; one query."""
    duties = Duty.objects.filter(round=round, state=Duty.State.OPEN).select_related(
        "agency", "assignment__agency"
    )
    found = {
        agency.pk: agency
        for duty in duties
        if (agency := duty.assignment.agency if duty.assignment else duty.agency) is not None
    }
    return list(found.values())


def may_be_told(notice: Notice, subject: Versioned | None, user: User, roles: Roles) -> bool:
    """Say whether a person may still be told something: asked again when the mail is sent."""
    if not user.is_active:
        return False
    if notice.to is To.PERSON:
        return True
    if notice.to is To.HANDED:
        return isinstance(subject, Handover) and user.pk in (
            subject.from_user_id,
            subject.to_user_id,
        )
    if notice.to is To.AGENCIES_OF_ROUND:
        return bool(roles.agencies)
    if notice.to is To.AGENCY:
        agency = subjects.agency_of(subject)
        return agency is not None and roles.is_in(agency.pk)
    return bool(roles.coordinates) and (
        subject is None
        or isinstance(subject, Agency)
        or roles.is_coordinator(subjects.framework_id_of(subject))
    )
