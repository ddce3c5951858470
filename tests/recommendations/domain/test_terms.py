"""A round is extended while open, or reopened: nobody's date comes nearer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agencies import history
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Duty, DutyDueDate, Round, RoundTerms, TimeAnswer
from tests import make, soundness

LATER = {"due_on": date(2026, 6, 15), "closes_on": date(2026, 7, 15)}
NOTE = "A strike of the post."


@pytest.fixture
def round(cast: make.Cast) -> Round:
    """Return an open round, due on 31 May, closing on 30 June, that asks for A1, A2 and A3."""
    for order, code in enumerate(("A2", "A3"), start=2):
        make.accepted(cast, action=make.action(cast.area, code, order=order))
    return make.owed(cast).duty.round


def duty(code: str) -> Duty:
    """Return the duty on an action."""
    return Duty.objects.get(assignment__action__code=code)


def due() -> dict[str, date | None]:
    """Return when each update is due."""
    return dict(Duty.objects.values_list("assignment__action__code", "due_on"))


def test_an_extension_moves_open_duties_and_shortens_none(round: Round, cast: make.Cast) -> None:
    make.do("set_due", duty("A2"), by=cast.coordinator, note=NOTE, due_on=date(2026, 7, 1))
    make.approved(make.sent(duty("A3").updates.get(), by=cast.ilo_focal_point), by=cast.coordinator)

    extended = make.do("extend", round, by=cast.coordinator, note=NOTE, **LATER)

    assert (extended.due_on, extended.closes_on) == (date(2026, 6, 15), date(2026, 7, 15))
    assert due() == {
        "A1": date(2026, 6, 15),
        "A2": date(2026, 7, 1),
        "A3": date(2026, 5, 31),
    }
    newest = DutyDueDate.objects.filter(duty=duty("A1")).order_by("-id").first()
    assert newest is not None
    assert (newest.due_on, newest.reason) == (date(2026, 6, 15), NOTE)
    verbs = {code: history.of(duty(code)).last().verb for code in due()}  # type: ignore[union-attr]
    assert verbs == {"A1": "due_date_changed", "A2": "due_date_changed", "A3": "met"}
    assert history.of(duty("A2")).count() == 2
    assert history.of(round).last().verb == "extended"  # type: ignore[union-attr]


def test_figures_know_the_dates_before_and_after_an_extension(
    round: Round, cast: make.Cast
) -> None:
    make.do("extend", round, by=cast.coordinator, at=make.later(days=3), note=NOTE, **LATER)

    stated = RoundTerms.objects.filter(state="open").order_by("id")
    assert list(stated.values_list("due_on", "closes_on", "recorded_at")) == [
        (date(2026, 5, 31), date(2026, 6, 30), make.NOW),
        (date(2026, 6, 15), date(2026, 7, 15), make.later(days=3)),
    ]


def test_an_extension_grants_the_requests_that_it_covers(round: Round, cast: make.Cast) -> None:
    for code, until_on in (("A1", date(2026, 6, 10)), ("A2", date(2026, 6, 30))):
        make.do("ask", duty(code), by=cast.ilo_focal_point, note=NOTE, until_on=until_on)

    make.do("extend", round, by=cast.coordinator, note=NOTE, **LATER)

    answers = TimeAnswer.objects.values_list("request__duty__assignment__action__code", "due_on")
    assert list(answers) == [("A1", date(2026, 6, 15))]


def test_the_closing_day_alone_moves_after_the_due_date_has_passed(
    round: Round, cast: make.Cast
) -> None:
    facts = {"due_on": date(2026, 5, 31), "closes_on": date(2026, 8, 1)}

    make.do("extend", round, by=cast.coordinator, at=make.later(days=40), note=NOTE, **facts)

    assert set(due().values()) == {date(2026, 5, 31)}


EARLIER = "Give %s or later: agencies rely on that date."


@pytest.mark.parametrize(
    ("facts", "problems"),
    [
        ({"note": ""}, {"reason": "Give the reason."}),
        ({"due_on": None}, {"due_on": "Give the new date."}),
        ({"due_on": date(2026, 5, 30)}, {"due_on": EARLIER % "2026-05-31"}),
        ({"closes_on": date(2026, 6, 29)}, {"closes_on": EARLIER % "2026-06-30"}),
        (
            {"due_on": date(2026, 7, 16)},
            {"closes_on": "Give a closing day on or after the due date."},
        ),
        (
            {"due_on": date(2026, 5, 31), "closes_on": date(2026, 6, 30)},
            {"due_on": "Give a later due date, or a later closing day."},
        ),
        (
            {"at": make.later(days=80)},
            {
                "due_on": "Give a due date that has not passed.",
                "closes_on": "Give a closing day that has not passed.",
            },
        ),
    ],
)
def test_an_extension_gives_later_dates_in_order_and_a_reason(
    facts: dict[str, Any], problems: dict[str, str], round: Round, cast: make.Cast
) -> None:
    with pytest.raises(RequirementMissing) as missing:
        make.do("extend", round, by=cast.coordinator, **{"note": NOTE, **LATER, **facts})

    assert missing.value.problems == problems
    assert set(due().values()) == {date(2026, 5, 31)}
    assert history.of(round).count() == 2


def test_a_reopened_round_takes_updates_again(round: Round, cast: make.Cast) -> None:
    make.do("close", round, by=cast.coordinator, at=make.later(days=30))
    update = duty("A1").updates.get()
    with pytest.raises(NotAllowedNow, match="is closed"):
        make.sent(update, by=cast.ilo_focal_point, at=make.later(days=31))

    reopened = make.do(
        "reopen", round, by=cast.coordinator, at=make.later(days=31), note=NOTE, **LATER
    )
    make.sent(update, by=cast.ilo_focal_point, at=make.later(days=31))

    assert reopened.state == "open"
    assert set(due().values()) == {date(2026, 6, 15)}
    last = RoundTerms.objects.order_by("id").last()
    assert last is not None
    assert (last.state, last.due_on) == ("open", date(2026, 6, 15))


def test_reopening_asks_what_was_taken_on_since_with_14_days_at_least(
    round: Round, cast: make.Cast
) -> None:
    make.do("close", round, by=cast.coordinator)
    for order, (code, role) in enumerate((("A4", "lead"), ("A5", "supporting")), start=4):
        make.accepted(cast, action=make.action(cast.area, code, order=order), role=role)
    assert set(due()) == {"A1", "A2", "A3"}

    make.do("reopen", round, by=cast.coordinator, at=make.later(days=38), note=NOTE, **LATER)

    assert due() == dict.fromkeys(("A1", "A2", "A3"), date(2026, 6, 15)) | {"A4": date(2026, 6, 25)}


def test_reopening_asks_agencies_entered_since_the_questions_of_the_round(
    cast: make.Cast,
) -> None:
    make.question(cast.framework)
    round = make.open_round(cast)
    make.do("waive", make.answers_in(round, cast.iom).duty, by=cast.coordinator, note=NOTE)
    make.do("close", round, by=cast.coordinator)
    make.question(cast.framework, 2)
    make.agency("WHO")
    make.agency("GONE", active=False)
    for days in (31, 32):
        reopened = make.do(
            "reopen", round, by=cast.coordinator, at=make.later(days=days), note=NOTE, **LATER
        )
        make.do("close", reopened, by=cast.coordinator, at=make.later(days=days))

    owed = Duty.objects.filter(kind="questionnaire").order_by("agency__code")
    assert [*owed.values_list("agency__code", "state", "due_on", "updates__review_state")] == [
        ("ILO", "open", date(2026, 6, 15), "draft"),
        ("IOM", "waived", date(2026, 5, 31), "draft"),
        ("WHO", "open", date(2026, 6, 18), "draft"),
    ]
    assert [one.number for one in round.questions.all()] == [1]
    assert soundness.problems() == []


def test_reopening_twice_asks_nobody_twice(round: Round, cast: make.Cast) -> None:
    make.question(cast.framework)
    for days in (31, 32):
        make.do("close", round, by=cast.coordinator, at=make.later(days=days))
        make.accepted(cast, action=make.action(cast.area, f"B{days}", order=days))
        make.do("reopen", round, by=cast.coordinator, at=make.later(days=days), note=NOTE, **LATER)

    asked = Duty.objects.values_list("kind", "assignment__action__code", "agency__code")
    assert sorted(asked, key=str) == [
        ("progress", "A1", None),
        ("progress", "A2", None),
        ("progress", "A3", None),
        ("progress", "B31", None),
        ("progress", "B32", None),
        ("questionnaire", None, "ILO"),
        ("questionnaire", None, "IOM"),
    ]
    assert soundness.problems() == []


def test_what_was_waived_stays_waived_when_the_round_reopens(round: Round, cast: make.Cast) -> None:
    make.do("waive", duty("A1"), by=cast.coordinator, note=NOTE)
    make.do("close", round, by=cast.coordinator)
    make.do("reopen", round, by=cast.coordinator, note=NOTE, **LATER)

    assert duty("A1").state == "waived"
    assert due()["A1"] == date(2026, 5, 31)


@pytest.mark.parametrize(
    ("facts", "problems"),
    [
        ({"note": ""}, {"reason": "Give the reason."}),
        (
            {"due_on": date(2026, 5, 31)},
            {"due_on": "Give a due date that has not passed."},
        ),
        (
            {"closes_on": date(2026, 6, 14), "due_on": date(2026, 6, 14)},
            {"closes_on": EARLIER % "2026-06-30"},
        ),
    ],
)
def test_a_round_reopens_with_dates_to_come_and_a_reason(
    facts: dict[str, Any], problems: dict[str, str], round: Round, cast: make.Cast
) -> None:
    make.do("close", round, by=cast.coordinator)

    with pytest.raises(RequirementMissing) as missing:
        make.do(
            "reopen",
            round,
            by=cast.coordinator,
            at=make.later(days=30),
            **{"note": NOTE, **LATER, **facts},
        )

    assert missing.value.problems == problems
    assert Round.objects.get().state == "closed"


def test_a_lead_accepted_in_an_extended_round_has_the_extended_date(
    round: Round, cast: make.Cast
) -> None:
    make.do("extend", round, by=cast.coordinator, note=NOTE, **LATER)
    make.accepted(cast, action=make.action(cast.area, "A4", order=4))

    assert due()["A4"] == date(2026, 6, 15)
