"""The overview: what is counted, once each, and the sentences that say it."""

from __future__ import annotations

import pytest

from recommendations.models import Framework, Role, RollUp
from recommendations.reporting import sentences
from recommendations.reporting.facts import Scope
from recommendations.reporting.overview import Overview, overview
from recommendations.reporting.tally import ROLL_UPS, Shown, tally_actions, tally_assignments
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db

PUBLIC, INSIDE = Scope.PUBLIC, Scope.INSIDE


def small_world() -> tuple[Framework, Overview, Overview]:
    """Return the overview, public and inside, of two areas with four actions.

    A1: one co-lead implemented and verified, one without a report, one supporting.
    A2: a lead that claims implemented. A3: only a supporting agency. B1: a lead proposed.
    """
    framework, (one, two, three), (first, second, third) = builders.world(actions=3, agencies=3)
    four = make.action(builders.second_area(framework), "B1")
    builders.verified(builders.held(one, first, Role.CO_LEAD), "implemented", at=later(days=1))
    builders.held(one, second, Role.CO_LEAD)
    builders.said(builders.held(one, third, Role.SUPPORTING), "continuing", at=later(days=2))
    builders.said(builders.held(two, first), "implemented", at=later(days=3))
    builders.said(builders.held(three, second, Role.SUPPORTING), "on_hold", at=later(days=2))
    builders.held(four, third, acceptance="proposed")
    public, inside = (
        overview(framework, as_of=later(days=5), scope=scope) for scope in (PUBLIC, INSIDE)
    )
    return framework, public, inside


def test_each_action_stands_by_its_leads_alone() -> None:
    _, public, _ = small_world()
    assert [(line.code, line.standing) for line in public.actions] == [
        ("A1", RollUp.IN_PROGRESS),
        ("A2", RollUp.REPORTED_IMPLEMENTED),
        ("A3", RollUp.NO_LEAD),
        ("B1", RollUp.NO_LEAD),
    ]


def test_an_action_counts_once_whoever_shares_it() -> None:
    _, public, _ = small_world()
    assert [area.total.actions.total for area in public.areas] == [3, 1]
    assert public.total.actions.total == 4
    assert public.total.actions.sentence == (
        "4 actions: 1 reported implemented, to be verified, 1 in progress, "
        "0 without a report, 2 without a lead."
    )


def test_assignments_without_a_report_are_in_every_denominator() -> None:
    _, public, _ = small_world()
    assert public.total.assignments.sentence == (
        "5 assignments: 1 implemented, 1 reported implemented, to be verified, 1 continuing, "
        "1 on hold, 1 without a report."
    )
    assert public.areas[1].total.assignments.sentence == "0 assignments."


def test_k_of_n_leads_have_reported_and_v_are_verified() -> None:
    _, public, _ = small_world()
    first = public.actions[0].reported
    assert (first.leads, first.reporting, first.verified) == (2, 1, 1)
    assert first.sentence == (
        "1 of 2 leads have reported, 1 verified; oldest information: 5 May 2026."
    )
    assert public.total.reported.sentence == (
        "2 of 3 leads have reported, 1 verified; oldest information: 5 May 2026."
    )
    assert public.actions[2].reported.sentence == "No agency leads."


def test_the_leads_are_named_and_the_supporting_ones_are_not() -> None:
    _, public, _ = small_world()
    assert [(lead.agency, lead.role) for lead in public.actions[0].leads] == [
        ("AG01", "co_lead"),
        ("AG02", "co_lead"),
    ]


def test_what_is_not_taken_on_yet_is_counted_apart_and_only_inside() -> None:
    _, public, inside = small_world()
    assert [line.awaiting for line in public.actions] == [0, 0, 0, 0]
    assert [line.awaiting for line in inside.actions] == [0, 0, 0, 1]
    assert public.total == inside.total
    assert (public.agencies, inside.agencies) == (3, 3)


def test_a_framework_without_rows_has_an_empty_overview() -> None:
    found = overview(make.framework(), as_of=later(days=1), scope=PUBLIC)
    assert (found.areas, found.total.actions.sentence) == ((), "0 actions.")


def test_before_anything_was_recorded_there_is_nothing() -> None:
    framework, _, _ = small_world()
    found = overview(framework, as_of=later(days=-1), scope=INSIDE)
    assert (found.areas, found.total.assignments.total) == ((), 0)


def test_a_bar_is_drawn_part_by_part() -> None:
    _, public, _ = small_world()
    parts = [
        (part.value.value, part.before, part.count)
        for part in public.total.assignments.counts
        if part.count
    ]
    assert parts == [
        ("implemented", 0, 1),
        ("reported_implemented", 1, 1),
        ("continuing", 2, 1),
        ("on_hold", 3, 1),
        ("no_report", 4, 1),
    ]


def test_every_roll_up_and_every_status_has_its_place_and_its_words() -> None:
    assert sorted(ROLL_UPS) == sorted(RollUp.values)
    assert set(sentences.COUNTED) == {*RollUp.values, *Shown.values}
    each = tally_actions(RollUp.values)
    assert ([count.count for count in each.counts], each.total) == ([1] * 10, 10)
    assert tally_assignments(["no_report", "no_report"]).of("no_report") == 2


def test_one_is_said_in_the_singular() -> None:
    assert tally_actions([RollUp.CONTINUING]).sentence == (
        "1 action: 1 continuing, 0 without a report."
    )
    assert sentences.reported(1, 0, 0, None) == "0 of 1 lead has reported, 0 verified."
