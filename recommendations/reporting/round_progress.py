"""How far a round of reporting was at a moment: who had sent what, and who had not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from recommendations.models import Duty, Round, RoundTerms
from recommendations.reporting import facts
from recommendations.reporting.duties import SENT, DutyLine, DutyStanding, duty_lines
from recommendations.reporting.facts import AgencyFact, Basis, DidNotExist, Scope
from recommendations.reporting.figures import Figure, stamp

EXPECTED = {
    Duty.Kind.PROGRESS: ngettext_lazy(
        "%(count)d update expected", "%(count)d updates expected", "count"
    ),
    Duty.Kind.QUESTIONNAIRE: ngettext_lazy(
        "%(count)d questionnaire expected", "%(count)d questionnaires expected", "count"
    ),
}


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many duties of one kind there are, updates or questionnaires, and how they stand.

    expected = sent + missing; sent = approved + in review + returned. Waived and voluntary
    duties stand beside and are not expected. Late and overdue ones are among the expected.
    """

    kind: str
    expected: int
    sent: int
    approved: int
    in_review: int
    returned: int
    missing: int
    waived: int
    voluntary: int
    late: int
    overdue: int

    @property
    def sentence(self) -> str:
        """Return "210 expected: 172 sent (131 approved, 27 in review, 14 returned), …"."""
        words = EXPECTED[Duty.Kind(self.kind)]
        expected = words % {"count": self.expected}
        return _(
            "%(expected)s: %(sent)d sent (%(approved)d approved, %(in_review)d in review, "
            "%(returned)d returned), %(missing)d missing."
        ) % {
            "expected": expected,
            "sent": self.sent,
            "approved": self.approved,
            "in_review": self.in_review,
            "returned": self.returned,
            "missing": self.missing,
        }


@dataclass(frozen=True, kw_only=True)
class AgencyProgress:
    """One agency in a round: its numbers, and each of its duties.

    `progress` counts its updates, `questionnaires` the questionnaire beside them. A contributor
    that is not `counted` is shown, and in no total.
    """

    agency_code: str
    agency: str
    agency_name: str
    counted: bool
    progress: Progress
    questionnaires: Progress
    duties: tuple[DutyLine, ...]

    @property
    def questionnaire(self) -> DutyLine | None:
        """Return its questionnaire in this round, if it owes one."""
        kind = Duty.Kind.QUESTIONNAIRE
        return next((line for line in self.duties if line.kind == kind), None)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A duty, with the agency that owes it."""

    agency_code: str
    agency: str
    duty: DutyLine


@dataclass(frozen=True, kw_only=True)
class RoundProgress(Figure):
    """A round at a moment: its state and dates as they were, and every agency that owed.

    The agencies come sorted by what is missing, most first, then by acronym. `total` counts the
    updates and `questionnaires` the questionnaires of the agencies that are counted.
    `opened_at` is when it first opened, `closed_at` when it closed, if it is closed.
    """

    code: str
    state: str
    opens_on: date
    due_on: date
    closes_on: date
    opened_at: datetime | None
    closed_at: datetime | None
    is_closing: bool
    agencies: tuple[AgencyProgress, ...]
    total: Progress
    questionnaires: Progress

    @property
    def owed(self) -> tuple[Owed, ...]:
        """Return each duty of each agency."""
        return tuple(
            Owed(agency_code=one.agency_code, agency=one.agency, duty=duty)
            for one in self.agencies
            for duty in one.duties
        )

    def of(self, agencies: Collection[int]) -> RoundProgress:
        """Keep what these agencies owe, and count that alone."""
        kept = tuple(
            one for one in self.agencies if any(line.agency_id in agencies for line in one.duties)
        )
        lines = [line for one in kept if one.counted for line in one.duties]
        counted = progress(lines), progress(lines, Duty.Kind.QUESTIONNAIRE)
        return replace(self, agencies=kept, total=counted[0], questionnaires=counted[1])


def round_progress(round: Round, *, as_of: datetime) -> RoundProgress:
    """Return how far a round was at a moment, for the inside; 4 queries.

    Raises DidNotExist for a moment before the round was recorded.
    """
    basis = Basis(round.framework, as_of, Scope.INSIDE, round)
    terms = RoundTerms.objects.filter(round=round, recorded_at__lte=as_of)
    known = list(terms.order_by("recorded_at", "id"))
    if not known:
        raise DidNotExist
    then = known[-1]
    agencies, lines = facts.agencies(basis), duty_lines(basis)
    rows = [
        agency_progress(agency, [line for line in lines if line.agency_id == agency.id])
        for agency in agencies.values()
        if any(line.agency_id == agency.id for line in lines)
    ]
    counted = [line for line in lines if agencies[line.agency_id].counted]
    return RoundProgress(
        **stamp(basis),
        code=round.code,
        state=then.state,
        opens_on=then.opens_on,
        due_on=then.due_on,
        closes_on=then.closes_on,
        opened_at=next((one.recorded_at for one in known if one.state == Round.State.OPEN), None),
        closed_at=closed_at(known),
        is_closing=then.state == Round.State.OPEN and as_of.date() > then.due_on,
        agencies=tuple(sorted(rows, key=lambda row: -row.progress.missing)),
        total=progress(counted),
        questionnaires=progress(counted, Duty.Kind.QUESTIONNAIRE),
    )


def closed_at(terms: list[RoundTerms]) -> datetime | None:
    """Return since when a round has been closed; terms after that change no moment."""
    found = None
    for one in terms:
        closed = one.state == Round.State.CLOSED
        found = (found or one.recorded_at) if closed else None
    return found


def agency_progress(agency: AgencyFact, lines: list[DutyLine]) -> AgencyProgress:
    """Return one agency in a round."""
    return AgencyProgress(
        agency_code=agency.code,
        agency=agency.acronym,
        agency_name=agency.name,
        counted=agency.counted,
        progress=progress(lines),
        questionnaires=progress(lines, Duty.Kind.QUESTIONNAIRE),
        duties=tuple(lines),
    )


def progress(lines: Iterable[DutyLine], kind: str = Duty.Kind.PROGRESS) -> Progress:
    """Count the duties of a kind by what has become of them: updates, or questionnaires."""
    lines = [line for line in lines if line.kind == kind]
    expected = [line for line in lines if line.is_expected]

    def count(*standings: DutyStanding) -> int:
        return sum(line.standing in standings for line in expected)

    return Progress(
        kind=str(kind),
        expected=len(expected),
        sent=count(*SENT),
        approved=count(DutyStanding.APPROVED),
        in_review=count(DutyStanding.IN_REVIEW),
        returned=count(DutyStanding.RETURNED),
        missing=count(DutyStanding.MISSING),
        waived=sum(line.standing == DutyStanding.WAIVED for line in lines),
        voluntary=sum(line.voluntary for line in lines),
        late=sum(line.is_late for line in lines),
        overdue=sum(line.is_overdue for line in lines),
    )
