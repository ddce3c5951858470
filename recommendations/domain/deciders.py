"""Whether somebody can decide on what each agency sends (design, rule 3)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from agencies.models import Agency, Appointment, Membership
from recommendations.models import LIVE, Duty, Framework


def agencies_without_decider(framework: Framework, *, at: datetime) -> list[Agency]:
    """Return the agencies at work in a framework whose updates no coordinator may decide on.

    At work is who has an assignment, or still owes a questionnaire. A coordinator never
    decides on an agency of their own, so one coordinator who belongs to an agency is not
    enough. Three queries.
    """
    day = at.date()
    coordinators = set(
        Appointment.objects.on(day)
        .filter(
            Q(framework=framework) | Q(framework=None),
            office=Appointment.Office.COORDINATOR,
            user__is_active=True,
        )
        .values_list("user_id", flat=True)
    )
    partial: dict[int, set[int]] = {}
    for agency_id, user_id in (
        Membership.objects.on(day).filter(user__in=coordinators).values_list("agency_id", "user_id")
    ):
        partial.setdefault(agency_id, set()).add(user_id)
    at_work = Agency.objects.filter(
        Q(assignments__action__framework=framework, assignments__acceptance__in=LIVE)
        | Q(duties__round__framework=framework, duties__state=Duty.State.OPEN)
    )
    return [
        agency
        for agency in at_work.distinct().in_order()
        if not coordinators - partial.get(agency.pk, set())
    ]
