"""What readers see of a status, and how many there are of each: the numbers of every picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from recommendations.domain.rollup import LeadStanding
from recommendations.models import CLOSED_STATUSES, ImplementationStatus, RollUp
from recommendations.reporting import sentences


class Shown(TextChoices):
    """Where one assignment stands, as pages and files show it; pictures keep this order.

    A claim of *implemented* that nobody verified is shown apart: it counts as open.
    """

    IMPLEMENTED = "implemented", _("Implemented")
    REPORTED_IMPLEMENTED = (
        "reported_implemented",
        _("Reported implemented, to be verified"),
    )
    CONTINUING = "continuing", _("Continuing")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    NOT_STARTED = "not_started", _("Not started")
    DISCONTINUED = "discontinued", _("Discontinued")
    NO_REPORT = "no_report", _("No report yet")


ROLL_UPS = (
    RollUp.IMPLEMENTED,
    RollUp.REPORTED_IMPLEMENTED,
    RollUp.PARTLY_IMPLEMENTED,
    RollUp.CONTINUING,
    RollUp.IN_PROGRESS,
    RollUp.ON_HOLD,
    RollUp.NOT_STARTED,
    RollUp.CLOSED_NOT_IMPLEMENTED,
    RollUp.NO_INFORMATION,
    RollUp.NO_LEAD,
)
"""The order in which pictures show where actions stand."""


def shown(standing: LeadStanding) -> Shown:
    """Return what a reader sees of an effective status."""
    if not standing.status:
        return Shown.NO_REPORT
    if standing.status == ImplementationStatus.IMPLEMENTED and not standing.verified:
        return Shown.REPORTED_IMPLEMENTED
    return Shown(standing.status)


def is_closed(standing: LeadStanding) -> bool:
    """Say whether nothing is left to do: implemented, verified, or discontinued."""
    done = standing.status in CLOSED_STATUSES
    return done and shown(standing) != Shown.REPORTED_IMPLEMENTED


@dataclass(frozen=True)
class Count:
    """How many there are of one value; `before` is how many the values before it have.

    A bar of a width of `total` draws this part from `before`, `count` wide.
    """

    value: Shown | RollUp
    count: int
    before: int


@dataclass(frozen=True)
class Tally:
    """How many there are of each value, in the order of the pictures; none is counted too."""

    counts: tuple[Count, ...]
    total: int

    def of(self, value: str) -> int:
        """Return how many there are of a value."""
        return next(count.count for count in self.counts if count.value == value)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Return the values and their numbers."""
        return [(count.value.value, count.count) for count in self.counts]


class ActionTally(Tally):
    """Actions by where they stand; an action counts once, whoever shares it."""

    @property
    def sentence(self) -> str:
        """Return "16 actions: 1 implemented, …"."""
        return sentences.breakdown(sentences.actions(self.total), self.parts)


class AssignmentTally(Tally):
    """Active assignments by where they stand; "no report yet" is one of them."""

    @property
    def sentence(self) -> str:
        """Return "200 assignments: 37 implemented, …"."""
        return sentences.breakdown(sentences.assignments(self.total), self.parts)


def counted(values: Iterable[str], order: Sequence[Shown | RollUp]) -> tuple[Count, ...]:
    """Return the count of each value of the order."""
    values = list(values)
    counts, before = [], 0
    for value in order:
        counts.append(Count(value, values.count(value), before))
        before += counts[-1].count
    return tuple(counts)


def tally_actions(values: Iterable[str]) -> ActionTally:
    """Count actions by their roll-up."""
    counts = counted(values, ROLL_UPS)
    return ActionTally(counts, sum(count.count for count in counts))


def tally_assignments(values: Iterable[str]) -> AssignmentTally:
    """Count assignments by what a reader sees of their status."""
    counts = counted(values, tuple(Shown))
    return AssignmentTally(counts, sum(count.count for count in counts))
