"""What a refusal names is what a body has: fields, verbs, and the nearest of what was misspelt."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from recommendations.api.facts import ON_BEHALF_OF, taken_by
from recommendations.api.names import COMPLETED, needed
from recommendations.domain import workflow
from recommendations.models import Comment
from tests import make
from tests.recommendations.api.conftest import address_of, client_of, patched, sent, tag_of
from tests.recommendations.api.test_permissions import ACTORS, DO, ENTER, GIVEN
from tests.recommendations.api.test_plain import WHY
from tests.stage import ASKED, Stage

VERBS = {(row.noun, row.verb): row for row in workflow.TABLE}
PLURAL = {"duty": "duties"}


def route_of(noun: str, verb: str) -> str:
    """Return the name of the route of a verb."""
    return f"api-{PLURAL.get(noun, noun + 's')}-{verb}"


def asked(play: Stage, noun: str, verb: str, given: dict[str, Any]) -> Any:
    """Return the answer to a verb by somebody who may, on an object in a state that allows it."""
    route = route_of(noun, verb)
    if verb == "clear":
        make.clears(play.cast.ilo, by=play.people["of_agency"])
    may = next(who for who, status in zip(ACTORS, DO[route], strict=True) if status in (200, 201))
    obj, client = play.objects[GIVEN[route][0]], client_of(play.people[may])
    place = reverse(route, args=[obj.pk]).removeprefix("/api/v1/")
    return sent(client, place, given, tag=tag_of(client, place.removesuffix(f"{verb}/")))


# --- what is misspelt ------------------------------------------------------------------------

COMPLETE = {
    "return": {"note": "Say where.", "due_on": "2026-07-15"},
    "approve": {"claim": "agree"},
    "comment": {"note": "Say where."},
}


@pytest.mark.parametrize("verb", COMPLETE)
@pytest.mark.parametrize(
    ("field", "name", "nearest"),
    [
        ("field_comments", "chalenges", "challenges"),
        ("suggestions", "next_step", "next_steps"),
        ("field_comments", "q1", ""),
        ("suggestions", "status", ""),
        ("suggestions", "evidence", ""),
    ],
)
def test_a_comment_on_a_field_that_there_is_not_is_refused_and_nothing_is_done(
    verb: str, field: str, name: str, nearest: str, play: Stage
) -> None:
    given = {**COMPLETE[verb], field: {"done": "How many?", name: "Which?"}}
    before = Comment.objects.count()
    answer = asked(play, "update", verb, given)
    said = answer.json()

    assert (answer.status_code, said["type"][-18:]) == (400, "#unknown-parameter")
    assert (said["nearest"], f"“{name}”" in said["detail"]) == (nearest, True)
    assert {"done", "challenges", "next_steps"} <= set(said["known"])
    assert Comment.objects.count() == before
    update = play.objects["update submitted"]
    update.refresh_from_db()
    assert update.review_state == "submitted"


def test_the_answers_of_a_questionnaire_are_commented_on_by_their_names(play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    place = address_of(play, "update submitted, questionnaire")
    tag = tag_of(client, place)
    done = sent(client, f"{place}comment/", {"field_comments": {"done": "Which?"}}, tag=tag)
    answer = sent(client, f"{place}comment/", {"field_comments": {"q1": "Which?"}}, tag=tag)

    assert (done.status_code, done.json()["known"]) == (400, ["evidence", "q1"])
    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["comment", "reason"])
def test_what_is_said_is_the_note(name: str, play: Stage) -> None:
    answer = asked(play, "update", "return", {name: "Say where.", "due_on": "2026-07-15"})

    assert (answer.status_code, answer.json()["nearest"]) == (400, "note")


def test_why_a_row_is_changed_is_the_reason(play: Stage) -> None:
    client, place = client_of(play.people["administrator"]), "agencies/ILO/"
    answer = patched(client, place, {"name": "ILO", "note": "Why."}, tag=tag_of(client, place))

    assert (answer.status_code, answer.json()["nearest"]) == (400, "reason")


# --- what is missing -------------------------------------------------------------------------


@pytest.mark.parametrize(("noun", "verb"), VERBS)
def test_what_a_verb_needs_is_named_at_once_as_its_body_names_it(
    noun: str, verb: str, play: Stage
) -> None:
    names = {fact.name for fact in taken_by(noun, verb)}
    answer = asked(play, noun, verb, {})
    missing = set(answer.json().get("fields", ()))

    assert set(needed(VERBS[noun, verb])) <= missing <= names - COMPLETED
    assert (answer.status_code == 400) is bool(missing)


def test_what_keeps_a_draft_from_being_sent_has_the_names_of_the_draft(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")
    given = {"status": "on_hold", "body": {"done": ""}}
    saved = patched(client, f"{place}draft/", given, tag=tag_of(client, place))
    refused = sent(client, f"{place}submit/", tag=saved["ETag"])
    gone = client.delete(f"/api/v1/{place}draft/", headers={"If-Match": saved["ETag"]})
    without = sent(client, f"{place}submit/", tag=gone["ETag"])

    assert set(refused.json()["fields"]) == {"reason", "resume_on", "body.done"}
    assert without.json()["fields"] == {"draft_version": "Write the update first."}


def test_what_is_wrong_with_a_text_on_behalf_stands_in_its_content(play: Stage) -> None:
    client, person = client_of(play.people["coordinator"]), play.people["focal_point"]
    held, round = play.objects["assignment accepted, unasked"], play.objects["round open"]
    duty = make.do("report", held, by=person, at=ASKED, round=round)
    place = f"updates/{duty.updates.get().pk}/"
    tag = tag_of(client, place)
    answers = [
        sent(client, f"{place}submit/", {"on_behalf_of": person.pk, "content": content}, tag=tag)
        for content in ({"status": "on_hold"}, {"kind": None}, {"superseded_by": "NONE"})
    ]

    assert [sorted(one.json()["fields"]) for one in answers] == [
        ["content.body.done", "content.reason", "content.resume_on"],
        ["content.kind"],
        ["content.superseded_by"],
    ]


def test_a_text_that_changed_since_is_replaced_where_the_body_says_so(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update returned")
    about = Comment.objects.filter(submission__update=play.objects["update returned"].pk)[0]
    saved = patched(
        client, f"{place}draft/", {"body": {"done": "Else."}}, tag=tag_of(client, place)
    )
    answer = sent(client, f"{place}take_suggestion/", {"comment": about.pk}, tag=saved["ETag"])

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["replace"])


@pytest.mark.parametrize(
    ("resource", "given", "field"),
    [
        ("agencies", {"code": "ilo"}, "code"),
        ("actions", {"code": "a1"}, "code"),
        ("areas", {"code": "a"}, "code"),
        ("rounds", {"code": "2026-h1"}, "code"),
        ("frameworks", {"is_default": True}, "is_default"),
        ("group-memberships", {"from_on": "2027-01-02", "until_on": "2027-01-01"}, "until_on"),
    ],
)
def test_what_cannot_stand_beside_another_row_is_refused_at_its_field(
    resource: str, given: dict[str, Any], field: str, play: Stage
) -> None:
    client = client_of(play.people["administrator"])
    sent(client, "groups/", {**ENTER["groups"], **WHY, "code": "GMG"})
    answer = sent(client, f"{resource}/", {**ENTER[resource], **WHY, **given})

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


@pytest.mark.parametrize("resource", ENTER)
def test_all_that_a_new_row_needs_is_named_at_once(resource: str, play: Stage) -> None:
    answer = sent(client_of(play.people["administrator"]), f"{resource}/", {})
    reason = set() if resource == "rounds" else {"reason"}
    may_be_empty = {"agency"} if resource == "group-memberships" else set()

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == (ENTER[resource].keys() | reason) - may_be_empty


# --- what is possible instead ----------------------------------------------------------------


def test_a_text_that_is_sent_tells_the_same_whether_it_is_saved_or_sent(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update submitted")
    tag = tag_of(client, place)
    answers = [
        patched(client, f"{place}draft/", {"status": "continuing"}, tag=tag),
        client.delete(f"/api/v1/{place}draft/", headers={"If-Match": tag}),
        sent(client, f"{place}evidence/", {"url": "https://example.org/"}),
        sent(client, f"{place}submit/", tag=tag),
    ]

    assert [one.status_code for one in answers] == [409] * 4
    possible = [one.json()["possible"] for one in answers]
    assert possible == [possible[-1]] * 4
    reviewer = "a coordinator who is not of the agency and wrote none of the text"
    assert {"verb": "approve", "deed": "Approve", "who": reviewer} in possible[0]
    agency = "a focal point or alternate of the agency"
    assert {"verb": "withdraw", "deed": "Withdraw", "who": agency} in possible[0]


# --- on behalf -------------------------------------------------------------------------------


def test_on_whose_behalf_is_asked_where_it_may_be_said_alone(play: Stage) -> None:
    given = {ON_BEHALF_OF.name: play.people["focal_point"].pk}
    returned = asked(play, "update", "return", given)
    accepted = asked(play, "assignment", "accept", given)

    assert (returned.status_code, ON_BEHALF_OF.name in returned.json()["known"]) == (400, False)
    assert accepted.status_code == 403


def test_who_can_be_named_is_told_to_whoever_may_enter_something_on_their_behalf(
    play: Stage,
) -> None:
    place, given = address_of(play, "assignment proposed"), {ON_BEHALF_OF.name: 0}
    answers = {
        who: sent(client_of(play.people[who]), f"{place}accept/", given, tag='"1"')
        for who in ("coordinator", "administrator", "of_agency", "focal_point", "other_agency")
    }
    told = answers["coordinator"].json()
    there = [
        (play.people[who].pk, play.people[who].name)
        for who in ("focal_point", "of_agency", "alternate")
    ]

    assert {who: one.status_code for who, one in answers.items()} == {
        "coordinator": 400,
        "administrator": 400,
        "of_agency": 403,
        "focal_point": 403,
        "other_agency": 404,
    }
    assert sorted((one["id"], one["name"]) for one in told["people"]) == sorted(there)
    assert told["fields"] == {"on_behalf_of": "Name a focal point or alternate of this agency."}
    assert answers["administrator"].json()["people"] == told["people"]
    assert "people" not in answers["focal_point"].json()
