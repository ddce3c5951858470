"""Who does what: proposing, answering, ending, and the target date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from agencies import history
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import AcceptanceAnswer, Action, Assignment, Duty, TargetDate
from tests import make

TARGET = date(2027, 6, 30)


def missing(verb: str, obj: Any, cast: make.Cast, **facts: Any) -> dict[str, str]:
    """Return what a verb says is missing."""
    with pytest.raises(RequirementMissing) as raised:
        make.do(verb, obj, by=facts.pop("by", cast.coordinator), **facts)
    return raised.value.problems


def test_an_assignment_is_proposed_with_two_weeks_to_answer(cast: make.Cast) -> None:
    assignment = make.proposed(cast)

    assert (assignment.acceptance, assignment.role) == ("proposed", "lead")
    assert assignment.respond_by == date(2026, 5, 18)
    assert assignment.recorded_at == make.NOW
    assert [event.verb for event in history.of(assignment)] == ["proposed"]
    assert list(AcceptanceAnswer.objects.values_list("acceptance", "reason")) == [("proposed", "")]
    assert TargetDate.objects.count() == 0
    assert history.of(cast.action).count() == 1


def test_an_assignment_needs_an_active_agency_and_a_role(cast: make.Cast) -> None:
    agency, role = "Choose an agency.", "Choose lead, co-lead or supporting."

    assert missing("assign", cast.action, cast) == {"agency": agency, "role": role}
    assert missing("assign", cast.action, cast, agency=cast.ilo, role="boss") == {"role": role}
    cast.ilo.active = False
    assert missing("assign", cast.action, cast, agency=cast.ilo, role="lead") == {"agency": agency}


def test_an_agency_has_one_live_place_on_an_action(cast: make.Cast) -> None:
    first = make.proposed(cast, role="supporting")
    with pytest.raises(NotAllowedNow, match="ILO already has A1 as Supporting. End that"):
        make.proposed(cast)

    make.do("decline", first, by=cast.ilo_focal_point, note="Not our mandate.")
    assert make.proposed(cast).acceptance == "proposed"


@pytest.mark.parametrize(
    ("there", "asked", "refused"),
    [
        ("lead", "lead", True),
        ("lead", "co_lead", True),
        ("lead", "supporting", False),
        ("co_lead", "lead", True),
        ("co_lead", "co_lead", False),
        ("co_lead", "supporting", False),
        ("supporting", "lead", False),
        ("supporting", "co_lead", False),
        ("supporting", "supporting", False),
    ],
)
def test_an_action_has_one_lead_or_several_co_leads(
    cast: make.Cast, there: str, asked: str, refused: bool
) -> None:
    make.proposed(cast, role=there)
    if not refused:
        assert make.proposed(cast, role=asked, agency=cast.iom).role == asked
        return
    with pytest.raises(NotAllowedNow, match="A1 is asked of ILO. It has one lead, or several"):
        make.proposed(cast, role=asked, agency=cast.iom)


def test_a_refusal_tells_those_who_lead_from_those_who_are_asked(cast: make.Cast) -> None:
    make.accepted(cast, role="co_lead")
    with pytest.raises(NotAllowedNow, match="^A1 is led by ILO. It has one lead"):
        make.proposed(cast, role="lead", agency=cast.iom)

    make.proposed(cast, role="co_lead", agency=cast.iom)
    with pytest.raises(NotAllowedNow, match="^A1 is led by ILO and asked of IOM. It has one lead"):
        make.proposed(cast, role="lead", agency=make.agency("UNHCR"))


@pytest.mark.parametrize("verb", ["accept_partly", "decline", "withdraw"])
def test_these_answers_need_a_reason(cast: make.Cast, verb: str) -> None:
    by = cast.coordinator if verb == "withdraw" else cast.ilo_focal_point
    assignment = make.proposed(cast)

    assert missing(verb, assignment, cast, by=by, note=" ") == {"reason": "Give the reason."}
    make.do(verb, assignment, by=by, note="No mandate.")
    assert AcceptanceAnswer.objects.last().reason == "No mandate."  # type: ignore[union-attr]


def test_ending_needs_a_reason_and_waives_what_is_still_owed(cast: make.Cast) -> None:
    update = make.owed(cast)
    assignment = Assignment.objects.get()
    assert missing("end", assignment, cast) == {"reason": "Give the reason."}

    make.do("end", assignment, by=cast.coordinator, note="Handed on.", at=make.later(days=1))
    duty = Duty.objects.get()
    assert (duty.state, duty.waived_because) == ("waived", "Handed on.")
    assert (duty.waived_by, duty.waived_at) == (cast.coordinator, make.later(days=1))
    assert [event.verb for event in history.of(duty)] == ["owed", "waived"]
    update.refresh_from_db()
    assert update.review_state == "draft"


def test_ending_leaves_a_duty_that_was_met(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.approved(update, by=cast.coordinator)
    make.do("end", Assignment.objects.get(), by=cast.coordinator, note="Handed on.")

    assert Duty.objects.get().state == "met"


def test_every_answer_is_kept(cast: make.Cast) -> None:
    assignment = make.proposed(cast)
    for verb in ("consider", "accept_partly", "accept"):
        make.do(verb, assignment, by=cast.ilo_focal_point, note="As far as funds allow.")
    make.do("end", assignment, by=cast.coordinator, note="Handed on.")

    assert list(AcceptanceAnswer.objects.order_by("id").values_list("acceptance", flat=True)) == [
        "proposed",
        "under_consideration",
        "partially_accepted",
        "accepted",
        "ended",
    ]


def test_a_lead_accepted_in_mid_round_owes_an_update_two_weeks_later_at_least(
    cast: make.Cast,
) -> None:
    make.open_round(cast)
    early, late = make.proposed(cast), None
    make.do("accept", early, by=cast.ilo_focal_point)
    action = make.action(cast.area, "A2", order=2)
    late = make.proposed(cast, action=action, at=make.later(days=25))
    make.do("accept", late, by=cast.ilo_focal_point, at=make.later(days=25))

    assert Duty.objects.get(assignment=early).due_on == date(2026, 5, 31)
    assert Duty.objects.get(assignment=late).due_on == date(2026, 6, 12)
    assert [duty.updates.count() for duty in Duty.objects.all()] == [1, 1]


def test_an_answer_changed_in_mid_round_makes_no_second_duty(cast: make.Cast) -> None:
    make.owed(cast)
    assignment = Assignment.objects.get()
    make.do("accept_partly", assignment, by=cast.ilo_focal_point, note="In two regions.")
    make.do("accept", assignment, by=cast.ilo_focal_point)

    assert Duty.objects.count() == 1


@pytest.mark.parametrize(("with_supporting", "owed"), [(False, 0), (True, 1)])
def test_a_supporting_agency_reports_where_the_round_says_so(
    cast: make.Cast, with_supporting: bool, owed: int
) -> None:
    make.open_round(cast, with_supporting=with_supporting)
    make.accepted(cast, role="supporting")

    assert Duty.objects.count() == owed


def test_a_declined_assignment_owes_nothing(cast: make.Cast) -> None:
    make.open_round(cast)
    make.do("decline", make.proposed(cast), by=cast.ilo_focal_point, note="No mandate.")

    assert Duty.objects.count() == 0


def test_the_first_target_date_needs_no_reason_and_each_later_one_does(cast: make.Cast) -> None:
    assignment = make.accepted(cast)
    make.do("set_target", assignment, by=cast.ilo_focal_point, target_on=TARGET)

    assert missing("set_target", assignment, cast, target_on=TARGET) == {
        "reason": "Give the reason."
    }
    make.do(
        "set_target",
        assignment,
        by=cast.coordinator,
        target_on=TARGET,
        target_precision="quarter",
        target_text="Second quarter of 2027",
        note="Agreed in May.",
    )
    assignment.refresh_from_db()
    assert (assignment.target_on, assignment.target_precision) == (TARGET, "quarter")
    assert list(TargetDate.objects.order_by("id").values_list("on", "precision", "text")) == [
        (TARGET, "day", ""),
        (TARGET, "quarter", "Second quarter of 2027"),
    ]


def test_a_target_date_is_a_date_or_words(cast: make.Cast) -> None:
    assignment = make.accepted(cast)

    assert missing("set_target", assignment, cast) == {
        "target_on": "Give a date, or say in words when."
    }
    assert missing("set_target", assignment, cast, target_on=TARGET, target_precision="week") == {
        "target_on": "Say how exact the target date is: day, month, quarter or year."
    }
    assert missing("set_target", assignment, cast, target_text="x" * 121) == {
        "target_on": "Shorten the date in words to 120 characters."
    }
    make.do("set_target", assignment, by=cast.coordinator, target_text="After the next summit")
    assert TargetDate.objects.get().text == "After the next summit"


def test_a_target_date_may_come_with_the_proposal(cast: make.Cast) -> None:
    assignment = make.proposed(cast, target_on=TARGET, target_precision="year")

    assert (assignment.target_on, assignment.target_precision) == (TARGET, "year")
    assert TargetDate.objects.get().recorded_by == cast.coordinator


def test_an_action_is_without_a_lead_until_one_accepts(cast: make.Cast) -> None:
    assignment = make.proposed(cast)
    standings = [Action.objects.get().standing]
    make.do("accept", assignment, by=cast.ilo_focal_point)
    standings.append(Action.objects.get().standing)
    make.do("end", assignment, by=cast.coordinator, note="Handed on.")
    standings.append(Action.objects.get().standing)

    assert standings == ["no_lead", "no_information", "no_lead"]


def test_the_day_to_answer_by_has_not_passed_already(cast: make.Cast) -> None:
    today = make.NOW.date()

    assert missing(
        "assign",
        cast.action,
        cast,
        agency=cast.ilo,
        role="lead",
        respond_by=today - timedelta(days=1),
    ) == {"respond_by": "Give a day to answer by that has not passed."}
    assert make.proposed(cast, respond_by=today).respond_by == today
