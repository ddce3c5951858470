"""Do the stored copies say what the rows say? The count behind `manage.py recount`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from recommendations.domain.rollup import NO_REPORT, LeadStanding, roll_up
from recommendations.models import (
    ACTIVE,
    LEADING,
    AcceptanceAnswer,
    Assignment,
    Duty,
    Framework,
    RoundTerms,
)
from recommendations.reporting import facts
from recommendations.reporting.duties import DutyLine, DutyStanding, duty_lines
from recommendations.reporting.facts import Basis, Scope, newest

END = datetime(9999, 1, 1, tzinfo=UTC)
"""After everything recorded, also by a machine whose clock is ahead."""

DUTY_STATES = {
    DutyStanding.APPROVED: Duty.State.MET,
    DutyStanding.WAIVED: Duty.State.WAIVED,
}


@dataclass(frozen=True)
class Difference:
    """A stored copy that does not say what the rows say.

    `can_mend` marks the roll-ups, which `rollup.refresh` rewrites; a state or a date that
    differs was written around the workflow, and a person has to look.
    """

    what: str
    field: str
    stored: Any
    counted: Any
    can_mend: bool = True

    def __str__(self) -> str:
        return (
            f"{self.what}: {self.field} is {said(self.stored)}, the rows say {said(self.counted)}"
        )


def said(value: Any) -> str:
    """Return a value as the command prints it."""
    return "empty" if value in ("", None) else str(value)


def differences(framework: Framework) -> list[Difference]:
    """Return where the stored copies of a framework differ from its rows."""
    basis = Basis(framework, END, Scope.INSIDE)
    return [*of_assignments(basis), *of_duties(basis), *of_rounds(basis)]


def differing(
    what: Any, row: Any, counted: dict[str, Any], *, can_mend: bool = True
) -> Iterator[Difference]:
    """Yield the fields of a row that do not say what was counted."""
    for field, value in counted.items():
        stored = getattr(row, field)
        if stored != value:
            yield Difference(str(what), field, stored, value, can_mend)


def of_assignments(basis: Basis) -> Iterator[Difference]:
    """Compare each assignment with its facts, and each action with its leads."""
    effects, targets, answers = facts.effects(basis), facts.target_dates(basis), answered(basis)
    leads: dict[int, list[LeadStanding]] = defaultdict(list)
    rows = Assignment.objects.filter(action__framework=basis.framework)
    for row in rows.select_related("action", "agency").order_by("id"):
        text, standing = effects.get(row.pk, (None, NO_REPORT))
        copies = {
            "in_force_id": text.submission_id if text else None,
            "effective_status": standing.status,
            "verified": standing.verified,
        }
        yield from differing(row, row, copies)
        on, precision, words = targets.get(row.pk, (None, "", ""))
        terms = {
            "acceptance": answers.get(row.pk),
            "target_on": on,
            "target_precision": precision,
            "target_text": words,
        }
        yield from differing(row, row, terms, can_mend=False)
        if answers.get(row.pk) in ACTIVE and row.role in LEADING:
            leads[row.action_id].append(standing)
    for action in basis.framework.actions.order_by("id"):
        yield from differing(action.code, action, {"standing": roll_up(leads[action.pk])})


def answered(basis: Basis) -> dict[int, str]:
    """Return the newest answer of each assignment, live or not."""
    rows = AcceptanceAnswer.objects.filter(**basis.within("assignment"))
    return dict(newest(rows, "assignment").values_list("assignment_id", "acceptance"))


def of_duties(basis: Basis) -> Iterator[Difference]:
    """Compare each duty with what was sent and decided for it, and with its due dates."""
    lines: dict[int, DutyLine] = {line.duty_id: line for line in duty_lines(basis)}
    duties = Duty.objects.filter(round__framework=basis.framework)
    related = ("round", "assignment__action", "assignment__agency", "agency")
    for duty in duties.select_related(*related).order_by("id"):
        line = lines[duty.pk]
        counted = {
            "state": DUTY_STATES.get(line.standing, Duty.State.OPEN),
            "due_on": line.due_on,
        }
        yield from differing(duty, duty, counted, can_mend=False)


def of_rounds(basis: Basis) -> Iterator[Difference]:
    """Compare each round with the newest of its terms."""
    terms = newest(RoundTerms.objects.filter(round__framework=basis.framework), "round")
    by_round = {one.round_id: one for one in terms}
    for round in basis.framework.rounds.order_by("id"):
        then = by_round.get(round.pk)
        fields = ("state", "opens_on", "due_on", "closes_on", "held")
        counted = {name: getattr(then, name, None) for name in fields}
        yield from differing(round, round, counted, can_mend=False)
