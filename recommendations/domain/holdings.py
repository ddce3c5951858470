"""What an agency holds: its actions, what it owes, its people, its places. Read before it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from agencies import history
from agencies.models import Agency, GroupMembership, Membership, Versioned
from recommendations.models import Action, Assignment, Duty, ReviewState, Round, Update


@dataclass(frozen=True)
class Holdings:
    """What an agency holds on a day, as whoever ends it sees it before.

    `drafts` are updates that were begun and will not be sent; `in_review` wait for a decision:
    once their duty is waived they can be approved, and not returned.
    """

    agency: Agency
    assignments: tuple[Assignment, ...]
    duties: tuple[Duty, ...]
    drafts: tuple[Update, ...]
    in_review: tuple[Update, ...]
    memberships: tuple[Membership, ...]
    places: tuple[GroupMembership, ...]

    @property
    def own_duties(self) -> list[Duty]:
        """Return the open duties that no assignment carries: questionnaires."""
        return [duty for duty in self.duties if duty.assignment_id is None]

    @property
    def rows(self) -> tuple[Versioned, ...]:
        """Return every row that its end would change."""
        return (self.agency, *self.assignments, *self.duties, *self.memberships, *self.places)


def holdings(agency: Agency, *, on: date) -> Holdings:
    """Return what an agency holds on a day; 5 queries."""
    lasting = Q(until_on__isnull=True) | Q(until_on__gt=on)
    duties = (
        Duty.objects.filter(answerable_by(agency), state=Duty.State.OPEN)
        .with_place()
        .order_by("id")
    )
    begun = [
        *Update.objects.with_place()
        .filter(duty__in=duties.values("pk"))
        .filter(Q(draft__isnull=False) | Q(review_state=ReviewState.SUBMITTED))
        .order_by("id")
    ]
    return Holdings(
        agency=agency,
        assignments=tuple(live_of(agency)),
        duties=tuple(duties),
        drafts=tuple(one for one in begun if one.review_state != ReviewState.SUBMITTED),
        in_review=tuple(one for one in begun if one.review_state == ReviewState.SUBMITTED),
        memberships=tuple(
            agency.memberships.filter(lasting).select_related("user").order_by("user__name", "id")
        ),
        places=tuple(
            agency.group_memberships.filter(lasting)
            .select_related("group")
            .order_by("group__name", "id")
        ),
    )


def live_of(agency: Agency) -> QuerySet[Assignment]:
    """Return the live assignments of an agency, in the order of the source."""
    rows = Assignment.objects.live().filter(agency=agency)
    return rows.select_related("action__framework", "agency", "through").in_order()


def answerable_by(agency: Agency) -> Q:
    """Return the condition that a duty is an agency's."""
    return Q(assignment__agency=agency) | Q(agency=agency)


def fingerprint(rows: Iterable[Versioned]) -> str:
    """Return what stands for these rows as they are: another one once any of them changed."""
    seen = sorted((history.kind_of(row), row.pk, row.version) for row in rows)
    return history.sha256(history.canonical({"rows": seen}))


def hold(assignments: Iterable[Assignment], agencies: Iterable[Agency]) -> None:
    """Claim what the end of agencies touches, in the one order of all changes, agencies last.

    Whoever assigns to an agency claims it after the action, so neither waits for the other.
    """
    found = [*assignments]
    rounds = Round.objects.filter(framework__in={one.framework_id for one in found})
    actions = Action.objects.filter(pk__in={one.action_id for one in found})
    claims: tuple[QuerySet[Versioned], ...] = (
        rounds.exclude(state=Round.State.CLOSED),
        actions,
        Assignment.objects.filter(pk__in=[one.pk for one in found]),
        Duty.objects.filter(assignment__in=[one.pk for one in found], state=Duty.State.OPEN),
        Agency.objects.filter(pk__in=[one.pk for one in agencies]),
    )
    for rows in claims:
        list(rows.order_by("id").select_for_update(no_key=True))
