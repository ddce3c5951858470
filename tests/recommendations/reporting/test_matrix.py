"""The matrix: agencies by actions."""

from __future__ import annotations

import pytest

from agencies.models import Agency
from recommendations.models import Role
from recommendations.reporting.facts import Scope
from recommendations.reporting.matrix import matrix
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db

PUBLIC, INSIDE = Scope.PUBLIC, Scope.INSIDE


def test_a_cell_for_each_agency_and_action_and_blank_where_not_assigned() -> None:
    framework, (one, two), (first, second) = builders.world(actions=2, agencies=2)
    make.action(builders.second_area(framework), "B1")
    builders.said(builders.held(one, first), "implemented", at=later(days=1))
    builders.held(two, second, Role.SUPPORTING)
    found = matrix(framework, as_of=later(days=2), scope=PUBLIC)
    assert [(heading.code, heading.span) for heading in found.headings] == [("A", 2), ("B", 1)]
    assert [(column.code, column.total.total) for column in found.columns] == [
        ("A1", 1),
        ("A2", 1),
        ("B1", 0),
    ]
    assert [(row.agency, [cell and cell.shown for cell in row.cells]) for row in found.rows] == [
        ("AG01", ["reported_implemented", None, None]),
        ("AG02", [None, "no_report", None]),
    ]
    assert found.total.sentence == (
        "2 assignments: 1 reported implemented, to be verified, 1 without a report."
    )


def test_an_area_without_actions_has_no_heading() -> None:
    framework, _, _ = builders.world()
    builders.second_area(framework)
    found = matrix(framework, as_of=later(days=1), scope=PUBLIC)
    assert [heading.code for heading in found.headings] == ["A"]


def test_what_is_not_taken_on_yet_is_a_cell_inside_and_counts_nowhere() -> None:
    framework, (action,), (agency,) = builders.world()
    builders.held(action, agency, acceptance="proposed")
    public, inside = (
        matrix(framework, as_of=later(days=1), scope=scope) for scope in (PUBLIC, INSIDE)
    )
    assert public.rows[0].cells == (None,)
    (cell,) = inside.rows[0].cells
    assert cell is not None
    assert (cell.acceptance, cell.shown) == ("proposed", None)
    assert (inside.total.total, inside.rows[0].total.total) == (0, 0)


def test_an_assignment_made_anew_takes_the_place_of_the_one_that_ended() -> None:
    framework, (action,), (agency,) = builders.world()
    supporting = builders.held(action, agency, Role.SUPPORTING)
    builders.said(supporting, "in_progress", at=later(days=1))
    builders.answered(supporting, "ended", at=later(days=2))
    builders.held(action, agency, Role.LEAD, at=later(days=2))
    cells = [
        matrix(framework, as_of=later(days=days), scope=PUBLIC).rows[0].cells[0] for days in (1, 2)
    ]
    assert [(cell.role, cell.shown) for cell in cells if cell] == [
        ("supporting", "in_progress"),
        ("lead", "no_report"),
    ]


def test_rows_are_the_counted_agencies_and_whoever_else_is_assigned() -> None:
    framework, (action,), _ = builders.world(agencies=2)
    for code in ("SRSG", "XTRA"):
        make.agency(code)
    Agency.objects.filter(code__in=["SRSG", "XTRA"]).update(counted=False)
    builders.held(action, Agency.objects.get(code="SRSG"), Role.SUPPORTING)
    found = matrix(framework, as_of=later(days=1), scope=PUBLIC)
    assert [row.agency for row in found.rows] == ["AG01", "AG02", "SRSG"]
