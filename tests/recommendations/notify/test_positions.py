"""The one order of all events: no gap, nothing twice, nothing left out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from agencies import history
from agencies.models import Agency, Cursor, Event, EventPosition
from recommendations.notify import positions
from recommendations.notify.positions import number_events
from tests import make
from tests.at_once import PATIENCE, at_once
from tests.figures import figure

ROUNDS = figure(small=3, full=30)


def placed() -> list[tuple[int, int]]:
    """Return (position, event id), by position."""
    return list(EventPosition.objects.order_by("position").values_list("position", "event_id"))


def check_no_gaps() -> None:
    """Every event has a position, from 1 without a gap, and the cursor stands at the last."""
    numbers = [position for position, _ in placed()]
    assert numbers == list(range(1, Event.objects.count() + 1))
    assert Cursor.objects.get(name=positions.NUMBERER).position == len(numbers)


def happen(agency: Agency, *, at_hours: float = 0) -> None:
    """Let something happen to an agency."""
    Agency.objects.filter(pk=agency.pk).update(version=agency.version + 1)
    agency.version += 1
    history.append(agency, "revised", by=None, at=make.later(hours=at_hours))


def test_events_get_positions_from_one_without_gaps(cast: make.Cast) -> None:
    before = Event.objects.count()

    assert number_events(at=make.NOW) == before
    check_no_gaps()
    assert [event for _, event in placed()] == list(
        Event.objects.order_by("id").values_list("id", flat=True)
    )


def test_a_second_pass_gives_positions_to_what_is_new_and_moves_nothing(cast: make.Cast) -> None:
    number_events(at=make.NOW)
    first = placed()
    assert number_events(at=make.NOW) == 0

    happen(cast.ilo)
    assert number_events(at=make.NOW) == 1
    assert placed()[:-1] == first
    check_no_gaps()


def test_a_pass_over_nothing_new_takes_few_queries(
    cast: make.Cast, django_assert_num_queries: object
) -> None:
    number_events(at=make.NOW)
    with django_assert_num_queries(8):  # type: ignore[operator]
        number_events(at=make.NOW)


def test_a_pass_finds_what_is_within_ten_minutes_of_the_newest(cast: make.Cast) -> None:
    number_events(at=make.NOW)
    happen(cast.ilo, at_hours=24)
    number_events(at=make.later(hours=24))
    happen(cast.iom, at_hours=24 - 9 / 60)

    assert number_events(at=make.later(hours=24)) == 1
    check_no_gaps()


def test_what_every_pass_missed_is_found_at_night(cast: make.Cast) -> None:
    number_events(at=make.NOW)
    happen(cast.ilo, at_hours=24)
    number_events(at=make.later(hours=24))
    happen(cast.iom, at_hours=23)

    assert number_events(at=make.later(hours=24)) == 0
    assert number_events(at=make.later(hours=24), everything=True) == 1
    check_no_gaps()


def test_after_a_pause_a_pass_finds_all_that_happened_since(cast: make.Cast) -> None:
    number_events(at=make.NOW)
    for hours in (1, 30, 60):
        happen(cast.ilo, at_hours=hours)

    assert number_events(at=make.later(hours=72)) == 3
    check_no_gaps()


def test_a_clock_that_is_behind_hides_nothing(cast: make.Cast) -> None:
    number_events(at=make.NOW)
    happen(cast.ilo, at_hours=1)

    assert number_events(at=make.NOW - timedelta(minutes=5)) == 1


@pytest.fixture
def uncommitted(committed: None) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Let another connection append an event, and hold its transaction open until told."""
    ilo = make.agency("ILO")
    appended, commit = threading.Event(), threading.Event()

    def append() -> None:
        try:
            with transaction.atomic():
                happen(ilo)
                appended.set()
                commit.wait(PATIENCE)
        finally:
            connections.close_all()

    thread = threading.Thread(target=append, daemon=True)
    thread.start()
    assert appended.wait(PATIENCE)
    yield commit, appended
    commit.set()
    thread.join(PATIENCE)


@pytest.mark.postgresql
def test_an_event_that_commits_late_comes_after_those_that_were_first(
    uncommitted: tuple[threading.Event, threading.Event],
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nothing commits late")
    commit, _ = uncommitted
    iom = make.agency("IOM")
    assert number_events(at=make.NOW) == Event.objects.count()
    positions_before = placed()
    commit.set()
    late = wait_for_event("ILO")

    assert late.pk < Event.objects.get(object_type="agency", object_id=iom.pk).pk
    assert number_events(at=make.NOW) == 1
    assert placed() == [*positions_before, (len(positions_before) + 1, late.pk)]


def wait_for_event(code: str) -> Event:
    """Return the second event of an agency, as soon as it is committed."""
    agency = Agency.objects.get(code=code)
    pause = threading.Event()
    for _ in range(500):
        found = history.of(agency).filter(number=2).first()
        if found is not None:
            return found
        pause.wait(0.01)
    raise AssertionError("the late event never came")


@pytest.mark.drill
def test_numberers_at_the_same_moment_share_no_position(committed: None) -> None:
    cast = make.cast()
    for _ in range(ROUNDS):
        for agency in (cast.ilo, cast.iom):
            happen(agency)
        given = at_once([lambda: number_events(at=make.NOW)] * 4)
        assert [count for count in given if isinstance(count, Exception)] == []
        check_no_gaps()
    assert sum(given) == 2


def test_the_first_two_numberers_ever_share_no_position(committed: None) -> None:
    make.agency("ILO")
    given = at_once([lambda: number_events(at=make.NOW)] * 4)

    assert sorted(given) == [0, 0, 0, 1]
    check_no_gaps()
