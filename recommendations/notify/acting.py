"""Who acts for each of many agencies, and so is reminded: the same people as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from agencies import handovers
from agencies.models import Membership, User


def acting_for_each(agencies: Collection[int], day: date) -> dict[int, list[User]]:
    """Return what `handovers.acting_for` returns, for each of these agencies; two queries.

    An agency for which nobody acts has an empty list.
    """
    first, given = first_asked(agencies, day), defaultdict(list)
    rows = handovers.running(day).filter(agency__in=agencies).select_related("to_user")
    for handover in rows:
        given[handover.agency_id].append(handover)
    found = {}
    for agency in agencies:
        receivers = [handover.to_user for handover in given[agency]]
        givers = {handover.from_user_id for handover in given[agency]}
        people = {user.pk: user for user in (*first[agency], *receivers) if user.pk not in givers}
        found[agency] = sorted(people.values(), key=lambda user: (user.name, user.pk))
    return found


def first_asked(agencies: Collection[int], day: date) -> dict[int, list[User]]:
    """Return the focal points of each agency, or its alternates where it has none."""
    rows = (
        Membership.objects.on(day)
        .filter(agency__in=agencies, user__is_active=True, capacity__in=handovers.ACTING)
        .select_related("user")
    )
    capacities: dict[int, dict[str, list[User]]] = {
        agency: defaultdict(list) for agency in agencies
    }
    for row in rows:
        capacities[row.agency_id][row.capacity].append(row.user)
    focal_point, alternate = handovers.ACTING
    return {agency: of[focal_point] or of[alternate] for agency, of in capacities.items()}
