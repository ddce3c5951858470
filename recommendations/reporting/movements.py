"""What moved between two moments: opening + new + reopened - closed = closing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.utils.translation import gettext as _

from recommendations.domain.rollup import NO_REPORT, LeadStanding
from recommendations.models import ACTIVE, AcceptanceAnswer, Framework
from recommendations.reporting import facts
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.tally import is_closed
from recommendations.reporting.timeline import Track, tracks
from recommendations.reporting.wordings import worded


class Place(Enum):
    """Where an assignment is in the books: not yet taken on, still to do, or done with."""

    OUTSIDE = "outside"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Movement:
    """How many assignments were open, and what became of them, between two moments.

    `new`: taken on. `reopened`: open again after they were closed. `closed`: implemented and
    verified, discontinued, ended or withdrawn. One that was closed and reopened counts in
    both, so that `opening + new + reopened - closed = closing` always holds.
    """

    name: str
    opening: int
    new: int
    reopened: int
    closed: int
    closing: int

    @property
    def sum(self) -> str:
        """Return "opening 40 + new 2 + reopened 1 − closed 3": what makes up the rest."""
        return _(
            "opening %(opening)d + new %(new)d + reopened %(reopened)d − closed %(closed)d"
        ) % {
            "opening": self.opening,
            "new": self.new,
            "reopened": self.reopened,
            "closed": self.closed,
        }


@dataclass(frozen=True, kw_only=True)
class Movements(Figure):
    """The movements of a framework, of each area and of each agency, up to `as_of`.

    Agencies overlap: an action that two share is an assignment of each.
    """

    since: datetime
    total: Movement
    areas: tuple[Movement, ...]
    agencies: tuple[Movement, ...]


@dataclass(frozen=True)
class Course:
    """Where one assignment was: each move with its moment, oldest first."""

    area_id: int
    agency_id: int
    moves: tuple[tuple[datetime, Place], ...]

    def at(self, moment: datetime) -> Place:
        """Return where it was at a moment."""
        return next((place for at, place in reversed(self.moves) if at <= moment), Place.OUTSIDE)

    def entries(self, since: datetime, until: datetime) -> Iterator[tuple[Place, Place]]:
        """Yield each move after one moment and up to another, as (from, to)."""
        before = self.at(since)
        for at, place in self.moves:
            if since < at <= until:
                yield before, place
                before = place


def movements(framework: Framework, *, since: datetime, as_of: datetime, scope: Scope) -> Movements:
    """Return what moved after one moment and up to another; 4 queries."""
    basis = Basis(framework, as_of, scope)
    (areas, _actions), agencies = worded(basis), facts.agencies(basis)
    courses = list(courses_of(basis))
    by_area: dict[str, list[Course]] = defaultdict(list)
    by_agency: dict[str, list[Course]] = defaultdict(list)
    for course in courses:
        by_area[areas[course.area_id].code].append(course)
        by_agency[agencies[course.agency_id].code].append(course)

    def counted(name: str, of: Iterable[Course]) -> Movement:
        return movement(name, list(of), since, as_of)

    return Movements(
        **stamp(basis),
        since=since,
        total=counted("", courses),
        areas=tuple(counted(name, of) for name, of in sorted(by_area.items())),
        agencies=tuple(counted(name, of) for name, of in sorted(by_agency.items())),
    )


def total_movement(
    framework: Framework, *, since: datetime, as_of: datetime, scope: Scope
) -> Movement:
    """Return what moved in the whole framework; 2 queries."""
    return movement("", list(courses_of(Basis(framework, as_of, scope))), since, as_of)


def movement(name: str, courses: list[Course], since: datetime, until: datetime) -> Movement:
    """Count the moves of these assignments, each move on its own."""
    moves = [move for course in courses for move in course.entries(since, until)]
    return Movement(
        name=name,
        opening=sum(course.at(since) is Place.OPEN for course in courses),
        new=moves.count((Place.OUTSIDE, Place.OPEN)),
        reopened=moves.count((Place.CLOSED, Place.OPEN)),
        closed=moves.count((Place.OPEN, Place.CLOSED)),
        closing=sum(course.at(until) is Place.OPEN for course in courses),
    )


def courses_of(basis: Basis) -> Iterator[Course]:
    """Yield the course of every assignment that was ever taken on; 2 queries."""
    seen = tracks(basis)
    answers: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    place: dict[int, tuple[int, int]] = {}
    rows = AcceptanceAnswer.objects.filter(
        recorded_at__lte=basis.as_of, **basis.within("assignment")
    ).order_by("recorded_at", "id")
    for pk, area, agency, acceptance, at in rows.values_list(
        "assignment_id",
        "assignment__action__area_id",
        "assignment__agency_id",
        "acceptance",
        "recorded_at",
    ):
        answers[pk].append((at, acceptance))
        place[pk] = area, agency
    for pk, given in answers.items():
        moves = tuple(moves_of(given, seen.get(pk, Track())))
        yield Course(*place[pk], moves)


def moves_of(answers: list[tuple[datetime, str]], track: Track) -> Iterator[tuple[datetime, Place]]:
    """Yield each change of place that the answers and the standings of an assignment make."""
    steps = track.steps
    before = Place.OUTSIDE
    for moment in sorted({at for at, _said in answers} | {step.at for step in steps}):
        acceptance = [said for at, said in answers if at <= moment][-1:]
        standing = [step.standing for step in steps if step.at <= moment][-1:]
        place = place_of(acceptance, standing, before)
        if place is not before:
            yield moment, place
            before = place


def place_of(acceptance: list[str], standing: list[LeadStanding], before: Place) -> Place:
    """Return where an assignment is; what has left the books is done with, not outside."""
    if not acceptance or acceptance[0] not in ACTIVE:
        return before if before is Place.OUTSIDE else Place.CLOSED
    done = is_closed(standing[0] if standing else NO_REPORT)
    return Place.CLOSED if done else Place.OPEN
