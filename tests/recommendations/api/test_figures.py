"""Figures: the numbers of the pages, for whom they are meant, as of a moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from recommendations.api.plain_figures import plain
from recommendations.api.views.figures import FIGURES
from recommendations.reporting.facts import Scope
from recommendations.reporting.overview import overview
from tests.recommendations.api.conftest import client_of, holder
from tests.stage import ASKED, Stage

PUBLIC = sorted(name for name, made in FIGURES.items() if made.public)


@pytest.mark.parametrize("name", PUBLIC)
def test_figures_say_what_they_are_of(name: str, play: Stage) -> None:
    answer = client_of().get(f"/api/v1/figures/{name}/")
    told = {key: answer.json()[key] for key in ("framework", "as_of", "scope", "settled")}

    assert told == {
        "framework": "hld-2013",
        "as_of": "2026-05-20T09:00:00Z",
        "scope": "public",
        "settled": False,
    }


def test_figures_are_those_of_the_pages_for_both_scopes(play: Stage) -> None:
    home = play.cast.framework
    for actor, scope in (("coordinator", Scope.INSIDE), ("focal_point", Scope.PUBLIC)):
        client = client_of(play.people[actor])
        told = client.get("/api/v1/figures/overview/?as_of=2026-05-20T08:00").json()
        figures = overview(home, as_of=ASKED - timedelta(hours=1), scope=scope)

        assert told["total"]["actions"] == plain(figures.total.actions)
        assert told["total"]["reported"]["reporting"] == figures.total.reported.reporting
        assert (told["scope"], told["settled"]) == (scope.value, True)


def test_figures_of_an_earlier_moment_know_nothing_of_what_came_since(play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    before, after = (
        client.get(f"/api/v1/figures/standings/?as_of={moment}").json()["rows"]
        for moment in ("2026-05-04T09:29", "2026-05-04T09:30")
    )

    # the actions themselves were entered at 09:30
    assert before == []
    assert {row["status"] for row in after} == {"", "in_progress"}


def test_the_moment_of_an_answer_can_be_sent_back(play: Stage) -> None:
    client, address = client_of(), "/api/v1/figures/standings/"
    with time_machine.travel(ASKED + timedelta(seconds=20, milliseconds=123), tick=False):
        first = client.get(address).json()
    with time_machine.travel(ASKED + timedelta(minutes=5), tick=False):
        again = client.get(f"{address}?as_of={first['as_of']}").json()
        east = client.get(f"{address}?as_of=2026-05-20T11:00:20.123+02:00").json()

    assert first["as_of"] == "2026-05-20T09:00:20.123000Z"
    assert again == {**first, "settled": True}
    assert east == again


def test_a_moment_that_cannot_be_used_is_named_under_fields(play: Stage) -> None:
    answer = client_of().get("/api/v1/figures/overview/?as_of=yesterday").json()

    assert answer["fields"] == {"as_of": answer["detail"]}


def test_actions_are_narrowed_by_the_filters_of_their_page(play: Stage) -> None:
    client = client_of()
    every = client.get("/api/v1/figures/actions/").json()["lines"]
    found = client.get("/api/v1/figures/actions/?status=in_progress&agency=ILO").json()["lines"]
    words = client.get("/api/v1/figures/actions/?q=title+of+A9").json()["lines"]
    wrong = client.get("/api/v1/figures/actions/?status=great")

    assert {line["standing"] for line in found} == {"in_progress"}
    assert [line["code"] for line in found] == [
        line["code"] for line in every if line["standing"] == "in_progress"
    ]
    assert [line["code"] for line in words] == ["A9"]
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["status"])


@pytest.mark.parametrize(
    ("query", "status", "slug"),
    [
        ("as_of=2099-01-01", 400, "unusable-moment"),
        ("as_of=yesterday", 400, "unusable-moment"),
        ("as_of=1700-01-01", 400, "unusable-moment"),
        ("framework=none", 404, "not-found"),
        ("framework=%00", 400, "unusable-value"),
        ("round=2099", 400, "unusable-value"),
        ("round=2026-H2", 400, "unusable-value"),
        ("asof=2026-01-01", 400, "unknown-parameter"),
    ],
)
def test_what_figures_cannot_be_of_is_refused(
    query: str, status: int, slug: str, play: Stage
) -> None:
    answer = client_of().get(f"/api/v1/figures/overview/?{query}")

    assert (answer.status_code, answer.json()["type"].split("#")[1]) == (status, slug)


def test_figures_that_did_not_change_cost_a_few_statements(
    play: Stage, django_assert_num_queries: Any
) -> None:
    program = holder(play.people["coordinator"])
    first = program.get("/api/v1/figures/overview/")
    with django_assert_num_queries(2):
        again = program.get("/api/v1/figures/overview/", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304


def test_answers_are_those_in_force_at_their_moment(play: Stage) -> None:
    asked = "/api/v1/figures/answers/?framework=questions"
    now, before = (client_of().get(asked + more).json() for more in ("", "&as_of=2026-05-04T09:29"))
    of_round, of_another = (
        client_of().get(f"{asked}&round={code}").json()["answers"]
        for code in ("approved", "submitted")
    )
    facts = {"agency_code": "ILO", "agency": "ILO", "round_code": "approved", "number": 1}
    said = {"heading": "Heading 1", "question": "Text of question 1.", "text": "Two seminars."}
    (answer,) = now["answers"]
    moments = {"sent_at": "2026-05-04T09:30:00Z", "at": "2026-05-04T09:30:00Z"}

    assert answer == {**facts, **said, **moments, "content_hash": answer["content_hash"]}
    assert (now["headings"], now["agencies"]) == (["Heading 1"], 1)
    assert (before["headings"], before["agencies"], before["answers"]) == ([], 0, [])
    assert (of_round, of_another) == ([answer], [])


def test_answers_take_these_queries(play: Stage, django_assert_num_queries: Any) -> None:
    program = holder(play.people["coordinator"])
    program.get("/api/v1/figures/answers/")
    # whose the token is; the framework; the questions, the texts in force, the agencies
    with django_assert_num_queries(5):
        program.get("/api/v1/figures/answers/?framework=questions&heading=1")
