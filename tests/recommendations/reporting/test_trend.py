"""The trend: each round shows what the overview of its end shows, and what moved since."""

from __future__ import annotations

import random

import pytest

from recommendations.models import AreaWording, Framework, Role
from recommendations.reporting.facts import Scope
from recommendations.reporting.moved import Direction
from recommendations.reporting.overview import overview
from recommendations.reporting.trend import trend
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.reporting.test_as_of import change

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("scope", [*Scope])
def test_each_round_shows_the_overview_of_the_minute_in_which_the_next_opened(
    scope: Scope,
) -> None:
    rng = random.Random(5)  # noqa: S311 - a repeatable walk, no secret
    framework, actions, agencies = builders.world(actions=3, agencies=3)
    actions.append(make.action(builders.second_area(framework), "B1"))
    first = builders.a_round(framework)
    assignments = [
        builders.held(action, agency, Role.CO_LEAD) for action in actions for agency in agencies
    ]
    for assignment in assignments:
        builders.owed(first, assignment)
    for number in range(90):
        if number in (30, 60):
            builders.a_round(framework, f"R{number}", at=later(hours=number, minutes=7, seconds=9))
        change(rng, assignments, later(hours=number))
    builders.answered(assignments[0], "withdrawn", at=later(hours=61))
    as_of = later(hours=95)
    shown = trend(framework, as_of=as_of, scope=scope)
    ends = [later(hours=30, minutes=7), later(hours=60, minutes=7), as_of]
    views = [overview(framework, as_of=at, scope=scope) for at in ends]

    assert [stage.at for stage in shown.stages] == ends
    assert [stage.code for stage in shown.stages] == ["R1", "R30", "R60"]
    assert [stage.actions for stage in shown.stages] == [view.total.actions for view in views]
    assert [stage.areas for stage in shown.stages] == [
        tuple(area.total.actions for area in view.areas) for view in views
    ]
    before, now = ({one.code: one.standing for one in view.actions} for view in views[1:])
    codes = {pk: one.code for pk, one in shown.actions.items()}
    assert {codes[one.action_id]: (one.before, one.after) for one in shown.changes} == {
        code: (before[code], now[code]) for code in now if before[code] != now[code]
    }
    assert shown.same == len(now) - len(shown.changes)


def two_rounds() -> Framework:
    """Return five actions: A1 moves up, A2 down, A3 reports first, A4 otherwise, A5 not at all."""
    framework, actions, (agency,) = builders.world(actions=5, agencies=1)
    first = builders.a_round(framework)
    leads = [builders.held(action, agency) for action in actions]
    for lead in leads:
        builders.owed(first, lead)
    for lead, status in zip(
        leads, ("in_progress", "continuing", "", "in_progress", ""), strict=True
    ):
        if status:
            builders.said(lead, status, at=later(days=1))
    builders.a_round(framework, "R2", at=later(days=5))
    for lead, status in zip(
        leads, ("implemented", "on_hold", "not_started", "continuing", ""), strict=True
    ):
        if status:
            builders.said(lead, status, at=later(days=6))
    return framework


def test_it_says_what_moved_up_and_down_since_the_newest_round_opened() -> None:
    shown = trend(two_rounds(), as_of=later(days=9), scope=Scope.PUBLIC)

    codes = {pk: one.code for pk, one in shown.actions.items()}
    assert [(way, [codes[one.action_id] for one in moved]) for way, moved in shown.groups] == [
        (Direction.UP, ["A1"]),
        (Direction.DOWN, ["A2"]),
        (Direction.FIRST, ["A3"]),
        (Direction.OTHER, ["A4"]),
    ]
    assert shown.sentence == (
        "Since round R2 opened: 1 action moved up, 1 down, 1 reported for the first time, "
        "1 changed otherwise. 1 action did not change."
    )


def test_an_earlier_moment_knows_no_later_round() -> None:
    shown = trend(two_rounds(), as_of=later(days=4), scope=Scope.PUBLIC)

    assert [stage.code for stage in shown.stages] == ["R1"]
    assert shown.sentence == (
        "Since round R1 opened: 0 actions moved up, 0 down, 3 reported for the first time. "
        "2 actions did not change."
    )


def test_an_action_counts_from_the_moment_on_at_which_it_and_its_area_were_entered() -> None:
    framework = two_rounds()
    late = builders.second_area(framework)
    make.action(late, "B1")
    AreaWording.objects.filter(area=late).update(recorded_at=later(days=7))
    shown = trend(framework, as_of=later(days=9), scope=Scope.PUBLIC)

    assert [stage.actions.total for stage in shown.stages] == [5, 6]
    assert (len(shown.changes), shown.same) == (4, 1)


def test_without_a_round_it_says_so() -> None:
    framework, _, _ = builders.world()
    shown = trend(framework, as_of=later(days=1), scope=Scope.PUBLIC)

    assert (shown.stages, shown.changes, shown.sentence) == ((), (), "No round had opened yet.")
