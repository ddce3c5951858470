"""The questionnaire of a round: asked once, answered by every agency, claiming nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agencies import revisions
from agencies.access import NotPermitted
from agencies.models import Agency
from recommendations.domain import questionnaires
from recommendations.domain.deciders import agencies_without_decider
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import (
    Assessment,
    Comment,
    Duty,
    Publication,
    Question,
    Round,
    RoundQuestion,
    Submission,
    SubmissionKind,
    Update,
)
from tests import make, soundness

DUE = date(2026, 6, 15)
LONG = "x" * 2001


@pytest.fixture
def asked(cast: make.Cast) -> make.Cast:
    """Return the cast, with two questions and one that is retired."""
    make.question(cast.framework, 2)
    make.question(cast.framework, 1)
    make.question(cast.framework, 3, asked=False)
    return cast


def owing() -> list[tuple[str, str]]:
    """Return the agencies that owe a questionnaire, with the state of its update."""
    duties = Duty.objects.filter(kind="questionnaire").order_by("agency__code")
    return list(duties.values_list("agency__code", "updates__review_state"))


def answered(
    cast: make.Cast, body: dict[str, str] | None = None, code: str = "2026-H1", **more: Any
) -> Update:
    """Return the approved answers of the ILO in a round."""
    update = make.answers_in(make.open_round(cast, code, **more), cast.ilo)
    content = make.ANSWERS | ({} if body is None else {"body": body})
    make.sent(update, by=cast.ilo_focal_point, **content)
    return make.approved(update, by=cast.coordinator)


# --- asking ----------------------------------------------------------------------------------


def test_opening_fixes_the_questions_that_are_asked_in_their_order(asked: make.Cast) -> None:
    round = make.open_round(asked)

    rows = RoundQuestion.objects.filter(round=round).order_by("id")
    assert list(rows.values_list("number", "heading", "text")) == [
        (1, "Heading 1", "Text of question 1."),
        (2, "Heading 2", "Text of question 2."),
    ]


def test_every_active_agency_owes_the_questionnaire_contributors_included(
    asked: make.Cast,
) -> None:
    make.agency("SRSG", counted=False)
    make.agency("GONE", active=False)
    round = make.open_round(asked)

    assert owing() == [("ILO", "draft"), ("IOM", "draft"), ("SRSG", "draft")]
    for duty in Duty.objects.filter(round=round):
        assert (duty.state, duty.due_on, duty.assignment) == ("open", date(2026, 5, 31), None)
        assert list(duty.due_dates.values_list("due_on", flat=True)) == [date(2026, 5, 31)]
    assert soundness.problems() == []


def test_a_framework_without_questions_asks_nobody(cast: make.Cast) -> None:
    make.question(cast.framework, 1, asked=False)
    make.open_round(cast)

    assert (owing(), RoundQuestion.objects.count()) == ([], 0)


def test_a_round_may_do_without_the_questionnaire(asked: make.Cast) -> None:
    make.open_round(asked, with_questionnaire=False)

    assert (owing(), RoundQuestion.objects.count()) == ([], 0)


def test_a_round_keeps_its_questions_whatever_becomes_of_them(asked: make.Cast) -> None:
    round = make.open_round(asked)
    before = list(RoundQuestion.objects.order_by("id").values())
    first = Question.objects.get(number=1)
    revise(first, heading="Another heading", text="Another text")
    revise(Question.objects.get(number=2), asked=False)
    make.question(asked.framework, 4)

    assert [one.number for one in questionnaires.freeze(round)] == [1, 2]
    assert list(RoundQuestion.objects.order_by("id").values()) == before
    later = make.open_round(asked, "2026-H2")
    assert list(later.questions.order_by("number").values_list("number", "heading")) == [
        (1, "Another heading"),
        (4, "Heading 4"),
    ]


def revise(row: Any, **values: Any) -> None:
    """Revise a row as an administrator does."""
    revisions.revise(
        row, values=values, by=None, at=make.NOW, note="Reworded.", version=row.version
    )


def test_an_agency_that_owes_a_questionnaire_needs_somebody_who_may_decide(
    asked: make.Cast,
) -> None:
    make.member(asked.coordinator, asked.iom)
    assert agencies_without_decider(asked.framework, at=make.NOW) == []

    make.open_round(asked)

    make.member(asked.ilo_coordinator, asked.iom)
    assert agencies_without_decider(asked.framework, at=make.NOW) == [asked.iom]


# --- answering -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (
            {"body": {"q1": "  ", "q2": ""}},
            {"q1": "Answer one question at least, or choose “Nothing to report”."},
        ),
        (
            {"body": {"done": "Two seminars."}},
            {"q1": "Answer one question at least, or choose “Nothing to report”."},
        ),
        ({"body": {"q1": "x", "q2": LONG}}, {"q2": "Shorten this text to 2000 characters."}),
        ({"kind": "no_change"}, {"kind": "Choose your answers, or nothing to report."}),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_changes(
    asked: make.Cast, content: dict[str, Any], problems: dict[str, str]
) -> None:
    update = make.answers_in(make.open_round(asked), asked.ilo)
    make.drafted(update, by=asked.ilo_focal_point, **(make.ANSWERS | content))

    with pytest.raises(RequirementMissing) as raised:
        make.do("submit", update, by=asked.ilo_focal_point, draft_version=1)

    assert raised.value.problems == problems
    assert Submission.objects.count() == 0
    assert Update.objects.get(pk=update.pk).draft.version == 1


def test_one_answer_is_enough_and_the_rest_is_kept_as_not_answered(asked: make.Cast) -> None:
    update = make.answers_in(make.open_round(asked), asked.ilo)
    make.sent(update, by=asked.ilo_focal_point, **(make.ANSWERS | {"body": {"q2": "Few."}}))

    assert Submission.objects.get().body == {"q1": "", "q2": "Few."}


def test_a_questionnaire_claims_nothing_whatever_the_draft_holds(asked: make.Cast) -> None:
    update = make.answers_in(make.open_round(asked), asked.ilo)
    make.sent(
        update,
        by=asked.ilo_focal_point,
        status="on_hold",
        reason="No funds.",
        resume_on=DUE,
        body={"q1": "Yes.", "q3": "Not asked.", "done": "Seminars."},
    )

    sent = Submission.objects.get()
    assert (sent.status, sent.reason, sent.resume_on) == ("", "", None)
    assert sent.body == {"q1": "Yes.", "q2": ""}


def test_nothing_to_report_is_sent_without_an_answer(asked: make.Cast) -> None:
    update = make.answers_in(make.open_round(asked), asked.ilo)
    make.sent(update, by=asked.ilo_focal_point, **(make.ANSWERS | {"kind": "nothing_to_report"}))

    sent = Submission.objects.get()
    assert (sent.kind, sent.body) == (SubmissionKind.NOTHING_TO_REPORT, {})


# --- deciding --------------------------------------------------------------------------------


def test_approving_asks_nothing_about_a_claim_meets_the_duty_and_publishes(
    asked: make.Cast,
) -> None:
    update = make.answers_in(make.open_round(asked), asked.ilo)
    make.sent(update, by=asked.ilo_focal_point, **make.ANSWERS)

    make.do("approve", update, by=asked.coordinator)

    update.refresh_from_db()
    assert (update.review_state, update.duty.state) == ("approved", "met")
    assert (Publication.objects.count(), Assessment.objects.count()) == (1, 0)
    assert soundness.problems() == []


def test_a_return_comments_on_single_answers_and_on_nothing_else(asked: make.Cast) -> None:
    update = make.answers_in(make.open_round(asked), asked.ilo)
    make.sent(update, by=asked.ilo_focal_point, **make.ANSWERS)
    said = {"note": "Say where.", "due_on": DUE}
    for name in ("q3", "status", "done"):
        with pytest.raises(ValueError, match=name):
            make.do("return", update, by=asked.coordinator, field_comments={name: "Which?"}, **said)
    comments = {"q1": "Where?", "evidence": "Which?"}
    make.do("return", update, by=asked.coordinator, field_comments=comments, **said)

    written = Comment.objects.order_by("id").values_list("field", "text")
    assert list(written) == [("q1", "Where?"), ("evidence", "Which?")]
    assert Duty.objects.get(pk=update.duty_id).due_on == DUE


def test_it_is_withdrawn_returned_sent_again_reopened_and_approved_as_any_update(
    asked: make.Cast,
) -> None:
    update = make.answers_in(make.open_round(asked), asked.ilo)
    fp, coordinator = asked.ilo_focal_point, asked.coordinator
    make.sent(update, by=fp, **make.ANSWERS)
    make.do("withdraw", update, by=fp)
    make.sent(update, by=fp, **make.ANSWERS)
    make.do("return", update, by=coordinator, note="Say where.", due_on=DUE)
    make.sent(update, by=fp, **make.ANSWERS)
    make.approved(update, by=coordinator)
    make.do("reopen", update, by=coordinator, note="Say when.", due_on=DUE)
    make.sent(update, by=fp, **make.ANSWERS)
    make.approved(update, by=coordinator)

    assert [*update.submissions.values_list("number", flat=True)] == [1, 2, 3, 4]
    assert Duty.objects.get(pk=update.duty_id).state == "met"
    assert soundness.problems() == []


def test_nobody_decides_on_the_answers_of_their_own_agency(asked: make.Cast) -> None:
    update = make.answers_in(make.open_round(asked), asked.ilo)
    make.sent(update, by=asked.ilo_focal_point, **make.ANSWERS)

    with pytest.raises(NotPermitted, match="coordinator who is not of the agency"):
        make.do("approve", update, by=asked.ilo_coordinator)


def test_the_answers_of_an_agency_that_is_no_longer_active_stay_as_they_are(
    asked: make.Cast,
) -> None:
    update = answered(asked)
    Agency.objects.filter(pk=asked.ilo.pk).update(active=False)

    with pytest.raises(NotAllowedNow, match="ILO is no longer active"):
        make.do("reopen", update, by=asked.coordinator, note="Say when.", due_on=DUE)


# --- last round ------------------------------------------------------------------------------


def in_next_round(cast: make.Cast, code: str = "2027-H1") -> Update:
    """Return what the ILO owes in a later round."""
    round = make.planned_round(cast.framework, code)
    Round.objects.filter(pk=round.pk).update(
        opens_on=date(2027, 1, 1), due_on=date(2027, 2, 1), closes_on=date(2027, 3, 1)
    )
    make.do("open", round, by=cast.coordinator)
    return make.answers_in(round, cast.ilo)


def test_the_last_answers_are_those_approved_last_before_this_round(asked: make.Cast) -> None:
    answered(asked, {"q1": "First."}, "2025-H2")
    second = answered(asked, {"q1": "Second."}, "2026-H1")
    third = in_next_round(asked)
    make.sent(third, by=asked.ilo_focal_point, **(make.ANSWERS | {"body": {"q1": "Third."}}))
    make.approved(third, by=asked.coordinator)

    found = questionnaires.last_answers(third)
    assert found is not None
    assert found.body["q1"] == "Second."
    earlier = questionnaires.last_answers(second)
    assert earlier is not None
    assert earlier.body["q1"] == "First."


def test_nothing_to_report_and_what_was_not_approved_answer_nothing(asked: make.Cast) -> None:
    answered(asked, {"q1": "First."}, "2025-H1")
    nothing = make.answers_in(make.open_round(asked, "2025-H2"), asked.ilo)
    nothing_to_report = make.ANSWERS | {"kind": "nothing_to_report"}
    make.sent(nothing, by=asked.ilo_focal_point, **nothing_to_report)
    make.approved(nothing, by=asked.coordinator)
    waiting = make.answers_in(make.open_round(asked, "2026-H1"), asked.ilo)
    make.sent(waiting, by=asked.ilo_focal_point, **make.ANSWERS)

    found = questionnaires.last_answers(in_next_round(asked))
    assert found is not None
    assert found.body["q1"] == "First."


def test_the_answers_of_others_and_of_later_rounds_are_not_the_last_ones(
    asked: make.Cast,
) -> None:
    first = make.answers_in(make.open_round(asked), asked.iom)
    make.sent(first, by=asked.iom_focal_point, **make.ANSWERS)
    make.approved(first, by=asked.coordinator)
    later = in_next_round(asked)
    make.sent(later, by=asked.ilo_focal_point, **make.ANSWERS)
    make.approved(later, by=asked.coordinator)

    ours = make.answers_in(Round.objects.get(code="2026-H1"), asked.ilo)
    assert questionnaires.last_answers(ours) is None


@pytest.mark.parametrize(
    ("typed", "replace", "expected"),
    [
        ({}, False, ({"q1": "Old."}, [])),
        ({"q1": " \n"}, False, ({"q1": "Old."}, [])),
        ({"q1": "New."}, False, ({"q1": "New."}, ["q1"])),
        ({"q1": "Old. "}, False, ({"q1": "Old."}, [])),
        ({"q1": "New."}, True, ({"q1": "Old."}, [])),
        ({"q2": "Mine."}, False, ({"q1": "Old.", "q2": "Mine."}, [])),
    ],
)
def test_taking_over_never_replaces_what_was_typed_unless_asked_to(
    typed: dict[str, str], replace: bool, expected: tuple[dict[str, str], list[str]]
) -> None:
    assert questionnaires.take_over(typed, {"q1": "Old."}, replace=replace) == expected
