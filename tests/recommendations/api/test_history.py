"""Histories: those of the pages, entry by entry, for whoever asks."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from recommendations.domain import logs
from tests import make
from tests.recommendations.api.conftest import client_of, every, holder
from tests.recommendations.api.test_permissions import element, group, milestone
from tests.recommendations.api.test_statements import WHO, statements
from tests.stage import ASKED, Stage

ACTORS = ("anonymous", "focal_point", "other_agency", "coordinator")
SUBJECTS: dict[str, Callable[[Stage], Any]] = {
    "action": lambda play: play.objects["assignment accepted, reported"].action,  # type: ignore[attr-defined]
    "priorityarea": lambda play: play.cast.area,
    "agency": lambda play: play.cast.ilo,
    "assignment": lambda play: play.objects["assignment accepted, reported"],
    "framework": lambda play: play.cast.framework,
    "round": lambda play: play.objects["round open"],
    "duty": lambda play: play.objects["duty open, asked"],
    "update": lambda play: play.objects["update approved"],
    "user": lambda play: play.people["focal_point"],
}
LEFT = "assignment ended"
QUERIES = (
    *("", "verb=approved", "verb=", "from=2026-05-04", "until=2026-05-04&from="),
    *("as_of=2026-05-04", "as_of=2026-05-04T09:10", "person=PERSON", "person="),
    *("from=2026-05-04&until=2026-05-04&verb=submitted", "until=9999-12-31", "until=2026-04-30"),
    *("parts=yes", "parts=yes&verb=submitted", "parts=yes&person=PERSON", "parts=no"),
    *("verb=published", "verb=stands&as_of=2026-05-04T12:00", "verb=took_on&from=2026-04-20"),
    "parts=yes&person=PERSON&verb=approved&from=2026-05-04&until=2026-05-04",
)
FIELDS = ("key", "at", "words", "verb", "kind", "number", "about", "who", "on_behalf_of", "why")


def page(client: Client, address: str) -> Any:
    """Return the entries of all pages of a history for people, or why there are none."""
    found: list[Any] = []
    while address:
        answer = client.get(address)
        if answer.status_code != 200:
            return 401 if answer.status_code == 302 else answer.status_code
        found += [told(one) for one in answer.context["entries"]]
        address = answer.context["next_url"]
    return found


def told(entry: Any) -> tuple[Any, ...]:
    """Return all that a page tells of an entry."""
    changes = [(one.label, one.before, one.after) for one in entry.changes]
    return (*(getattr(entry, name) for name in FIELDS), changes)


def asked(client: Client, address: str) -> Any:
    """Return the same of all pages for programs."""
    first = client.get(address)
    if first.status_code != 200:
        return first.status_code
    subject, public = first.json()["about"], first.json()["scope"] == "public"
    return [as_told(one, subject, public=public) for one in every(client, address)]


def as_told(row: dict[str, Any], subject: str, *, public: bool) -> tuple[Any, ...]:
    """Return a row as the page tells it: of its own subject without the name."""
    persons = [row[name] for name in ("who", "on_behalf_of", "why")]
    assert (persons == [None, None, None]) == public
    changes = [(one["label"], one["before"], one["after"]) for one in row["changes"]]
    about = "" if row["about"] == subject else row["about"]
    start = (row["key"], moment(row["at"]), row["what"], row["verb"], row["kind"], row["object"])
    return (*start, about, *(one or "" for one in persons), changes)


def moment(said: str) -> Any:
    """Return the moment that JSON says."""
    return make.datetime.fromisoformat(said)


def place(play: Stage, name: str) -> str:
    """Return the end of the address of a history."""
    obj = play.objects[LEFT] if name == LEFT else SUBJECTS[name](play)
    return f"history/{name.split(' ')[0]}/{obj.pk}/"


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("name", [*SUBJECTS, LEFT])
def test_a_history_is_that_of_the_page_however_it_is_narrowed(
    name: str, actor: str, play: Stage
) -> None:
    client, where = client_of(play.people.get(actor)), place(play, name)
    queries = [one.replace("PERSON", str(play.people["coordinator"].pk)) for one in QUERIES]
    pages = {one: page(client, f"/{where}?{one}") for one in queries}

    assert {one: asked(client, f"/api/v1/{where}?{one}&limit=60") for one in queries} == pages


def test_each_filter_keeps_some_entries_and_drops_some(play: Stage) -> None:
    person = play.people["coordinator"].pk
    where = f"/api/v1/{place(play, 'agency')}"

    def counts(client: Client, *queries: str) -> list[int]:
        return [len(every(client, f"{where}?{one}")) for one in queries]

    inside = ("", "parts=yes", "parts=yes&verb=approved", f"parts=yes&person={person}")
    days = ("parts=yes&until=2026-04-30", "parts=yes&from=2026-05-05", "parts=yes&as_of=2026-05-04")
    coordinator = client_of(play.people["coordinator"])
    assert counts(coordinator, *inside, *days) == [1, 180, 7, 141, 0, 17, 163]
    public = ("", "verb=published", "from=2026-05-05", "until=2026-05-04", "as_of=2026-05-04T09:15")
    assert counts(client_of(), *public) == [38, 6, 6, 32, 0]


def test_insiders_are_told_who_did_what_and_why_and_the_public_what_was_public(
    play: Stage,
) -> None:
    coordinator = client_of(play.people["coordinator"])
    inside = coordinator.get(f"/api/v1/{place(play, 'update')}").json()
    public = client_of().get(f"/api/v1/{place(play, 'assignment')}").json()
    update, held = inside["object"], public["object"]

    assert inside["results"][0] == {
        "key": inside["results"][0]["key"],
        "at": "2026-05-04T09:30:00Z",
        "what": "Update approved",
        "verb": "approved",
        "kind": "update",
        "object": update,
        "about": "Update 2026-H1 A11 ILO",
        "who": "Coordinator",
        "on_behalf_of": "",
        "why": "",
        "changes": [
            {
                "field": "review_state",
                "label": "Review state",
                "before": "Submitted",
                "after": "Approved",
            },
            {"field": "submission", "label": "Submission", "before": "", "after": "1"},
        ],
    }
    assert public == {
        "kind": "assignment",
        "object": held,
        "about": "Assignment A11 ILO",
        "scope": "public",
        "as_of": None,
        "next": None,
        "results": public["results"],
    }
    change = {"label": "Status", "before": "No report yet", "after": "In progress"}
    assert public["results"][0] == {
        "key": f"20260504T093000000000-{held}000-5",
        "at": "2026-05-04T09:30:00Z",
        "what": "Status changed",
        "verb": "stands",
        "kind": "assignment",
        "object": held,
        "about": "Assignment A11 ILO",
        **dict.fromkeys(("who", "on_behalf_of", "why")),
        "changes": [{"field": "status", **change}],
    }


def test_pages_go_on_after_the_key_of_an_entry(play: Stage) -> None:
    client, where = client_of(play.people["coordinator"]), f"/api/v1/{place(play, 'update')}"
    keys = [one["key"] for one in client.get(where).json()["results"]]
    first = client.get(f"{where}?limit=2").json()
    rest = client.get(f"{where}?after={keys[1]}").json()

    assert first["next"] == f"http://testserver{where}?limit=2&after={keys[1]}"
    assert [one["key"] for one in rest["results"]] == keys[2:]
    assert rest["next"] is None


def test_a_history_is_sent_again_once_something_more_happened(play: Stage) -> None:
    client, held = client_of(play.people["coordinator"]), play.objects["assignment accepted"]
    where = f"/api/v1/history/assignment/{held.pk}/"
    known = {"If-None-Match": client.get(where)["ETag"]}
    with time_machine.travel(ASKED + timedelta(minutes=1), tick=False):
        same = client.get(where, headers=known)
    make.do("end", held, by=play.cast.coordinator, at=ASKED, note="Handed over.")
    more = client.get(where, headers=known)
    earlier = client.get(f"{where}?as_of=2026-05-19").json()

    assert (same.status_code, more.status_code) == (304, 200)
    assert [one["why"] for one in more.json()["results"]][0] == "Handed over."
    assert earlier["results"] == more.json()["results"][1:]
    assert earlier["as_of"] == "2026-05-19T23:59:00Z"


@pytest.mark.parametrize(
    ("actor", "name", "query", "slug", "fields"),
    [
        ("coordinator", "update", "verb=aproved", "unusable-value", ["verb"]),
        ("coordinator", "update", "verb=published", "unusable-value", ["verb"]),
        ("coordinator", "update", "person=x", "unusable-value", ["person"]),
        ("coordinator", "update", "person=999999", "unusable-value", ["person"]),
        ("coordinator", "update", "from=yesterday", "unusable-value", ["from"]),
        ("coordinator", "update", "from=2026-05-04&until=2026-05-03", "unusable-value", ["until"]),
        ("coordinator", "update", "parts=no", "unusable-value", ["parts"]),
        ("coordinator", "priorityarea", "parts=yes", "unusable-value", ["parts"]),
        ("coordinator", "update", "limit=201", "unusable-value", ["limit"]),
        ("coordinator", "update", "limit=0", "unusable-value", ["limit"]),
        ("coordinator", "update", "after=7", "unusable-value", ["after"]),
        ("coordinator", "update", "after=99999999T999999999999-1", "unusable-value", ["after"]),
        ("coordinator", "update", "as_of=2099-01-01", "unusable-moment", ["as_of"]),
        ("coordinator", "update", "verbs=approved", "unknown-parameter", None),
        ("anonymous", "action", "person=1", "unusable-value", ["person"]),
        ("anonymous", "action", "person=", "unusable-value", ["person"]),
        ("anonymous", "action", "parts=yes", "unusable-value", ["parts"]),
        ("anonymous", "action", "verb=approved", "unusable-value", ["verb"]),
    ],
)
def test_what_a_history_cannot_be_narrowed_by_is_refused(
    actor: str, name: str, query: str, slug: str, fields: Any, play: Stage
) -> None:
    client, where = client_of(play.people.get(actor)), f"/api/v1/{place(play, name)}"
    for accept in ("application/json", "text/csv"):
        answer = client.get(f"{where}?{query}", headers={"Accept": accept})
        problem = answer.json()

        assert (answer.status_code, problem["type"].partition("#")[2]) == (400, slug)
        assert ([*problem["fields"]] if fields else problem["nearest"]) == (fields or "verb")


@pytest.mark.parametrize("kind", ["event", "nothing", "submission", "draft"])
def test_a_kind_without_a_history_is_not_found(kind: str, play: Stage) -> None:
    for actor in ("anonymous", "administrator"):
        client = client_of(play.people.get(actor))
        assert client.get(f"/api/v1/history/{kind}/1/").status_code == 404


def lines(answer: Any) -> list[list[str]]:
    """Return a file, cell by cell."""
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("actor", "query"),
    [
        ("coordinator", ""),
        ("coordinator", "parts=yes"),
        ("coordinator", "parts=yes&verb=returned"),
        ("focal_point", "parts=yes&until=2026-05-04"),
        ("anonymous", ""),
        ("anonymous", "verb=took_on"),
    ],
)
def test_a_history_as_csv_is_the_file_of_the_page(actor: str, query: str, play: Stage) -> None:
    client, where = client_of(play.people.get(actor)), place(play, "agency")
    make.do(
        "end",
        play.objects["assignment accepted, unasked"],
        by=play.cast.coordinator,
        at=make.datetime(2026, 5, 20, 8, tzinfo=make.UTC),
        note="=1+1;-2",
    )
    file = client.get(f"/api/v1/{where}?limit=1&{query}", headers={"Accept": "text/csv"})
    exported = client.get(f"/{where}export.csv?{query}")
    cells = lines(file)

    assert file["Content-Disposition"] == exported["Content-Disposition"]
    assert cells == lines(exported)
    assert [one for line in cells for one in line if one[:1] in ("=", "-", "+", "@") and one] == []
    assert ("'=1+1;'-2" in [line[-1] for line in cells]) == (query == "parts=yes")


def test_every_kind_says_which_list_has_its_numbers(play: Stage) -> None:
    element(play.cast.framework)
    milestone(play.cast.framework)
    group(play)
    make.handed_over(play.cast.ilo, by=play.people["focal_point"], to=play.people["alternate"])
    rows = client_of().get("/api/v1/history/").json()["results"]
    listed = {row["kind"]: row["resource"] for row in rows}
    offices = ("appointment", "membership", "handover", "update", "duty")

    assert set(listed) == set(logs.kinds())
    assert {kind for kind, name in listed.items() if name is None} == {"user", "webhook"}
    for kind, name in listed.items():
        if name is not None:
            actor = "focal_point" if kind in offices[1:] else "coordinator"
            client = client_of(play.people[actor])
            first = client.get(f"/api/v1/{name}/").json()["results"][0]
            answer = client.get(f"/api/v1/history/{kind}/{first['id']}/")
            assert (kind, answer.status_code) == (kind, 200)
            assert (kind, answer.json()["scope"]) == (kind, "inside")
    (action,) = (row for row in rows if row["kind"] == "action")
    said = {"title": "Action", "resource": "actions", "public": True, "parts": True}
    assert action == {"kind": "action", **said}


def test_what_everybody_reads_something_of_is_said_to_be_public(play: Stage) -> None:
    rows = client_of().get("/api/v1/history/").json()["results"]
    answers = {
        row["kind"]: client_of().get(f"/api/v1/history/{row['kind']}/999999/").status_code
        for row in rows
    }

    assert answers == {row["kind"]: 404 if row["public"] else 401 for row in rows}


UPDATE = ("SELECT update", "SELECT event", "SELECT event", "SELECT decision", "SELECT submission")
"""The object, a page of events, those before them, texts beside the object, what was sent."""
PARTS = (
    "SELECT agency",
    "SELECT event",  # the people and verbs that there are: something is asked for by them
    "SELECT event",
    "SELECT update",
    "SELECT event",
    "SELECT agencyname",
    "SELECT submission",
    "SELECT roundquestion",
)
OUTSIDE = (
    "SELECT framework",  # nobody: the counters
    "SELECT agency",
    "SELECT agencyname",
    "SELECT assignment",
    "SELECT acceptanceanswer",
    "SELECT targetdate",
    "SELECT publication",
    "SELECT decision",
    "SELECT publication",
)


@pytest.mark.parametrize("limit", [1, 5, 50])
def test_a_history_takes_these_statements_however_many_entries_there_are(
    play: Stage, limit: int
) -> None:
    program = holder(play.people["coordinator"])
    program.get("/api/v1/history/")  # the token is marked as used

    def of(client: Client, name: str, query: str = "") -> list[str]:
        where = f"/api/v1/{place(play, name)}?limit={limit}&{query}"
        return statements(lambda: client.get(where), status=200)

    assert of(program, "update") == [*WHO, *UPDATE]
    assert of(program, "agency", "parts=yes&verb=approved") == [*WHO, *PARTS]
    assert of(client_of(), "agency") == [*OUTSIDE]
