"""The whole life of every assignment up to a moment: each answer, each text, each status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from recommendations.domain.rollup import LeadStanding
from recommendations.models import ACTIVE, LEADING, LIVE, AcceptanceAnswer
from recommendations.reporting.facts import AssignmentFact, Basis, Scope
from recommendations.reporting.movements import Course, moves_of
from recommendations.reporting.timeline import Track


@dataclass(frozen=True)
class Life:
    """An assignment, whose it is, how it was answered, and all that ever counted of it."""

    assignment_id: int
    action_id: int
    area_id: int
    agency_id: int
    role: str
    answers: tuple[tuple[datetime, str], ...]
    track: Track

    def was_active(self, moment: datetime) -> bool:
        """Say whether it was taken on, in full or in part, at a moment."""
        said = [acceptance for at, acceptance in self.answers if at <= moment]
        return bool(said) and said[-1] in ACTIVE

    def decided(self, moment: datetime) -> bool:
        """Say whether the roll-up of its action looked at it at a moment."""
        return self.role in LEADING and self.was_active(moment)

    def standing(self, moment: datetime) -> LeadStanding:
        """Return where it stood at a moment."""
        return self.track.at(moment)[1]

    @property
    def course(self) -> Course:
        """Return its way through the books, for the movement between two moments."""
        moves = tuple(moves_of([*self.answers], self.track))
        return Course(self.area_id, self.agency_id, moves)


def lives(basis: Basis, seen: Mapping[int, Track]) -> list[Life]:
    """Return the life of every assignment that was ever asked for; one query.

    `seen` are the tracks of the same basis.
    """
    rows = AcceptanceAnswer.objects.filter(
        recorded_at__lte=basis.as_of, **basis.within("assignment")
    ).order_by("assignment_id", "recorded_at", "id")
    fields = ("action_id", "action__area_id", "agency_id", "role")
    places: dict[int, tuple[int, int, int, str]] = {}
    answers: dict[int, list[tuple[datetime, str]]] = {}
    for pk, at, acceptance, *place in rows.values_list(
        "assignment_id", "recorded_at", "acceptance", *(f"assignment__{name}" for name in fields)
    ):
        action, area, agency, role = place
        places[pk] = action, area, agency, role
        answers.setdefault(pk, []).append((at, acceptance))
    return [
        Life(pk, *places[pk], tuple(given), seen.get(pk, Track())) for pk, given in answers.items()
    ]


def assignments_of(basis: Basis, known: Iterable[Life]) -> list[AssignmentFact]:
    """Return the assignments of the scope, as `facts.assignments` does but without their dates."""
    shown = ACTIVE if basis.scope is Scope.PUBLIC else LIVE
    return [
        AssignmentFact(one.assignment_id, one.action_id, one.agency_id, one.role, None, said)
        for one in known
        if (said := one.answers[-1][1]) in shown
    ]
