"""What a row holds and the API does not tell: one literal table, reconciled with the models."""

from __future__ import annotations

from typing import Any

import pytest

from recommendations.api.resources import Resource
from recommendations.api.tables import RESOURCES
from recommendations.models import Submission
from tests.recommendations.api.conftest import client_of, holder, patched, tag_of
from tests.recommendations.api.test_permissions import comment, rows
from tests.stage import Stage

SORTING = "a copy by which lists sort"
COUNTER = "a counter behind the tags of answers"
FIGURES = "told by the figures, as of a moment"
PLACE = "told as its place in the framework: where an update belongs"
HANDLING = "how a delivery or job is handled, not what it says"
NOT_TOLD: dict[str, dict[str, str]] = {
    "frameworks": {"counter": COUNTER, "public_counter": COUNTER},
    "actions": {"standing": FIGURES},
    "agencies": {"sort_key": SORTING},
    **{
        name: {"recorded_by": "the person stands in the history of what it names, for its readers"}
        for name in (
            *("framework-wordings", "area-wordings", "action-wordings"),
            *("agency-names", "group-names"),
        )
    },
    "appointments": {
        "user": "the person who asks",
        "version": "nothing is changed by it here",
    },
    "memberships": {"user": "the person who asks", "version": "nothing is changed by it here"},
    "assignments": {"in_force": FIGURES, "effective_status": FIGURES, "verified": FIGURES},
    "duties": {"agency": PLACE},
    "updates": {"drafts_saved": "counts saves: the version of the draft tells the newest"},
    "evidence": dict.fromkeys(
        ("stored_as", "added_by", "detached_by", "erased_by"),
        "stands in the events of the evidence, and no page shows it",
    ),
    "deliveries": {
        "user": "the person who asks",
        **dict.fromkeys(
            ("cause", "event", "facts", "ready_at", "in_digest", "message"),
            HANDLING,
        ),
        **dict.fromkeys(("later_until", "later_rounds"), "put off on the page of the inbox"),
    },
    "jobs": {
        "owner": "the person who asks",
        **dict.fromkeys(
            ("parameters", "request", "lease", "lease_until", "tries", "stored_as"), HANDLING
        ),
    },
}
"""What stays untold, by resource and field, and why."""


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_whatever_a_row_holds_is_told_or_has_a_reason_not_to_be(resource: Resource) -> None:
    first = {one.source.partition("__")[0] for one in resource.described}
    told = first | {name.removesuffix("_id") for name in first}
    fields = {one.name for one in rows(resource).model._meta.concrete_fields}

    assert fields - told == {*NOT_TOLD.get(resource.name, {})}


def clears(client: Any) -> Any:
    """Return whether the ILO clears its texts, as a reader is told."""
    return client.get("/api/v1/agencies/ILO/?fields=clears_before_sending").json()[
        "clears_before_sending"
    ]


def test_whether_an_agency_clears_its_texts_is_told_to_it_and_to_those_over_all(
    play: Stage,
) -> None:
    told = {
        actor: clears(client_of(play.people.get(actor)))
        for actor in ("anonymous", "other_agency", "elsewhere", "focal_point", "administrator")
    }

    assert told == {
        "anonymous": None,
        "other_agency": None,
        "elsewhere": None,
        "focal_point": play.cast.ilo.clears_before_sending,
        "administrator": play.cast.ilo.clears_before_sending,
    }


def test_an_administrator_sets_whether_an_agency_clears_its_texts(play: Stage) -> None:
    program = holder(play.people["administrator"])
    now = clears(program)
    given = {"clears_before_sending": not now, "reason": "They ask for it."}
    answer = patched(program, "agencies/ILO/", given, tag=tag_of(program, "agencies/ILO/"))

    assert (answer.status_code, answer.json()["clears_before_sending"]) == (200, not now)


def test_a_program_finds_the_comments_that_it_has_to_answer(play: Stage) -> None:
    wanted = comment(play)
    address = f"/api/v1/comments/?update={wanted.submission.update_id}&open=true"
    found = {
        actor: [row["id"] for row in client_of(play.people[actor]).get(address).json()["results"]]
        for actor in ("focal_point", "coordinator", "other_agency", "observer")
    }

    assert wanted.pk in found["focal_point"]
    assert found["coordinator"] == found["focal_point"]
    assert (found["other_agency"], found["observer"]) == ([], [])


def test_who_sent_and_decided_is_told_to_the_two_sides(play: Stage) -> None:
    update = play.objects["update approved"].pk
    fields = "fields=submitted_by,cleared_by"
    sent = {
        actor: client_of(play.people.get(actor)).get(
            f"/api/v1/submissions/?update={update}&{fields}"
        )
        for actor in ("anonymous", "other_agency", "focal_point", "coordinator")
    }
    names = {
        actor: [row["submitted_by"] for row in one.json()["results"]] for actor, one in sent.items()
    }

    assert names["anonymous"] == names["other_agency"] == [None] * len(names["focal_point"])
    sender = Submission.objects.get(update=update).submitted_by.name
    assert names["focal_point"] == names["coordinator"] == [sender]
