"""A filter that a page has keeps the same rows in the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from agencies.models import User
from recommendations.api.tables import RESOURCES
from recommendations.api.views.figures import FIGURES
from recommendations.models import Duty, Update
from recommendations.reporting.attention import Concern
from tests import make
from tests.recommendations.api.conftest import client_of, every
from tests.recommendations.web import test_answers as questions
from tests.stage import SENT, Stage

ACTIONS = (
    *("area=A", "status=in_progress", "status=no_lead", "agency=ILO", "role=supporting"),
    *("agency=ILO&role=lead", "agency=IOM&role=lead", "q=title+OF+a9", "q=a1", "q=nothing"),
    "area=A&status=in_progress&agency=ILO&q=title",
)
QUEUE = (
    *("area=hld-2013.A", "agency=ILO", "agency=IOM", "sent=first", "sent=again"),
    *("kind=no_change", "agency=ILO&sent=first", "area=hld-2013.A&sent=again"),
)
MATRIX = ("only=mine", "only=late", "only=no_report", "")
ANSWERS = ("", "heading=1", "heading=2")
DUTIES = tuple(f"standing={word}" for word in Concern.values)


WORK = ("writable=true", "writable=false")


def named(queries: tuple[str, ...]) -> set[str]:
    """Return the filters that these addresses ask for."""
    return {pair.partition("=")[0] for query in queries for pair in query.split("&") if pair}


def test_every_filter_that_is_shared_is_compared() -> None:
    shared = {(one.name, two.name) for one in RESOURCES for two in one.filters if two.shared} | {
        (one.name, two) for one in FIGURES.values() for two in one.filters
    }
    compared = {("actions", name) for name in named(ACTIONS)}
    compared |= {("updates", name) for name in named((*QUEUE, *WORK))}
    compared |= {("matrix", name) for name in named(MATRIX)}
    compared |= {("answers", name) for name in named(ANSWERS)}
    compared |= {("duties", name) for name in named(DUTIES)}

    assert shared | {("actions", "area"), ("updates", "agency")} == compared


@pytest.mark.parametrize("actor", ["anonymous", "coordinator"])
@pytest.mark.parametrize("query", ACTIONS)
def test_the_actions_of_the_page_are_those_of_the_list_and_of_the_figures(
    query: str, actor: str, play: Stage
) -> None:
    client = client_of(play.people.get(actor))
    page = client.get(f"/f/hld-2013/actions/?{query}").context["lines"]
    listed = every(client, f"/api/v1/actions/?framework=hld-2013&{query}")
    figures = client.get(f"/api/v1/figures/actions/?{query}").json()["lines"]

    assert [row["code"] for row in listed] == [line.code for line in page]
    assert [row["code"] for row in figures] == [line.code for line in page]


def ids(client: Client, query: str) -> set[int]:
    """Return the updates of the queue."""
    rows = client.get(f"/queue/?{query}").context["rows"]
    return {row.update.pk for row in rows}


@pytest.mark.parametrize("query", QUEUE)
def test_the_updates_of_the_queue_are_those_of_the_list_that_wait(query: str, play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    listed = every(client, f"/api/v1/updates/?review_state=submitted&limit=200&{query}")

    assert {row["id"] for row in listed} & ids(client, "") == ids(client, query)


@pytest.mark.parametrize("actor", ["focal_point", "other_agency", "of_agency", "coordinator"])
def test_the_updates_that_a_person_can_write_are_those_of_their_work(
    actor: str, play: Stage
) -> None:
    client = client_of(play.people[actor])
    page = client.get("/work/").context
    mine = {task.update.pk for _agency, tasks in page["groups"] for task in tasks}
    mine |= {task.update.pk for task in page["idle"]}
    listed = {
        query: {row["id"] for row in every(client, f"/api/v1/updates/?limit=200&{query}")}
        for query in ("", *WORK)
    }

    assert listed == {"": listed[""], WORK[0]: mine, WORK[1]: listed[""] - mine}
    assert bool(mine) == (actor != "coordinator")


@pytest.mark.parametrize("query", MATRIX)
def test_the_agencies_of_the_matrix_are_those_of_its_page(query: str, play: Stage) -> None:
    client = client_of(play.people["of_agency"])
    page: Any = client.get(f"/f/hld-2013/matrix/?{query}").context["rows"]
    told = client.get(f"/api/v1/figures/matrix/?{query}").json()["rows"]

    assert [row["agency_code"] for row in told] == [row.agency_code for row, _places in page]


@pytest.fixture
def owing(play: Stage) -> Stage:
    """Let more be owed than a page holds, some of it late, some by an agency without people."""
    cast, gone = play.cast, make.agency("UNDP")
    left = make.person("UNDP focal point", of=gone)
    for place in range(30):
        action = make.action(cast.area, f"B{place}", order=100 + place)
        held = {"agency": cast.iom, "by": cast.iom_focal_point}
        if place > 27:
            held = {"agency": gone, "by": left}
        make.accepted(cast, action=action, **held)
    late = Duty.objects.filter(assignment__action__code__in=("B1", "B2"))
    for duty in late:
        given = {"note": "Agreed.", "due_on": date(2026, 5, 15)}
        make.do("set_due", duty, by=cast.coordinator, at=SENT, **given)
    begun = Update.objects.with_place().get(duty__assignment__action__code="B2")
    make.drafted(begun, by=cast.iom_focal_point, at=SENT)
    User.objects.filter(pk=left.pk).update(is_active=False)
    return play


def on_pages(client: Client, query: str) -> list[int]:
    """Return the duties of the round 2026-H1 on every page of its list."""
    found: list[int] = []
    number = 1
    while number:
        answer = client.get(f"/f/hld-2013/rounds/2026-H1/?{query}&page={number}")
        page = answer.context["listed"].page
        found += [row.duty.duty_id for row in page]
        number = page.next_page_number() if page.has_next() else 0
    return found


@pytest.mark.parametrize("actor", ["coordinator", "of_agency", "focal_point", "other_agency"])
def test_the_duties_of_the_page_of_a_round_are_those_of_the_list(actor: str, owing: Stage) -> None:
    client = client_of(owing.people[actor])
    agency = {"other_agency": "IOM"}.get(actor, "ILO")
    for query in (*DUTIES, *(f"{one}&agency={agency}" for one in DUTIES)):
        place = "/api/v1/duties/?framework=hld-2013&round=2026-H1&limit=7"
        listed = [row["id"] for row in every(client, f"{place}&{query}")]

        assert sorted(listed) == sorted(on_pages(client, query)), query


def counted(client: Client) -> dict[str, int]:
    """Return how many duties each word leaves, of all rounds and frameworks."""
    return {
        word: client.get(f"/api/v1/duties/?standing={word}").json()["count"]
        for word in Concern.values
    }


def test_each_word_leaves_the_duties_that_the_reader_may_know(owing: Stage) -> None:
    people = owing.people
    found = {actor: counted(client_of(people[actor])) for actor in ("coordinator", "other_agency")}
    late = {"late": 2}

    assert found["coordinator"] == late | {
        **{"needs": 51, "not_begun": 49, "missing": 54, "all": 74},
        **{"asks": 1, "vacant": 2, "in_review": 3, "returned": 5},
    }
    assert found["other_agency"] == late | {
        **{"needs": 32, "not_begun": 31, "missing": 32, "all": 32},
        **{"asks": 0, "vacant": 0, "in_review": 0, "returned": 0},
    }
    assert {*counted(client_of(people["stranger"])).values()} == {0}


def test_a_draft_that_is_begun_shows_at_once_though_no_counter_rises(owing: Stage) -> None:
    client = client_of(owing.people["coordinator"])
    asked = "/api/v1/duties/?standing=not_begun&agency=IOM"
    first = client.get(asked)
    update = Update.objects.with_place().get(duty__assignment__action__code="B3")
    make.drafted(update, by=owing.cast.iom_focal_point, at=SENT)
    again = client.get(asked, headers={"If-None-Match": first.get("ETag", '"none"')})

    assert (first.json()["count"], again.json()["count"]) == (31, 30)


@pytest.fixture
def said(play: Stage) -> Stage:
    """Let two agencies answer under two headings; the second answer of one is held."""
    cast = play.cast
    first, second = (questions.asking(cast, code, "Practices", "Gaps") for code in ("R1", "R22"))
    questions.answered(first, cast.iom, Practices="A fund.")
    questions.answered(first, cast.ilo, Practices="Seminars.", Gaps="A gap.")
    questions.answered(second, cast.iom, public=False, Practices="A second fund.")
    return play


@pytest.mark.parametrize("actor", ["anonymous", "coordinator"])
@pytest.mark.parametrize("query", ANSWERS)
def test_the_answers_under_a_heading_are_those_of_its_page(
    query: str, actor: str, said: Stage
) -> None:
    client = client_of(said.people.get(actor))
    pages = [query] if query else ["heading=1", "heading=2"]
    shown = [
        (one.agency_code, one.agency, one.heading, one.text)
        for page in pages
        for one in client.get(f"/f/hld-2013/answers/?{page}").context["paged"].page
    ]
    told = client.get(f"/api/v1/figures/answers/?{query}").json()
    names = ("agency_code", "agency", "heading", "text")
    found = [tuple(row[name] for name in names) for row in told["answers"]]

    assert (sorted(found), len(found)) == (sorted(shown), 2 * len(pages))
    assert (told["headings"], told["agencies"]) == (["Practices", "Gaps"], 2)
    assert any(text == "A second fund." for *_of_whom, text in found) == (
        actor == "coordinator" and query != "heading=2"
    )


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("actions/?status=great", "status"),
        ("actions/?agency=nobody", "agency"),
        ("actions/?framework=hld-2013&role=head", "role"),
        ("figures/matrix/?only=late", "only"),
        ("figures/matrix/?only=mine", "only"),
        ("figures/matrix/?only=best", "only"),
        ("figures/answers/?heading=2&framework=questions", "heading"),
        ("figures/answers/?heading=first", "heading"),
    ],
)
def test_a_value_that_the_page_refuses_is_refused(address: str, name: str, play: Stage) -> None:
    answer = client_of().get(f"/api/v1/{address}")

    assert (answer.status_code, [*answer.json()["fields"]]) == (400, [name])


def test_a_word_that_the_page_of_a_round_refuses_is_refused(play: Stage) -> None:
    answer = client_of(play.people["coordinator"]).get("/api/v1/duties/?standing=great")

    assert (answer.status_code, [*answer.json()["fields"]]) == (400, ["standing"])


def test_a_value_that_the_page_refuses_begins_no_file(play: Stage) -> None:
    client = client_of(play.people["coordinator"], Accept="text/csv")
    answer = client.get("/api/v1/actions/?agency=NONE")

    assert (answer.status_code, [*answer.json()["fields"]]) == (400, ["agency"])


def test_the_kind_of_what_was_taken_back_narrows_nothing_for_others(play: Stage) -> None:
    """Of the kinds of an update, a program may ask for that of its duty and of its text."""
    client = client_of(play.people["coordinator"])
    kinds = {
        kind: {row["kind"] for row in every(client, f"/api/v1/updates/?kind={kind}&limit=200")}
        for kind in ("progress", "questionnaire")
    }

    assert kinds == {"progress": {"progress"}, "questionnaire": {"questionnaire"}}


def test_a_duty_that_is_met_meanwhile_breaks_no_list(play: Stage) -> None:
    """It leaves the filter after it was found, and before it is told what is known of it."""
    client, left = client_of(play.people["coordinator"]), play.objects["duty open"].pk
    asked: list[str] = []

    def met(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if "recommendations_duty" in str(sql):
            asked.append(sql)
            if len(asked) == 3:  # after what was sent, and the duties with their dates
                Duty.objects.filter(pk=left).update(state=Duty.State.MET)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(met):
        answer = client.get("/api/v1/duties/?state=open&standing=missing")

    assert answer.status_code == 200
    assert left not in [row["id"] for row in answer.json()["results"]]
