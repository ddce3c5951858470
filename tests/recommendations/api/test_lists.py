"""Lists: pages that go on where they stopped, filters, orders, fields, files, and what is odd."""

from __future__ import annotations

import base64
import csv
import io
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest

from agencies import succession
from recommendations.api import rows
from recommendations.api.resources import Resource
from recommendations.api.tables import RESOURCES
from recommendations.domain import access
from recommendations.models import Action, Framework, Submission, Update
from tests import make
from tests.recommendations.api.conftest import client_of, every, holder, ids
from tests.stage import ASKED, Stage

ORDERS = [
    (resource, f"{sign}{name}")
    for resource in RESOURCES
    for name in resource.orderings
    for sign in ("", "-")
]


@pytest.mark.parametrize(("resource", "order"), ORDERS, ids=lambda one: getattr(one, "name", one))
def test_pages_of_three_hold_each_row_once_in_the_order_of_one_page(
    resource: Resource, order: str, play: Stage
) -> None:
    client = client_of(play.people["of_agency"])
    address = f"/api/v1/{resource.name}/?ordering={order}"
    whole = client.get(f"{address}&limit=200").json()

    assert every(client, f"{address}&limit=3") == whole["results"]
    assert whole["count"] == len(whole["results"])


def test_empty_dates_come_last_both_ways(play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    for order in ("due_on", "-due_on"):
        dates = [
            row["due_on"] for row in every(client, f"/api/v1/duties/?ordering={order}&limit=9")
        ]
        known = [one for one in dates if one]

        assert dates == [*sorted(known, reverse=order.startswith("-")), *[None] * dates.count(None)]


def test_a_row_that_is_entered_meanwhile_moves_no_other(play: Stage) -> None:
    first = client_of().get("/api/v1/actions/?ordering=-id&limit=2").json()
    make.action(play.cast.area, "Z9", order=99)
    second = client_of().get(first["next"].removeprefix("http://testserver")).json()
    numbers = [row["id"] for page in (first, second) for row in page["results"]]

    assert [a - b for a, b in pairwise(numbers)] == [1, 1, 1]


def test_a_count_stops_at_a_thousand(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Action.objects.count()
    found = client_of().get("/api/v1/actions/?limit=1").json()
    monkeypatch.setattr(rows, "MOST_COUNTED", 4)
    capped = client_of().get("/api/v1/actions/?limit=1").json()

    assert (found["count"], found["count_is_capped"]) == (there, False)
    assert (capped["count"], capped["count_is_capped"]) == (4, True)


def of(update: Update, code: str) -> bool:
    """Say whether an update is of the agency with this code."""
    owner = update.duty.assignment.agency if update.duty.assignment else update.duty.agency
    return owner is not None and owner.code == code


def state(update: Update) -> str:
    """Return the state of an update."""
    return update.review_state


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("review_state=submitted", lambda one: state(one) == "submitted"),
        (
            "agency=ILO&review_state=draft",
            lambda one: of(one, "ILO") and one.review_state == "draft",
        ),
        ("agency=IOM", lambda one: of(one, "IOM")),
        ("action=A9", lambda one: one.duty.assignment and one.duty.assignment.action.code == "A9"),
        ("kind=questionnaire", lambda one: one.duty.assignment is None),
        ("round=2025-H2", lambda one: one.duty.round.code == "2025-H2"),
        ("due_before=2026-06-01", lambda one: one.duty.due_on and str(one.duty.due_on) < "2026-06"),
    ],
)
def test_a_filter_keeps_what_it_says(query: str, expected: Any, play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    found = every(client, f"/api/v1/updates/?limit=200&{query}")
    known = Update.objects.with_place().filter(duty__round__framework__isnull=False)

    assert {row["id"] for row in found} == {one.pk for one in known if expected(one)}


def test_a_parameter_that_is_misspelt_is_refused_with_the_nearest(play: Stage) -> None:
    answer = client_of().get("/api/v1/actions/?framwork=hld-2013")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "http://testserver/api/docs/errors/#unknown-parameter",
        "title": "Unknown parameter",
        "status": 400,
        "detail": "There is no parameter “framwork”. Did you mean “framework”?",
        "nearest": "framework",
        "known": [
            "after",
            "agency",
            "area",
            "code",
            "fields",
            "framework",
            "kind",
            "lang",
            "limit",
            "ordering",
            "q",
            "role",
            "status",
        ],
        "request_id": answer["X-Request-ID"],
    }


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("kind=treaty", "kind"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("ordering=standing", "ordering"),
        ("ordering=area__framework__counter", "ordering"),
        ("ordering=--code", "ordering"),
        ("fields=code,standing", "fields"),
        ("area=A&area=B", "area"),
        ("after=nonsense", "after"),
        ("after=%00", "after"),
        ("code=A1%00", "code"),
        ("code=%ED%A0%80", "code"),  # no character: a mark comes of it that no code holds
        ("after=" + "W" * 3000, "after"),
        ("area=" + "A" * 201, "area"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(query: str, name: str, play: Stage) -> None:
    answer = client_of().get(f"/api/v1/actions/?{query}")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])


CURSORS = (
    *("[]", '["place"]', '["id",1,2]', '["id",true]', '["id",null]', '["id","1"]', '["id",{}]'),
    *('["id",99999999999999999999]', "[[[[", '"id"', "null", '["id",1.5]', '["place",1,2,3,4]'),
)


@pytest.mark.parametrize("text", CURSORS)
def test_a_place_that_nobody_gave_out_is_refused(text: str, play: Stage) -> None:
    place = quote(base64.urlsafe_b64encode(text.encode()).decode())

    assert client_of().get(f"/api/v1/actions/?ordering=id&after={place}").status_code == 400


@pytest.mark.parametrize("key", ["0", "99999999999999999999999", "9223372036854775808", "-1", "x"])
def test_a_number_that_nothing_has_is_not_found(key: str, play: Stage) -> None:
    assert client_of().get(f"/api/v1/actions/{key}/").status_code == 404


@pytest.mark.parametrize(
    "key", ["nobody", "ILO%00", "%ED%A0%80", "ILO/x", "%F0%9F%92%A9", "' or 1=1"]
)
def test_a_code_that_nobody_has_is_not_found(key: str, play: Stage) -> None:
    assert client_of().get(f"/api/v1/agencies/{key}/").status_code == 404


def test_the_code_that_an_agency_had_leads_on(play: Stage) -> None:
    version = play.cast.ilo.version
    names = {"code": "ILO-2", "acronym": "ILO", "name": "Office"}
    by = {"by": play.cast.administrator, "at": make.NOW, "note": "Renamed."}
    succession.rename(play.cast.ilo, version=version, **names, **by)
    program = client_of(play.people["coordinator"])
    site = "http://testserver/api/v1"
    for asked, leads in (
        ("agencies/ilo/?fields=code", "agencies/ILO-2/?fields=code"),
        ("updates/?agency=ILO&limit=3", "updates/?agency=ILO-2&limit=3"),
        ("actions/?agency=ilo", "actions/?agency=ILO-2"),
        ("figures/actions/?agency=ilo", "figures/actions/?agency=ILO-2"),
    ):
        answer = program.get(f"/api/v1/{asked}")
        there = program.get(answer["Location"])

        assert (answer.status_code, answer["Location"]) == (301, f"{site}/{leads}")
        assert there.status_code == 200
        held = there.json()
        assert "results" in held or "lines" in held or held == {"code": "ILO-2"}
    report = program.get("/api/v1/reports/agency/?agency=ILO")
    assert (report.status_code, report["Location"]) == (301, f"{site}/reports/agency/?agency=ILO-2")
    as_file = program.get("/api/v1/updates/?agency=ILO", headers={"Accept": "text/csv"})
    assert (as_file.status_code, as_file["Location"]) == (301, f"{site}/updates/?agency=ILO-2")
    for nobody in ("agencies/NONE/", "agencies/NONE/?fields=code"):
        assert program.get(f"/api/v1/{nobody}").status_code == 404
    assert program.get("/api/v1/updates/?agency=NONE").status_code == 400


def test_fields_slim_an_answer(play: Stage) -> None:
    listed = client_of().get("/api/v1/agencies/?fields=code,acronym&limit=1").json()["results"]

    assert listed == [{"code": "GONE", "acronym": "GONE"}]
    assert client_of().get("/api/v1/agencies/ilo/?fields=code").json() == {"code": "ILO"}


def test_a_list_comes_as_a_file_in_which_nothing_runs(play: Stage) -> None:
    Action.objects.filter(code="A1").update(short_title="=1+1")
    answer = client_of().get(
        "/api/v1/actions/?fields=code,short_title,passage&ordering=code&limit=1",
        headers={"Accept": "text/csv"},
    )
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode())))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[:3] == [
        ["code", "short_title", "passage"],
        ["A0", "Short title of A0", ""],
        ["A1", "'=1+1", ""],
    ]
    assert len(lines) == Action.objects.count() + 1


def test_what_only_the_two_sides_know_is_empty_for_others(play: Stage) -> None:
    pk = play.objects["assignment accepted, reported"].pk
    address = f"/api/v1/assignments/{pk}/?fields=acceptance,respond_by,version"
    told = {
        actor: client_of(play.people.get(actor)).get(address).json()
        for actor in ("anonymous", "other_agency", "elsewhere", "focal_point", "coordinator")
    }
    public = {"acceptance": "accepted", "respond_by": None, "version": None}

    assert [told[one] for one in ("anonymous", "other_agency", "elsewhere")] == [public] * 3
    assert told["focal_point"] == told["coordinator"]
    assert told["coordinator"]["version"] == play.objects["assignment accepted, reported"].version


def test_a_draft_is_told_to_its_agency_alone(play: Stage) -> None:
    address = f"/api/v1/updates/{play.objects['update draft'].pk}/"
    fields = "?fields=draft_body,draft_version,draft_begun_at"
    own, coordinator, administrator = (
        client_of(play.people[actor]).get(address + fields).json()
        for actor in ("focal_point", "coordinator", "administrator")
    )

    assert own["draft_body"] == {"done": "Two seminars."}
    assert coordinator == administrator
    assert coordinator == {
        "draft_body": None,
        "draft_version": None,
        "draft_begun_at": own["draft_begun_at"],
    }


def test_a_list_that_did_not_change_costs_nothing(
    play: Stage, django_assert_num_queries: Any
) -> None:
    first = client_of().get("/api/v1/submissions/")
    with django_assert_num_queries(1):
        again = client_of().get("/api/v1/submissions/", headers={"If-None-Match": first["ETag"]})
    other = client_of().get(
        "/api/v1/submissions/?limit=1", headers={"If-None-Match": first["ETag"]}
    )

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert other.status_code == 200


@pytest.mark.parametrize("actor", ["coordinator", "focal_point", "stranger"])
def test_every_list_has_a_tag_by_which_it_did_not_change(actor: str, play: Stage) -> None:
    client = client_of(play.people[actor])
    for name in (*(one.name for one in RESOURCES), "events", "reports", "duties/?standing=needs"):
        address = f"/api/v1/{name}" if "?" in name else f"/api/v1/{name}/"
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})

        assert (first.status_code, again.status_code, again.content) == (200, 304, b""), name
        assert again["ETag"] == first["ETag"]


def test_what_no_counter_tells_has_the_tag_of_what_it_says(play: Stage) -> None:
    client, mine = client_of(play.people["focal_point"]), "/api/v1/memberships/"
    first = client.get(mine)["ETag"]
    Framework.objects.update(counter=1000)
    same = client.get(mine)["ETag"]
    make.member(play.people["focal_point"], play.cast.iom)

    assert first == same != client.get(mine)["ETag"]


def test_the_tag_of_what_is_public_moves_with_what_is_public_alone(play: Stage) -> None:
    def tags() -> list[str]:
        readers = (None, play.people["stranger"], play.people["coordinator"])
        return [client_of(one).get("/api/v1/submissions/")["ETag"] for one in readers]

    before = tags()
    Framework.objects.filter(pk=play.cast.framework.pk).update(counter=1000)
    inside = tags()
    Framework.objects.filter(pk=play.cast.framework.pk).update(public_counter=1000)

    assert [a == b for a, b in zip(before, inside, strict=True)] == [True, True, False]
    assert [a == b for a, b in zip(inside, tags(), strict=True)] == [False, False, True]


def test_a_row_carries_the_tag_of_its_versions(play: Stage) -> None:
    draft, approved = play.objects["update draft"], play.objects["update approved"]

    def tag(actor: str, address: str) -> str:
        return client_of(play.people.get(actor)).get(f"/api/v1/{address}/")["ETag"]

    saved = Update.objects.get(pk=draft.pk).draft.version
    assert tag("focal_point", f"updates/{draft.pk}") == f'"{draft.version}-{saved}"'
    assert tag("coordinator", f"updates/{draft.pk}") == f'"{draft.version}"'
    assert tag("focal_point", f"updates/{approved.pk}") == f'"{approved.version}-0"'
    assert tag("anonymous", f"actions/{play.cast.action.pk}") == '"1"'
    place = play.objects["assignment accepted, reported"]
    assert tag("anonymous", f"assignments/{place.pk}").startswith('W/"')
    assert tag("focal_point", f"assignments/{place.pk}") == f'"{place.version}"'


def test_signed_in_answers_are_kept_by_nobody(play: Stage) -> None:
    answers = [client_of(one).get("/api/v1/actions/") for one in (None, play.people["stranger"])]

    assert [one["Cache-Control"] for one in answers] == ["public, no-cache", "private, no-store"]
    assert [len(one.cookies) for one in answers] == [0, 0]


def test_scripts_of_any_site_read_what_strangers_read_and_nothing_else(play: Stage) -> None:
    stranger, person = client_of(), client_of(play.people["stranger"])
    answers = {
        "a public list": stranger.get("/api/v1/actions/"),
        "as a file": stranger.get("/api/v1/actions/", headers={"Accept": "text/csv"}),
        "figures": stranger.head("/api/v1/figures/overview/"),
        "a wrong parameter": stranger.get("/api/v1/actions/?areas=A"),
        "a private list": stranger.get("/api/v1/duties/"),
        "a change": stranger.post("/api/v1/rounds/1/close/"),
        "signed in": person.get("/api/v1/actions/"),
        "a token": holder(play.people["stranger"], "read").get("/api/v1/actions/"),
        "a wrong token": client_of(Authorization="Bearer x").get("/api/v1/actions/"),
        "a preflight": stranger.options("/api/v1/actions/"),
    }
    read = {name for name, one in answers.items() if one.get("Access-Control-Allow-Origin") == "*"}

    assert read == {"a public list", "as a file", "figures", "a wrong parameter"}
    assert {name for name, one in answers.items() if "Access-Control-Allow-Origin" in one} == read


def test_rounds_that_are_planned_exist_for_planners_alone(play: Stage) -> None:
    planned = play.objects["round planned"].pk
    seen = {
        actor: planned in ids(client_of(play.people[actor]).get("/api/v1/rounds/"))
        for actor in ("focal_point", "coordinator", "administrator", "observer", "stranger")
    }

    assert [actor for actor, sees in seen.items() if sees] == ["coordinator", "administrator"]
    assert access.WHO["round", "open"].value == "steering"


def test_what_an_agency_took_back_is_told_to_itself_alone(play: Stage) -> None:
    update = play.objects["update submitted"]
    people = play.people
    make.do("withdraw", update, by=people["focal_point"], at=ASKED)
    actors = ("focal_point", "of_agency", "coordinator", "administrator", "other_agency")
    place = f"/api/v1/submissions/?update={update.pk}"
    found = {actor: ids(client_of(people[actor]).get(place)) for actor in actors}
    (sent,) = Submission.objects.filter(update=update.pk).values_list("pk", flat=True)

    assert found == {
        "focal_point": [sent],
        "of_agency": [sent],
        "coordinator": [],
        "administrator": [],
        "other_agency": [],
    }
