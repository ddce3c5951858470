"""A round opens, makes duties, and closes; duties fall due, are met or waived."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from agencies import history
from recommendations.domain import rounds
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Duty, DutyDueDate, Round, RoundTerms, Update
from tests import make

TODAY = make.NOW.date()


def busy(cast: make.Cast, **more: Any) -> Round:
    """Return a planned round in a framework with an assignment in each role and state."""
    roles = {"A2": "lead", "A3": "co_lead", "A4": "supporting", "A5": "lead", "A6": "lead"}
    for order, (code, role) in enumerate(roles.items(), start=2):
        action = make.action(cast.area, code, order=order)
        if code == "A5":
            make.proposed(cast, action=action, role=role)
            continue
        assignment = make.accepted(cast, action=action, role=role)
        if code == "A6":
            make.do("end", assignment, by=cast.coordinator, note="Handed on.")
    return make.planned_round(cast.framework, **more)


def owing() -> list[str]:
    """Return the actions on which an update is owed."""
    codes = Duty.objects.order_by("id").values_list("assignment__action__code", flat=True)
    return list(codes)


@pytest.mark.parametrize(
    ("with_supporting", "codes"), [(False, ["A2", "A3"]), (True, ["A2", "A3", "A4"])]
)
def test_opening_makes_a_duty_with_its_update_for_each_active_lead(
    cast: make.Cast, with_supporting: bool, codes: list[str]
) -> None:
    make.do("open", busy(cast, with_supporting=with_supporting), by=cast.coordinator)

    assert owing() == codes
    for duty in Duty.objects.all():
        assert (duty.kind, duty.state, duty.due_on) == ("progress", "open", date(2026, 5, 31))
        assert list(duty.updates.values_list("review_state", flat=True)) == ["draft"]
        assert list(duty.due_dates.values_list("due_on", flat=True)) == [date(2026, 5, 31)]


def test_a_round_opens_once(cast: make.Cast) -> None:
    round = busy(cast)
    make.do("open", round, by=cast.coordinator)
    duties = Duty.objects.count()

    with pytest.raises(NotAllowedNow):
        make.do("open", round, by=cast.coordinator)
    assert Duty.objects.count() == duties


def test_opening_asks_nothing_of_another_framework(cast: make.Cast) -> None:
    make.accepted(cast)
    other = make.framework("other", is_default=False)
    make.do("open", make.planned_round(other, "X"), by=cast.coordinator)

    assert Duty.objects.count() == 0


def test_each_state_of_a_round_is_stated_for_the_figures(cast: make.Cast) -> None:
    round = make.planned_round(cast.framework)
    make.do("open", round, by=cast.coordinator, at=make.later(days=1))
    make.do("close", round, by=cast.coordinator, at=make.later(days=60))

    assert list(RoundTerms.objects.order_by("id").values_list("state", "recorded_at")) == [
        ("planned", make.NOW),
        ("open", make.later(days=1)),
        ("closed", make.later(days=60)),
    ]


def test_closing_deletes_nothing_and_says_what_it_leaves(cast: make.Cast) -> None:
    for order, code in enumerate(("A2", "A3", "A4", "A5", "A6"), start=2):
        make.accepted(cast, action=make.action(cast.area, code, order=order))
    round = make.open_round(cast)
    updates = list(Update.objects.order_by("id"))
    make.drafted(updates[0], by=cast.ilo_focal_point)
    make.sent(updates[1], by=cast.ilo_focal_point)
    make.sent(updates[2], by=cast.ilo_focal_point)
    make.do("return", updates[2], by=cast.coordinator, note="Say where.", due_on=date(2026, 7, 1))
    make.approved(make.sent(updates[3], by=cast.ilo_focal_point), by=cast.coordinator)
    left = {"drafts": 1, "missing": 1, "in_review": 1, "returned": 1}

    assert rounds.at_closing(round) == left
    make.do("close", round, by=cast.coordinator)
    assert rounds.at_closing(round) == left
    states = Duty.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["open", "open", "open", "met", "open"]


def test_a_round_is_closing_after_its_due_date_and_only_while_open(cast: make.Cast) -> None:
    round = make.planned_round(cast.framework)
    days = (date(2026, 5, 31), date(2026, 6, 1))

    assert [round.is_closing(day) for day in days] == [False, False]
    make.do("open", round, by=cast.coordinator)
    round.refresh_from_db()
    assert [round.is_closing(day) for day in days] == [False, True]
    make.do("close", round, by=cast.coordinator)
    round.refresh_from_db()
    assert [round.is_closing(day) for day in days] == [False, False]


def test_a_due_date_changes_with_a_reason_and_is_kept(cast: make.Cast) -> None:
    duty = make.owed(cast).duty

    for facts, problems in (
        ({}, {"due_on": "Give the new due date.", "reason": "Give the reason."}),
        ({"due_on": TODAY}, {"reason": "Give the reason."}),
        (
            {"due_on": TODAY - timedelta(days=1), "note": "Leave."},
            {"due_on": "Give a due date that has not passed."},
        ),
    ):
        with pytest.raises(RequirementMissing) as raised:
            make.do("set_due", duty, by=cast.coordinator, **facts)  # type: ignore[arg-type]
        assert raised.value.problems == problems

    make.do("set_due", duty, by=cast.administrator, due_on=TODAY, note="Asked by telephone.")
    duty.refresh_from_db()
    assert duty.due_on == TODAY
    assert list(DutyDueDate.objects.order_by("id").values_list("due_on", "reason")) == [
        (date(2026, 5, 31), ""),
        (TODAY, "Asked by telephone."),
    ]
    assert history.of(duty).last().note == "Asked by telephone."  # type: ignore[union-attr]


def test_late_is_what_is_open_past_its_day_and_not_voluntary(cast: make.Cast) -> None:
    update = make.owed(cast)
    first_late_day = date(2026, 6, 1)

    assert Duty.objects.overdue(first_late_day - timedelta(days=1)).count() == 0
    assert Duty.objects.overdue(first_late_day).count() == 1
    Duty.objects.update(voluntary=True)
    assert Duty.objects.overdue(first_late_day).count() == 0
    Duty.objects.update(voluntary=False)
    make.sent(update, by=cast.ilo_focal_point)
    assert Duty.objects.overdue(first_late_day).count() == 1
    make.approved(update, by=cast.coordinator)
    assert Duty.objects.overdue(first_late_day).count() == 0


def test_a_returned_update_is_late_by_its_new_date(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.do("return", update, by=cast.coordinator, note="Say where.", due_on=date(2026, 6, 15))

    assert Duty.objects.overdue(date(2026, 6, 15)).count() == 0
    assert Duty.objects.overdue(date(2026, 6, 16)).count() == 1
