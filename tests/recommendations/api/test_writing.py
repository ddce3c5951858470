"""Writing: every verb at its address, at the version that was seen, and once for each key."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from agencies.models import User
from recommendations.api import repeats
from recommendations.api.facts import FACTS
from recommendations.domain import access, workflow
from recommendations.domain import repeats as kept
from recommendations.models import (
    Assignment,
    Comment,
    Draft,
    Submission,
)
from tests import make
from tests.recommendations.api.conftest import (
    address_of,
    client_of,
    holder,
    patched,
    secret_of,
    sent,
    tag_of,
)
from tests.stage import ASKED, Stage

DUE = "2026-06-15"


def test_every_verb_has_an_address_and_every_fact_a_verb() -> None:
    table = {(row.noun, row.verb) for row in workflow.TABLE}

    assert {(noun, verb) for noun, verb in access.WHO if verb != "edit"} == table
    assert set(FACTS) <= table
    for row in workflow.TABLE:
        plural = {"duty": "duties"}.get(row.noun, f"{row.noun}s")
        assert reverse(f"api-{plural}-{row.verb}", args=[7]) == f"/api/v1/{plural}/7/{row.verb}/"


def test_an_agency_writes_and_sends_as_a_program_would(play: Stage) -> None:
    program, place = (
        holder(play.people["alternate"], "read", "report"),
        address_of(play, "update draft"),
    )
    first = program.get(f"/api/v1/{place}")
    saved = patched(
        program,
        f"{place}draft/",
        {"status": "continuing", "body": {"next_steps": "A third."}},
        tag=first["ETag"],
    )
    answer = sent(program, f"{place}submit/", tag=saved["ETag"])
    newest = Submission.objects.filter(update=play.objects["update draft"].pk).latest("number")

    assert (saved.status_code, saved.json()["draft_body"]) == (
        200,
        {"done": "Two seminars.", "next_steps": "A third."},
    )
    assert (answer.status_code, answer.json()["review_state"]) == (200, "submitted")
    assert answer["ETag"] == f'"{answer.json()["version"]}-0"'
    assert (newest.status, newest.submitted_by) == ("continuing", play.people["alternate"])


def test_a_coordinator_decides(play: Stage) -> None:
    client, place = holder(play.people["coordinator"]), address_of(play, "update submitted")
    given = {
        "claim": "differ",
        "status": "on_hold",
        "reason": "Nothing was seen.",
        "field_comments": {"done": "Where?"},
    }
    answer = sent(client, f"{place}approve/", given, tag=tag_of(client, place))
    comment = Comment.objects.filter(submission__update=answer.json()["id"]).latest("id")

    assert (answer.status_code, answer.json()["review_state"]) == (200, "approved")
    assert comment.text == "Where?"


def test_what_a_verb_makes_is_told_with_its_address(play: Stage) -> None:
    client = holder(play.people["coordinator"])
    place = address_of(play, "action any")
    given = {"agency": "ilo", "role": "supporting", "target_on": "2027-01-31"}
    answer = sent(client, f"{place}assign/", given, tag=tag_of(client, place))
    made = Assignment.objects.latest("id")

    assert (answer.status_code, answer["Location"]) == (
        201,
        f"http://testserver/api/v1/assignments/{made.pk}/",
    )
    assert (answer.json()["agency"], answer.json()["target_precision"]) == ("ILO", "day")
    assert answer["ETag"] == f'"{made.version}"'


def test_a_change_needs_the_version_that_was_seen(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update submitted")
    update = play.objects["update submitted"]
    without = sent(client, f"{place}withdraw/")
    stale = sent(client, f"{place}withdraw/", tag=f'"{update.version - 1}-0"')
    strange = sent(client, f"{place}withdraw/", tag='"of-somebody-else"')
    weakened = sent(client, f"{place}withdraw/", tag=f'W/"{update.version}-0"')

    assert [one.status_code for one in (without, stale, strange, weakened)] == [428, 412, 412, 200]
    assert stale.json()["tag"] == stale["ETag"] == f'"{update.version}-0"'
    assert stale.json()["current"]["review_state"] == "submitted"
    assert stale.json()["type"].endswith("#stale")


@pytest.mark.parametrize(
    "tag", ["*", "2", "garbage", '"1", "2"', '"1" "2"', 'w/"1"', '"1', '"', "W/"]
)
def test_what_is_not_the_one_tag_that_was_read_is_refused_and_not_called_stale(
    tag: str, play: Stage
) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update submitted")
    pk = play.objects["update submitted"].pk
    given = {"noun": "update", "id": pk, "verb": "withdraw", "tag": tag}
    answer = sent(client, f"{place}withdraw/", tag=tag)
    result = sent(client, "transitions/", {"transitions": [given]}).json()["results"][0]

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["If-Match"])
    assert ("in its quotation marks" in answer.json()["detail"]) == (tag != "*")
    assert ("have not read" in answer.json()["detail"]) == (tag == "*")
    assert (result["status"], list(result["problem"]["fields"])) == (400, ["tag"])


def test_what_is_not_possible_says_what_is(play: Stage) -> None:
    client, place = client_of(play.people["coordinator"]), address_of(play, "update draft")
    answer = sent(client, f"{place}approve/", {"claim": "agree"}, tag='"1"')

    assert (answer.status_code, answer.json()["type"][-17:]) == (409, "#not-possible-now")
    assert {
        "verb": "submit",
        "deed": "Send to the coordinator",
        "who": "a focal point or alternate of the agency",
    } in (answer.json()["possible"])


@pytest.mark.parametrize(
    ("name", "why", "withdrawn"),
    [
        ("draft, closed", "Round 2025-H2 is closed. A coordinator can reopen it.", False),
        ("submitted", "This update is submitted; its text cannot be changed now.", True),
        ("draft, waived", "This update is no longer due: Handed to another agency.", False),
    ],
)
def test_what_cannot_be_written_now_is_not_saved_and_says_so(
    name: str, why: str, withdrawn: bool, play: Stage
) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, f"update {name}")
    before = client.get(f"/api/v1/{place}")
    given = {"body": {"done": "Written too late."}}
    link = {"url": "https://example.org/late"}
    refused = [
        patched(client, f"{place}draft/", given, tag=before["ETag"]),
        client.delete(f"/api/v1/{place}draft/", headers={"If-Match": before["ETag"]}),
        sent(client, f"{place}evidence/", link),
    ]
    told = [one.json() for one in refused]
    deeds = [[two["deed"] for two in one["possible"]] for one in told]

    assert [one.status_code for one in refused] == [409] * 3
    assert {one["detail"] for one in told} == {f"{why} Nothing was changed."}
    assert ["Withdraw" in one for one in deeds] == [withdrawn] * 3
    assert client.get(f"/api/v1/{place}").json() == before.json()


def test_what_is_missing_is_named_as_the_body_names_it(play: Stage) -> None:
    client, place = client_of(play.people["coordinator"]), address_of(play, "update submitted")
    tag = tag_of(client, place)
    returned = sent(client, f"{place}return/", tag=tag)
    approved = sent(client, f"{place}approve/", {"suggestions": {"done": "x"}}, tag=tag)

    assert (returned.status_code, sorted(returned.json()["fields"])) == (400, ["due_on", "note"])
    assert (approved.status_code, sorted(approved.json()["fields"])) == (400, ["claim"])


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"due_on": "soon"}, "due_on"),
        ({"due_on": 7}, "due_on"),
        ({"field_comments": "x"}, "field_comments"),
        ({"field_comments": {"done": 1}}, "field_comments"),
        ({"on_behalf_of": "x"}, "on_behalf_of"),
        ({"on_behalf_of": True}, "on_behalf_of"),
        ({"on_behalf_of": 10**30}, "on_behalf_of"),
        ({"note": ["x"]}, "note"),
    ],
)
def test_a_field_of_another_kind_is_refused_by_name(
    given: dict[str, Any], name: str, play: Stage
) -> None:
    actor = "coordinator"
    place = address_of(play, "update submitted")
    verb = "submit" if name == "on_behalf_of" else "return"
    answer = sent(client_of(play.people[actor]), f"{place}{verb}/", given, tag='"1"')

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])


def test_a_field_that_there_is_not_is_refused_with_the_nearest(play: Stage) -> None:
    client, place = client_of(play.people["coordinator"]), address_of(play, "update submitted")
    answer = sent(client, f"{place}return/", {"due": DUE}, tag='"1"')

    assert (answer.status_code, answer.json()["nearest"]) == (400, "due_on")
    for name in ("review_state", "version", "by", "at", "obj", "verb"):
        assert sent(client, f"{place}return/", {name: 1}, tag='"1"').status_code == 400


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"x"', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"note": "\\u0000"}', "application/json", 400),
        (b'{"note": "\\ud800"}', "application/json", 400),
        (b'{"field_comments": {"\\ud800": "x"}}', "application/json", 400),
        (b'{"note": NaN}', "application/json", 400),
        (b'{"field_comments": ' + b'{"a":' * 50 + b"1" + b"}" * 50 + b"}", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"on_behalf_of": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'{"note": "' + b"x" * 3_000_000 + b'"}', "application/json", 413),
        (b"note=x", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "application/xml", 415),
    ],
    ids=lambda one: str(one)[:24],
)
def test_a_body_that_cannot_be_read_is_refused(
    body: bytes, content_type: str, status: int, play: Stage
) -> None:
    client, place = client_of(play.people["coordinator"]), address_of(play, "update submitted")
    for headers in ({"If-Match": '"1"'}, {"If-Match": '"1"', "Idempotency-Key": "k"}):
        answer = client.post(
            f"/api/v1/{place}return/", body, content_type=content_type, headers=headers
        )

        assert answer.status_code == status, answer.content


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"kind": "essay"}, "kind"),
        ({"kind": None}, "kind"),
        ({"status": "done"}, "status"),
        ({"resume_on": "later"}, "resume_on"),
        ({"body": {"done": 1}}, "body"),
        ({"body": "x"}, "body"),
    ],
)
def test_a_draft_holds_what_its_fields_can(given: dict[str, Any], name: str, play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")
    answer = patched(client, f"{place}draft/", given, tag=tag_of(client, place))

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])


def test_a_draft_takes_no_text_that_its_update_has_not(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    progress, asked = (
        address_of(play, "update draft"),
        address_of(play, "update draft, questionnaire"),
    )
    for place, name in ((progress, "q1"), (asked, "done"), (progress, "status")):
        answer = patched(client, f"{place}draft/", {"body": {name: "x"}}, tag=tag_of(client, place))
        assert answer.status_code == 400
    answer = patched(client, f"{asked}draft/", {"body": {"q1": "x"}}, tag=tag_of(client, asked))

    assert answer.json()["draft_body"] == {"q1": "x"}


def test_a_draft_is_taken_back_and_begun_again(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")
    tag = tag_of(client, place)
    gone = client.delete(f"/api/v1/{place}draft/", headers={"If-Match": tag})
    again = client.delete(f"/api/v1/{place}draft/", headers={"If-Match": tag})
    begun = patched(client, f"{place}draft/", {"body": {"done": "New."}}, tag=gone["ETag"])

    assert (gone.status_code, gone.json()["draft_version"], again.status_code) == (200, None, 412)
    assert begun["ETag"] not in (tag, gone["ETag"])
    assert Draft.objects.get(update=play.objects["update draft"].pk).body == {"done": "New."}


def test_nobody_else_writes_a_draft_or_learns_its_state(play: Stage) -> None:
    place = address_of(play, "update approved")
    outcomes = {
        actor: patched(client_of(play.people[actor]), f"{place}draft/", {}, tag='"1-1"').status_code
        for actor in ("stranger", "other_agency", "coordinator", "administrator", "focal_point")
    }

    assert outcomes == {
        "stranger": 404,
        "other_agency": 404,
        "coordinator": 403,
        "administrator": 403,
        "focal_point": 409,
    }


def test_a_refusal_of_the_person_comes_before_the_state(play: Stage) -> None:
    """Whoever may not is told the same in every state."""
    client = client_of(play.people["stranger"])
    places = ("assignment accepted", "assignment partially_accepted")
    said = [sent(client, f"{address_of(play, one)}accept/", tag='"1"') for one in places]

    assert [one.status_code for one in said] == [403, 403]
    assert {one.json()["detail"] for one in said} == {
        "Only a focal point or alternate of the agency can do this."
    }


# --- repeats ---------------------------------------------------------------------------------


def test_the_same_key_changes_something_once(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update submitted")
    tag = tag_of(client, place)
    headers = {"Idempotency-Key": "one"}
    first, second = (sent(client, f"{place}withdraw/", tag=tag, **headers) for _ in range(2))
    without_tag = sent(client, f"{place}withdraw/", **headers)

    for again in (second, without_tag):
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert (again["ETag"], again["Idempotency-Replayed"]) == (first["ETag"], "true")
    assert "Idempotency-Replayed" not in first


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_draft_that_is_changed_twice_under_a_key_is_changed_once(
    method: str, play: Stage
) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")
    headers = {"Idempotency-Key": "once", "If-Match": tag_of(client, place)}
    first, again = (
        getattr(client, method)(
            f"/api/v1/{place}draft/",
            {"status": "continuing"},
            content_type="application/json",
            headers=headers,
        )
        for _ in range(2)
    )

    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert tag_of(client, place) == first["ETag"] != headers["If-Match"]


def test_a_key_serves_one_request_of_one_sender(play: Stage) -> None:
    client, place = client_of(play.people["coordinator"]), address_of(play, "action any")
    tag = tag_of(client, place)
    given = {"agency": "IOM", "role": "supporting"}
    sent(client, f"{place}assign/", given, tag=tag, **{"Idempotency-Key": "k"})
    other_body = sent(
        client, f"{place}assign/", {**given, "note": "x"}, tag=tag, **{"Idempotency-Key": "k"}
    )
    other_sender = sent(
        client_of(play.people["administrator"]),
        f"{place}assign/",
        {**given, "agency": "ILO"},
        tag=tag,
        **{"Idempotency-Key": "k"},
    )

    assert [other_body.status_code, other_sender.status_code] == [422, 201]


def test_what_is_refused_leaves_its_key_free(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update submitted")
    key = {"Idempotency-Key": "k"}
    refused = sent(client, f"{place}withdraw/", tag='"99-0"', **key)
    done = sent(client, f"{place}withdraw/", tag=tag_of(client, place), **key)

    assert [refused.status_code, done.status_code] == [412, 200]


def test_a_key_frees_itself_after_a_crash(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that died in the middle leaves the key claimed, and nothing else."""
    client, place = client_of(play.people["focal_point"]), address_of(play, "update submitted")
    tag, key = tag_of(client, place), {"Idempotency-Key": "k"}
    asking = repeats.Asking(
        f"person:{play.people['focal_point'].pk}", "k", hash_sent(f"/api/v1/{place}withdraw/")
    )
    repeats.claim(asking, "dead", at=ASKED)
    running = sent(client, f"{place}withdraw/", tag=tag, **key)
    with time_machine.travel(ASKED + repeats.LEASE + timedelta(seconds=1), tick=False):
        done = sent(client, f"{place}withdraw/", tag=tag, **key)

    assert (running.status_code, running["Retry-After"]) == (409, "60")
    assert done.status_code == 200
    assert not repeats.keep(asking, "dead", done)


def hash_sent(address: str) -> str:
    """Return the hash of an empty request, as a view computes it."""
    return hashlib.sha256(f"POST {address} application/json\n{{}}".encode()).hexdigest()


def test_answers_are_kept_for_a_day(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update submitted")
    key = {"Idempotency-Key": "k"}
    sent(client, f"{place}withdraw/", tag=tag_of(client, place), **key)
    dropped = [kept.forget(at=ASKED + timedelta(hours=23)), kept.forget(at=ASKED + kept.KEPT)]

    assert dropped == [0, 1]


def test_a_key_that_is_a_day_old_is_free(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update submitted")
    key = {"Idempotency-Key": "k"}
    first = sent(client, f"{place}withdraw/", tag=tag_of(client, place), **key)
    with time_machine.travel(ASKED + kept.KEPT, tick=False):
        client.force_login(play.people["focal_point"])
        second = sent(client, f"{place}submit/", tag=first["ETag"], **key)

    assert second.status_code == 200
    assert "Idempotency-Replayed" not in second


@pytest.mark.parametrize(("key", "status"), [("x" * 256, 400), ("x" * 255, 200), ("ключ", 200)])
def test_a_key_is_a_short_text(key: str, status: int, play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update submitted")
    answer = sent(
        client, f"{place}withdraw/", tag=tag_of(client, place), **{"Idempotency-Key": key}
    )

    assert answer.status_code == status


# --- tokens ----------------------------------------------------------------------------------


def test_a_token_reaches_as_far_as_its_scopes(play: Stage) -> None:
    person, place = play.people["coordinator"], address_of(play, "update submitted")
    reads, reviews = holder(person, "read"), holder(person, "review")
    tag = tag_of(reads, place)
    refused = sent(reads, f"{place}approve/", {"claim": "agree"}, tag=tag)
    unread = reviews.get(f"/api/v1/{place}")
    done = sent(reviews, f"{place}approve/", {"claim": "agree"}, tag=tag)

    assert (refused.status_code, refused.json()["scope"]) == (403, "review")
    assert (unread.status_code, unread.json()["scope"]) == (403, "read")
    assert done.status_code == 200


def test_a_token_of_one_agency_acts_for_that_one_and_in_no_office(play: Stage) -> None:
    person, submitted = play.people["of_agency"], address_of(play, "update submitted")
    make.member(person, play.cast.iom, from_on=make.START)
    bound = holder(person, agency=play.cast.iom)
    free = holder(person)

    assert [one.get(f"/api/v1/{submitted}").status_code for one in (bound, free)] == [404, 200]
    assert sent(bound, f"{submitted}withdraw/", tag='"1"').status_code == 404


def test_a_token_is_never_more_than_its_person_is_today(play: Stage) -> None:
    person, place = play.people["focal_point"], address_of(play, "update draft")
    program = holder(person)
    before = program.get(f"/api/v1/{place}").status_code
    person.memberships.update(until_on=ASKED.date() - timedelta(days=1))
    left = program.get(f"/api/v1/{place}").status_code
    User.objects.filter(pk=person.pk).update(is_active=False)
    gone = program.get("/api/v1/actions/")

    assert [before, left, gone.status_code] == [200, 404, 401]
    assert gone["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Bearer x", "This token is unknown"),
        ("bearer hldt_x", "This token is unknown"),
        ("Bearer", "Send “Authorization: Bearer” and a token"),
        ("Bearer ", "Send “Authorization: Bearer” and a token"),
        ("Basic eDp5", "Send “Authorization: Bearer” and a token"),
        ("Token hldt_x", "Send “Authorization: Bearer” and a token"),
        ("hldt_x", "Send “Authorization: Bearer” and a token"),
    ],
)
def test_a_header_that_opens_nothing_is_refused_and_not_taken_for_a_stranger(
    header: str, words: str, play: Stage
) -> None:
    answer = client_of(Authorization=header).get("/api/v1/actions/")

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer.json()["detail"].startswith(words)


def test_a_session_changes_nothing_for_another_site(play: Stage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(play.people["focal_point"])
    place = address_of(play, "update submitted")
    answer = client.post(
        f"/api/v1/{place}withdraw/",
        {},
        content_type="application/json",
        headers={"If-Match": tag_of(client, place)},
    )
    program = Client(
        enforce_csrf_checks=True,
        headers={"Authorization": f"Bearer {secret_of(play.people['focal_point'])}"},
    )
    done = sent(program, f"{place}withdraw/", tag=tag_of(program, place))

    assert [answer.status_code, done.status_code] == [403, 200]


# --- costs -----------------------------------------------------------------------------------


def test_reading_with_a_token_takes_two_statements_and_one_for_an_agency_that_is_named(
    play: Stage, django_assert_num_queries: Any
) -> None:
    program = holder(play.people["coordinator"])
    update = address_of(play, "update submitted")
    program.get(f"/api/v1/{update}")
    for address, asked in (
        ("updates/?agency=ILO&review_state=submitted&ordering=-due_on", 3),
        ("updates/?limit=1", 2),
        ("assignments/?limit=200", 2),
        (update, 2),
    ):
        with django_assert_num_queries(asked):
            assert program.get(f"/api/v1/{address}").status_code == 200
