"""More time: asked for with a date and a reason, granted, refused, or the duty waived."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agencies import history
from agencies.access import NotPermitted
from recommendations.domain import more_time
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Duty, TimeAnswer, TimeRequest
from tests import make

JUNE_10, JUNE_20 = date(2026, 6, 10), date(2026, 6, 20)


@pytest.fixture
def duty(cast: make.Cast) -> Duty:
    """Return a duty of the ILO, due on 31 May."""
    return make.owed(cast).duty


def ask(duty: Duty, cast: make.Cast, **more: Any) -> Duty:
    """Let the ILO ask for time until 10 June."""
    facts = {"note": "Two holidays.", "until_on": JUNE_10, **more}
    made: Duty = make.do("ask", duty, by=cast.ilo_focal_point, **facts)
    return made


def verbs(duty: Duty) -> list[str]:
    """Return what happened to a duty."""
    return list(history.of(duty).values_list("verb", flat=True))


def test_asking_changes_no_date_and_waits_for_an_answer(duty: Duty, cast: make.Cast) -> None:
    asked = ask(duty, cast)

    request = more_time.open_request(asked)
    assert request is not None
    assert (request.until_on, request.reason) == (JUNE_10, "Two holidays.")
    assert (request.recorded_at, request.recorded_by) == (make.NOW, cast.ilo_focal_point)
    assert asked.due_on == date(2026, 5, 31)
    assert verbs(duty) == ["owed", "time_asked"]


@pytest.mark.parametrize(
    ("facts", "problems"),
    [
        ({"note": " "}, {"reason": "Give the reason."}),
        ({"until_on": None}, {"until_on": "Give the new due date."}),
        (
            {"until_on": date(2026, 5, 31)},
            {"until_on": "Give a date after 2026-05-31, the present due date."},
        ),
    ],
)
def test_a_request_says_until_when_and_why(
    facts: dict[str, Any], problems: dict[str, str], duty: Duty, cast: make.Cast
) -> None:
    with pytest.raises(RequirementMissing) as missing:
        ask(duty, cast, **facts)

    assert missing.value.problems == problems
    assert TimeRequest.objects.count() == 0
    assert verbs(duty) == ["owed"]


def test_a_date_that_has_passed_is_no_more_time(duty: Duty, cast: make.Cast) -> None:
    with pytest.raises(RequirementMissing, match="Give a due date that has not passed."):
        ask(duty, cast, at=make.later(days=60))


def test_a_second_request_waits_for_the_answer_to_the_first(duty: Duty, cast: make.Cast) -> None:
    ask(duty, cast)

    with pytest.raises(NotAllowedNow, match="More time is asked for already."):
        ask(duty, cast, until_on=JUNE_20)
    make.do("refuse", duty, by=cast.coordinator, note="The report is due in June.")
    ask(duty, cast, until_on=JUNE_20)

    assert list(TimeRequest.objects.order_by("id").values_list("until_on", flat=True)) == [
        JUNE_10,
        JUNE_20,
    ]


def test_nothing_is_asked_of_time_for_what_is_sent(duty: Duty, cast: make.Cast) -> None:
    make.sent(duty.updates.get(), by=cast.ilo_focal_point)

    with pytest.raises(NotAllowedNow, match="This update is sent"):
        ask(duty, cast)


def test_in_a_closed_round_time_is_asked_for_what_came_back_only(
    duty: Duty, cast: make.Cast
) -> None:
    update = make.sent(duty.updates.get(), by=cast.ilo_focal_point)
    make.do("return", update, by=cast.coordinator, note="Where?", due_on=date(2026, 6, 5))
    make.do("close", duty.round, by=cast.coordinator)

    asked = ask(duty, cast)

    assert more_time.open_request(asked) is not None


@pytest.mark.parametrize(("given", "due_on"), [({}, JUNE_10), ({"due_on": JUNE_20}, JUNE_20)])
def test_granting_moves_the_due_date_to_the_one_asked_for_or_another(
    given: dict[str, date], due_on: date, duty: Duty, cast: make.Cast
) -> None:
    granted = make.do("grant", ask(duty, cast), by=cast.coordinator, **given)

    answer = TimeAnswer.objects.get()
    assert granted.due_on == due_on
    assert (answer.granted, answer.due_on, answer.recorded_by) == (True, due_on, cast.coordinator)
    dates = duty.due_dates.order_by("id").values_list("due_on", "reason")
    assert list(dates) == [(date(2026, 5, 31), ""), (due_on, "Two holidays.")]
    assert verbs(duty) == ["owed", "time_asked", "time_granted"]


def test_refusing_needs_a_reason_and_leaves_the_date(duty: Duty, cast: make.Cast) -> None:
    asked = ask(duty, cast)

    with pytest.raises(RequirementMissing, match="Give the reason."):
        make.do("refuse", asked, by=cast.coordinator)
    refused = make.do("refuse", asked, by=cast.coordinator, note="The report is due in June.")

    answer = TimeAnswer.objects.get()
    assert (answer.granted, answer.due_on) == (False, None)
    assert answer.reason == "The report is due in June."
    assert refused.due_on == date(2026, 5, 31)


def test_what_is_answered_is_not_answered_again(duty: Duty, cast: make.Cast) -> None:
    make.do("grant", ask(duty, cast), by=cast.coordinator)

    for verb in ("grant", "refuse"):
        with pytest.raises(NotAllowedNow, match="No request for more time waits"):
            make.do(verb, duty, by=cast.administrator, note="Again.")
    assert TimeAnswer.objects.count() == 1


def test_a_grant_gives_more_time_than_there_is(duty: Duty, cast: make.Cast) -> None:
    asked = ask(duty, cast)

    with pytest.raises(RequirementMissing, match="Give a date after 2026-05-31"):
        make.do("grant", asked, by=cast.coordinator, due_on=date(2026, 5, 20))
    with pytest.raises(RequirementMissing, match="that has not passed"):
        make.do("grant", asked, by=cast.coordinator, at=make.later(days=50))


@pytest.mark.parametrize("verb", ["grant", "refuse", "waive", "set_due"])
def test_nobody_gives_time_to_their_own_agency(verb: str, duty: Duty, cast: make.Cast) -> None:
    ask(duty, cast)

    with pytest.raises(NotPermitted, match="administrator who is not of the agency can do this"):
        make.do(verb, duty, by=cast.ilo_coordinator, note="We need it.", due_on=JUNE_10)


@pytest.mark.parametrize(("due_on", "answers"), [(JUNE_20, 1), (date(2026, 6, 5), 0)])
def test_a_due_date_that_covers_the_request_grants_it(
    due_on: date, answers: int, duty: Duty, cast: make.Cast
) -> None:
    ask(duty, cast)
    make.do("set_due", duty, by=cast.coordinator, note="For all of you.", due_on=due_on)

    assert TimeAnswer.objects.filter(granted=True, due_on=due_on).count() == answers


def test_a_duty_is_waived_with_a_reason_that_the_agency_reads(duty: Duty, cast: make.Cast) -> None:
    with pytest.raises(RequirementMissing, match="Give the reason."):
        make.do("waive", duty, by=cast.coordinator)
    waived = make.do("waive", duty, by=cast.coordinator, note="The project has ended.")

    assert (waived.state, waived.waived_because) == ("waived", "The project has ended.")
    with pytest.raises(NotAllowedNow, match="no longer due: The project has ended."):
        make.sent(duty.updates.get(), by=cast.ilo_focal_point)
