"""A voluntary report: of whoever is not asked, never late, never expected."""

from __future__ import annotations

from datetime import date

import pytest

from agencies.access import NotPermitted
from recommendations.domain import rounds
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Assignment, Duty, Round
from recommendations.reporting.round_progress import round_progress
from tests import make


@pytest.fixture
def supporting(cast: make.Cast) -> Assignment:
    """Return an assignment of the ILO that the open round does not ask."""
    make.open_round(cast)
    return make.accepted(cast, role="supporting")


def report(assignment: Assignment, cast: make.Cast) -> Duty:
    """Let the ILO report in the open round."""
    made: Duty = make.do("report", assignment, by=cast.ilo_focal_point, round=Round.objects.get())
    return made


def test_a_voluntary_report_begins_with_its_first_update_and_no_due_date(
    supporting: Assignment, cast: make.Cast
) -> None:
    assert Duty.objects.count() == 0
    duty = report(supporting, cast)

    assert (duty.voluntary, duty.due_on, duty.state) == (True, None, "open")
    assert list(duty.updates.values_list("review_state", flat=True)) == ["draft"]


def test_it_is_never_overdue_late_or_expected_whatever_its_agency_does(
    supporting: Assignment, cast: make.Cast
) -> None:
    duty = report(supporting, cast)
    long_after = make.later(days=400)

    assert list(Duty.objects.overdue(long_after.date())) == []
    total = round_progress(duty.round, as_of=long_after).total
    assert (total.expected, total.missing, total.late, total.voluntary) == (0, 0, 0, 1)

    make.sent(duty.updates.get(), by=cast.ilo_focal_point, at=long_after)
    make.do(
        "return",
        duty.updates.get(),
        by=cast.coordinator,
        at=long_after,
        note="Where?",
        due_on=date(2028, 1, 1),
    )
    total = round_progress(duty.round, as_of=make.later(days=999)).total
    assert (total.expected, total.late, total.overdue) == (0, 0, 0)


def test_an_approved_voluntary_report_is_in_force(supporting: Assignment, cast: make.Cast) -> None:
    duty = report(supporting, cast)
    make.approved(make.sent(duty.updates.get(), by=cast.ilo_focal_point), by=cast.coordinator)

    supporting.refresh_from_db()
    duty.refresh_from_db()
    assert (supporting.effective_status, duty.state) == ("in_progress", "met")


def test_it_is_begun_once(supporting: Assignment, cast: make.Cast) -> None:
    report(supporting, cast)

    with pytest.raises(NotAllowedNow, match="No round is open in which A1 ILO has no update"):
        report(supporting, cast)
    assert Duty.objects.count() == 1


def test_what_is_asked_for_already_is_not_voluntary(cast: make.Cast) -> None:
    make.owed(cast)

    with pytest.raises(NotAllowedNow, match="has no update yet"):
        report(Assignment.objects.get(), cast)


def test_a_round_that_is_not_open_takes_no_report(supporting: Assignment, cast: make.Cast) -> None:
    planned = make.planned_round(cast.framework, "2026-H2")

    for round in (None, planned):
        with pytest.raises(RequirementMissing, match="Choose a round that is open."):
            make.do("report", supporting, by=cast.ilo_focal_point, round=round)


def test_only_the_agency_begins_it(supporting: Assignment, cast: make.Cast) -> None:
    for person in (cast.coordinator, cast.iom_focal_point):
        with pytest.raises(NotPermitted):
            make.do("report", supporting, by=person, round=Round.objects.get())


def test_nobody_asks_for_more_time_for_it(supporting: Assignment, cast: make.Cast) -> None:
    duty = report(supporting, cast)

    with pytest.raises(NotAllowedNow, match="This report is voluntary"):
        make.do("ask", duty, by=cast.ilo_focal_point, note="Late.", until_on=date(2026, 7, 1))


def test_closing_keeps_its_draft_and_counts_nothing_as_missing(
    supporting: Assignment, cast: make.Cast
) -> None:
    duty = report(supporting, cast)
    assert rounds.at_closing(duty.round)["missing"] == 0
    make.drafted(duty.updates.get(), by=cast.ilo_focal_point)

    assert rounds.at_closing(duty.round) == {
        "drafts": 1,
        "missing": 0,
        "in_review": 0,
        "returned": 0,
    }
    make.do("close", duty.round, by=cast.coordinator)
    assert duty.updates.get().draft.body == {"done": "Two seminars."}


def test_an_extension_gives_it_no_date(supporting: Assignment, cast: make.Cast) -> None:
    duty = report(supporting, cast)
    dates = {"due_on": date(2026, 6, 15), "closes_on": date(2026, 7, 15)}
    make.do("extend", duty.round, by=cast.coordinator, note="A strike.", **dates)

    duty.refresh_from_db()
    assert duty.due_on is None
