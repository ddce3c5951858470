"""Requests for more time, as pages show them to the two sides."""

from __future__ import annotations

from recommendations.domain import access
from recommendations.models import Duty, ReviewState, Round, TimeRequest
from recommendations.web.visitor import Visitor

WAITS_FOR_THE_AGENCY = (ReviewState.DRAFT, ReviewState.RETURNED)


def unanswered(round: Round, who: Visitor) -> list[TimeRequest]:
    """Return the requests of a round that a reader sees and that wait for an answer; one query.

    One whose update is sent meanwhile waits for nothing.
    """
    return list(
        TimeRequest.objects.filter(
            duty__round=round,
            duty__in=access.visible_duties(who.roles).values("pk"),
            duty__state=Duty.State.OPEN,
            duty__updates__review_state__in=WAITS_FOR_THE_AGENCY,
            answer__isnull=True,
        )
        .select_related("duty__assignment__action", "duty__assignment__agency", "duty__agency")
        .select_related("duty__round", "recorded_by")
        .order_by("duty__due_on", "id")
    )


def newest(duty: Duty) -> TimeRequest | None:
    """Return the newest request of a duty with its answer; one query."""
    rows = duty.time_requests.select_related("answer", "recorded_by")
    return rows.order_by("-id").first()
