"""Corrections, reopening and retracting: which text is in force, and what becomes of the duty."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from recommendations.domain import evidence, updates, workflow
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import (
    Assignment,
    Decision,
    Draft,
    Duty,
    Evidence,
    Round,
    SubmissionPerson,
    Update,
)
from recommendations.reporting.recount import differences
from tests import make, soundness
from tests.make import later

pytestmark = pytest.mark.django_db
DUE = date(2026, 6, 20)


@pytest.fixture
def approved(cast: make.Cast) -> Update:
    """Return an approved update of the ILO, with evidence."""
    update = make.owed(cast)
    make.linked(update, by=cast.ilo_alternate)
    make.sent(update, by=cast.ilo_focal_point)
    return make.approved(update, by=cast.coordinator)


def corrected(update: Update, cast: make.Cast, **facts: Any) -> Update:
    """Return a correction that was begun."""
    made: Update = make.do("correct", update, by=cast.ilo_focal_point, **facts)
    return made


def in_force(update: Update) -> str:
    """Return what was done, as the text in force says."""
    assignment = Assignment.objects.get(pk=update.duty.assignment_id)
    return assignment.in_force.body["done"] if assignment.in_force else ""


def state(update: Update) -> str:
    """Return the state of the duty of an update."""
    return Duty.objects.get(pk=update.duty_id).state


def sent_and_approved(update: Update, cast: make.Cast, text: str) -> Update:
    """Send a text of an update and approve it."""
    make.sent(update, by=cast.ilo_focal_point, body={"done": text})
    return make.approved(update, by=cast.coordinator)


def sound(cast: make.Cast) -> None:
    """Make sure that the rows agree with each other, and the figures with the rows."""
    assert soundness.problems() == []
    assert differences(cast.framework) == []


def test_a_correction_is_a_further_draft_of_the_same_duty_that_stays_met(
    approved: Update, cast: make.Cast
) -> None:
    correction = corrected(approved, cast)

    assert (correction.corrects, correction.duty) == (approved, approved.duty)
    assert (correction.review_state, state(approved)) == ("draft", "met")
    assert updates.starting_content(correction)["body"] == {"done": "Two seminars."}
    assert not Draft.objects.filter(update=correction).exists()
    assert Update.objects.get(pk=approved.pk).version == approved.version
    sound(cast)


def test_a_correction_is_in_force_once_it_is_approved(approved: Update, cast: make.Cast) -> None:
    correction = corrected(approved, cast)
    make.sent(correction, by=cast.ilo_focal_point, body={"done": "Three seminars."})
    before = in_force(approved)
    make.approved(correction, by=cast.coordinator)

    assert (before, in_force(approved)) == ("Two seminars.", "Three seminars.")
    assert Update.objects.get(pk=approved.pk).review_state == "approved"
    sound(cast)


def test_a_correction_takes_the_evidence_along_and_can_take_it_off(
    approved: Update, cast: make.Cast
) -> None:
    correction = corrected(approved, cast)
    carried = Evidence.objects.get(update=correction)
    original = Evidence.objects.get(update=approved)

    assert (carried.url, carried.title, carried.public) == (
        original.url,
        original.title,
        original.public,
    )
    assert (carried.added_by, carried.added_at) == (original.added_by, original.added_at)
    evidence.detach(carried, by=cast.ilo_focal_point, at=make.NOW)
    sent_and_approved(correction, cast, "Three seminars.")

    assert correction.submissions.get().evidence.count() == 0
    assert approved.submissions.get().evidence.count() == 1


def test_evidence_that_a_correction_carries_is_sent_once_also_with_nothing_new(
    approved: Update, cast: make.Cast
) -> None:
    correction = corrected(approved, cast)
    make.sent(correction, by=cast.ilo_focal_point, kind="no_change", body={"done": "A slip."})

    assert [piece.update_id for piece in correction.submissions.get().evidence.all()] == [
        correction.pk
    ]


def test_who_wrote_the_text_never_decides_on_its_correction(cast: make.Cast) -> None:
    wrote = make.person("Coordinator who wrote", office="coordinator")
    make.member(wrote, cast.ilo, until_on=date(2026, 5, 3))
    update = make.owed(cast)
    make.drafted(update, by=wrote, at=later(days=-2))
    make.sent(update, by=cast.ilo_focal_point)
    make.approved(update, by=cast.coordinator)
    correction = corrected(update, cast, at=later(days=1))
    make.sent(correction, by=cast.ilo_focal_point, at=later(days=1))

    with pytest.raises(workflow.NotPermitted):
        make.approved(correction, by=wrote, at=later(days=2))


def test_only_one_correction_is_under_way(approved: Update, cast: make.Cast) -> None:
    corrected(approved, cast)
    for verb, by in (("correct", cast.ilo_alternate), ("reopen", cast.coordinator)):
        with pytest.raises(NotAllowedNow, match="A correction of this update is under way."):
            make.do(verb, approved, by=by, note="Why.", due_on=DUE)

    assert Update.objects.count() == 2


def test_only_the_newest_approved_text_is_corrected_or_reopened(
    approved: Update, cast: make.Cast
) -> None:
    correction = sent_and_approved(corrected(approved, cast), cast, "Three seminars.")
    for verb, by in (
        ("correct", cast.ilo_focal_point),
        ("reopen", cast.coordinator),
    ):
        with pytest.raises(NotAllowedNow, match="approved on 4 May 2026 is in force. Open that"):
            make.do(verb, approved, by=by, note="Why.", due_on=DUE)

    make.do("reopen", correction, by=cast.coordinator, note="Why.", due_on=DUE)
    assert state(correction) == "met"
    assert in_force(correction) == "Three seminars."
    sound(cast)


def test_a_correction_is_begun_written_sent_taken_back_and_decided_after_the_round_has_closed(
    approved: Update, cast: make.Cast
) -> None:
    make.do("close", Round.objects.get(), by=cast.coordinator)
    correction = corrected(approved, cast)
    make.sent(correction, by=cast.ilo_focal_point, body={"done": "Three seminars."})
    make.do("withdraw", correction, by=cast.ilo_focal_point)
    make.sent(correction, by=cast.ilo_focal_point, body={"done": "Four seminars."})
    make.do("return", correction, by=cast.coordinator, note="When?", due_on=DUE)
    sent_and_approved(correction, cast, "Four seminars in May.")

    assert in_force(approved) == "Four seminars in May."
    assert Duty.objects.get().due_on == date(2026, 5, 31)
    sound(cast)


def test_an_ended_assignment_is_not_corrected_but_what_was_begun_can_be_finished(
    approved: Update, cast: make.Cast
) -> None:
    correction = corrected(approved, cast)
    assignment = Assignment.objects.get()
    make.do("end", assignment, by=cast.coordinator, note="Handed over.")
    sent_and_approved(correction, cast, "Three seminars.")

    with pytest.raises(NotAllowedNow, match="has ended"):
        corrected(correction, cast)
    assert state(correction) == "met"
    sound(cast)


def test_a_retracted_text_is_neither_in_force_nor_public_and_its_duty_is_open_again(
    approved: Update, cast: make.Cast
) -> None:
    make.do("retract", approved, by=cast.coordinator, note="It names a person.", due_on=DUE)
    duty = Duty.objects.get()

    assert in_force(approved) == ""
    assert Update.objects.get().review_state == "returned"
    assert (duty.state, duty.due_on) == ("open", DUE)
    decision = Decision.objects.get(verb="retract")
    assert (decision.comment, decision.due_on) == ("It names a person.", DUE)
    sound(cast)
    sent_and_approved(approved, cast, "Two seminars, without names.")
    assert (in_force(approved), state(approved)) == ("Two seminars, without names.", "met")
    sound(cast)


def test_the_text_approved_before_a_retracted_correction_is_in_force_again(
    approved: Update, cast: make.Cast
) -> None:
    correction = sent_and_approved(corrected(approved, cast), cast, "Three seminars.")
    make.do("retract", correction, by=cast.coordinator, note="Wrong.", due_on=DUE)

    assert in_force(approved) == "Two seminars."
    assert state(approved) == "met"
    assert Duty.objects.get().due_on == date(2026, 5, 31)
    sound(cast)


def test_a_retraction_where_nobody_is_answerable_any_more_waives_the_duty_with_the_reason(
    approved: Update, cast: make.Cast
) -> None:
    make.do("end", Assignment.objects.get(), by=cast.coordinator, note="Handed over.")
    make.do("close", Round.objects.get(), by=cast.coordinator)
    make.do("retract", approved, by=cast.coordinator, note="It names a person.")
    duty = Duty.objects.get()

    assert (duty.state, duty.waived_because) == ("waived", "It names a person.")
    assert in_force(approved) == ""
    assert updates.why_closed(Update.objects.get()) is not None
    sound(cast)


def test_a_retraction_in_a_closed_round_can_be_answered(approved: Update, cast: make.Cast) -> None:
    make.do("close", Round.objects.get(), by=cast.coordinator)
    make.do("retract", approved, by=cast.coordinator, note="Wrong.", due_on=DUE)
    sent_and_approved(approved, cast, "Right.")

    assert (in_force(approved), state(approved)) == ("Right.", "met")


@pytest.mark.parametrize(
    ("facts", "missing"),
    [({"due_on": DUE}, ["comment"]), ({"note": "Wrong."}, ["due_on"])],
)
def test_a_retraction_needs_a_comment_and_a_due_date(
    facts: dict[str, Any], missing: list[str], approved: Update, cast: make.Cast
) -> None:
    with pytest.raises(RequirementMissing) as raised:
        make.do("retract", approved, by=cast.coordinator, **facts)

    assert list(raised.value.problems) == missing
    assert in_force(approved) == "Two seminars."


def test_a_text_that_nothing_new_repeats_is_retracted_after_that(
    approved: Update, cast: make.Cast
) -> None:
    second = make.open_round(cast, "2026-H2")
    again = make.update_in(second, Assignment.objects.get())
    make.sent(again, by=cast.ilo_focal_point, kind="no_change", body={"done": "As before."})
    make.approved(again, by=cast.coordinator)
    with pytest.raises(NotAllowedNow, match="“Nothing new” in round 2026-H2 goes on showing"):
        make.do("retract", approved, by=cast.coordinator, note="Wrong.", due_on=DUE)

    make.do("retract", again, by=cast.coordinator, note="Wrong.", due_on=DUE)
    make.do("retract", approved, by=cast.coordinator, note="Wrong.", due_on=DUE)
    assert in_force(approved) == ""
    sound(cast)


def test_a_waived_duty_is_not_reopened(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.do("end", Assignment.objects.get(), by=cast.coordinator, note="Handed over.")
    make.approved(update, by=cast.coordinator)

    with pytest.raises(NotAllowedNow, match="has ended"):
        make.do("reopen", update, by=cast.coordinator, note="Why.", due_on=DUE)
    make.do("retract", update, by=cast.coordinator, note="Wrong.")
    assert Duty.objects.get().waived_because == "Handed over."
    sound(cast)


@pytest.mark.parametrize("reached", ["draft", "written", "submitted", "returned"])
def test_a_text_is_retracted_at_once_while_a_correction_of_it_is_under_way(
    reached: str, approved: Update, cast: make.Cast
) -> None:
    correction = corrected(approved, cast)
    if reached == "written":
        make.drafted(correction, by=cast.ilo_focal_point, body={"done": "Nobody named."})
    elif reached != "draft":
        make.sent(correction, by=cast.ilo_focal_point, body={"done": "Nobody named."})
    if reached == "returned":
        make.do("return", correction, by=cast.coordinator, note="When?", due_on=DUE)
    before = Update.objects.get(pk=correction.pk)
    make.do("retract", approved, by=cast.coordinator, note="It names a person.", due_on=DUE)

    after = Update.objects.get(pk=correction.pk)
    assert Update.objects.get(pk=approved.pk).review_state == "retracted"
    assert (after.review_state, after.version) == (before.review_state, before.version)
    assert (Update.objects.count(), in_force(approved), state(approved)) == (2, "", "open")
    assert Duty.objects.get().due_on == DUE
    sound(cast)
    if reached != "submitted":
        make.sent(after, by=cast.ilo_focal_point, body={"done": "Nobody named."})
    make.approved(after, by=cast.coordinator)
    assert (in_force(approved), state(approved)) == ("Nobody named.", "met")
    sound(cast)


def test_a_text_that_was_corrected_can_still_be_retracted(
    approved: Update, cast: make.Cast
) -> None:
    correction = sent_and_approved(corrected(approved, cast), cast, "Three seminars.")
    make.do("retract", approved, by=cast.coordinator, note="It names a person.")

    assert (in_force(approved), state(approved)) == ("Three seminars.", "met")
    assert Update.objects.get(pk=approved.pk).review_state == "retracted"
    sound(cast)
    make.do("retract", correction, by=cast.coordinator, note="So does this.", due_on=DUE)
    assert (in_force(approved), state(approved)) == ("", "open")
    assert Update.objects.get(pk=correction.pk).review_state == "returned"
    sound(cast)


def test_of_two_retracted_texts_the_agency_goes_on_with_the_later(
    approved: Update, cast: make.Cast
) -> None:
    correction = sent_and_approved(corrected(approved, cast), cast, "Three seminars.")
    for update in (correction, approved):
        make.do("retract", update, by=cast.coordinator, note="Wrong.", due_on=DUE)

    found = Update.objects.order_by("id").values_list("review_state", flat=True)
    assert ([*found], state(approved)) == (["retracted", "returned"], "open")
    sound(cast)


@pytest.mark.parametrize("reached", ["returned", "submitted"])
def test_the_text_of_a_reopened_update_can_be_retracted_before_it_is_answered(
    reached: str, approved: Update, cast: make.Cast
) -> None:
    make.do("reopen", approved, by=cast.coordinator, note="Look again.", due_on=DUE)
    if reached == "submitted":
        make.sent(approved, by=cast.ilo_focal_point, body={"done": "Nobody named."})
    make.do("retract", approved, by=cast.coordinator, note="It names a person.")

    assert (in_force(approved), state(approved)) == ("", "open")
    assert Update.objects.get(pk=approved.pk).review_state == reached
    assert Decision.objects.get(verb="retract").submission.number == 1
    assert Duty.objects.get().due_on == DUE
    sound(cast)
    with pytest.raises(NotAllowedNow, match="No approved text of it stands"):
        make.do("retract", approved, by=cast.coordinator, note="Once more.")


def test_a_retraction_beside_a_correction_whose_assignment_has_ended_waives_the_duty(
    approved: Update, cast: make.Cast
) -> None:
    correction = make.sent(
        corrected(approved, cast), by=cast.ilo_focal_point, body={"done": "Nobody named."}
    )
    make.do("end", Assignment.objects.get(), by=cast.coordinator, note="Handed over.")
    make.do("retract", approved, by=cast.coordinator, note="It names a person.")

    duty = Duty.objects.get()
    assert (duty.state, duty.waived_because) == ("waived", "It names a person.")
    sound(cast)
    make.approved(correction, by=cast.coordinator)
    assert in_force(approved) == "Nobody named."
    sound(cast)


def test_nothing_new_does_not_bring_back_a_text_that_was_retracted_meanwhile(
    approved: Update, cast: make.Cast
) -> None:
    correction = make.sent(
        corrected(approved, cast),
        by=cast.ilo_focal_point,
        kind="no_change",
        body={"done": "As before."},
    )
    make.do("retract", approved, by=cast.coordinator, note="It names a person.", due_on=DUE)
    with pytest.raises(NotAllowedNow, match="The text that it repeats was retracted"):
        make.approved(correction, by=cast.coordinator)

    make.do("return", correction, by=cast.coordinator, note="Say it anew.", due_on=DUE)
    assert in_force(approved) == ""
    sound(cast)


def test_who_belonged_to_the_agency_when_a_text_was_sent_does_not_retract_it_later(
    approved: Update, cast: make.Cast
) -> None:
    belonged = make.person("Coordinator who belonged", office="coordinator")
    first = approved.submissions.get()
    SubmissionPerson.objects.create(submission=first, user=belonged, how="belonged")
    make.do("reopen", approved, by=cast.coordinator, note="Look again.", due_on=DUE)
    make.sent(approved, by=cast.ilo_focal_point, body={"done": "Nobody named."})

    with pytest.raises(workflow.NotPermitted, match="Only a coordinator who is not of the agency"):
        make.do("retract", approved, by=belonged, note="It names a person.")
    assert in_force(approved) == "Two seminars."
