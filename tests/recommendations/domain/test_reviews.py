"""What a coordinator does with a submission, and what it changes for both sides."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from agencies import history
from agencies.access import NotPermitted, roles_of
from agencies.models import Event
from recommendations.domain import workflow
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import (
    Assessment,
    Assignment,
    Comment,
    Decision,
    Duty,
    DutyDueDate,
    Publication,
    Submission,
    Update,
)
from tests import make

DUE = date(2026, 6, 15)


def submitted(cast: make.Cast, **content: Any) -> Update:
    """Return an update that waits for a decision."""
    return make.sent(make.owed(cast), by=cast.ilo_focal_point, **content)


def returned(cast: make.Cast, **facts: Any) -> Update:
    """Return an update that went back to the agency."""
    more = {"note": "Say where.", "due_on": DUE, **facts}
    return make.do("return", submitted(cast), by=cast.coordinator, **more)  # type: ignore[no-any-return]


def missing(verb: str, obj: Any, cast: make.Cast, **facts: Any) -> dict[str, str]:
    """Return what a verb says is missing."""
    events = Event.objects.count()
    with pytest.raises(RequirementMissing) as raised:
        make.do(verb, obj, by=cast.coordinator, **facts)
    assert Event.objects.count() == events
    return raised.value.problems


@pytest.mark.parametrize("verb", ["return", "reopen"])
def test_sending_back_needs_a_comment_and_a_due_date_to_come(cast: make.Cast, verb: str) -> None:
    update = submitted(cast)
    if verb == "reopen":
        make.approved(update, by=cast.coordinator)
    comment = {"comment": "Say what the agency has to change."}
    passed = {"due_on": "Give a due date that has not passed."}

    assert missing(verb, update, cast, note="  ") == comment | {"due_on": "Give the new due date."}
    yesterday = make.NOW.date() - timedelta(days=1)
    assert missing(verb, update, cast, note="Say where.", due_on=yesterday) == passed
    assert missing(verb, update, cast, due_on=DUE) == comment


def test_a_return_keeps_the_comment_with_the_decision_and_moves_the_due_date(
    cast: make.Cast,
) -> None:
    update = returned(cast, field_comments={"done": " When? ", "status": ""})
    decision, duty = Decision.objects.get(), Duty.objects.get()

    assert (decision.verb, decision.comment, decision.due_on) == ("return", "Say where.", DUE)
    assert (decision.decided_by, decision.decided_at) == (cast.coordinator, make.NOW)
    assert [(row.field, row.text) for row in Comment.objects.all()] == [("done", "When?")]
    assert (update.review_state, duty.state, duty.due_on) == ("returned", "open", DUE)
    assert list(DutyDueDate.objects.order_by("id").values_list("due_on", "reason")) == [
        (date(2026, 5, 31), ""),
        (DUE, ""),
    ]


def test_the_comment_is_in_no_event_only_its_hash(cast: make.Cast) -> None:
    update = returned(cast, note="Private to the two sides.")
    said = [event.note + event.content for event in Event.objects.all()]

    assert [text for text in said if "Private" in text] == []
    event = history.of(update).get(verb="returned")
    assert f'"comment":"{history.sha256("Private to the two sides.")}"' in event.content


def test_an_approval_decides_publishes_and_meets_the_duty(cast: make.Cast) -> None:
    update = make.approved(submitted(cast), by=cast.coordinator)
    submission, duty = Submission.objects.get(), Duty.objects.get()

    assert update.review_state == "approved"
    assert (duty.state, duty.version) == ("met", 2)
    assert Publication.objects.get().submission == submission
    assert [event.verb for event in history.of(update)] == ["begun", "submitted", "approved"]
    assert [event.verb for event in history.of(duty)] == ["owed", "met"]


def test_an_approval_asks_about_the_claim(cast: make.Cast) -> None:
    update = submitted(cast)
    question = {
        "claim": "Say whether you agree with the status, assess it differently, or leave it open."
    }
    other = "Choose the status that you see, other than the one reported."
    why = "Say why you assess it differently."

    assert missing("approve", update, cast) == question
    assert missing("approve", update, cast, claim="perhaps") == question
    assert missing("approve", update, cast, claim="differ") == {"status": other, "reason": why}
    assert missing(
        "approve", update, cast, claim="differ", status="in_progress", reason="Seen."
    ) == {"status": other}
    assert missing("approve", update, cast, claim="differ", status="on_hold", reason=" ") == {
        "reason": why
    }


@pytest.mark.parametrize(
    ("facts", "assessed", "effective"),
    [
        ({"claim": "agree"}, [("in_progress", "")], ("in_progress", True)),
        ({"claim": "leave_open"}, [], ("in_progress", False)),
        (
            {"claim": "differ", "status": "on_hold", "reason": "Seen."},
            [("on_hold", "Seen.")],
            ("on_hold", True),
        ),
    ],
)
def test_the_answer_about_the_claim_is_an_assessment_or_nothing(
    cast: make.Cast, facts: Any, assessed: Any, effective: Any
) -> None:
    make.do("approve", submitted(cast), by=cast.coordinator, **facts)
    assignment = Assignment.objects.get()

    assert list(Assessment.objects.values_list("status", "reason")) == assessed
    assert (assignment.effective_status, assignment.verified) == effective
    assert history.of(assignment).filter(verb="assessed").count() == len(assessed)


def test_what_claims_nothing_is_approved_without_the_question(cast: make.Cast) -> None:
    update = submitted(cast, kind="nothing_to_report")
    make.do("approve", update, by=cast.coordinator)

    assert Assessment.objects.count() == 0
    assert Duty.objects.get().state == "met"


def test_reopening_keeps_the_text_in_force_and_public_until_another_is_approved(
    cast: make.Cast,
) -> None:
    update = make.approved(submitted(cast), by=cast.coordinator)
    first = Submission.objects.get()
    make.do("reopen", update, by=cast.coordinator, note="A figure is wrong.", due_on=DUE)
    assignment, duty = Assignment.objects.get(), Duty.objects.get()

    assert (duty.state, duty.due_on) == ("open", DUE)
    assert assignment.in_force == first
    assert Publication.objects.get().submission == first

    update.refresh_from_db()
    make.sent(update, by=cast.ilo_focal_point, status="continuing")
    assignment.refresh_from_db()
    assert assignment.in_force == first

    make.approved(update, by=cast.coordinator)
    assignment.refresh_from_db()
    assert assignment.in_force == Submission.objects.get(number=2)
    assert Publication.objects.count() == 2
    verbs = Decision.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["approve", "reopen", "approve"]


def test_an_update_of_an_assignment_that_has_ended_is_not_reopened(cast: make.Cast) -> None:
    update = make.approved(submitted(cast), by=cast.coordinator)
    make.do("end", update.duty.assignment, by=cast.coordinator, note="Handed on.")

    with pytest.raises(NotAllowedNow, match="A1 ILO has ended"):
        make.do("reopen", update, by=cast.coordinator, note="A figure is wrong.", due_on=DUE)


def test_an_approved_update_is_not_reopened_beside_a_correction(cast: make.Cast) -> None:
    update = make.approved(submitted(cast), by=cast.coordinator)
    Update.objects.create(duty=update.duty, corrects=update)

    with pytest.raises(NotAllowedNow, match="A correction of this update is under way"):
        make.do("reopen", update, by=cast.coordinator, note="A figure is wrong.", due_on=DUE)


def test_who_wrote_sent_or_belonged_does_not_decide(cast: make.Cast) -> None:
    update = make.owed(cast)
    make.drafted(update, by=cast.ilo_coordinator)
    make.sent(update, by=cast.ilo_focal_point)
    cast.ilo_coordinator.memberships.update(until_on=make.NOW.date())
    later = make.later(days=30)

    with pytest.raises(NotPermitted):
        make.do("approve", update, by=cast.ilo_coordinator, at=later, claim="agree")
    cast.ilo_coordinator.memberships.update(until_on=make.START)
    with pytest.raises(NotPermitted):
        make.do("approve", update, by=cast.ilo_coordinator, at=later, claim="agree")
    make.do("approve", update, by=cast.coordinator, at=later, claim="agree")


def test_a_reviewer_who_joined_the_agency_since_does_not_decide(cast: make.Cast) -> None:
    update = submitted(cast)
    make.member(cast.coordinator, cast.ilo, from_on=make.NOW.date() + timedelta(days=1))

    assert "approve" in offered(update, cast, days=0)
    assert "approve" not in offered(update, cast, days=1)


def offered(update: Update, cast: make.Cast, *, days: int) -> frozenset[str]:
    """Return what the coordinator is offered after some days."""
    at = make.later(days=days)
    return workflow.available(update, roles_of(cast.coordinator, at=at), at=at)


def test_a_decision_on_what_is_no_longer_due_changes_no_duty(cast: make.Cast) -> None:
    update = submitted(cast)
    make.do("end", update.duty.assignment, by=cast.coordinator, note="Handed on.")
    make.approved(update, by=cast.coordinator)
    duty = Duty.objects.get()

    assert (duty.state, duty.due_on) == ("waived", date(2026, 5, 31))


def test_what_is_no_longer_due_is_not_returned_to_where_nobody_can_answer(
    cast: make.Cast,
) -> None:
    update = submitted(cast)
    make.do("end", update.duty.assignment, by=cast.coordinator, note="Handed on.")

    with pytest.raises(NotAllowedNow, match="could not send it again; it can still be approved"):
        make.do("return", update, by=cast.coordinator, note="Say where.", due_on=DUE)


def test_an_assessment_afterwards_rests_on_the_text_in_force(cast: make.Cast) -> None:
    make.approved(submitted(cast), by=cast.coordinator, claim="leave_open")
    assignment = Assignment.objects.get()

    assert missing("assess", assignment, cast, status="done") == {
        "status": "Choose the status that you see.",
        "reason": "Say why you assess it differently.",
    }
    assert missing("assess", assignment, cast, status="on_hold") == {
        "reason": "Say why you assess it differently."
    }
    make.do("assess", assignment, by=cast.coordinator, status="in_progress")
    make.do("assess", assignment, by=cast.coordinator, status="on_hold", note="Seen.")
    assignment.refresh_from_db()

    assert list(Assessment.objects.order_by("id").values_list("status", "reason")) == [
        ("in_progress", ""),
        ("on_hold", "Seen."),
    ]
    assert (assignment.effective_status, assignment.verified) == ("on_hold", True)
    assert {row.submission for row in Assessment.objects.all()} == {Submission.objects.get()}


def test_an_older_assessment_says_nothing_about_a_newer_claim(cast: make.Cast) -> None:
    update = make.approved(submitted(cast), by=cast.coordinator)
    make.do("reopen", update, by=cast.coordinator, note="Out of date.", due_on=DUE)
    make.sent(update, by=cast.ilo_focal_point, status="continuing")
    make.approved(update, by=cast.coordinator, claim="leave_open")
    assignment = Assignment.objects.get()

    assert (assignment.effective_status, assignment.verified) == ("continuing", False)
