"""The working groups: who leads them, and where the actions stand that were given to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from agencies.models import GroupMembership, WorkingGroup
from recommendations.models import Assignment, Framework
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.overview import ActionLine, action_lines
from recommendations.reporting.standings import Standing, read
from recommendations.reporting.tally import ActionTally, tally_actions


@dataclass(frozen=True)
class Given:
    """An action, and where each agency stands on it that got it through the group."""

    line: ActionLine
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Group:
    """A group, its places on the day of the moment by role, and what was given to it."""

    group: WorkingGroup
    places: tuple[tuple[str, tuple[str, ...]], ...]
    actions: tuple[Given, ...]
    tally: ActionTally


@dataclass(frozen=True, kw_only=True)
class Groups(Figure):
    """Every group; those to which something was given come first."""

    groups: tuple[Group, ...]


def groups(framework: Framework, *, as_of: datetime, scope: Scope) -> Groups:
    """Return the groups and where the actions given to them stood at a moment; 7 queries.

    An agency that is not named in the source is "".
    """
    basis = Basis(framework, as_of, scope)
    reading = read(basis)
    lines = {line.code: line for line in action_lines(reading)}
    through = dict(
        Assignment.objects.filter(action__framework=framework, through__isnull=False).values_list(
            "pk", "through_id"
        )
    )
    given: dict[int, dict[str, list[Standing]]] = {}
    for one in reading.every_standing:
        group = through.get(one.assignment_id)
        if group is not None:
            given.setdefault(group, {}).setdefault(one.action_code, []).append(one)
    places = places_on(as_of.date())
    found = [
        Group(
            group,
            tuple(places.get(group.pk, {}).items()),
            tuple(
                Given(lines[code], tuple(standings))
                for code, standings in given.get(group.pk, {}).items()
            ),
            tally_actions(lines[code].standing for code in given.get(group.pk, {})),
        )
        for group in WorkingGroup.objects.select_related("parent").order_by("id")
    ]
    return Groups(**stamp(basis), groups=tuple(sorted(found, key=lambda one: not one.actions)))


def places_on(day: date) -> dict[int, dict[str, tuple[str, ...]]]:
    """Return who held which place in each group on a day, those who lead it first; one query."""
    roles = GroupMembership.Role
    rows = (
        GroupMembership.objects.exclude(from_on__gt=day)
        .exclude(until_on__lt=day)
        .order_by(F("agency__sort_key").asc(nulls_last=True), "id")
        .values_list("group_id", "role", "agency__acronym")
    )
    held: dict[int, dict[str, list[str]]] = {}
    for group, role, acronym in rows:
        held.setdefault(group, {value: [] for value in roles.values})[role].append(acronym or "")
    return {
        group: {str(roles(role).label): tuple(names) for role, names in by_role.items() if names}
        for group, by_role in held.items()
    }
