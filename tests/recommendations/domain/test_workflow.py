"""What every transition costs and leaves behind, whatever it is about."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import history
from agencies.access import roles_of
from agencies.models import Event
from recommendations.domain import workflow
from recommendations.domain.transition import Change
from recommendations.models import Assignment, Draft, Framework, RoundTerms, Submission, Update
from tests import make, soundness

DUE = date(2026, 6, 15)


def cost(verb: str, obj: Any, *, by: Any, **facts: Any) -> int:
    """Return how many statements a verb takes, BEGIN or SAVEPOINT and its end included."""
    obj = Update.objects.with_place().get(pk=obj.pk) if isinstance(obj, Update) else obj
    with CaptureQueriesContext(
        connection,
    ) as statements:
        workflow.perform(verb, obj, by=by, at=make.NOW, version=obj.version, **facts)
    return len(statements)


def written(cast: make.Cast) -> Update:
    """Return an update with a draft."""
    return make.drafted(make.owed(cast), by=cast.ilo_focal_point)


def many_others(cast: make.Cast, number: int) -> None:
    """Put this many assignments beside the one that the test is about."""
    for place in range(number):
        make.accepted(cast, action=make.action(cast.area, f"B{place}", order=place))


@pytest.mark.parametrize("others", [0, 2, 29])
def test_sending_and_approving_cost_the_same_whatever_else_there_is(
    cast: make.Cast, others: int
) -> None:
    many_others(cast, others)
    update = written(cast)

    assert cost("submit", update, by=cast.ilo_focal_point, draft_version=1) == 13
    assert cost("approve", update, by=cast.coordinator, claim="agree") == 27


def test_the_first_refusals_are_cheap(cast: make.Cast) -> None:
    update = written(cast)
    costs = []
    for who in (cast.stranger, cast.coordinator):
        with (
            CaptureQueriesContext(connection) as statements,
            pytest.raises(Exception),  # noqa: B017, PT011 - what it is stands in the table
        ):
            workflow.perform(
                "submit",
                Update.objects.with_place().get(pk=update.pk),
                by=who,
                at=make.NOW,
                version=1,
            )
        costs.append(len(statements) - 1)

    assert costs == [2, 7]


def test_a_row_that_is_not_as_it_was_read_is_not_written(cast: make.Cast) -> None:
    update, by = written(cast), cast.ilo_focal_point
    Update.objects.filter(pk=update.pk).update(version=update.version + 1)
    before = Event.objects.count()
    row = workflow.ROWS["update", "submit"]
    change = Change(update, by, make.NOW, "", {}, roles_of(by, at=make.NOW), row)

    with pytest.raises(workflow.Conflict):
        change.write(update, "submitted", review_state="submitted")

    assert Update.objects.get(pk=update.pk).review_state == "draft"
    assert Event.objects.count() == before


def test_each_changed_object_gets_one_event_under_its_framework(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    last = Event.objects.order_by("-id")[0].pk
    make.approved(update, by=cast.coordinator)
    new = Event.objects.filter(pk__gt=last).order_by("object_type")

    assert [(event.object_type, event.verb, event.actor) for event in new] == [
        ("assignment", "assessed", cast.coordinator),
        ("duty", "met", cast.coordinator),
        ("update", "approved", cast.coordinator),
    ]
    assert {event.framework_id for event in new} == {cast.framework.pk}
    assert {event.at for event in new} == {make.NOW}


def test_the_counter_of_the_framework_rises_by_one_and_by_nothing_for_a_refusal(
    cast: make.Cast,
) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    before = Framework.objects.get().counter
    make.approved(update, by=cast.coordinator)
    assert Framework.objects.get().counter == before + 1

    with pytest.raises(workflow.NotAllowedNow):
        make.approved(update, by=cast.coordinator)
    assert Framework.objects.get().counter == before + 1


def test_the_counter_of_another_framework_stays(cast: make.Cast) -> None:
    other = make.framework("other", is_default=False)
    make.owed(cast)
    other.refresh_from_db()

    assert other.counter == 0


def test_time_does_not_run_backwards_over_the_objects_of_a_change(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point, at=make.later(hours=2))
    make.approved(update, by=cast.coordinator, at=make.later(hours=1))

    assert update.submissions.get().decisions.get().decided_at == make.later(hours=2)
    assert history.of(update).last().at == make.later(hours=2)  # type: ignore[union-attr]
    assert soundness.problems() == []


def test_a_stale_version_is_refused_in_both_directions(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    update.refresh_from_db()
    for off in (-1, 1):
        with pytest.raises(workflow.Conflict):
            workflow.perform(
                "approve",
                update,
                by=cast.coordinator,
                at=make.NOW,
                version=update.version + off,
                claim="agree",
            )


def test_the_version_cannot_be_left_out(cast: make.Cast) -> None:
    act: Callable[..., Any] = workflow.perform
    with pytest.raises(TypeError, match="version"):
        act("open", make.planned_round(cast.framework), by=cast.coordinator, at=make.NOW)


def test_what_is_returned_is_the_object_as_it_is_now(cast: make.Cast) -> None:
    assignment = make.proposed(cast)
    accepted = make.do("accept", assignment, by=cast.ilo_focal_point)

    assert isinstance(assignment, Assignment)
    assert (accepted.acceptance, accepted.version) == ("accepted", 2)
    assert Assignment.objects.get().version == 2


def test_a_whole_story_leaves_sound_rows(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.do("return", update, by=cast.coordinator, note="Say where.", due_on=DUE)
    make.sent(update, by=cast.ilo_alternate, status="implemented", evidence_waiver="It is a law.")
    make.do("withdraw", update, by=cast.ilo_focal_point)
    draft = Draft.objects.get()
    make.do("submit", update, by=cast.ilo_focal_point, draft_version=draft.version)
    make.do("approve", update, by=cast.coordinator, claim="leave_open")
    make.do("reopen", update, by=cast.coordinator, note="A figure is wrong.", due_on=DUE)
    make.sent(update, by=cast.ilo_focal_point)
    make.approved(update, by=cast.coordinator)
    make.do("close", update.duty.round, by=cast.coordinator)
    make.do("end", update.duty.assignment, by=cast.coordinator, note="Handed on.")

    assert soundness.problems() == []
    assert [event.verb for event in history.of(update)] == [
        "begun",
        "submitted",
        "returned",
        "submitted",
        "withdrawn",
        "submitted",
        "approved",
        "reopened",
        "submitted",
        "approved",
    ]
    assert Submission.objects.count() == 4
    assert RoundTerms.objects.count() == 3


def test_the_table_is_printed_for_people_and_for_programs() -> None:
    text, as_json = StringIO(), StringIO()
    call_command("workflow_table", stdout=text)
    call_command("workflow_table", "--json", stdout=as_json)
    rows = json.loads(as_json.getvalue())

    assert [row for row in rows if (row["noun"], row["verb"]) == ("update", "reopen")] == [
        {
            "noun": "update",
            "from": "approved",
            "to": "returned",
            "verb": "reopen",
            "who": "reviewer",
            "requires": ["comment", "due_on"],
            "event": "reopened",
        }
    ]
    assert len(text.getvalue().splitlines()) == len(rows) + 1
    assert text.getvalue().splitlines()[0].split() == [
        *("noun", "from", "to", "verb", "who", "requires", "event")
    ]
