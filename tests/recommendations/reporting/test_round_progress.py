"""A round at a moment: what was expected, sent, decided, missing, late."""

from __future__ import annotations

from datetime import date

import pytest

from recommendations.models import Assignment, Duty, Role, Round, Update
from recommendations.reporting.duties import DutyLine, timeliness
from recommendations.reporting.facts import DidNotExist
from recommendations.reporting.round_progress import RoundProgress, round_progress
from tests.make import NOW, later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db

# The duties of these tests are due on 31 May 2026; NOW is 4 May 2026, 09:30 UTC.
ON_THE_DAY, THE_DAY_AFTER, MUCH_LATER = 27, 28, 60


@pytest.fixture
def round() -> Round:
    framework, (action,), (agency,) = builders.world()
    builders.owed(made := builders.a_round(framework), builders.held(action, agency))
    return made


@pytest.fixture
def duty(round: Round) -> Duty:
    return Duty.objects.select_related("assignment").get(round=round)


def line(round: Round, *, days: float) -> DutyLine:
    """Return the only duty of a round."""
    (agency,) = round_progress(round, as_of=later(days=days)).agencies
    (found,) = agency.duties
    return found


def stands(round: Round, *, days: float) -> str:
    return line(round, days=days).standing.value


def test_a_duty_of_which_nothing_was_sent_is_missing(round: Round, duty: Duty) -> None:
    assert stands(round, days=1) == "missing"


def test_a_duty_does_not_exist_before_it_was_recorded(round: Round) -> None:
    assert round_progress(round, as_of=NOW).total.expected == 1
    Duty.objects.update(recorded_at=later(days=2))
    assert round_progress(round, as_of=later(days=1)).agencies == ()


def test_each_step_of_the_review_shows_from_its_moment_on(round: Round, duty: Duty) -> None:
    first = builders.sent(duty, at=later(days=1))
    builders.decided(first, "return", at=later(days=2))
    second = builders.sent(duty, at=later(days=3))
    builders.decided(second, "approve", at=later(days=4))
    builders.decided(second, "reopen", at=later(days=5))
    third = builders.sent(duty, at=later(days=6))
    builders.decided(third, "approve", at=later(days=7))
    builders.decided(third, "retract", at=later(days=8))
    assert [stands(round, days=day + 0.5) for day in range(9)] == [
        "missing",
        "in_review",
        "returned",
        "in_review",
        "approved",
        "returned",
        "in_review",
        "approved",
        "returned",
    ]


def test_a_text_that_was_taken_back_is_missing_again(round: Round, duty: Duty) -> None:
    builders.withdrawn(builders.sent(duty, at=later(days=1)), at=later(days=2))
    assert [stands(round, days=days) for days in (1, 2)] == ["in_review", "missing"]
    assert [line(round, days=days).sent_at for days in (1, 2)] == [later(days=1), None]


def test_a_correction_under_way_does_not_reopen_the_duty(round: Round, duty: Duty) -> None:
    builders.said(duty, at=later(days=1))
    correction = Update.objects.create(duty=duty, review_state="submitted")
    builders.decided(
        builders.sent(duty, at=later(days=2), update=correction), "return", at=later(days=3)
    )
    assert [stands(round, days=days) for days in (2, 3)] == ["approved", "approved"]


def test_the_update_to_open_is_the_one_sent_last(round: Round, duty: Duty) -> None:
    first = duty.updates.get()
    assert line(round, days=1).update_id == first.pk
    builders.said(duty, at=later(days=1))
    correction = Update.objects.create(duty=duty, review_state="submitted")
    builders.sent(duty, at=later(days=2), update=correction)
    assert [line(round, days=days).update_id for days in (1, 2)] == [first.pk, correction.pk]


def test_a_waived_duty_is_not_expected_from_that_moment_on(round: Round, duty: Duty) -> None:
    builders.waived(duty, at=later(days=2))
    before, after = (round_progress(round, as_of=later(days=days)).total for days in (1, 60))
    assert (before.expected, before.missing, before.waived) == (1, 1, 0)
    assert (after.expected, after.missing, after.waived, after.overdue) == (0, 0, 1, 0)


def test_the_due_day_itself_is_in_time_and_the_day_after_is_late(round: Round, duty: Duty) -> None:
    assert line(round, days=ON_THE_DAY).is_overdue is False
    overdue = line(round, days=THE_DAY_AFTER)
    assert (overdue.is_overdue, overdue.is_late) == (True, True)
    builders.sent(duty, at=later(days=ON_THE_DAY))
    sent = line(round, days=THE_DAY_AFTER)
    assert (sent.is_overdue, sent.is_late) == (False, False)


def test_late_stays_visible_after_it_was_sent_and_approved(round: Round, duty: Duty) -> None:
    builders.said(duty, at=later(days=THE_DAY_AFTER))
    found = line(round, days=MUCH_LATER)
    assert (found.standing, found.is_late, found.is_overdue) == ("approved", True, False)


def test_a_longer_time_counts_from_when_it_was_given(round: Round, duty: Duty) -> None:
    builders.postponed(duty, date(2026, 7, 15), at=later(days=30))
    before, after = line(round, days=29), line(round, days=31)
    assert (before.due_on, before.is_overdue) == (date(2026, 5, 31), True)
    assert (after.due_on, after.is_overdue) == (date(2026, 7, 15), False)


def test_what_was_sent_late_is_not_made_timely_by_a_later_due_date(
    round: Round, duty: Duty
) -> None:
    builders.decided(builders.sent(duty, at=later(days=THE_DAY_AFTER)), "return", at=later(days=30))
    builders.postponed(duty, date(2026, 7, 15), at=later(days=30))
    found = line(round, days=31)
    assert (found.is_late, found.is_overdue) == (True, False)


def test_a_returned_update_is_overdue_after_its_new_due_date(round: Round, duty: Duty) -> None:
    builders.decided(builders.sent(duty, at=later(days=1)), "return", at=later(days=2))
    builders.postponed(duty, date(2026, 6, 10), at=later(days=2))
    found = [line(round, days=days) for days in (37, 38)]
    assert [(one.standing, one.is_overdue, one.is_late) for one in found] == [
        ("returned", False, False),
        ("returned", True, True),
    ]


def test_a_voluntary_duty_is_shown_and_neither_expected_nor_late(round: Round) -> None:
    Duty.objects.update(voluntary=True)
    total = round_progress(round, as_of=later(days=MUCH_LATER)).total
    assert (total.voluntary, total.expected, total.missing, total.late, total.overdue) == (
        1,
        0,
        0,
        0,
        0,
    )


def test_agencies_come_sorted_by_what_is_missing_then_by_acronym() -> None:
    framework, actions, agencies = builders.world(actions=3, agencies=3)
    round = builders.a_round(framework)
    for action in actions:
        for agency in agencies:
            builders.owed(round, builders.held(action, agency, Role.SUPPORTING))
    for assignment in Assignment.objects.filter(agency=agencies[0]):
        builders.said(assignment, at=later(days=1))
    builders.sent(Assignment.objects.get(agency=agencies[1], action=actions[0]), at=later(days=1))
    found = round_progress(round, as_of=later(days=2))
    assert [(one.agency, one.progress.missing, one.progress.sent) for one in found.agencies] == [
        ("AG03", 3, 0),
        ("AG02", 2, 1),
        ("AG01", 0, 3),
    ]
    assert [duty.action_code for duty in found.agencies[0].duties] == ["A1", "A2", "A3"]
    assert found.total.sentence == (
        "9 updates expected: 4 sent (3 approved, 1 in review, 0 returned), 5 missing."
    )


def test_a_questionnaire_duty_is_owed_by_its_agency(round: Round) -> None:
    agency = builders.make.agency("AG02")
    builders.owed(round, None, agency=agency)
    found = round_progress(round, as_of=later(days=1))
    assert [(one.agency, [duty.kind for duty in one.duties]) for one in found.agencies] == [
        ("AG01", ["progress"]),
        ("AG02", ["questionnaire"]),
    ]


def test_questionnaires_are_counted_beside_updates(round: Round, duty: Duty) -> None:
    builders.said(duty, at=later(days=1))
    for code in ("AG02", "AG03"):
        owed = builders.owed(round, None, agency=builders.make.agency(code))
    builders.sent(owed, at=later(days=1))
    found = round_progress(round, as_of=later(days=THE_DAY_AFTER))
    assert (found.total.sentence, found.questionnaires.sentence) == (
        "1 update expected: 1 sent (1 approved, 0 in review, 0 returned), 0 missing.",
        "2 questionnaires expected: 1 sent (0 approved, 1 in review, 0 returned), 1 missing.",
    )
    assert (found.total.overdue, found.questionnaires.overdue) == (0, 1)
    assert [line.expected for line in timeliness(duties_of(found))] == [1]


def duties_of(found: RoundProgress) -> list[DutyLine]:
    """Return the duties of all agencies."""
    return [line for agency in found.agencies for line in agency.duties]


def test_a_contributor_is_listed_and_stands_in_no_total() -> None:
    framework, (action,), (agency,) = builders.world()
    round = builders.a_round(framework)
    contributor = builders.make.agency("SRSG", counted=False)
    for owes in (agency, contributor):
        builders.owed(round, builders.held(action, owes, Role.SUPPORTING))
        builders.owed(round, None, agency=owes)
    found = round_progress(round, as_of=later(days=1))
    assert (found.total.expected, found.questionnaires.expected) == (1, 1)
    assert [
        (one.agency, one.counted, one.progress.expected, one.questionnaires.expected)
        for one in found.agencies
    ] == [("AG01", True, 1, 1), ("SRSG", False, 1, 1)]


def test_state_and_dates_of_a_round_are_those_of_the_moment(round: Round) -> None:
    round.state, round.closes_on = Round.State.CLOSED, date(2026, 7, 1)
    round.restate(at=later(days=50), by=None)
    before, after = (round_progress(round, as_of=later(days=days)) for days in (49, 50))
    assert (before.state, before.closes_on, before.is_closing) == ("open", date(2026, 6, 30), True)
    assert (after.state, after.closes_on, after.is_closing) == ("closed", date(2026, 7, 1), False)
    assert round_progress(round, as_of=later(days=ON_THE_DAY)).is_closing is False


def test_a_round_that_did_not_exist_then_has_no_figures(round: Round) -> None:
    with pytest.raises(DidNotExist):
        round_progress(round, as_of=later(days=-1))
