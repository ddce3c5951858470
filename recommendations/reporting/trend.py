"""Is follow-up moving? Where the actions stood at the end of each round, and what moved since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import Framework
from recommendations.reporting.entries import Entries, Opened, entries
from recommendations.reporting.facts import ActionFact, AreaFact, Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.lives import Life, lives
from recommendations.reporting.moved import Direction, Moved, moved_sentence, rolled_up
from recommendations.reporting.tally import ActionTally, tally_actions
from recommendations.reporting.timeline import tracks


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where the actions stood at the end of a round: all of them, and those of each area.

    A round ends, for a figure, when the next one opens, so that what was decided after it
    closed still counts in it. The newest one has not ended: it shows the moment asked for.
    """

    code: str
    at: datetime
    is_newest: bool
    actions: ActionTally
    areas: tuple[ActionTally, ...]


@dataclass(frozen=True, kw_only=True)
class Trend(Figure):
    """Where the actions stood at the end of each round, oldest first.

    `changes` compare the moment with that before the newest round opened, `since`, which is
    None where no round had opened. An action that was entered since then is no change.
    """

    areas: tuple[AreaFact, ...]
    stages: tuple[Stage, ...]
    since: Opened | None
    actions: dict[int, ActionFact]
    changes: tuple[Moved, ...]
    same: int

    @property
    def sentence(self) -> str:
        """Return "Since round R2 opened: 3 actions moved up, 1 down, … 12 did not change."."""
        if self.since is None:
            return _("No round had opened yet.")
        said = _("Since round %(round)s opened: %(moved)s") % {
            "round": self.since.code,
            "moved": moved_sentence(self.changes),
        }
        words = ngettext(
            "%(count)d action did not change.", "%(count)d actions did not change.", self.same
        )
        return f"{said} {words % {'count': self.same}}"

    @property
    def groups(self) -> list[tuple[Direction, list[Moved]]]:
        """Return the changes by which way they went."""
        found = [(way, [one for one in self.changes if one.direction == way]) for way in Direction]
        return [(way, changes) for way, changes in found if changes]


@dataclass(frozen=True)
class Read:
    """The facts behind a trend, read once."""

    entries: Entries
    lives: tuple[Life, ...]

    def stood(self, at: datetime) -> dict[int, str]:
        """Return the roll-up of each action that was there at a moment."""
        of_action: dict[int, list[Life]] = {
            pk: [] for pk in self.entries.actions if self.entries.entered[pk] <= at
        }
        for life in self.lives:
            if life.action_id in of_action:
                of_action[life.action_id].append(life)
        return {pk: rolled_up(of, at) for pk, of in of_action.items()}


def trend(framework: Framework, *, as_of: datetime, scope: Scope) -> Trend:
    """Return how the actions of a framework moved from round to round, up to a moment; 3 queries.

    The same numbers as the overview of each of those moments.
    """
    basis = Basis(framework, as_of, scope)
    return trend_of(basis, Read(entries(basis), tuple(lives(basis, tracks(basis)))))


def trend_of(basis: Basis, read: Read) -> Trend:
    """Return the trend from what was read already."""
    opened, as_of = read.entries.opened, basis.as_of
    since = opened[-1] if opened else None
    before, now = (read.stood(since.at) if since else {}), read.stood(as_of)
    changes = tuple(
        Moved(pk, None, stood, now[pk]) for pk, stood in before.items() if stood != now[pk]
    )
    return Trend(
        **stamp(basis),
        areas=tuple(read.entries.areas.values()),
        stages=tuple(
            stage(one, at, read, is_newest=one is since)
            for one, at in zip(opened, ends(opened, as_of), strict=True)
        ),
        since=since,
        actions=read.entries.actions,
        changes=changes,
        same=len(before) - len(changes),
    )


def stage(round: Opened, at: datetime, read: Read, *, is_newest: bool) -> Stage:
    """Return where the actions stood at the end of a round."""
    stood = read.stood(at)
    by_area: dict[int, list[str]] = {area: [] for area in read.entries.areas}
    for pk, standing in stood.items():
        by_area[read.entries.actions[pk].area_id].append(standing)
    return Stage(
        code=round.code,
        at=at,
        is_newest=is_newest,
        actions=tally_actions(stood.values()),
        areas=tuple(tally_actions(of) for of in by_area.values()),
    )


def ends(opened: Sequence[Opened], as_of: datetime) -> Iterable[datetime]:
    """Return the moment for which each round stands: the next opening, and at last the moment."""
    return [*(one.at for one in opened[1:]), as_of] if opened else []
