"""An agency ends: what it holds is shown first, then all of it ends with it, or nothing does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db import transaction
from django.utils.translation import gettext as _

from agencies import revisions, succession
from agencies.access import NotPermitted, roles_of
from agencies.models import Agency, GroupMembership, Membership, User, Versioned
from recommendations.domain import access, workflow
from recommendations.domain.holdings import Holdings, fingerprint, hold, holdings, live_of
from recommendations.domain.transition import NotAllowedNow, need_reason

Period: TypeAlias = Membership | GroupMembership


@dataclass(frozen=True)
class Closing:
    """An end under way: who does it, when, why."""

    by: User
    at: datetime
    note: str

    @property
    def today(self) -> date:
        """Return the last day of whatever ends."""
        return self.at.date()

    def perform(self, verb: str, obj: Versioned, **facts: Any) -> Versioned:
        """Do a verb to a row that is claimed already, on its present version."""
        obj = type(obj)._default_manager.get(pk=obj.pk)
        return workflow.perform(
            verb, obj, by=self.by, at=self.at, version=obj.version, note=self.note, **facts
        )

    def end_period(self, row: Period) -> None:
        """End a membership or place on this day; one that was to begin later never does."""
        last = max(self.today, row.from_on or self.today)
        if row.until_on is None or row.until_on > last:
            revisions.revise(
                row,
                values={"until_on": last},
                by=self.by,
                at=self.at,
                note=self.note,
                version=row.version,
            )


def close(agency: Agency, *, seen: str, by: User, at: datetime, note: str) -> None:
    """Close an agency with everything it holds, in one transaction.

    Assignments end or are withdrawn, what is due is waived, people and places end on this
    day; drafts stay and are not sent. `seen` is the fingerprint of the preview. Raises
    NotPermitted, RequirementMissing without a reason, NotAllowedNow for an agency that ended
    already, and Conflict where anything changed since the preview; nothing is changed then.
    """
    refuse(agency, by=by, at=at, note=note)
    closing = Closing(by, at, note)
    with transaction.atomic():
        hold(live_of(agency), [agency])
        held = holdings(Agency.objects.get(pk=agency.pk), on=closing.today)
        refuse_changed(held.agency, fingerprint(held.rows), seen)
        end_assignments(held, closing)
        end_rest(held, closing)
        succession.end(agency, by=by, at=at, note=note, version=held.agency.version)


def refuse(agency: Agency, *, by: User, at: datetime, note: str) -> None:
    """Raise what refuses the end of an agency from the start."""
    if not roles_of(by, at=at).is_administrator(None):
        words = access.Who.ADMINISTRATION.words
        raise NotPermitted(_("Only %(who)s can do this.") % {"who": words})
    if not agency.active:
        raise NotAllowedNow(_("%(agency)s is not active any more.") % {"agency": agency})
    need_reason(note)


def refuse_changed(agency: Agency, now: str, seen: str) -> None:
    """Raise Conflict where what would be changed is not what the preview showed."""
    if not agency.active or now != seen:
        raise revisions.Conflict(agency, {})


def end_assignments(held: Holdings, closing: Closing) -> None:
    """End what was taken on, withdraw what was only asked for; open duties are waived."""
    for one in held.assignments:
        closing.perform("end" if one.is_active else "withdraw", one)


def end_rest(held: Holdings, closing: Closing) -> None:
    """Waive the questionnaires, and end memberships and places on this day."""
    for duty in held.own_duties:
        closing.perform("waive", duty)
    periods: list[Period] = [*held.memberships, *held.places]
    for row in periods:
        closing.end_period(row)
