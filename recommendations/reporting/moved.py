"""What moved up or down between two moments: agencies on actions, and actions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.domain.rollup import roll_up
from recommendations.models import RollUp
from recommendations.reporting.lives import Life
from recommendations.reporting.sentences import listed
from recommendations.reporting.tally import Shown, shown


class Direction(TextChoices):
    """Which way a status moved; *other* where the two cannot be put in an order."""

    UP = "up", gettext_lazy("Moved up")
    DOWN = "down", gettext_lazy("Moved down")
    FIRST = "first", gettext_lazy("Reported for the first time")
    OTHER = "other", gettext_lazy("Changed otherwise")


STEPS: dict[str, int] = {
    Shown.NOT_STARTED: 1,
    Shown.ON_HOLD: 1,
    Shown.IN_PROGRESS: 2,
    Shown.CONTINUING: 2,
    Shown.REPORTED_IMPLEMENTED: 3,
    RollUp.PARTLY_IMPLEMENTED: 3,
    Shown.IMPLEMENTED: 4,
    Shown.DISCONTINUED: 0,
    RollUp.CLOSED_NOT_IMPLEMENTED: 0,
}
"""How far a status is. Those of one step are neither above nor below each other."""
SILENT = (Shown.NO_REPORT, RollUp.NO_INFORMATION)


def direction(before: str, after: str) -> Direction:
    """Return which way a status moved."""
    if before in SILENT and after in STEPS:
        return Direction.FIRST
    if before not in STEPS or after not in STEPS or STEPS[before] == STEPS[after]:
        return Direction.OTHER
    return Direction.UP if STEPS[after] > STEPS[before] else Direction.DOWN


@dataclass(frozen=True)
class Moved:
    """An action, or an agency on it (else `agency_id` is None), whose status is another one."""

    action_id: int
    agency_id: int | None
    before: str
    after: str

    @property
    def direction(self) -> Direction:
        """Return which way it moved."""
        return direction(self.before, self.after)


def moved_assignments(lives: Iterable[Life], since: datetime, until: datetime) -> list[Moved]:
    """Return the assignments, active at both moments, whose status was another one."""
    found = [
        Moved(
            one.action_id,
            one.agency_id,
            shown(one.standing(since)).value,
            shown(one.standing(until)).value,
        )
        for one in lives
        if one.was_active(since) and one.was_active(until)
    ]
    return [one for one in found if one.before != one.after]


def moved_actions(lives: Iterable[Life], since: datetime, until: datetime) -> list[Moved]:
    """Return the actions whose roll-up was another one, of those somebody was ever asked for."""
    by_action: dict[int, list[Life]] = defaultdict(list)
    for one in lives:
        by_action[one.action_id].append(one)
    found = [
        Moved(action, None, rolled_up(of, since), rolled_up(of, until))
        for action, of in by_action.items()
    ]
    return [one for one in found if one.before != one.after]


def rolled_up(lives: Iterable[Life], moment: datetime) -> str:
    """Return where an action stood at a moment, over its leads of then."""
    return roll_up(one.standing(moment) for one in lives if one.decided(moment)).value


def moved_sentence(actions: Iterable[Moved]) -> str:
    """Return "2 actions moved up, 1 down, 3 reported for the first time, 0 otherwise."."""
    counts = Counter(one.direction for one in actions)
    up = ngettext("%(count)d action moved up", "%(count)d actions moved up", counts[Direction.UP])
    parts = [
        up % {"count": counts[Direction.UP]},
        _("%(count)d down") % {"count": counts[Direction.DOWN]},
        _("%(count)d reported for the first time") % {"count": counts[Direction.FIRST]},
    ]
    if counts[Direction.OTHER]:
        parts.append(_("%(count)d changed otherwise") % {"count": counts[Direction.OTHER]})
    return _("%(parts)s.") % {"parts": listed(parts)}
