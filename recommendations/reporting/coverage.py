"""What nobody has taken up: each action with its leads, its reports and its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from recommendations.models import Framework
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.gaps import Gaps, gaps_of
from recommendations.reporting.latest import pieces_of
from recommendations.reporting.overview import ActionLine, action_lines
from recommendations.reporting.standings import Reading, read


@dataclass(frozen=True)
class CoverLine:
    """An action in a file: how many lead and support it, have answered and reported."""

    action: str
    area: str
    leads: int
    supporting: int
    not_answered: int
    leads_reported: int
    evidence: int


@dataclass(frozen=True)
class Cover:
    """An action: who leads it, how many support it, and how many pieces of evidence it has.

    Evidence of the texts in force; for the public only what is public.
    """

    line: ActionLine
    evidence: int

    @property
    def supporting(self) -> int:
        """Return how many agencies support it."""
        return self.line.assignments.total - self.line.reported.leads

    @property
    def as_line(self) -> CoverLine:
        """Return it as a line of a file."""
        line, reported = self.line, self.line.reported
        return CoverLine(
            action=line.code,
            area=line.area_code,
            leads=reported.leads,
            supporting=self.supporting,
            not_answered=line.awaiting,
            leads_reported=reported.reporting,
            evidence=self.evidence,
        )

    @property
    def gaps(self) -> tuple[bool, bool, bool]:
        """Say what it lacks: a lead, a report of every lead, any evidence."""
        reported = self.line.reported
        return not reported.leads, reported.reporting < reported.leads, not self.evidence


@dataclass(frozen=True, kw_only=True)
class Lacking(Gaps):
    """The gaps of a framework, and every action with what it lacks, those that lack most first."""

    coverage: tuple[CoverLine, ...]


def lacking(framework: Framework, *, as_of: datetime, scope: Scope) -> Lacking:
    """Return the gaps and the coverage at a moment; 5 queries."""
    basis = Basis(framework, as_of, scope)
    reading = read(basis)
    lines = tuple(one.as_line for one in coverage(basis, reading))
    return Lacking(**vars(gaps_of(basis, reading)), coverage=lines)


def coverage(basis: Basis, reading: Reading) -> tuple[Cover, ...]:
    """Return every action, those that lack most first; one query beside the reading."""
    found = evidence_of(basis, reading)
    covers = [
        Cover(line, sum(found.get(text, 0) for text in texts_of(reading, action)))
        for action, line in zip(reading.actions, action_lines(reading), strict=True)
    ]
    return tuple(sorted(covers, key=lambda one: (not one.gaps[0], -sum(one.gaps))))


def texts_of(reading: Reading, action: int) -> list[int]:
    """Return the submissions in force on an action."""
    standings = reading.standings[action]
    return [one.submission_id for one in standings if one.submission_id is not None]


def evidence_of(basis: Basis, reading: Reading) -> dict[int, int]:
    """Return how many pieces of evidence each text in force has."""
    texts: Sequence[int] = [pk for action in reading.actions for pk in texts_of(reading, action)]
    pieces = pieces_of(basis).filter(submission__in=texts)
    return dict(pieces.values("submission").annotate(n=Count("id")).values_list("submission", "n"))
