"""The ladder of reminders: on which days before and after a date somebody is reminded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from recommendations.models import Round


@dataclass(frozen=True)
class Ladder:
    """Days counted from a date, then every so many days, none later than a last one.

    `every` of 0: not again after the days. Without `last` it goes on.
    """

    days: tuple[int, ...]
    every: int = 0
    last: int | None = None

    def newest(self, due_on: date, *, today: date) -> int | None:
        """Return the newest rung that has come by today; None where none has.

        A rung whose day passed while nobody looked merges into it.
        """
        passed = (today - due_on).days
        if self.last is not None:
            passed = min(passed, self.last)
        come = [day for day in self.days if day <= passed]
        end = max(self.days, default=0)
        if self.every and passed > end:
            come.append(end + (passed - end) // self.every * self.every)
        return max(come, default=None)

    def first_on(self, due_on: date, *, today: date) -> date | None:
        """Return the day of the first reminder from today on; None where none is meant.

        Where a rung has come already, that is today.
        """
        steps = [*self.days, *([max(self.days, default=0) + self.every] if self.every else [])]
        coming = [step for step in steps if self.last is None or step <= self.last]
        return max(today, due_on + timedelta(days=min(coming))) if coming else None


ANSWERS = Ladder(days=(-3, 0, 7), every=14)
"""An answer to a proposal, counted from the day until which it is asked for."""


def ladder_of(round: Round) -> Ladder:
    """Return when agencies are reminded of what is due in a round."""
    return Ladder(whole(round.reminder_days), round.reminder_every, round.reminder_last)


def whole(days: Iterable[int]) -> tuple[int, ...]:
    """Return the days in order, each once."""
    return tuple(sorted({int(day) for day in days}))
