"""The rounds of reporting as they were at a moment: when each opened and when it closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from recommendations.models import Round, RoundTerms
from recommendations.reporting.facts import Basis
from recommendations.reporting.round_progress import closed_at


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A round with the dates that it had; `opened_at` is when it first opened, if it did."""

    round_id: int
    code: str
    state: str
    opens_on: date
    due_on: date
    closes_on: date
    opened_at: datetime | None
    closed_at: datetime | None


def turns(basis: Basis) -> list[Turn]:
    """Return the rounds that were recorded, in the order in which they open; one query."""
    rows = (
        RoundTerms.objects.filter(round__framework=basis.framework, recorded_at__lte=basis.as_of)
        .select_related("round")
        .order_by("recorded_at", "id")
    )
    by_round: dict[int, list[RoundTerms]] = {}
    for row in rows:
        by_round.setdefault(row.round_id, []).append(row)
    found = [turn(of) for of in by_round.values()]
    return sorted(found, key=lambda one: (one.opens_on, one.round_id))


def turn(terms: list[RoundTerms]) -> Turn:
    """Return a round from its terms, the oldest first."""
    then = terms[-1]
    opened = [one.recorded_at for one in terms if one.state == Round.State.OPEN]
    return Turn(
        round_id=then.round_id,
        code=then.round.code,
        state=then.state,
        opens_on=then.opens_on,
        due_on=then.due_on,
        closes_on=then.closes_on,
        opened_at=min(opened, default=None),
        closed_at=closed_at(terms),
    )
