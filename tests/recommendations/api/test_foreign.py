"""Whoever names a row in a body that is not for them is answered as if there were none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.urls import reverse

from agencies import revisions
from agencies.models import Appointment, User
from recommendations.api.columns import LONGEST
from recommendations.api.schema.document import document
from recommendations.api.schema.shapes import name_of
from recommendations.api.tables import BY_NAME
from recommendations.models import Action, Comment, Framework
from tests import make
from tests.recommendations.api.conftest import address_of, client_of, patched, sent, tag_of
from tests.recommendations.api.test_permissions import CHANGE, ENTER, passage, shown
from tests.stage import ASKED, Stage

UNKNOWN: dict[type, Any] = {int: 10**9, str: "nothing"}


class Naming(NamedTuple):
    """A field that names a row: who sends it where, and a row that is not for them.

    `around` is the rest of the body.
    """

    who: str
    where: str
    foreign: Callable[[Stage], Any]
    around: dict[str, Any]


def elsewhere(play: Stage) -> Action:
    """Return an action of another framework."""
    return make.action(make.area(make.framework("third", is_default=False), "Q"), "Q1")


def of_another_action(play: Stage) -> int:
    """Return an assignment of another action: whoever takes over is shown them all."""
    return play.objects["assignment accepted"].pk


def comment_elsewhere(play: Stage) -> int:
    """Return a comment on a text of another agency."""
    cast = play.cast
    action = make.action(cast.area, "IOM1", order=90)
    held = make.proposed(cast, action=action, agency=cast.iom)
    make.do("accept", held, by=cast.iom_focal_point, at=ASKED)
    update = make.update_in(play.objects["round open"], held)  # type: ignore[arg-type]
    make.sent(update, by=cast.iom_focal_point, at=ASKED)
    make.do("comment", update, by=cast.coordinator, at=ASKED, field_comments={"done": "Which?"})
    return Comment.objects.get(submission__update=update.pk).pk


def of_another_agency(play: Stage) -> int:
    """Return a focal point of another agency."""
    return play.people["other_agency"].pk


def on_behalf(where: str, **around: Any) -> Naming:
    """Return what a coordinator enters for somebody."""
    return Naming("coordinator", where, of_another_agency, around)


def about_comment(**around: Any) -> Naming:
    """Return what an agency does with a comment."""
    return Naming("focal_point", "update returned", comment_elsewhere, around)


def order(who: str, report: str, foreign: Callable[[Stage], Any]) -> Naming:
    """Return an order of a report."""
    return Naming(who, "", foreign, {"report": report, "format": "pdf"})


def passage_elsewhere(play: Stage) -> int:
    """Return a passage of another framework."""
    return passage(elsewhere(play).framework).pk


def by_field(field: str, foreign: Callable[[Stage], Any], *names: str) -> dict[Any, Naming]:
    """Return a field of what is entered and changed field by field, by resource."""
    found = {}
    for name in names:
        for how, bodies in (("enter", ENTER), ("change", CHANGE)):
            given = {**bodies[name], "reason": "A reason."}
            operation = f"{how}_{name_of(BY_NAME[name])}"
            found[operation, field] = Naming("administrator", name, foreign, given)
    return found


REASON = {"note": "A reason."}
RELATIONS: dict[tuple[str, str], Naming] = {
    ("assignment_accept", "on_behalf_of"): on_behalf("assignment proposed"),
    ("assignment_accept_partly", "on_behalf_of"): on_behalf("assignment proposed", **REASON),
    ("assignment_consider", "on_behalf_of"): on_behalf("assignment proposed"),
    ("assignment_decline", "on_behalf_of"): on_behalf("assignment proposed", **REASON),
    ("duty_ask", "on_behalf_of"): on_behalf("duty open", until_on="2026-07-15", **REASON),
    ("update_submit", "on_behalf_of"): on_behalf("update draft"),
    ("action_take_over", "assignment"): Naming(
        "administrator", "action any", of_another_action, REASON
    ),
    ("assignment_report", "round"): Naming(
        "focal_point", "assignment accepted, unasked", lambda play: "2026-H2", {}
    ),
    ("update_answer_comment", "comment"): about_comment(text="In May."),
    ("update_close_comment", "comment"): Naming(
        "coordinator of one", "update returned", comment_elsewhere, {}
    ),
    ("update_take_suggestion", "comment"): about_comment(),
    ("update_draft_save", "superseded_by"): Naming(
        "focal_point", "update draft", lambda play: elsewhere(play).code, {}
    ),
    ("transitions", "id"): Naming(
        "other_agency",
        "",
        lambda play: play.objects["update draft"].pk,
        {"noun": "update", "verb": "submit", "tag": '"1"'},
    ),
    ("report_order", "agency"): order("focal_point", "agency", lambda play: "IOM"),
    ("report_order", "round"): order("coordinator", "round", lambda play: "draft"),
    ("report_order", "area"): order("coordinator", "area", lambda play: elsewhere(play).area.code),
    ("enter_Rounds", "framework"): Naming(
        "elsewhere", "", lambda play: "hld-2013", {**ENTER["rounds"], "reason": "A reason."}
    ),
    **by_field("area", lambda play: elsewhere(play).area.code, "actions"),
    **by_field(
        "passage",
        passage_elsewhere,
        *("areas", "actions", "key-elements", "milestones", "questions"),
    ),
}
FOR_ALL = ("agency", "through", "group", "parent", "predecessor", "framework")
"""What everybody is shown: where nothing else limits it, there is none that is foreign."""
NO_ROW = (
    *("draft_version", "code", "slug", "number", "order"),
    *("reminder_every", "reminder_last"),
)


def naming(shape: dict[str, Any]) -> Iterator[str]:
    """Yield the fields of a body that carry a number or a code."""
    for name, one in shape.get("properties", {}).items():
        kinds = one.get("anyOf", [one])
        if any(kind.get("type") == "integer" or kind.get("maxLength") == LONGEST for kind in kinds):
            yield name
        if one.get("type") == "array":
            yield from naming(one["items"])


def described() -> dict[tuple[str, str], tuple[str, str]]:
    """Return where each field that names a row is sent, and how, as the description says."""
    found = {}
    for address, methods in document()["paths"].items():
        for method, operation in methods.items():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for field in naming(content["schema"]):
                    found[operation["operationId"], field] = (address, method)
    return found


def sender(play: Stage, who: str) -> User:
    """Return who sends it; somebody "of one" holds their office in the first framework alone."""
    if not who.endswith(" of one"):
        return play.people[who]
    office, home = who.removesuffix(" of one"), Framework.objects.get(is_default=True)
    found = make.person(f"{office} here")
    place = Appointment(user=found, office=office, framework=home, from_on=make.START)
    revisions.create(place, by=None, at=make.NOW)
    return found


def test_every_field_that_names_a_row_is_tried() -> None:
    fields = {one for one in described() if one[1] not in NO_ROW}

    assert {*RELATIONS} <= fields
    assert {field for _operation, field in fields - {*RELATIONS}} == {*FOR_ALL}


@pytest.mark.parametrize(("operation", "field"), sorted(RELATIONS))
def test_a_row_that_is_not_for_the_sender_fails_as_one_that_there_is_not(
    operation: str, field: str, play: Stage
) -> None:
    who, where, foreign, around = RELATIONS[operation, field]
    address, method = described()[operation, field]
    client, pk = client_of(sender(play, who)), foreign(play)
    place = address.removeprefix("/api/v1/")
    tag = ""
    if operation.startswith("change_"):
        place = f"{where}/{shown(where, play)}/"
        tag = tag_of(client, place)
    elif where in play.objects:
        tag = tag_of(client, address_of(play, where))
        place = place.replace("{key}", str(play.objects[where].pk))
    told = []
    for value in (pk, UNKNOWN[type(pk)]):
        body = {**around, field: value}
        given = {"transitions": [body]} if operation == "transitions" else body
        send = patched if method == "patch" else sent
        answer = send(client, place, given, tag=tag)
        problem = answer.json()
        if operation == "transitions":
            (row,) = problem["results"]
            problem = row["problem"]
        told.append((answer.status_code, {**problem, "request_id": ""}))

    assert told[0] == told[1]
    status, problem = told[0]
    assert problem["status"] == 404 or field in problem.get("fields", {}), problem
    assert reverse("api-errors") in problem["type"]
