"""The text that writing starts from: read where it is written, as it is written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from recommendations.models import Draft, Submission, Update
from tests import make
from tests.recommendations.api.conftest import address_of, client_of, holder, patched
from tests.recommendations.api.test_schema import check
from tests.stage import ASKED, Stage

NOTHING = {
    "kind": "report",
    "status": "",
    "reason": "",
    "resume_on": None,
    "discontinued_because": "",
    "superseded_by": None,
    "evidence_waiver": "",
    "body": {},
}
REPORT = {**NOTHING, "status": "in_progress", "body": {"done": "Two seminars."}}


def read(play: Stage, name: str, actor: str = "focal_point") -> Any:
    """Return the answer to who asks for the text of an update."""
    return client_of(play.people[actor]).get(f"/api/v1/{address_of(play, name)}draft/")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("update draft", REPORT),  # what is being written
        ("update returned, reopened", REPORT),  # what was sent last
        ("update draft, questionnaire", {**NOTHING, "body": {"q1": "Two seminars."}}),
    ],
)
def test_the_agency_reads_what_writing_starts_from(
    name: str, expected: dict[str, Any], play: Stage
) -> None:
    answer = read(play, name)
    update = Update.objects.get(pk=play.objects[name].pk)
    saved = update.draft.version if hasattr(update, "draft") else 0
    again = client_of(play.people["focal_point"]).get(
        f"/api/v1/{address_of(play, name)}draft/", headers={"If-None-Match": answer["ETag"]}
    )

    assert (answer.json(), answer["ETag"]) == (expected, f'"{update.version}-{saved}"')
    assert again.status_code == 304
    check("/api/v1/updates/{key}/draft/", "get", answer)


def test_what_is_read_is_what_is_taken(play: Stage) -> None:
    place = address_of(play, "update returned, reopened")
    program = holder(play.people["alternate"], "read", "report")
    make.drafted(
        play.objects["update returned, reopened"],
        by=play.people["focal_point"],
        at=ASKED,
        status="discontinued",
        discontinued_because="superseded",
        superseded_by=play.cast.action,
        body={"done": "Déjà fait.", "next_steps": "لا شيء."},
    )
    first = program.get(f"/api/v1/{place}draft/")
    saved = patched(program, f"{place}draft/", first.json(), tag=first["ETag"])
    again = program.get(f"/api/v1/{place}draft/")

    assert first.json()["superseded_by"] == "A1"
    assert (saved.status_code, again.json(), again["ETag"]) == (200, first.json(), saved["ETag"])


def test_a_text_of_which_nothing_is_written_starts_empty(play: Stage) -> None:
    home = make.open_round(play.cast, "2028-H1")
    update = Update.objects.filter(duty__round=home, duty__assignment__isnull=False)[0]
    answer = client_of(play.people["focal_point"]).get(f"/api/v1/updates/{update.pk}/draft/")

    assert (answer.json(), answer["ETag"]) == (NOTHING, '"1-0"')


def test_a_correction_starts_from_the_text_that_it_corrects(play: Stage) -> None:
    corrected = play.objects["update approved, correcting"]
    correction = Update.objects.get(corrects=corrected.pk)
    answer = client_of(play.people["focal_point"]).get(f"/api/v1/updates/{correction.pk}/draft/")

    assert answer.json()["body"] == Submission.objects.get(update=corrected.pk).body


def test_a_text_that_was_sent_is_shown_and_not_changed(play: Stage) -> None:
    answer = read(play, "update submitted")
    place = address_of(play, "update submitted")
    refused = patched(
        client_of(play.people["focal_point"]), f"{place}draft/", {}, tag=answer["ETag"]
    )

    assert (answer.json(), refused.status_code) == (REPORT, 409)


def test_who_sees_the_update_and_not_its_text_is_told_who_reads_it(play: Stage) -> None:
    answer = read(play, "update draft", "coordinator")
    words = "Only a focal point or alternate of the agency can read it."

    assert (answer.status_code, answer.json()["detail"]) == (403, words)


def test_a_token_reads_the_text_with_the_scope_to_read(play: Stage) -> None:
    place = f"/api/v1/{address_of(play, 'update draft')}draft/"
    person = play.people["focal_point"]

    assert holder(person, "read").get(place).json() == REPORT
    assert holder(person, "report").get(place).json()["scope"] == "read"


def test_a_text_that_is_saved_while_another_reads_it_is_not_overwritten(play: Stage) -> None:
    place = address_of(play, "update draft")
    client = client_of(play.people["focal_point"])
    saved: list[int] = []

    def then_saves(execute: Any, sql: str, *given: Any) -> Any:
        answer = execute(sql, *given)
        if 'FROM "recommendations_draft"' in sql and not saved:
            saved.append(play.objects["update draft"].pk)
            by, body = play.people["alternate"], {"done": "Three seminars."}
            make.drafted(play.objects["update draft"], by=by, at=ASKED, body=body)
        return answer

    with connection.execute_wrapper(then_saves):
        first = client.get(f"/api/v1/{place}draft/")
    late = patched(client, f"{place}draft/", first.json(), tag=first["ETag"])

    assert (first.json(), late.status_code) == (REPORT, 412)
    assert Draft.objects.get(update=saved[0]).body == {"done": "Three seminars."}
