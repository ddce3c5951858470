"""Which duties call for attention, and why: the lists in which each of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery, TextChoices, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from recommendations.domain.vacancies import acted_for
from recommendations.models import Duty, ReviewState, TimeRequest
from recommendations.reporting.duties import WITH_THE_AGENCY, DutyLine, DutyStanding, lines_among

WAITS_FOR_THE_AGENCY = (ReviewState.DRAFT, ReviewState.RETURNED)


class Concern(TextChoices):
    """What a list of duties can be narrowed to, by the word in the address."""

    NEEDS = "needs", _("To look after")
    ASKS = "asks", _("Asks for more time")
    LATE = "late", _("Late")
    VACANT = "vacant", _("Nobody can act")
    NOT_BEGUN = "not_begun", _("Not begun")
    MISSING = "missing", _("Missing")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned")
    ALL = "all", _("All duties")


@dataclass(frozen=True)
class Told:
    """What rows beside the figures tell of a duty: the open request, the draft, who may act.

    `draft_since` is when the draft was begun that the agency has now; nobody else reads it.
    """

    waived_because: str = ""
    draft_since: datetime | None = None
    asks_until: date | None = None
    asks_because: str = ""
    is_vacant: bool = False


TOLD = ("waived_because", "begun", "until", "because", "vacant")
"""What `telling` adds to a duty, in the order of Told."""


def telling(duties: QuerySet[Any], *, day: date) -> QuerySet[Any]:
    """Add to each duty what is told of it, and whether somebody can act for its agency.

    A request whose update is sent meanwhile waits for nothing.
    """
    asks = TimeRequest.objects.filter(
        duty=OuterRef("pk"),
        duty__state=Duty.State.OPEN,
        duty__updates__review_state__in=WAITS_FOR_THE_AGENCY,
        answer__isnull=True,
    ).order_by("id")
    placed = duties.annotate(
        answerable=Coalesce("assignment__agency", "agency"),
        begun=Min("updates__draft__begun_at"),
        until=Subquery(asks.values("until_on")[:1]),
        because=Coalesce(Subquery(asks.values("reason")[:1]), Value("", TextField())),
    )
    found: QuerySet[Any] = placed.annotate(vacant=~acted_for(day, agency="answerable"))
    return found


def concerns(line: DutyLine, told: Told) -> list[Concern]:
    """Return every list in which a duty stands.

    What a coordinator looks after: who is overdue, has not begun, asks for time, or has
    nobody who can act.
    """
    missing = line.is_expected and line.standing == DutyStanding.MISSING
    asks = told.asks_until is not None
    begun = told.draft_since is not None
    vacant = told.is_vacant and line.is_expected and line.standing in WITH_THE_AGENCY
    found = {
        Concern.NEEDS: line.is_overdue or (missing and not begun) or asks or vacant,
        Concern.ASKS: asks,
        Concern.LATE: line.is_late,
        Concern.VACANT: vacant,
        Concern.NOT_BEGUN: missing and not begun,
        Concern.MISSING: missing,
        Concern.IN_REVIEW: line.standing == DutyStanding.IN_REVIEW,
        Concern.RETURNED: line.standing == DutyStanding.RETURNED,
        Concern.ALL: True,
    }
    return [concern for concern, holds in found.items() if holds]


def with_concern(duties: QuerySet[Any], concern: str, *, at: datetime) -> set[int]:
    """Return which of these duties stand in a list at present; 3 queries."""
    lines = lines_among(duties, at)
    # Of these, and not of `duties` again: one may leave them between two statements.
    asked = Duty.objects.filter(pk__in=[line.duty_id for line in lines])
    rows = telling(asked, day=at.date()).values_list("pk", *TOLD)
    told = {pk: Told(*of_it) for pk, *of_it in rows}
    return {line.duty_id for line in lines if concern in concerns(line, told[line.duty_id])}
