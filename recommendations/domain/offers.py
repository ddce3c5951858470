"""When the leads of a group change: what a coordinator is offered. Nothing happens by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies.models import Agency, User, WorkingGroup
from recommendations.domain.asking import Outcome, try_one
from recommendations.domain.groups import Leads, leads_from, places_of_leads
from recommendations.models import LEADING, Action, Assignment, Framework, Role


@dataclass(frozen=True)
class Offer:
    """A change that the present leads of a group suggest.

    With an assignment: to end it, as its agency no longer leads the group. Without: to ask
    the agency to take the action on in a role. `against` says what stands in the way.
    """

    group: WorkingGroup
    action: Action
    agency: Agency
    role: str
    assignment: Assignment | None = None
    against: str = ""

    @property
    def key(self) -> str:
        """Return what the offer is called in the form."""
        return f"{self.action.pk}.{self.agency.pk}"

    @property
    def ends(self) -> bool:
        """Say whether it ends an assignment."""
        return self.assignment is not None

    @property
    def about(self) -> Action | Assignment:
        """Return what the change is made to."""
        return self.assignment or self.action

    @property
    def verb(self) -> str:
        """Return what is done: an assignment not taken on yet is withdrawn, another ended."""
        if self.assignment is None:
            return "assign"
        return "end" if self.assignment.is_active else "withdraw"

    @property
    def reason(self) -> str:
        """Return the reason that the form opens with."""
        words = _("No longer leads “%(group)s”.") if self.ends else _("Leads “%(group)s” now.")
        return words % {"group": self.group}

    def __str__(self) -> str:
        return f"{self.action.code} · {self.agency}"


def offers(framework: Framework, *, on: date) -> list[Offer]:
    """Return what the leads of groups on a day suggest, ends first; 2 queries, 1 without groups."""
    live = [
        *Assignment.objects.live()
        .filter(action__framework=framework)
        .select_related("action", "agency", "through")
        .in_order()
    ]
    groups = {one.through.pk: one.through for one in live if one.through is not None}
    if not groups:
        return []
    places = defaultdict(list)
    for place in places_of_leads(groups, on=on):
        places[place.group_id].append(place)
    leads = {pk: leads_from(group, places[pk]) for pk, group in groups.items()}
    by_action: dict[int, list[Assignment]] = defaultdict(list)
    for one in live:
        by_action[one.action_id].append(one)
    found: dict[tuple[bool, str], Offer] = {}
    for held in by_action.values():
        for offer in about_one(held, leads):
            found.setdefault((offer.ends, offer.key), offer)
    return sorted(found.values(), key=lambda offer: not offer.ends)


def about_one(held: list[Assignment], leads: Mapping[int, Leads]) -> Iterator[Offer]:
    """Yield what is offered about one action, from its live assignments and the groups' leads."""
    groups = dict.fromkeys(one.through_id for one in held if one.through_id is not None)
    leading = {agency.pk for pk in groups for agency in leads[pk].agencies}
    past = [one for one in held if one.through is not None and one.agency_id not in leading]
    for one in past:
        assert one.through is not None  # noqa: S101 - chosen by it
        yield Offer(one.through, one.action, one.agency, one.role, assignment=one)
    there = {one.agency_id for one in held}
    staying = [one for one in held if one not in past and one.role in LEADING]
    for pk in groups:
        for agency in leads[pk].agencies:
            if agency.pk not in there:
                role, against = place_beside(staying, leads[pk].role)
                yield Offer(leads[pk].group, held[0].action, agency, role, against=against)


def place_beside(staying: list[Assignment], role: Role) -> tuple[Role, str]:
    """Return the role beside those who stay, and what stands in the way of it."""
    lead = next((one for one in staying if one.role == Role.LEAD), None)
    if lead is None:
        return (Role.CO_LEAD if staying else role), ""
    words = _("%(agency)s is the one lead. For several co-leads, end that assignment first.")
    return Role.CO_LEAD, words % {"agency": lead.agency}


def take_up(
    chosen: Iterable[Offer],
    *,
    by: User,
    at: datetime,
    versions: Mapping[str, int],
    reasons: Mapping[str, str],
) -> list[Outcome]:
    """Do what was chosen, ends first, each on its own by the workflow.

    `versions` and `reasons` come by the key of an offer: what the person saw, and wrote.
    """
    outcomes = []
    for offer in sorted(chosen, key=lambda offer: not offer.ends):
        facts = {} if offer.ends else {"agency": offer.agency, "role": offer.role}
        if not offer.ends:
            facts["through"] = offer.group
        outcomes.append(
            try_one(
                offer.verb,
                offer.about,
                str(offer),
                by=by,
                at=at,
                version=versions.get(offer.key, -1),
                note=reasons.get(offer.key, ""),
                **facts,
            )
        )
    return outcomes
