"""Where one agency stood on one action: each of its assignments there, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from agencies.models import Agency
from recommendations.domain.rollup import NO_REPORT
from recommendations.models import ACTIVE, LIVE, AcceptanceAnswer, Action
from recommendations.reporting import facts
from recommendations.reporting.facts import AssignmentFact, Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.tally import Shown, shown
from recommendations.reporting.timeline import Track, tracks


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where one assignment stood: the answer, the claim in force, what became of it.

    `claim` is what the agency says and `verified` whether the coordinator has assessed it,
    perhaps otherwise: `shown` is what counts. `sent_at` is the age of the information.
    """

    assignment_id: int
    role: str
    acceptance: str
    respond_by: date | None
    claim: str
    shown: Shown
    verified: bool
    since: datetime | None
    submission_id: int | None
    sent_at: datetime | None
    target_on: date | None
    target_precision: str
    target_text: str

    @property
    def differs(self) -> bool:
        """Say whether the coordinator sees another status than the agency claims."""
        return self.verified and self.claim != self.shown


@dataclass(frozen=True, kw_only=True)
class Thread(Figure):
    """The assignments of one agency on one action that the scope knew at the moment.

    `answers` are all that each assignment was answered, oldest first, and `tracks` every text
    of it that ever counted.
    """

    stands: tuple[Stand, ...]
    answers: dict[int, list[tuple[datetime, str]]]
    tracks: dict[int, Track]

    def of(self, assignment_id: int) -> Stand | None:
        """Return where an assignment stood, or None where the scope did not know it."""
        return next((one for one in self.stands if one.assignment_id == assignment_id), None)


def thread(action: Action, agency: Agency, *, as_of: datetime, scope: Scope) -> Thread:
    """Return where an agency stood on an action at a moment; 3 queries."""
    basis = Basis(action.framework, as_of, scope, action_id=action.pk, agency_id=agency.pk)
    seen, targets = tracks(basis), facts.target_dates(basis)
    found, answers = answered(basis)
    return Thread(
        **stamp(basis),
        answers=answers,
        tracks=seen,
        stands=tuple(
            stand(one, seen.get(one.id, Track()), targets.get(one.id, (None, "", "")), as_of)
            for one in sorted(found, key=lambda one: one.id, reverse=True)
        ),
    )


def answered(
    basis: Basis,
) -> tuple[list[AssignmentFact], dict[int, list[tuple[datetime, str]]]]:
    """Return the assignments that the scope knew, and every answer of each; one query."""
    rows = AcceptanceAnswer.objects.filter(
        recorded_at__lte=basis.as_of, **basis.within("assignment")
    ).order_by("recorded_at", "id")
    fields = ("action_id", "agency_id", "role", "respond_by")
    newest: dict[int, AssignmentFact] = {}
    answers: dict[int, list[tuple[datetime, str]]] = {}
    for at, *row in rows.values_list(
        "recorded_at", "assignment_id", *(f"assignment__{name}" for name in fields), "acceptance"
    ):
        fact = AssignmentFact(*row)
        newest[fact.id] = fact
        answers.setdefault(fact.id, []).append((at, fact.acceptance))
    shown = ACTIVE if basis.scope is Scope.PUBLIC else LIVE
    return [one for one in newest.values() if one.acceptance in shown], answers


def stand(
    assignment: AssignmentFact, track: Track, target: tuple[date | None, str, str], as_of: datetime
) -> Stand:
    """Return where one assignment stood."""
    text, standing = track.at(as_of)
    on, precision, words = target
    return Stand(
        assignment_id=assignment.id,
        role=assignment.role,
        acceptance=assignment.acceptance,
        respond_by=assignment.respond_by,
        claim=text.claim if text else "",
        shown=shown(standing if text else NO_REPORT),
        verified=standing.verified,
        since=track.since,
        submission_id=text.submission_id if text else None,
        sent_at=text.sent_at if text else None,
        target_on=on,
        target_precision=precision,
        target_text=words,
    )
