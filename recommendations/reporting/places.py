"""The figures of one place: of an action, of an area, of an agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies.models import Agency
from recommendations.models import (
    Action,
    ActionWording,
    AreaWording,
    Framework,
    PriorityArea,
    Role,
    Round,
)
from recommendations.reporting import timeline
from recommendations.reporting.duties import Timeliness, duty_lines, timeliness
from recommendations.reporting.facts import Basis, DidNotExist, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.latest import Excerpt, LatestText, excerpts, latest_texts
from recommendations.reporting.overview import ActionLine, Total, action_line, area_line
from recommendations.reporting.standings import DatedStanding, Standing, dated, read, tally_active
from recommendations.reporting.tally import AssignmentTally, Shown, shown

ROLES = (Role.LEAD, Role.CO_LEAD, Role.SUPPORTING)


@dataclass(frozen=True, kw_only=True)
class AgencyOnAction:
    """One agency on an action; `excerpt` is None without a text in force."""

    standing: DatedStanding
    excerpt: Excerpt | None


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """On this day the status of an agency on an action changed, as a reader saw it."""

    at: datetime
    agency_code: str
    agency: str
    before: Shown
    after: Shown


@dataclass(frozen=True, kw_only=True)
class ActionPage(Figure):
    """One action: its text, where it stands, each agency on it, and how that came about."""

    area_title: str
    official_text: str
    line: ActionLine
    agencies: tuple[AgencyOnAction, ...]
    changes: tuple[StatusChange, ...]


@dataclass(frozen=True, kw_only=True)
class AreaPage(Figure):
    """One area: its text, its actions, and its newest texts."""

    code: str
    title: str
    statement: str
    actions: tuple[ActionLine, ...]
    total: Total
    latest: tuple[LatestText, ...]


@dataclass(frozen=True, kw_only=True)
class AgencyPage(Figure):
    """One agency: where it stands on each of its actions, and its newest texts.

    `timeliness` is for the inside: the public page ranks nobody, and it is empty there.
    """

    code: str
    acronym: str
    name: str
    category: str
    rows: tuple[DatedStanding, ...]
    assignments: AssignmentTally
    leads: int
    latest: tuple[LatestText, ...]
    timeliness: tuple[Timeliness, ...]


def action_page(
    action: Action, *, as_of: datetime, scope: Scope, round: Round | None = None
) -> ActionPage:
    """Return the figures of an action at a moment; 11 queries.

    Its agencies come by role, then by acronym. Raises DidNotExist for a moment before the
    action was recorded.
    """
    basis = Basis(action.framework, as_of, scope, round, action_id=action.pk)
    reading = read(basis)
    if action.pk not in reading.actions:
        raise DidNotExist
    fact = reading.actions[action.pk]
    area, standings = reading.areas[fact.area_id], reading.standings[action.pk]
    wording = ActionWording.objects.filter(action=action, recorded_at__lte=as_of)
    steps = timeline.steps(basis)
    texts = [one.submission_id for one in standings if one.submission_id is not None]
    beginnings = excerpts(basis, texts)
    by_role = sorted(standings, key=lambda one: [*ROLES].index(Role(one.role)))
    return ActionPage(
        **stamp(basis),
        area_title=area.title,
        official_text=wording.order_by("-recorded_at", "-id").values_list(
            "official_text", flat=True
        )[0],
        line=action_line(fact, area, by_role),
        agencies=tuple(
            AgencyOnAction(
                standing=dated(one, steps), excerpt=beginnings.get(one.submission_id or 0)
            )
            for one in by_role
        ),
        changes=status_changes(standings, steps),
    )


def status_changes(
    standings: Sequence[Standing], steps: dict[int, list[timeline.Step]]
) -> tuple[StatusChange, ...]:
    """Return how the statuses of these assignments moved, newest first."""
    changes = []
    for standing in standings:
        before = Shown.NO_REPORT
        for step in steps.get(standing.assignment_id, []):
            after = shown(step.standing)
            if after != before:
                changes.append(
                    StatusChange(
                        at=step.at,
                        agency_code=standing.agency_code,
                        agency=standing.agency,
                        before=before,
                        after=after,
                    )
                )
            before = after
    return tuple(sorted(changes, key=lambda change: change.at, reverse=True))


def area_page(
    area: PriorityArea,
    *,
    as_of: datetime,
    scope: Scope,
    round: Round | None = None,
    latest: int = 5,
) -> AreaPage:
    """Return the figures of an area at a moment; 10 queries.

    Raises DidNotExist for a moment before the area was recorded.
    """
    basis = Basis(area.framework, as_of, scope, round, area_id=area.pk)
    reading = read(basis)
    if area.pk not in reading.areas:
        raise DidNotExist
    line = area_line(reading.areas[area.pk], reading)
    wording = AreaWording.objects.filter(area=area, recorded_at__lte=as_of)
    return AreaPage(
        **stamp(basis),
        code=line.code,
        title=line.title,
        statement=wording.order_by("-recorded_at", "-id").values_list("statement", flat=True)[0],
        actions=line.actions,
        total=line.total,
        latest=latest_texts(basis, reading.actions, reading.agencies, latest),
    )


def agency_page(
    framework: Framework, agency: Agency, *, as_of: datetime, scope: Scope, latest: int = 5
) -> AgencyPage:
    """Return the figures of an agency in a framework at a moment; 11 queries, inside 14.

    Raises DidNotExist for a moment before the agency was recorded.
    """
    basis = Basis(framework, as_of, scope, agency_id=agency.pk)
    reading = read(basis)
    if agency.pk not in reading.agencies:
        raise DidNotExist
    fact, steps = reading.agencies[agency.pk], timeline.steps(basis)
    standings = reading.every_standing
    return AgencyPage(
        **stamp(basis),
        code=fact.code,
        acronym=fact.acronym,
        name=fact.name,
        category=agency.category,
        rows=tuple(dated(one, steps) for one in standings),
        assignments=tally_active(standings),
        leads=sum(one.decides for one in standings),
        latest=latest_texts(basis, reading.actions, reading.agencies, latest),
        timeliness=timeliness(duty_lines(basis)) if scope is Scope.INSIDE else (),
    )
