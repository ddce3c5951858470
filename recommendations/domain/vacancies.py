"""Where duties are open and nobody can act: what a coordinator has to know before it is late."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.models import Agency, Membership
from recommendations.models import AWAITING_ANSWER, Assignment, Duty, Framework


def acted_for(day: date, *, agency: str = "pk") -> Exists:
    """Return the condition that a person who can sign in belongs to an agency on a day.

    `agency` leads from a row to the agency that it is of.
    """
    members = Membership.objects.on(day).filter(user__is_active=True)
    return Exists(members.filter(agency=OuterRef(agency)))


def vacant(framework: Framework, *, day: date) -> QuerySet[Agency]:
    """Return the agencies of a framework for which nobody can act on a day: one query.

    They owe an update, or an answer, and no person who can sign in belongs to them then.
    """
    owing = Duty.objects.filter(
        Q(assignment__agency=OuterRef("pk")) | Q(agency=OuterRef("pk")),
        round__framework=framework,
        state=Duty.State.OPEN,
        voluntary=False,
    )
    asked = Assignment.objects.filter(
        agency=OuterRef("pk"), action__framework=framework, acceptance__in=AWAITING_ANSWER
    )
    return Agency.objects.filter(
        Exists(owing) | Exists(asked), ~acted_for(day), active=True
    ).in_order()
