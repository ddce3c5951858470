"""The working groups: who leads them, and where the actions stand that were given to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from agencies.models import GroupMembership, GroupName, GroupTerms, WorkingGroup
from recommendations.models import Assignment, Framework
from recommendations.reporting.facts import AgencyFact, Basis, Scope, newest
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.overview import ActionLine, action_lines
from recommendations.reporting.standings import Standing, read
from recommendations.reporting.tally import ActionTally, tally_actions


@dataclass(frozen=True)
class GroupFact:
    """A group, what it was called at the moment, of which kind it was, and of what a part."""

    id: int
    code: str
    name: str
    kind: str
    parent: str

    @property
    def kind_in_words(self) -> str:
        """Return of which kind it was, as pages say it."""
        return str(WorkingGroup.Kind(self.kind).label)


@dataclass(frozen=True)
class Place:
    """The place of an agency in a group, under the name that the group had.

    `agency_id` is None where the source lists nobody.
    """

    group_id: int
    group_code: str
    group: str
    agency_id: int | None
    role: str
    from_on: date | None
    until_on: date | None

    @property
    def role_in_words(self) -> str:
        """Return which place it is, as pages say it."""
        return str(GroupMembership.Role(self.role).label)

    def holds(self, day: date) -> bool:
        """Say whether it holds on a day: from the first to the last, as far as they are known."""
        begun = self.from_on is None or self.from_on <= day
        return begun and (self.until_on is None or self.until_on >= day)


@dataclass(frozen=True)
class Held:
    """Who holds one role in a group, by acronym; "" where the source lists nobody."""

    role: str
    agencies: tuple[str, ...]

    @property
    def role_in_words(self) -> str:
        """Return which role it is, as pages say it."""
        return str(GroupMembership.Role(self.role).label)


@dataclass(frozen=True)
class Given:
    """An action, and where each agency stands on it that got it through the group."""

    line: ActionLine
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Group:
    """A group, its places on the day of the moment by role, and what was given to it."""

    group: GroupFact
    places: tuple[Held, ...]
    actions: tuple[Given, ...]
    tally: ActionTally


@dataclass(frozen=True, kw_only=True)
class Groups(Figure):
    """Every group; those to which something was given come first."""

    groups: tuple[Group, ...]


def groups(framework: Framework, *, as_of: datetime, scope: Scope) -> Groups:
    """Return the groups and where the actions given to them stood at a moment; 7 queries.

    Groups, places and agencies as they were known then.
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
    named, held = names(as_of), places_by_role(as_of, reading.agencies)
    found = [
        Group(
            group,
            held.get(group.id, ()),
            tuple(
                Given(lines[code], tuple(standings))
                for code, standings in given.get(group.id, {}).items()
            ),
            tally_actions(lines[code].standing for code in given.get(group.id, {})),
        )
        for group in named.values()
    ]
    return Groups(**stamp(basis), groups=tuple(sorted(found, key=lambda one: not one.actions)))


def names(as_of: datetime) -> dict[int, GroupFact]:
    """Return the groups that were recorded, under the names that they had; one query."""
    rows = newest(GroupName.objects.filter(recorded_at__lte=as_of), "group")
    found = list(
        rows.order_by("group_id").values_list("group_id", "group__code", "name", "kind", "parent")
    )
    called = {pk: name for pk, _code, name, _kind, _parent in found}
    return {
        pk: GroupFact(pk, code, name, kind, called.get(parent, ""))
        for pk, code, name, kind, parent in found
    }


def places(as_of: datetime, agency_id: int | None = None) -> list[Place]:
    """Return the places in groups, perhaps of one agency, as they were known; one query."""
    rows = GroupTerms.objects.filter(recorded_at__lte=as_of)
    if agency_id is not None:
        rows = rows.filter(membership__agency=agency_id)
    of_it = [f"membership__{name}" for name in ("group_id", "group__code", "agency_id", "role")]
    found = newest(rows, "membership").annotate(called=group_then("membership__group", as_of))
    return [
        Place(*row)
        for row in found.order_by("membership__group", "membership_id").values_list(
            *of_it[:2], "called", *of_it[2:], "from_on", "until_on"
        )
    ]


def group_then(path: str, as_of: datetime) -> Subquery:
    """Return what the group at this path was called at a moment, as part of a query."""
    rows = GroupName.objects.filter(group=OuterRef(path), recorded_at__lte=as_of)
    return Subquery(rows.order_by("-recorded_at", "-id").values("name")[:1])


def places_by_role(
    as_of: datetime, agencies: Mapping[int, AgencyFact]
) -> dict[int, tuple[Held, ...]]:
    """Return who held which place in each group on the day, those who lead it first.

    By the acronym that they had; one query.
    """
    roles = GroupMembership.Role
    held: dict[int, dict[str, list[tuple[tuple[str, int], str]]]] = {}
    for one in places(as_of):
        if not one.holds(as_of.date()):
            continue
        listed = agencies[one.agency_id] if one.agency_id is not None else None
        place, acronym = (listed.place, listed.acronym) if listed else (LAST, "")
        by_role = held.setdefault(one.group_id, {value: [] for value in roles.values})
        by_role[one.role].append((place, acronym))
    return {
        group: tuple(
            Held(role, tuple(acronym for _place, acronym in sorted(found)))
            for role, found in by_role.items()
            if found
        )
        for group, by_role in held.items()
    }


LAST = (chr(0x10FFFF), 0)
"""Where a place stands for which the source lists nobody."""
