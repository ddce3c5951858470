"""What a working group means for assignments: whoever leads it now is asked, and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agencies.models import Agency, GroupMembership, WorkingGroup
from recommendations.domain.transition import RequirementMissing
from recommendations.models import Action, Assignment, Role

LEADS_OF_A_GROUP = (GroupMembership.Role.LEAD, GroupMembership.Role.CO_LEAD)


@dataclass(frozen=True)
class Leads:
    """Who leads a group on a day, by acronym.

    `closed` are agencies that hold the place and take on nothing any more; `unlisted` says
    that there is a place for which the source names nobody.
    """

    group: WorkingGroup
    agencies: tuple[Agency, ...]
    closed: tuple[Agency, ...]
    unlisted: bool

    @property
    def role(self) -> Role:
        """Return what each of them is asked to be: the lead, or one of several co-leads."""
        return Role.LEAD if len(self.agencies) == 1 else Role.CO_LEAD

    @property
    def remarks(self) -> list[str]:
        """Return why some places of the group make no assignment, in words."""
        said = [
            _("%(agency)s is closed and takes on nothing.") % {"agency": agency}
            for agency in self.closed
        ]
        if self.unlisted:
            said.append(_("The group has a place of a lead for which the source lists nobody."))
        return said


@dataclass(frozen=True)
class Through:
    """What assigning a group would do: the agencies to ask, and those that are there already."""

    leads: Leads
    asked: tuple[Agency, ...]
    present: tuple[Assignment, ...]

    @property
    def remarks(self) -> list[str]:
        """Return who is not asked, and why."""
        there = [
            _("%(agency)s already has %(action)s as %(role)s and is not asked again.")
            % {"agency": one.agency, "action": one.action.code, "role": one.get_role_display()}
            for one in self.present
        ]
        return [*there, *self.leads.remarks]


def places_of_leads(groups: Iterable[int], *, on: date) -> QuerySet[GroupMembership]:
    """Return the places of leads and co-leads that hold on a day, with their agencies."""
    holds = (Q(from_on__isnull=True) | Q(from_on__lte=on)) & (
        Q(until_on__isnull=True) | Q(until_on__gte=on)
    )
    places = GroupMembership.objects.filter(holds, group__in=groups, role__in=LEADS_OF_A_GROUP)
    return places.select_related("agency", "group").order_by("agency__sort_key", "id")


def leads_from(group: WorkingGroup, places: Sequence[GroupMembership]) -> Leads:
    """Return who leads a group, from its places of leads."""
    agencies = {place.agency.pk: place.agency for place in places if place.agency is not None}
    return Leads(
        group,
        agencies=tuple(one for one in agencies.values() if one.active),
        closed=tuple(one for one in agencies.values() if not one.active),
        unlisted=any(place.agency is None for place in places),
    )


def through_group(action: Action, group: WorkingGroup, *, on: date) -> Through:
    """Return what assigning an action to a group would do on a day; 2 queries.

    Raises RequirementMissing where no agency leads the group: nobody would be asked.
    """
    leads = leads_from(group, [*places_of_leads([group.pk], on=on)])
    if not leads.agencies:
        problem = _("No agency is listed as lead or co-lead of “%(group)s”.") % {"group": group}
        raise RequirementMissing({"group": " ".join([problem, *leads.remarks])})
    live = Assignment.objects.live().filter(action=action, agency__in=leads.agencies)
    present = tuple(live.select_related("agency", "action").order_by("agency__sort_key", "id"))
    there = {one.agency_id for one in present}
    asked = tuple(one for one in leads.agencies if one.pk not in there)
    return Through(leads, asked, present)
