"""Planning a round: suggested dates, refusals in words, and whom an opening will ask."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agencies import history, revisions
from agencies.access import NotPermitted, NotVisible
from agencies.models import Membership
from agencies.revisions import Conflict
from recommendations.domain import planning
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Framework, Round, RoundTerms
from tests import make

VALUES: dict[str, Any] = {
    "code": "2026-H2",
    "opens_on": date(2026, 10, 1),
    "due_on": date(2026, 11, 30),
    "closes_on": date(2026, 12, 31),
    "with_supporting": True,
    "with_questionnaire": False,
}


def plan(cast: make.Cast, **values: Any) -> Round:
    """Let the coordinator plan a round."""
    return planning.plan_round(
        cast.framework, values=VALUES | values, by=cast.coordinator, at=make.NOW
    )


def replan(round: Round, cast: make.Cast, **more: Any) -> None:
    """Let the coordinator change the dates of a round."""
    facts = {"by": cast.coordinator, "note": "A conference.", "version": round.version, **more}
    values = facts.pop("values", {})
    planning.replan_round(round, values=VALUES | values, at=make.NOW, **facts)


def test_a_planned_round_has_its_event_and_its_terms(cast: make.Cast) -> None:
    round = plan(cast)

    assert {name: getattr(round, name) for name in VALUES} == VALUES
    assert (round.state, round.version) == ("planned", 1)
    event = history.of(round).get()
    assert (event.verb, event.actor) == ("created", cast.coordinator)
    assert RoundTerms.objects.get(round=round).due_on == date(2026, 11, 30)


def test_those_inside_learn_of_a_round_that_is_planned_or_changed_and_the_public_does_not(
    cast: make.Cast,
) -> None:
    def counters() -> tuple[int, int]:
        now = Framework.objects.get(pk=cast.framework.pk)
        return now.counter, now.public_counter

    before = counters()
    round = plan(cast)
    planned = counters()
    replan(round, cast, values={"due_on": date(2026, 12, 1)})
    changed = counters()
    planning.change_reminders(
        round,
        values={"reminder_days": [9]},
        by=cast.coordinator,
        at=make.NOW,
        note="A holiday.",
        version=2,
    )

    assert [planned, changed, counters()] == [(before[0] + n, before[1]) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"code": ""}, {"code": "Give the round a code, such as 2026-H2."}),
        ({"code": "2026-h1"}, {"code": "Round 2026-h1 exists already. Choose another code."}),
        ({"code": "New"}, {"code": "Choose another code: the address “New” is taken."}),
        (
            {"code": "2026 H2"},
            {
                "code": "Use letters without accents, digits, full stops, hyphens and "
                "underscores only."
            },
        ),
        ({"opens_on": None}, {"opens_on": "Give the day on which the round opens."}),
        ({"due_on": None}, {"due_on": "Give the day on which updates are due."}),
        (
            {"due_on": date(2026, 9, 30)},
            {"due_on": "Give a due date on or after the opening day."},
        ),
        (
            {"opens_on": date(2026, 4, 1), "due_on": date(2026, 5, 3)},
            {"due_on": "Give a due date that has not passed."},
        ),
        (
            {"closes_on": date(2026, 11, 29)},
            {"closes_on": "Give a closing day on or after the due date."},
        ),
        ({"closes_on": None}, {"closes_on": "Give the day on which the round closes."}),
    ],
)
def test_a_round_that_cannot_stand_is_refused_at_the_field(
    values: dict[str, Any], problems: dict[str, str], cast: make.Cast
) -> None:
    make.planned_round(cast.framework, "2026-H1")

    with pytest.raises(RequirementMissing) as missing:
        plan(cast, **values)

    assert missing.value.problems == problems
    assert Round.objects.count() == 1


def test_only_who_steers_plans_a_round(cast: make.Cast) -> None:
    round = plan(cast)
    for person in (cast.ilo_focal_point, cast.observer, cast.stranger):
        with pytest.raises(NotPermitted):
            planning.plan_round(
                cast.framework, values=VALUES | {"code": "X"}, by=person, at=make.NOW
            )
        with pytest.raises(NotVisible):
            replan(round, cast, by=person)


def test_a_planned_round_changes_with_a_reason_and_keeps_its_code(cast: make.Cast) -> None:
    round = plan(cast)
    with pytest.raises(RequirementMissing, match="Give the reason."):
        replan(round, cast, note=" ", values={"due_on": date(2026, 12, 5)})
    replan(round, cast, values={"due_on": date(2026, 12, 5), "code": "other"})

    round.refresh_from_db()
    assert (round.code, round.due_on, round.version) == ("2026-H2", date(2026, 12, 5), 2)
    assert history.of(round).last().note == "A conference."  # type: ignore[union-attr]
    last = RoundTerms.objects.order_by("id").last()
    assert last is not None
    assert last.due_on == date(2026, 12, 5)


def test_what_somebody_else_changed_first_is_not_overwritten(cast: make.Cast) -> None:
    round = plan(cast)
    replan(round, cast, values={"due_on": date(2026, 12, 5)})

    with pytest.raises(Conflict):
        replan(round, cast, version=1, values={"due_on": date(2026, 12, 6)})


def test_an_open_round_is_not_planned_any_more(cast: make.Cast) -> None:
    round = plan(cast)
    make.do("open", round, by=cast.coordinator)
    round.refresh_from_db()

    with pytest.raises(NotAllowedNow, match="Extend it instead."):
        replan(round, cast)


@pytest.mark.parametrize(
    ("code", "following"),
    [
        ("2026-H1", "2026-H2"),
        ("2026-H2", "2027-H1"),
        ("2026Q4", "2027Q1"),
        ("2026-T3", "2027-T1"),
        ("2026", "2027"),
        ("R09", "R10"),
        ("spring", ""),
    ],
)
def test_the_next_code_follows_the_way_of_the_last(code: str, following: str) -> None:
    assert planning.next_code(code) == following


def saved(cast: make.Cast, code: str, *dates: date) -> Round:
    """Return a planned round with these dates."""
    opens_on, due_on, closes_on = dates
    round = Round(
        framework=cast.framework, code=code, opens_on=opens_on, due_on=due_on, closes_on=closes_on
    )
    revisions.create(round, by=None, at=make.NOW)
    return round


def test_without_a_round_before_it_a_round_opens_today(cast: make.Cast) -> None:
    found = planning.suggestion(cast.framework, today=date(2026, 5, 4))

    assert (found["code"], found["opens_on"]) == ("", date(2026, 5, 4))
    assert (found["due_on"], found["closes_on"]) == (date(2026, 7, 3), date(2026, 8, 2))


def test_a_round_is_suggested_at_the_usual_distance_from_the_last(cast: make.Cast) -> None:
    saved(cast, "2026-Q1", date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 31))
    saved(cast, "2026-Q2", date(2026, 4, 1), date(2026, 5, 31), date(2026, 6, 30))

    found = planning.suggestion(cast.framework, today=date(2026, 5, 4))

    assert (found["code"], found["opens_on"]) == ("2026-Q3", date(2026, 7, 1))
    assert (found["due_on"], found["closes_on"]) == (date(2026, 8, 31), date(2026, 9, 30))


def test_one_round_alone_tells_the_distance_by_its_code(cast: make.Cast) -> None:
    reminders = {"reminder_days": [-7, 1], "reminder_every": 10, "reminder_last": 40}
    round = make.planned_round(cast.framework, "2026-H1", with_supporting=True, **reminders)

    found = planning.suggestion(cast.framework, today=date(2026, 5, 4), like=round)

    assert found == {
        "code": "2026-H2",
        "opens_on": date(2026, 11, 1),
        "due_on": date(2026, 11, 30),
        "closes_on": date(2026, 12, 30),
        "with_supporting": True,
        "with_questionnaire": True,
        "reminder_days": [-7, 1],
        "reminder_every": 10,
        "reminder_last": 40,
    }


def test_a_first_round_is_suggested_with_the_usual_reminders(cast: make.Cast) -> None:
    found = planning.suggestion(cast.framework, today=date(2026, 5, 4))

    assert [found[name] for name in planning.REMINDERS] == [[-14, -3, 0, 3, 10], 14, 66]


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"reminder_days": "soon"}, {"reminder_days": "Enter whole numbers of days."}),
        ({"reminder_days": [1.5]}, {"reminder_days": "Enter whole numbers of days."}),
        (
            {"reminder_days": [-400]},
            {"reminder_days": "Enter days that are not more than a year from the due date."},
        ),
        ({"reminder_every": 400}, {"reminder_every": "Enter 365 days at most."}),
        ({"reminder_last": 400}, {"reminder_last": "Enter 365 days at most."}),
        (
            {"reminder_every": None, "reminder_last": None},
            dict.fromkeys(
                ("reminder_every", "reminder_last"), "Enter a number of days; 0 stands for none."
            ),
        ),
        (
            {"reminder_days": [0, 10], "reminder_last": 9},
            {
                "reminder_last": "Enter 10 at least: so many days after the due date a "
                "reminder is meant."
            },
        ),
    ],
)
def test_reminders_that_cannot_be_sent_as_they_are_meant_are_refused(
    cast: make.Cast, values: dict[str, Any], problems: dict[str, str]
) -> None:
    with pytest.raises(RequirementMissing) as planned:
        plan(cast, **values)
    assert planned.value.problems == problems

    round = make.planned_round(cast.framework)
    with pytest.raises(RequirementMissing) as replanned:
        replan(round, cast, values=values)
    assert replanned.value.problems == problems


def test_no_suggested_round_is_past_or_exists(cast: make.Cast) -> None:
    old = saved(cast, "2024-H1", date(2024, 5, 1), date(2024, 5, 31), date(2024, 6, 30))
    saved(cast, "2026-H2", date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 30))

    found = planning.suggestion(cast.framework, today=date(2026, 5, 4), like=old)

    assert found["code"] not in ("2024-H1", "2026-H2")
    assert found["due_on"] >= date(2026, 5, 4)


def test_the_preview_says_who_is_asked_who_is_not_and_for_whom_nobody_can_act(
    cast: make.Cast,
) -> None:
    make.accepted(cast)
    make.accepted(cast, action=make.action(cast.area, "A2", order=2))
    round = plan(cast, with_supporting=False)
    found = planning.asking(round, at=make.NOW)

    assert (found.updates, found.agencies) == (2, 1)
    assert [str(one) for one in found.not_asked] == ["IOM"]
    assert found.vacant == []

    Membership.objects.filter(agency=cast.ilo).update(until_on=date(2026, 5, 3))
    assert [str(one) for one in planning.asking(round, at=make.NOW).vacant] == ["ILO"]


def test_an_open_round_changes_its_reminders_with_a_reason_and_nothing_else(
    cast: make.Cast,
) -> None:
    round = make.open_round(cast)
    new = {"reminder_days": [0, 5], "reminder_every": 7, "reminder_last": 30}
    asked = {"by": cast.coordinator, "at": make.NOW, "version": round.version}
    values = new | {"due_on": date(2027, 1, 1)}
    with pytest.raises(RequirementMissing, match="Give the reason."):
        planning.change_reminders(round, values=values, note=" ", **asked)
    with pytest.raises(RequirementMissing, match="5 at least"):
        planning.change_reminders(round, values=new | {"reminder_last": 3}, note="Why.", **asked)
    planning.change_reminders(round, values=values, note="A holiday.", **asked)

    round.refresh_from_db()
    assert {name: getattr(round, name) for name in new} == new
    assert round.due_on == date(2026, 5, 31)
    event = history.of(round).last()
    assert event is not None
    assert (event.verb, event.note, event.actor) == ("revised", "A holiday.", cast.coordinator)
    with pytest.raises(Conflict):
        planning.change_reminders(round, values=values, note="Again.", **asked)


def test_a_closed_round_reminds_nobody_and_its_reminders_stay(cast: make.Cast) -> None:
    round = make.do("close", make.open_round(cast), by=cast.coordinator, note="Done.")

    with pytest.raises(NotAllowedNow, match="reminds nobody any more"):
        planning.change_reminders(
            round,
            values={"reminder_days": [1]},
            by=cast.coordinator,
            at=make.NOW,
            note="Why.",
            version=round.version,
        )
