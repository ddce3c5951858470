"""What the database is asked for one request, statement by statement, whatever else there is.

Transaction control stands apart, and so do the two statements of an Idempotency-Key.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import Update
from tests import make
from tests.recommendations.api.conftest import address_of, holder, sent, tag_of
from tests.stage import Stage

WHO = ("SELECT token",)  # whose the token is, what they are today, and the counters
SUBMIT = (
    *WHO,
    "SELECT update",  # does it exist for this person
    "SELECT update",  # claims Round, Action, Assignment, Duty, Update, in this order
    "SELECT update",  # as it is now, with its draft, the text in force and the last events
    "SELECT evidence",  # what goes with it, who wrote, and who belongs to the agency
    "INSERT submission",
    "INSERT submissionevidence",  # only where evidence goes with it
    "INSERT submissionperson",  # they never decide on it
    "DELETE draft",
    "UPDATE update",  # its state, by its version
    "INSERT event",
    "UPDATE framework",  # its counter
    "SELECT update",  # the answer
)
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def statements(work: Callable[[], Any], *, status: int) -> list[str]:
    """Return what each statement of a request does, and to which table."""
    with CaptureQueriesContext(connection) as captured:
        answer = work()
    assert answer.status_code == status, answer.content
    found = []
    for one in captured.captured_queries:
        words = str(one["sql"]).lstrip("(")
        if not words.startswith(CONTROL):
            while (outer := re.sub(r"\([^()]*\)", "", words)) != words:
                words = outer  # subqueries belong to the statement in which they stand
            table = re.search(r'(?:FROM|INTO|UPDATE) "(?:agencies|recommendations)_(\w+)"', words)
            assert table is not None, words
            found.append(f"{words.split()[0]} {table[1]}")
    return found


@pytest.mark.parametrize("others", [0, 3])
def test_sending_an_update_takes_these_statements(play: Stage, others: int) -> None:
    update = Update.objects.with_place().get(pk=play.objects["update draft"].pk)
    for place in range(others):
        make.member(make.person(f"Colleague {place}"), play.cast.ilo)
        make.linked(update, by=play.people["focal_point"])
    program = holder(play.people["focal_point"])
    place = f"updates/{update.pk}/"
    tag = tag_of(program, place)

    assert statements(lambda: sent(program, f"{place}submit/", tag=tag), status=200) == [*SUBMIT]


def test_a_list_and_a_detail_take_one_statement_beside_who_asks(play: Stage) -> None:
    program = holder(play.people["coordinator"])
    one = f"/api/v1/updates/{play.objects['update submitted'].pk}/"
    listed = "/api/v1/updates/?agency=ILO&review_state=draft&ordering=-due_on"
    drafts = "/api/v1/updates/?review_state=draft"
    tag = program.get(listed)["ETag"]
    known = {"If-None-Match": tag}

    # Whether the agency had that code once is asked where one is named.
    with_agency = [*WHO, "SELECT agencycode", "SELECT update"]
    assert statements(lambda: program.get(listed), status=200) == with_agency
    assert statements(lambda: program.get(drafts), status=200) == [*WHO, "SELECT update"]
    assert statements(lambda: program.get(one), status=200) == [*WHO, "SELECT update"]
    assert statements(lambda: program.get(listed, headers=known), status=304) == [*WHO]


def test_what_can_be_written_now_takes_one_statement_beside_who_asks(play: Stage) -> None:
    program = holder(play.people["focal_point"])
    mine = "/api/v1/updates/?writable=true&duty_state=open&kind=progress&ordering=due_on&limit=1"
    program.get(mine)  # notes that the token was used

    assert statements(lambda: program.get(mine), status=200) == [*WHO, "SELECT update"]


def test_the_text_that_writing_starts_from_takes_at_most_four_beside_who_asks(play: Stage) -> None:
    program = holder(play.people["focal_point"])
    draft, reopened = (
        f"/api/v1/{address_of(play, f'update {name}')}draft/"
        for name in ("draft", "returned, reopened")
    )
    program.get(draft)  # notes that the token was used
    # does it exist for this person; its tag; the text
    read = [*WHO, "SELECT update", "SELECT update", "SELECT draft"]

    assert statements(lambda: program.get(draft), status=200) == read
    assert statements(lambda: program.get(reopened), status=200) == [*read, "SELECT submission"]


@pytest.mark.parametrize("others", [0, 3])
def test_the_duties_of_a_standing_take_three_more_whatever_the_frameworks(
    play: Stage, others: int
) -> None:
    for place in range(others):
        action = make.action(play.cast.area, f"B{place}", order=100 + place)
        make.accepted(play.cast, action=action)
    program = holder(play.people["coordinator"])
    asked = "/api/v1/duties/?standing=needs"
    program.get(asked)  # notes that the token was used

    assert statements(lambda: program.get(asked), status=200) == [
        *WHO,
        "SELECT submission",  # what was sent for each of them
        "SELECT duty",  # with its due dates
        "SELECT duty",  # drafts, requests, and who can act
        "SELECT duty",  # the answer
    ]


def test_of_a_file_that_nobody_takes_no_row_is_read(play: Stage) -> None:
    """A cursor left open would be closed in the middle of another statement."""
    program, csv = holder(play.people["coordinator"]), {"Accept": "text/csv"}
    program.get("/api/v1/")  # notes that the token was used
    with CaptureQueriesContext(connection) as asked:
        answer = program.get("/api/v1/updates/?agency=ILO", headers=csv)
        begun = len(asked)
        rows = b"".join(answer.streaming_content).count(b"\r\n")

    # who asks, whether the agency had that code once, whether it has a row
    assert (begun, len(asked), rows > 1) == (3, 4, True)
