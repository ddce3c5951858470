"""The gap list: no lead, no date, never reported, stale, not answered."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from recommendations.models import Role
from recommendations.reporting.facts import Scope
from recommendations.reporting.gaps import Gaps, gaps, months_before
from recommendations.reporting.standings import Standing
from tests.make import NOW, later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db

PUBLIC, INSIDE = Scope.PUBLIC, Scope.INSIDE
DAY = date(2027, 6, 30)


def agencies_of(standings: tuple[Standing, ...]) -> list[str]:
    return [standing.agency for standing in standings]


def test_an_action_has_no_lead_while_nobody_has_taken_it_on_as_lead() -> None:
    framework, actions, agencies = builders.world(actions=4, agencies=2)
    builders.held(actions[0], agencies[0])
    builders.held(actions[1], agencies[0], Role.SUPPORTING)
    builders.held(actions[2], agencies[0], acceptance="under_consideration")
    builders.held(actions[2], agencies[1], acceptance="declined")
    public, inside = (
        gaps(framework, as_of=later(days=1), scope=scope) for scope in (PUBLIC, INSIDE)
    )
    assert [(gap.code, agencies_of(gap.asked)) for gap in inside.no_lead] == [
        ("A2", []),
        ("A3", ["AG01"]),
        ("A4", []),
    ]
    assert [(gap.code, agencies_of(gap.asked)) for gap in public.no_lead] == [
        ("A2", []),
        ("A3", []),
        ("A4", []),
    ]


def test_a_lead_that_has_not_answered_is_known_inside_and_late_after_its_day() -> None:
    framework, (action,), agencies = builders.world(agencies=3)
    for agency, day in zip(agencies, (date(2026, 5, 4), date(2026, 5, 5), None), strict=True):
        builders.held(action, agency, Role.CO_LEAD, acceptance="proposed", respond_by=day)
    inside = gaps(framework, as_of=later(days=1), scope=INSIDE)
    assert [(one.standing.agency, one.is_late) for one in inside.not_answered] == [
        ("AG01", True),
        ("AG02", False),
        ("AG03", False),
    ]
    assert gaps(framework, as_of=later(days=1), scope=PUBLIC).not_answered == ()


def test_a_supporting_agency_is_no_gap() -> None:
    framework, (action,), (agency,) = builders.world()
    builders.held(action, agency, Role.SUPPORTING)
    found = gaps(framework, as_of=later(days=1), scope=INSIDE)
    assert (found.leads, found.never_reported, found.no_target_date) == (0, (), ())


def leads_in_every_status() -> Gaps:
    """Return the gaps where eight co-leads stand in each status, none with a target date."""
    framework, (action,), agencies = builders.world(agencies=8)
    statuses = ("not_started", "in_progress", "continuing", "on_hold", "discontinued")
    for agency, status in zip(agencies, statuses, strict=False):
        builders.said(builders.held(action, agency, Role.CO_LEAD), status, at=NOW)
    builders.said(builders.held(action, agencies[5], Role.CO_LEAD), "implemented", at=NOW)
    builders.verified(builders.held(action, agencies[6], Role.CO_LEAD), "implemented", at=NOW)
    builders.held(action, agencies[7], Role.CO_LEAD)
    return gaps(framework, as_of=later(days=400), scope=INSIDE)


def test_a_date_is_missed_unless_the_work_is_closed_or_has_no_end() -> None:
    found = leads_in_every_status()
    assert agencies_of(found.no_target_date) == ["AG01", "AG02", "AG04", "AG06", "AG08"]
    assert (found.leads, found.open_leads) == (8, 5)


def test_a_lead_without_any_report_has_never_reported() -> None:
    assert agencies_of(leads_in_every_status().never_reported) == ["AG08"]


def test_information_older_than_twelve_months_is_stale_unless_the_work_is_closed() -> None:
    assert agencies_of(leads_in_every_status().stale) == ["AG01", "AG02", "AG03", "AG04", "AG06"]


def test_information_of_twelve_months_to_the_minute_is_not_stale_yet() -> None:
    framework, (action,), (agency,) = builders.world()
    builders.said(builders.held(action, agency), at=NOW)
    a_year_later = NOW.replace(year=NOW.year + 1)
    counts = [
        len(gaps(framework, as_of=moment, scope=PUBLIC).stale)
        for moment in (a_year_later, later(days=365, minutes=1))
    ]
    assert counts == [0, 1]


def test_a_target_date_closes_the_gap_from_its_day_on() -> None:
    framework, (action,), (agency,) = builders.world()
    assignment = builders.held(action, agency)
    builders.targeted(assignment, DAY, at=later(days=3))
    counts = [
        len(gaps(framework, as_of=later(days=days), scope=PUBLIC).no_target_date) for days in (2, 3)
    ]
    assert counts == [1, 0]


def test_the_sentence_gives_each_gap_with_its_denominator() -> None:
    assert leads_in_every_status().sentence == (
        "0 of 1 action has no lead, 1 of 8 leads have never reported, "
        "5 have not reported for a year, 5 of 5 open leads have no target date."
    )


@pytest.mark.parametrize(
    ("moment", "months", "earlier"),
    [
        (datetime(2026, 5, 4, 9, tzinfo=UTC), 12, datetime(2025, 5, 4, 9, tzinfo=UTC)),
        (datetime(2024, 2, 29, tzinfo=UTC), 12, datetime(2023, 2, 28, tzinfo=UTC)),
        (datetime(2026, 1, 31, tzinfo=UTC), 2, datetime(2025, 11, 30, tzinfo=UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), 12, datetime(2025, 12, 31, tzinfo=UTC)),
    ],
)
def test_months_are_months_of_the_calendar(
    moment: datetime, months: int, earlier: datetime
) -> None:
    assert months_before(moment, months) == earlier
