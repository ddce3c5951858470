"""Several people at the same moment: one wins, the others hear that they came too late."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Model

from agencies.models import User
from recommendations.domain import updates, workflow
from recommendations.models import (
    Assessment,
    Assignment,
    Decision,
    Draft,
    Duty,
    Framework,
    Publication,
    Update,
)
from tests import make, soundness
from tests.at_once import at_once, said
from tests.figures import DRILL, figure
from tests.site import eventually

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("committed")]

ROOT = Path(__file__).resolve().parents[3]
UPDATES = figure(small=5, full=40)
THREADS = figure(small=8, full=50)
PROCESSES = figure(small=3, full=8)
ROUNDS = figure(small=3, full=40)
TOO_LATE = {"NotAllowedNow", "Conflict"}


def queue_of(length: int) -> make.Cast:
    """Fill the queue with submitted updates of the ILO."""
    cast = make.cast()
    for place in range(2, length + 2):
        action = make.action(cast.area, f"A{place}", order=place)
        make.accepted(cast, action=action)
    make.open_round(cast)
    for update in Update.objects.order_by("id"):
        make.sent(update, by=cast.ilo_focal_point)
    return cast


def reviewers(number: int) -> list[User]:
    """Return this many coordinators."""
    return [make.person(f"Reviewer {place}", office="coordinator") for place in range(number)]


def check_that_each_was_decided_once() -> None:
    """Every update has one decision, one publication, one assessment, and sound rows."""
    assert Decision.objects.count() == UPDATES
    assert set(Update.objects.values_list("review_state", flat=True)) == {"approved"}
    assert Decision.objects.values("submission").distinct().count() == UPDATES
    assert Publication.objects.count() == Assessment.objects.count() == UPDATES
    assert soundness.problems() == []


@pytest.mark.postgresql
def test_reviewers_on_many_connections_decide_each_update_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: see the reviewers in processes")
    queue_of(UPDATES)
    people = reviewers(THREADS)
    waiting = list(Update.objects.with_place().awaiting_review().order_by("id"))

    def decide_all(reviewer: User) -> Counter[str]:
        answers: Counter[str] = Counter()
        for update in waiting:
            try:
                workflow.perform(
                    "approve",
                    update,
                    by=reviewer,
                    at=make.NOW,
                    version=update.version,
                    claim="agree",
                )
            except Exception as error:
                answers[said(error)] += 1
            else:
                answers["done"] += 1
        return answers

    answers = sum(at_once([partial(decide_all, person) for person in people]), Counter())

    assert answers["done"] == UPDATES
    assert sum(answers.values()) == THREADS * UPDATES
    assert set(answers) == {"done", *(TOO_LATE & set(answers))}
    check_that_each_was_decided_once()


CLAIMED = ["round", "action", "assignment", "duty", "update"]


@pytest.mark.postgresql
@pytest.mark.parametrize("held", CLAIMED)
def test_an_update_and_the_rows_above_it_are_claimed_in_the_one_order(held: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, and no claims of rows")
    cast = make.cast()
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    duty = Duty.objects.select_related("round", "assignment__action").get(pk=update.duty_id)
    assert duty.assignment is not None
    rows = (duty.round, duty.assignment.action, duty.assignment, duty, update)

    def send() -> None:
        try:
            make.do("submit", update, by=cast.ilo_focal_point, draft_version=1)
        finally:
            connection.close()

    def is_claimed(row: Model) -> bool:
        own = type(row)._default_manager.filter(pk=row.pk)
        try:
            with transaction.atomic():
                own.select_for_update(no_key=True, nowait=True).get()
        except OperationalError:
            return True
        return False

    sender = Thread(target=send)
    with transaction.atomic():
        place = CLAIMED.index(held)
        type(rows[place])._default_manager.select_for_update(no_key=True).get(pk=rows[place].pk)
        sender.start()
        assert eventually(somebody_waits, seconds=20)
        claimed = [is_claimed(row) for row in rows]
    sender.join(timeout=20)

    assert claimed == [at < place for at in range(len(rows))]
    update.refresh_from_db()
    assert update.review_state == "submitted"


def somebody_waits() -> bool:
    """Say whether a transaction of this database waits for another that holds a row.

    The list of locks is of the whole server, where other tests may run beside this one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks AS wanted JOIN pg_locks AS held USING (pid)"
            " JOIN pg_database ON pg_database.oid = held.database"
            " WHERE wanted.locktype = 'transactionid' AND NOT wanted.granted"
            " AND datname = current_database()"
        )
        return cursor.fetchone() is not None


def test_reviewers_in_several_processes_decide_each_update_once() -> None:
    if connection.vendor == "postgresql" and DRILL:
        pytest.skip("on PostgreSQL the threads above are many more")
    queue_of(UPDATES)
    running = [reviewer_process(person) for person in reviewers(PROCESSES)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    finished = [process.communicate(timeout=300) for process in running]
    answers: Counter[str] = sum((Counter(json.loads(out)) for out, _ in finished), Counter())

    assert answers["done"] == UPDATES
    assert sum(answers.values()) == PROCESSES * UPDATES
    assert set(answers) == {"done", *(TOO_LATE & set(answers))}
    check_that_each_was_decided_once()


def reviewer_process(person: User) -> subprocess.Popen[str]:
    """Start a reviewer on the database of this test."""
    named = str(connection.settings_dict["NAME"])
    url = f"sqlite:///{named}"
    if connection.vendor == "postgresql":
        url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{named}"
    return subprocess.Popen(
        [sys.executable, "-m", "tests.reviewer", str(person.pk)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_of_two_alternates_saving_the_same_draft_one_keeps_both_texts() -> None:
    cast = make.cast()
    update = make.owed(cast)
    people = (cast.ilo_focal_point, cast.ilo_alternate)
    for version in range(ROUNDS):
        texts = [{"body": {"done": f"{person}, {version}"}} for person in people]
        answers = at_once(
            [
                partial(
                    updates.save_draft,
                    update,
                    content=text,
                    by=person,
                    at=make.NOW,
                    version=version,
                )
                for person, text in zip(people, texts, strict=True)
            ]
        )
        draft = Draft.objects.get()
        assert Counter(map(said, answers)) == {"done": 1, "Conflict": 1}
        assert draft.version == version + 1
        (conflict,) = (answer for answer in answers if said(answer) == "Conflict")
        assert {draft.body["done"], conflict.attempted["body"]["done"]} == {
            text["body"]["done"] for text in texts
        }
        assert conflict.current.body == draft.body


def test_of_two_coordinators_naming_a_lead_one_is_told_who_leads() -> None:
    cast = make.cast()
    second = make.person("Second coordinator", office="coordinator")
    for place in range(ROUNDS):
        action = make.action(cast.area, f"B{place}", order=place)
        answers = at_once(
            [
                partial(make.do, "assign", action, by=by, agency=agency, role="lead")
                for by, agency in ((cast.coordinator, cast.ilo), (second, cast.iom))
            ]
        )
        assert Counter(map(said, answers)) == {"done": 1, "NotAllowedNow": 1}
        assert Assignment.objects.filter(action=action).count() == 1
    assert soundness.problems() == []


def test_a_lead_accepted_while_a_round_opens_owes_exactly_one_update() -> None:
    cast = make.cast()
    for place in range(ROUNDS):
        action = make.action(cast.area, f"B{place}", order=place)
        assignment = make.proposed(cast, action=action)
        round = make.planned_round(cast.framework, f"R{place}")
        answers = at_once(
            [
                partial(make.do, "open", round, by=cast.coordinator),
                partial(make.do, "accept", assignment, by=cast.ilo_focal_point),
            ]
        )
        assert list(map(said, answers)) == ["done", "done"]
        assert Duty.objects.filter(round=round, assignment=assignment).count() == 1
        make.do("close", round, by=cast.coordinator)
    assert soundness.problems() == []


def test_an_update_sent_while_its_round_closes_is_in_or_refused_with_its_text_kept() -> None:
    cast = make.cast()
    make.accepted(cast)
    for place in range(ROUNDS):
        round = make.open_round(cast, f"R{place}")
        update = make.drafted(Update.objects.get(duty__round=round), by=cast.ilo_focal_point)
        draft = Draft.objects.get(update=update)
        answers = at_once(
            [
                partial(
                    make.do,
                    "submit",
                    update,
                    by=cast.ilo_focal_point,
                    draft_version=draft.version,
                ),
                partial(make.do, "close", round, by=cast.coordinator),
            ]
        )
        sent, closed = map(said, answers)
        update.refresh_from_db()
        assert closed == "done"
        assert (sent, update.review_state) in {("done", "submitted"), ("NotAllowedNow", "draft")}
        kept = Draft.objects.filter(update=update) if sent != "done" else update.submissions.all()
        assert kept.get().body == make.REPORT["body"]
    assert soundness.problems() == []


def test_an_update_approved_while_its_agency_takes_it_back_is_one_of_both() -> None:
    cast = make.cast()
    make.accepted(cast)
    for place in range(ROUNDS):
        round = make.open_round(cast, f"R{place}")
        update = make.sent(Update.objects.get(duty__round=round), by=cast.ilo_focal_point)
        answers = at_once(
            [
                partial(make.do, "approve", update, by=cast.coordinator, claim="agree"),
                partial(make.do, "withdraw", update, by=cast.ilo_focal_point),
            ]
        )
        assert sorted(map(said, answers)) in (
            ["NotAllowedNow", "done"],
            ["Conflict", "done"],
        )
        make.do("close", round, by=cast.coordinator)
    assert soundness.problems() == []


def test_an_assignment_ended_while_its_update_is_approved_leaves_no_open_duty() -> None:
    cast = make.cast()
    for place in range(ROUNDS):
        action = make.action(cast.area, f"B{place}", order=place)
        assignment = make.accepted(cast, action=action)
        round = make.open_round(cast, f"R{place}")
        update = make.sent(make.update_in(round, assignment), by=cast.ilo_focal_point)
        answers = at_once(
            [
                partial(make.do, "end", assignment, by=cast.coordinator, note="Handed on."),
                partial(make.do, "approve", update, by=cast.coordinator, claim="agree"),
            ]
        )
        # Both read the version before they start: whoever comes second on the assignment
        # itself hears of the other; the update is another object.
        assert said(answers[1]) == "done"
        if said(answers[0]) == "Conflict":
            make.do("end", assignment, by=cast.coordinator, note="Handed on.")
        make.do("close", round, by=cast.coordinator)
    assert Duty.objects.open().count() == 0
    assert soundness.problems() == []


def test_the_counter_of_the_framework_misses_no_change() -> None:
    length = min(UPDATES, 20)
    cast = queue_of(length)
    second = make.person("Second coordinator", office="coordinator")
    before = Framework.objects.get().counter
    waiting = list(Update.objects.with_place().order_by("id"))
    acts = [
        partial(make.do, "approve", update, by=(cast.coordinator, second)[place % 2], claim="agree")
        for place, update in enumerate(waiting)
    ]

    answers = at_once(acts)

    assert Counter(map(said, answers)) == {"done": length}
    assert Framework.objects.get().counter == before + length
    assert soundness.problems() == []
