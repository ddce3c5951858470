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
)
from recommendations.reporting.beginnings import title_then
from recommendations.reporting.duties import Timeliness, duty_lines, timeliness
from recommendations.reporting.facts import Basis, DidNotExist, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.latest import Excerpt, LatestText, excerpts, latest_texts
from recommendations.reporting.overview import ActionLine, Total, action_line, area_line
from recommendations.reporting.standings import DatedStanding, Standing, dated, read, tally_active
from recommendations.reporting.tally import AssignmentTally, Shown, shown
from recommendations.reporting.timeline import Track, tracks

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

    framework_title: str
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


def action_page(action: Action, *, as_of: datetime, scope: Scope) -> ActionPage:
    """Return the figures of an action at a moment; 6 queries.

    Its agencies come by role, then by acronym. Raises DidNotExist for a moment before the
    action was recorded.
    """
    basis = Basis(action.framework, as_of, scope, action_id=action.pk)
    seen = tracks(basis)
    reading = read(basis, seen)
    if action.pk not in reading.actions:
        raise DidNotExist
    fact = reading.actions[action.pk]
    wording = ActionWording.objects.filter(action=action, recorded_at__lte=as_of)
    told = wording.order_by("-recorded_at", "-id").annotate(
        framework_title=title_then("action__framework", as_of)
    )
    official_text, framework_title = told.values_list("official_text", "framework_title")[0]
    by_role = sorted(reading.standings[action.pk], key=lambda one: [*ROLES].index(Role(one.role)))
    texts = [one.submission_id for one in by_role if one.submission_id is not None]
    beginnings = excerpts(basis, texts)
    return ActionPage(
        **stamp(basis),
        framework_title=framework_title,
        area_title=reading.areas[fact.area_id].title,
        official_text=official_text,
        line=action_line(fact, by_role),
        agencies=tuple(
            AgencyOnAction(
                standing=dated(one, seen), excerpt=beginnings.get(one.submission_id or 0)
            )
            for one in by_role
        ),
        changes=status_changes(by_role, seen),
    )


def status_changes(
    standings: Sequence[Standing], seen: dict[int, Track]
) -> tuple[StatusChange, ...]:
    """Return how the statuses of these assignments moved, newest first."""
    changes = []
    for standing in standings:
        before = Shown.NO_REPORT
        for step in seen[standing.assignment_id].steps if standing.assignment_id in seen else ():
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
    latest: int = 5,
) -> AreaPage:
    """Return the figures of an area at a moment; 6 queries.

    Raises DidNotExist for a moment before the area was recorded.
    """
    basis = Basis(area.framework, as_of, scope, area_id=area.pk)
    wording = (
        AreaWording.objects.filter(area=area, recorded_at__lte=as_of)
        .order_by("-recorded_at", "-id")
        .first()
    )
    if wording is None:
        raise DidNotExist
    reading = read(basis)
    line = area_line(reading.areas[area.pk], reading)
    return AreaPage(
        **stamp(basis),
        code=line.code,
        title=line.title,
        statement=wording.statement,
        actions=line.actions,
        total=line.total,
        latest=latest_texts(basis, reading.actions, reading.agencies, latest),
    )


def agency_page(
    framework: Framework,
    agency: Agency,
    *,
    as_of: datetime,
    scope: Scope,
    latest: int = 5,
    with_timeliness: bool = True,
) -> AgencyPage:
    """Return the figures of an agency in a framework at a moment; 5 queries, inside 7.

    Raises DidNotExist for a moment before the agency was recorded.
    """
    basis = Basis(framework, as_of, scope, agency_id=agency.pk)
    seen = tracks(basis)
    reading = read(basis, seen)
    if agency.pk not in reading.agencies:
        raise DidNotExist
    fact, standings = reading.agencies[agency.pk], reading.every_standing
    return AgencyPage(
        **stamp(basis),
        code=fact.code,
        acronym=fact.acronym,
        name=fact.name,
        category=fact.category,
        rows=tuple(dated(one, seen) for one in standings),
        assignments=tally_active(standings),
        leads=sum(one.decides for one in standings),
        latest=latest_texts(basis, reading.actions, reading.agencies, latest),
        timeliness=timeliness(duty_lines(basis))
        if with_timeliness and scope is Scope.INSIDE
        else (),
    )
