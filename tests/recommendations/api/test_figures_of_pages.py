"""Each page with figures shows those of the API, to the same reader at the same moment."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from agencies.models import WorkingGroup
from recommendations.models import Assignment
from tests import make
from tests.recommendations.api.conftest import client_of, holder
from tests.recommendations.reporting import builders
from tests.stage import ASKED, Stage

READERS = pytest.mark.parametrize("actor", ["anonymous", "coordinator"])
MOMENTS = pytest.mark.parametrize("as_of", ["", "as_of=2026-05-04T09:30", "as_of=2026-05-10"])


def page_of(client: Client, name: str, query: str) -> Any:
    """Return what a page of the framework shows."""
    return client.get(f"/f/hld-2013/{name}/?{query}").context


def told(client: Client, name: str, query: str = "") -> Any:
    """Return the figures of the API."""
    answer = client.get(f"/api/v1/figures/{name}/?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def parts(tally: dict[str, Any]) -> dict[str, int]:
    """Return the numbers of a tally."""
    return {one["value"]: one["count"] for one in tally["counts"]}


@READERS
@MOMENTS
def test_the_agencies_of_the_page_have_their_numbers(as_of: str, actor: str, play: Stage) -> None:
    client = client_of(play.people.get(actor))
    page, found = (page_of(client, "agencies", as_of)["figures"], told(client, "agencies", as_of))
    names = ("code", "acronym", "name", "category", "counted", "leading", "supporting")

    assert (found["counted"], found["active"]) == (page.counted, page.active)
    assert [[row[name] for name in names] for row in found["lines"]] == [
        [getattr(line, name) for name in names] for line in page.lines
    ]
    assert [parts(row["assignments"]) for row in found["lines"]] == [
        dict(line.assignments.parts) for line in page.lines
    ]


@READERS
@MOMENTS
def test_the_trend_is_that_of_the_page_by_code(as_of: str, actor: str, play: Stage) -> None:
    make.action(builders.second_area(play.cast.framework), "B1")
    client = client_of(play.people.get(actor))
    page, found = page_of(client, "trend", as_of)["figures"], told(client, "trend", as_of)
    codes = {pk: action.code for pk, action in page.actions.items()}

    assert [(one["code"], one["is_newest"], parts(one["actions"])) for one in found["stages"]] == [
        (one.code, one.is_newest, dict(one.actions.parts)) for one in page.stages
    ]
    assert [
        {area["area_code"]: parts(area["actions"]) for area in one["areas"]}
        for one in found["stages"]
    ] == [
        {area.code: dict(tally.parts) for area, tally in zip(page.areas, one.areas, strict=True)}
        for one in page.stages
    ]
    names = ("action_code", "before", "after", "direction")
    assert [tuple(one[name] for name in names) for one in found["changes"]] == [
        (codes[one.action_id], one.before, one.after, one.direction) for one in page.changes
    ]
    assert found["same"] == page.same
    assert (found["since"] or {}).get("code") == (page.since.code if page.since else None)


def given(play: Stage) -> WorkingGroup:
    """Return a group that the ILO leads, to which A1 was given, and an idle one."""
    make.group("IDLE", "Idle")
    group = make.group("WG", "Data", kind="interagency_group")
    make.place(group, play.cast.ilo, "lead")
    make.place(group, None, "member")
    held = Assignment.objects.filter(action__code="A11")
    held.update(through=group)
    return group


@READERS
def test_the_groups_are_those_of_the_page_with_their_actions(actor: str, play: Stage) -> None:
    given(play)
    client = client_of(play.people.get(actor))
    page, found = page_of(client, "groups", "")["groups"], told(client, "groups")["groups"]
    first, second = found

    assert [(one["group"]["code"], parts(one["tally"])) for one in found] == [
        (one.group.code, dict(one.tally.parts)) for one in page
    ]
    assert first["places"] == [
        {"role": "lead", "agencies": ["ILO"]},
        {"role": "member", "agencies": [""]},
    ]
    assert [one["line"]["code"] for one in first["actions"]] == ["A11"]
    assert [row["agency_code"] for one in first["actions"] for row in one["standings"]] == ["ILO"]
    assert (second["places"], second["actions"]) == ([], [])


@MOMENTS
def test_the_gaps_are_those_of_the_page(as_of: str, play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    page, found = page_of(client, "gaps", as_of)["figures"], told(client, "gaps", as_of)
    lists = ("no_target_date", "never_reported", "stale")

    assert {name: found[name] for name in ("actions", "leads", "open_leads")} == {
        name: getattr(page, name) for name in ("actions", "leads", "open_leads")
    }
    assert [row["code"] for row in found["no_lead"]] == [one.code for one in page.no_lead]
    assert {name: [row["assignment_id"] for row in found[name]] for name in lists} == {
        name: [one.assignment_id for one in getattr(page, name)] for name in lists
    }
    assert [row["standing"]["assignment_id"] for row in found["not_answered"]] == [
        one.standing.assignment_id for one in page.not_answered
    ]
    text = client.get(f"/f/hld-2013/gaps.csv?{as_of}").content.decode("utf-8-sig")
    assert [{name: str(value) for name, value in row.items()} for row in found["coverage"]] == list(
        csv.DictReader(io.StringIO(text))
    )


@pytest.mark.parametrize(
    ("name", "query", "queries"),
    [
        *(("agencies", "", 6), ("trend", "", 5), ("groups", "", 9), ("gaps", "", 7)),
        ("round", "round=2026-H1", 7),
    ],
)
@pytest.mark.parametrize("more", [0, 4])
def test_figures_take_a_fixed_number_of_queries(
    name: str, query: str, queries: int, more: int, play: Stage, django_assert_num_queries: Any
) -> None:
    """Whose the token is, the framework, perhaps the round, and what the page of them asks."""
    given(play)
    for place in range(more):
        action = make.action(play.cast.area, f"B{place}", order=100 + place)
        builders.held(action, make.agency(f"AG{place}"))
        make.group(f"WG{place}", f"Group {place}")
    program = holder(play.people["coordinator"])
    program.get("/api/v1/frameworks/")

    with django_assert_num_queries(queries):
        told(program, name, query)


def test_gaps_tell_who_was_asked_to_lead_and_has_not_answered(play: Stage) -> None:
    found = told(client_of(play.people["coordinator"]), "gaps")["not_answered"]
    names = ("action_code", "agency_code", "acceptance")

    assert [tuple(one["standing"][name] for name in names) for one in found] == [
        ("A1", "ILO", "proposed"),
        ("A2", "ILO", "under_consideration"),
    ]


def test_the_trend_tells_what_moved_since_the_newest_round_opened(play: Stage) -> None:
    """A retraction leaves an action without information; four lost their lead."""
    found = told(client_of(play.people["coordinator"]), "trend")
    names = ("action_code", "after", "direction")
    ended = ("A7", "A16", "A17", "A18")

    assert found["since"] == {"code": "2026-H1", "at": "2026-05-04T09:30:00Z"}
    assert sorted(tuple(one[name] for name in names) for one in found["changes"]) == sorted(
        [*((code, "no_lead", "other") for code in ended), ("A21", "no_information", "other")]
    )


@pytest.mark.parametrize("actor", ["coordinator", "of_agency", "focal_point", "other_agency"])
def test_a_round_is_told_as_its_page_shows_it_to_the_same_person(actor: str, play: Stage) -> None:
    action = make.action(play.cast.area, "B1", order=100)
    by = play.cast.iom_focal_point
    make.accepted(play.cast, action=action, agency=play.cast.iom, by=by)
    client = client_of(play.people[actor])
    page = client.get("/f/hld-2013/rounds/2026-H1/?standing=all").context
    found = told(client, "round", "round=2026-h1")
    duties = {duty["duty_id"] for one in found["agencies"] for duty in one["duties"]}
    agencies = {"focal_point": ["ILO"], "other_agency": ["IOM"]}.get(actor, ["ILO", "IOM"])

    assert [one["agency_code"] for one in found["agencies"]] == agencies
    assert agencies == [one.agency_code for one in page["agencies"]]
    assert duties == {row.duty.duty_id for row in page["listed"].page}
    assert found["total"]["expected"] == sum(
        one.progress.expected for one in page["agencies"] if one.counted
    )
    assert (found["state"], found["due_on"], found["scope"]) == ("open", "2026-05-31", "inside")


@pytest.mark.parametrize(
    ("query", "status", "slug"),
    [
        ("", 400, "unusable-value"),
        ("round=2026-H2", 400, "unusable-value"),
        ("round=2026-H1&as_of=2026-05-04T09:29", 404, "did-not-exist"),
    ],
)
def test_a_round_that_does_not_exist_for_a_person_then_is_refused(
    query: str, status: int, slug: str, play: Stage
) -> None:
    answer = client_of(play.people["focal_point"]).get(f"/api/v1/figures/round/?{query}")

    assert (answer.status_code, answer.json()["type"].split("#")[1]) == (status, slug)


def test_how_a_round_was_planned_stays_with_planners(play: Stage) -> None:
    planned = make.planned_round(play.cast.framework, "2029-H1")
    make.do("open", planned, by=play.cast.coordinator, at=make.later(days=3))
    before, since = (f"round=2029-H1&as_of={make.later(days=n):%Y-%m-%dT%H:%M}" for n in (2, 4))
    answers = {
        (actor, query): client_of(play.people[actor]).get(f"/api/v1/figures/round/?{query}")
        for actor in ("focal_point", "coordinator")
        for query in (before, since)
    }
    refused = answers["focal_point", before]

    assert [one.status_code for one in answers.values()] == [404, 200, 200, 200]
    assert refused.json()["type"].split("#")[1] == "did-not-exist"
    assert answers["coordinator", before].json()["state"] == "planned"


def test_figures_say_that_they_are_settled_when_they_are(play: Stage) -> None:
    client, address = client_of(), f"/api/v1/figures/overview/?as_of={ASKED:%Y-%m-%dT%H:%M}"
    first = client.get(address)
    with time_machine.travel(ASKED + timedelta(minutes=5), tick=False):
        again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert first.json()["settled"] is False
    assert (again.status_code, again.json()["settled"]) == (200, True)
