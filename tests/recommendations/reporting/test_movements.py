"""What moved between two moments adds up: opening + new + reopened - closed = closing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from recommendations.models import Assignment
from recommendations.reporting.facts import Scope
from recommendations.reporting.movements import Movement, movements, total_movement
from tests import make
from tests.make import NOW
from tests.recommendations.reporting import builders


def day(number: int) -> datetime:
    """Return a moment so many days after the beginning."""
    return NOW + timedelta(days=number)


def moved(cast: make.Cast, since: int, until: int, scope: Scope = Scope.INSIDE) -> Movement:
    """Return the movement of the whole framework between two days."""
    found = movements(cast.framework, since=day(since), as_of=day(until), scope=scope)
    return found.total


def counts(movement: Movement) -> tuple[int, int, int, int, int]:
    """Return the five numbers."""
    return (
        movement.opening,
        movement.new,
        movement.reopened,
        movement.closed,
        movement.closing,
    )


@pytest.fixture
def assignment(cast: make.Cast) -> Assignment:
    """Return an assignment that was taken on on day 1."""
    return builders.held(cast.action, cast.ilo, at=day(1))


def test_an_assignment_is_new_in_the_period_in_which_it_is_taken_on(
    cast: make.Cast, assignment: Assignment
) -> None:
    assert counts(moved(cast, 0, 2)) == (0, 1, 0, 0, 1)
    assert counts(moved(cast, 1, 2)) == (1, 0, 0, 0, 1)


def test_one_that_was_only_asked_is_not_in_the_books(cast: make.Cast) -> None:
    builders.held(cast.action, cast.ilo, at=day(1), acceptance="proposed")

    assert counts(moved(cast, 0, 2)) == (0, 0, 0, 0, 0)


def test_an_end_closes_and_stays_closed(cast: make.Cast, assignment: Assignment) -> None:
    builders.answered(assignment, "ended", at=day(3))

    assert counts(moved(cast, 2, 4)) == (1, 0, 0, 1, 0)
    assert counts(moved(cast, 4, 5)) == (0, 0, 0, 0, 0)


def test_a_claim_of_implemented_closes_nothing_until_it_is_verified(
    cast: make.Cast, assignment: Assignment
) -> None:
    sent = builders.said(assignment, "implemented", at=day(2))

    assert counts(moved(cast, 1, 3)) == (1, 0, 0, 0, 1)

    builders.assessed(sent, "implemented", at=day(4))

    assert counts(moved(cast, 3, 5)) == (1, 0, 0, 1, 0)


def test_what_is_closed_and_opened_again_counts_in_both(
    cast: make.Cast, assignment: Assignment
) -> None:
    builders.said(assignment, "discontinued", at=day(2))
    builders.said(assignment, "in_progress", at=day(4))

    assert counts(moved(cast, 1, 5)) == (1, 0, 1, 1, 1)
    assert counts(moved(cast, 3, 5)) == (0, 0, 1, 0, 1)


def test_what_is_held_moves_nothing_for_the_public(cast: make.Cast, assignment: Assignment) -> None:
    text = builders.sent(assignment, "discontinued", at=day(2))
    builders.approved(text, at=day(2), published_at=None)

    assert counts(moved(cast, 1, 3, Scope.PUBLIC)) == (1, 0, 0, 0, 1)
    assert counts(moved(cast, 1, 3, Scope.INSIDE)) == (1, 0, 0, 1, 0)


def test_areas_and_agencies_have_movements_of_their_own(
    cast: make.Cast, assignment: Assignment
) -> None:
    other = make.action(make.area(cast.framework, "B"), "B1")
    builders.held(other, cast.iom, at=day(2))

    found = movements(cast.framework, since=day(1), as_of=day(3), scope=Scope.INSIDE)

    assert [(one.name, *counts(one)) for one in found.areas] == [
        ("A", 1, 0, 0, 0, 1),
        ("B", 0, 1, 0, 0, 1),
    ]
    assert [(one.name, *counts(one)) for one in found.agencies] == [
        ("ILO", 1, 0, 0, 0, 1),
        ("IOM", 0, 1, 0, 0, 1),
    ]
    assert counts(found.total) == (1, 1, 0, 0, 2)


def test_it_costs_four_queries_whatever_there_is(
    cast: make.Cast, assignment: Assignment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2, 32):
        action = make.action(cast.area, f"A{number}", order=number)
        builders.said(builders.held(action, cast.ilo, at=day(1)), at=day(2))

    with django_assert_num_queries(4):
        moved(cast, 0, 3)


def test_the_total_alone_is_the_same_for_two_queries(
    cast: make.Cast, assignment: Assignment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    builders.said(assignment, "discontinued", at=day(2))
    builders.said(assignment, "in_progress", at=day(4))
    for since, until in ((0, 1), (1, 3), (3, 5), (0, 5)):
        for scope in Scope:
            with django_assert_num_queries(2):
                alone = total_movement(
                    cast.framework, since=day(since), as_of=day(until), scope=scope
                )
            assert alone == moved(cast, since, until, scope)


def test_it_is_said_as_a_sum(cast: make.Cast, assignment: Assignment) -> None:
    assert moved(cast, 0, 2).sum == "opening 0 + new 1 + reopened 0 − closed 0"
