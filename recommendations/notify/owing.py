"""What waits for an agency: the updates and the answers that it is reminded of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from agencies.models import Agency
from recommendations.models import (
    AWAITING_ANSWER,
    Assignment,
    Duty,
    ReviewClaim,
    ReviewState,
    Round,
    Submission,
    Update,
)
from recommendations.notify import subjects

Owed = TypeVar("Owed", Duty, Assignment)


def in_review(duty: str = "pk") -> Exists:
    """Return the condition that an update of a duty waits for the coordinator."""
    return Exists(Update.objects.filter(duty=OuterRef(duty), review_state=ReviewState.SUBMITTED))


def updates_owed() -> QuerySet[Duty]:
    """Return the duties with which agencies are late or will be: returned ones among them.

    Not those whose round is closed, which are voluntary or which wait for the coordinator.
    """
    rows = Duty.objects.open().filter(~in_review(), voluntary=False, round__state=Round.State.OPEN)
    return rows.with_place().order_by("due_on", "id")


def answers_owed() -> QuerySet[Assignment]:
    """Return the assignments that wait for the answer of their agency."""
    rows = Assignment.objects.filter(acceptance__in=AWAITING_ANSWER)
    return rows.select_related("agency", "action__framework").order_by("respond_by", "id")


def read_and_left() -> QuerySet[ReviewClaim]:
    """Return the marks of those who began to read what still waits for a decision.

    Also those that have expired; not those from before the text was sent anew.
    """
    sent = Submission.objects.filter(update=OuterRef("update")).order_by("-number")
    return ReviewClaim.objects.filter(
        update__review_state=ReviewState.SUBMITTED,
        claimed_at__gte=Subquery(sent.values("submitted_at")[:1]),
    )


def answerable(owed: Duty | Assignment) -> Agency:
    """Return the agency that owes an update or an answer."""
    found = subjects.agency_of(owed)
    if found is None:
        raise AssertionError("a duty has an assignment or an agency")
    return found


def placed(owed: Iterable[Owed]) -> Iterator[tuple[Owed, Agency]]:
    """Yield what is owed with the agency that owes it."""
    return ((one, answerable(one)) for one in owed)
