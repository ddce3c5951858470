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


@dataclass(frozen=True, kw_only=True)
class AreaStage:
    """Where the actions of one area stood at the end of a round."""

    round_code: str
    at: datetime
    area_code: str
    actions: ActionTally


@dataclass(frozen=True, kw_only=True)
class CodedStage:
    """Where all actions stood at the end of a round, and those of each area by its code."""

    code: str
    at: datetime
    is_newest: bool
    actions: ActionTally
    areas: tuple[AreaStage, ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """An action that stands otherwise than before the newest round opened."""

    action_code: str
    short_title: str
    before: str
    after: str
    direction: Direction


@dataclass(frozen=True, kw_only=True)
class CodedTrend(Figure):
    """The trend as a program reads it: areas and actions by their codes."""

    stages: tuple[CodedStage, ...]
    since: Opened | None
    changes: tuple[Change, ...]
    same: int

    @property
    def of_areas(self) -> tuple[AreaStage, ...]:
        """Return each area at the end of each round."""
        return tuple(area for stage in self.stages for area in stage.areas)


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


def coded_trend(framework: Framework, *, as_of: datetime, scope: Scope) -> CodedTrend:
    """Return the trend by the codes of areas and actions; 3 queries."""
    found = trend(framework, as_of=as_of, scope=scope)
    return CodedTrend(
        **stamp(Basis(framework, as_of, scope)),
        stages=tuple(
            CodedStage(
                code=one.code,
                at=one.at,
                is_newest=one.is_newest,
                actions=one.actions,
                areas=area_stages(one, found.areas),
            )
            for one in found.stages
        ),
        since=found.since,
        changes=tuple(change(one, found.actions[one.action_id]) for one in found.changes),
        same=found.same,
    )


def area_stages(stage: Stage, areas: Sequence[AreaFact]) -> tuple[AreaStage, ...]:
    """Return each area at the end of a round, by its code."""
    return tuple(
        AreaStage(round_code=stage.code, at=stage.at, area_code=area.code, actions=tally)
        for area, tally in zip(areas, stage.areas, strict=True)
    )


def change(moved: Moved, action: ActionFact) -> Change:
    """Return a change with the code of its action."""
    return Change(
        action_code=action.code,
        short_title=action.short_title,
        before=moved.before,
        after=moved.after,
        direction=moved.direction,
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
