"""A program of a coordinator reminds by hand, as the page of the round does."""

from __future__ import annotations

from typing import Any

import pytest

from recommendations.models import Delivery, Duty
from tests import make
from tests.recommendations.api.conftest import holder, sent
from tests.stage import Stage


@pytest.fixture
def place(play: Stage) -> str:
    """Return the address at which is reminded of the open round."""
    return f"rounds/{play.objects['round open'].pk}/remind/"


def chased() -> list[tuple[str, str, str]]:
    """Return who was reminded by hand of what, and in which words."""
    rows = Delivery.objects.filter(kind="chased", channel="mail").select_related("user")
    return sorted((row.user.name, row.cause, row.facts["note"]) for row in rows)


def test_each_duty_is_reminded_of_once_a_day_and_the_answer_says_why_not(
    place: str, play: Stage
) -> None:
    program = holder(play.people["coordinator"], "read", "review")
    duty = play.objects["duty open"]
    waived = Duty.objects.filter(round=duty.round_id, state=Duty.State.WAIVED)[0]
    given = {"duties": [duty.pk, waived.pk], "note": "By Friday, please."}
    first, again = sent(program, place, given), sent(program, place, given)

    people = sorted({name for name, _cause, _note in chased()})
    assert (first.status_code, again.status_code) == (200, 200)
    assert {row["duty"]: row for row in first.json()["results"]} == {
        duty.pk: {"duty": duty.pk, "agency": "ILO", "people": len(people), "why_not": ""},
        waived.pk: {
            "duty": waived.pk,
            "agency": "ILO",
            "people": 0,
            "why_not": "The update was waived.",
        },
    }
    assert chased() == [
        (name, f"chase:{duty.pk}:2026-05-20", "By Friday, please.") for name in people
    ]
    assert {row["duty"]: row["why_not"] for row in again.json()["results"]}[duty.pk] == (
        "A coordinator reminded them today already."
    )


def test_a_reminder_is_sent_once_for_its_key(place: str, play: Stage) -> None:
    program = holder(play.people["coordinator"])
    given = {"duties": [play.objects["duty open"].pk]}
    first = sent(program, place, given, **{"Idempotency-Key": "a"})
    again = sent(program, place, given, **{"Idempotency-Key": "a"})

    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "duties"),
        ({"duties": []}, "duties"),
        ({"duties": 7}, "duties"),
        ({"duties": ["7"]}, "duties"),
        ({"duties": [True]}, "duties"),
        ({"duties": [0]}, "duties"),
        ({"duties": [10**30]}, "duties"),
        ({"duties": [1] * 101}, "duties"),
        ({"note": 7}, "note"),
    ],
)
def test_what_cannot_be_reminded_of_is_refused_by_name(
    given: dict[str, Any], field: str, place: str, play: Stage
) -> None:
    if field == "note":
        given = {"duties": [play.objects["duty open"].pk], **given}
    answer = sent(holder(play.people["coordinator"]), place, given)

    assert (answer.status_code, [*answer.json()["fields"]]) == (400, [field])
    assert chased() == []


def test_a_duty_of_another_round_fails_as_one_that_there_is_not(place: str, play: Stage) -> None:
    program = holder(play.people["coordinator"])
    other = make.planned_round(play.cast.framework, "2029-H1")
    make.do("open", other, by=play.cast.coordinator)
    foreign = Duty.objects.filter(round=other)[0].pk
    unknown = foreign + 10_000
    answers = [sent(program, place, {"duties": [one]}) for one in (foreign, unknown)]
    told = [answer.json()["detail"] for answer in answers]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert told == [f"This round has no duty with the number {one}." for one in (foreign, unknown)]
    assert chased() == []


def test_a_token_needs_the_scope_of_a_coordinator(place: str, play: Stage) -> None:
    program = holder(play.people["coordinator"], "read", "report")
    answer = sent(program, place, {"duties": [play.objects["duty open"].pk]})

    assert (answer.status_code, answer.json()["scope"]) == (403, "review")
