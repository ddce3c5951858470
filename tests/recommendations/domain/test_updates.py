"""Drafts, and what an agency does with them: nothing that was typed is lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from agencies.access import NotPermitted, NotVisible
from agencies.models import Event, User
from agencies.revisions import Conflict
from recommendations.domain import rounds, updates
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Draft, Duty, Submission, Update
from tests import make, soundness

DUE = date(2026, 6, 15)


def save(update: Update, by: User, version: int, done: str = "", **content: Any) -> Draft:
    """Save a draft that says what was done."""
    return updates.save_draft(
        update,
        content={"body": {"done": done}, **content},
        by=by,
        at=make.NOW,
        version=version,
    )


def send(update: Update, by: User, **facts: Any) -> Update:
    """Send the draft as it is."""
    draft = Draft.objects.get(update=update.pk)
    return make.do("submit", update, by=by, draft_version=draft.version, **facts)  # type: ignore[no-any-return]


def test_a_draft_knows_who_began_it_and_who_saved_it_last(cast: make.Cast) -> None:
    update = make.owed(cast)
    make.drafted(update, by=cast.ilo_focal_point)
    make.drafted(update, by=cast.ilo_alternate, at=make.later(hours=1))
    draft = Draft.objects.get()

    assert (draft.begun_by, draft.begun_at) == (cast.ilo_focal_point, make.NOW)
    assert (draft.saved_by, draft.saved_at) == (cast.ilo_alternate, make.later(hours=1))
    assert draft.version == 2


def test_saving_a_draft_makes_no_event_and_leaves_the_update_as_it_is(cast: make.Cast) -> None:
    update = make.owed(cast)
    events = Event.objects.count()
    make.drafted(update, by=cast.ilo_focal_point)
    update.refresh_from_db()

    assert (Event.objects.count(), update.version, update.review_state) == (events, 1, "draft")


def test_a_draft_may_be_saved_with_nothing_in_it(cast: make.Cast) -> None:
    update = make.owed(cast)
    draft = updates.save_draft(
        update, content={"status": "on_hold"}, by=cast.ilo_focal_point, at=make.NOW, version=0
    )

    assert (draft.status, draft.body, draft.reason) == ("on_hold", {}, "")


def test_saving_changes_only_the_fields_that_were_sent(cast: make.Cast) -> None:
    update = make.owed(cast)
    make.drafted(update, by=cast.ilo_focal_point)
    updates.save_draft(
        update,
        content={"status": "continuing", "version": 99, "saved_by": cast.stranger},
        by=cast.ilo_alternate,
        at=make.NOW,
        version=1,
    )
    draft = Draft.objects.get()

    assert (draft.status, draft.body) == ("continuing", {"done": "Two seminars."})
    assert (draft.version, draft.saved_by) == (2, cast.ilo_alternate)


def test_the_second_of_two_savings_gets_both_texts_and_overwrites_nothing(
    cast: make.Cast,
) -> None:
    update = make.owed(cast)
    save(update, cast.ilo_focal_point, 0, "From the first")

    with pytest.raises(Conflict) as raised:
        save(update, cast.ilo_alternate, 0, "From the second")

    assert raised.value.current.body == {"done": "From the first"}
    assert raised.value.attempted == {"body": {"done": "From the second"}}
    assert Draft.objects.get().body == {"done": "From the first"}


def test_a_form_opened_on_a_draft_that_was_sent_does_not_overwrite_the_next(
    cast: make.Cast,
) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.do("return", update, by=cast.coordinator, note="Say where.", due_on=DUE)
    save(update, cast.ilo_focal_point, 0, "In Geneva.")

    with pytest.raises(Conflict):
        save(update, cast.ilo_alternate, 1, "From the form of last week")

    assert Draft.objects.get().version == 2
    assert Draft.objects.get().body == {"done": "In Geneva."}


def test_a_form_opened_on_a_draft_that_was_thrown_away_does_not_overwrite_the_next(
    cast: make.Cast,
) -> None:
    update = make.owed(cast)
    save(update, cast.ilo_focal_point, 0, "The first")
    updates.delete_draft(update, by=cast.ilo_focal_point, at=make.NOW, version=1)
    save(update, cast.ilo_focal_point, 0, "Begun anew")

    with pytest.raises(Conflict):
        save(update, cast.ilo_alternate, 1, "From the form on the first")


def test_a_draft_is_thrown_away_only_as_it_was_seen(cast: make.Cast) -> None:
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    make.drafted(update, by=cast.ilo_alternate)

    with pytest.raises(Conflict) as raised:
        updates.delete_draft(update, by=cast.ilo_focal_point, at=make.NOW, version=1)
    assert raised.value.current == Draft.objects.get()

    updates.delete_draft(update, by=cast.ilo_focal_point, at=make.NOW, version=2)
    assert Draft.objects.count() == 0
    with pytest.raises(Conflict):
        updates.delete_draft(update, by=cast.ilo_focal_point, at=make.NOW, version=2)


def test_only_its_agency_writes_and_strangers_do_not_see(cast: make.Cast) -> None:
    update = make.owed(cast)
    refusals = {
        cast.coordinator: NotPermitted,
        cast.administrator: NotPermitted,
        cast.iom_focal_point: NotVisible,
        cast.observer: NotVisible,
        cast.stranger: NotVisible,
    }
    for person, refusal in refusals.items():
        with pytest.raises(refusal):
            save(update, person, 0)
        with pytest.raises(refusal):
            updates.delete_draft(update, by=person, at=make.NOW, version=0)
    assert Draft.objects.count() == 0


def test_after_the_close_a_draft_is_kept_and_not_changed(cast: make.Cast) -> None:
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    make.do("close", update.duty.round, by=cast.coordinator)
    closed = "^Round 2026-H1 is closed. A coordinator can reopen it.$"

    with pytest.raises(NotAllowedNow, match=closed):
        save(update, cast.ilo_focal_point, 1)
    with pytest.raises(NotAllowedNow, match=closed):
        updates.delete_draft(update, by=cast.ilo_focal_point, at=make.NOW, version=1)
    with pytest.raises(NotAllowedNow, match=closed):
        send(update, cast.ilo_focal_point)
    assert Draft.objects.get().body == {"done": "Two seminars."}


def test_a_returned_update_is_answered_even_after_the_close(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.do("return", update, by=cast.coordinator, note="Say where.", due_on=DUE)
    make.do("close", update.duty.round, by=cast.coordinator)
    make.sent(update, by=cast.ilo_focal_point)
    update.refresh_from_db()

    assert (update.review_state, update.submissions.count()) == ("submitted", 2)


def test_what_is_no_longer_due_is_not_written_any_more(cast: make.Cast) -> None:
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    make.do("end", update.duty.assignment, by=cast.coordinator, note="The mandate moved.")

    for act in (save, send):
        with pytest.raises(NotAllowedNow, match="no longer due: The mandate moved."):
            act(update, cast.ilo_focal_point, **({"version": 1} if act is save else {}))


def test_nothing_is_sent_without_a_draft(cast: make.Cast) -> None:
    with pytest.raises(RequirementMissing) as raised:
        make.do("submit", make.owed(cast), by=cast.ilo_focal_point, draft_version=0)

    assert raised.value.problems == {"draft": "Write the update first."}


def test_what_is_sent_is_what_the_sender_saw(cast: make.Cast) -> None:
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    make.drafted(update, by=cast.ilo_alternate)

    with pytest.raises(Conflict) as raised:
        make.do("submit", update, by=cast.ilo_focal_point, draft_version=1)

    assert raised.value.current == Draft.objects.get()
    assert Submission.objects.count() == 0


def test_what_keeps_a_draft_from_being_sent_is_said_by_field(cast: make.Cast) -> None:
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point, status="implemented")

    with pytest.raises(RequirementMissing) as raised:
        send(update, cast.ilo_focal_point)

    assert raised.value.problems == {"evidence_waiver": "Add evidence, or say why there is none."}
    assert (Draft.objects.count(), Submission.objects.count()) == (1, 0)


def test_a_submission_is_frozen_with_its_authors_and_its_draft_is_gone(cast: make.Cast) -> None:
    update = make.drafted(make.owed(cast), by=cast.ilo_alternate)
    send(update, cast.ilo_focal_point, at=make.later(hours=1))
    submission = Submission.objects.get()

    assert (submission.number, submission.kind, submission.status) == (1, "report", "in_progress")
    assert submission.body == {"done": "Two seminars."}
    assert submission.submitted_by == cast.ilo_focal_point
    assert submission.submitted_at == make.later(hours=1)
    assert [(one.user, one.how) for one in submission.people.order_by("how", "user_id")] == [
        (cast.ilo_focal_point, "belonged"),
        (cast.ilo_alternate, "belonged"),
        (cast.ilo_coordinator, "belonged"),
        (cast.ilo_focal_point, "wrote"),
        (cast.ilo_alternate, "wrote"),
    ]
    assert Draft.objects.count() == 0


def test_who_saved_text_stays_an_author_when_the_draft_is_thrown_away(cast: make.Cast) -> None:
    update = make.drafted(make.owed(cast), by=cast.ilo_alternate)
    updates.delete_draft(update, by=cast.ilo_alternate, at=make.NOW, version=1)
    make.sent(update, by=cast.ilo_focal_point)

    assert soundness.wrote(Submission.objects.get()) == {
        cast.ilo_focal_point.pk,
        cast.ilo_alternate.pk,
    }


def test_the_hash_of_a_submission_is_the_hash_of_its_content(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    first = Submission.objects.get().content_hash
    make.do("withdraw", update, by=cast.ilo_focal_point)
    send(update, cast.ilo_focal_point)
    make.do("withdraw", update, by=cast.ilo_focal_point)
    make.sent(update, by=cast.ilo_focal_point, status="continuing")
    hashes = Submission.objects.order_by("number").values_list("content_hash", flat=True)

    assert len(first) == 64
    assert [text == first for text in hashes] == [True, True, False]


def test_what_is_taken_back_is_the_draft_again(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point, status="continuing")
    make.do("withdraw", update, by=cast.ilo_alternate)
    update.refresh_from_db()
    draft = Draft.objects.get()

    assert update.review_state == "draft"
    assert (draft.status, draft.body, draft.version) == (
        "continuing",
        {"done": "Two seminars."},
        2,
    )
    assert Submission.objects.get().withdrawal.recorded_by == cast.ilo_alternate
    send(update, cast.ilo_focal_point)
    assert update.submissions.count() == 2


def test_after_the_close_nothing_is_taken_back_that_could_not_be_sent_again(
    cast: make.Cast,
) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.do("close", update.duty.round, by=cast.coordinator)

    with pytest.raises(NotAllowedNow, match="what you take back could not be sent again"):
        make.do("withdraw", update, by=cast.ilo_focal_point)


def approved_status(cast: make.Cast, **content: Any) -> Update:
    """Return an approved update that claims this."""
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point, **content)
    return make.approved(update, by=cast.coordinator)


def test_nothing_new_repeats_the_claim_in_force_whatever_the_draft_says(cast: make.Cast) -> None:
    first = approved_status(cast, status="on_hold", reason="No funds.", resume_on=DUE)
    make.do("close", first.duty.round, by=cast.coordinator)
    second = make.update_in(make.open_round(cast, "2026-H2"), first.duty.assignment)  # type: ignore[arg-type]
    make.sent(second, by=cast.ilo_focal_point, kind="no_change", status="implemented")
    repeated, original = second.submissions.get(), first.submissions.get()

    assert repeated.repeats == original
    assert (repeated.status, repeated.reason, repeated.resume_on) == ("on_hold", "No funds.", DUE)
    assert repeated.body == {"done": "Two seminars."}


def test_nothing_new_is_refused_where_nothing_is_approved(cast: make.Cast) -> None:
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point, kind="no_change")
    with pytest.raises(RequirementMissing) as raised:
        send(update, cast.ilo_focal_point)
    assert list(raised.value.problems) == ["kind"]


def test_nothing_to_report_claims_nothing_and_meets_the_duty(cast: make.Cast) -> None:
    update = make.sent(
        make.owed(cast), by=cast.ilo_focal_point, kind="nothing_to_report", status="on_hold"
    )
    make.approved(update, by=cast.coordinator)

    assert Submission.objects.get().status == ""
    assert Duty.objects.get().state == "met"


def test_what_the_status_does_not_ask_for_stays_in_the_draft_and_is_not_sent(
    cast: make.Cast,
) -> None:
    update = make.owed(cast)
    left_over = {"reason": "No funds.", "discontinued_because": "overtaken", "resume_on": DUE}
    make.sent(update, by=cast.ilo_focal_point, status="in_progress", **left_over)
    sent = Submission.objects.get()

    assert (sent.reason, sent.discontinued_because, sent.resume_on) == ("", "", None)


def test_the_form_starts_with_the_draft_or_what_was_last_sent(cast: make.Cast) -> None:
    update = make.owed(cast)
    assert updates.starting_content(update) == {}

    make.sent(update, by=cast.ilo_focal_point, status="continuing")
    make.do("return", update, by=cast.coordinator, note="Say where.", due_on=DUE)
    assert updates.starting_content(update)["status"] == "continuing"

    make.drafted(update, by=cast.ilo_focal_point, status="not_started")
    assert updates.starting_content(update)["status"] == "not_started"


def test_a_person_who_left_yesterday_does_not_write_today(cast: make.Cast) -> None:
    update = make.owed(cast)
    yesterday = make.NOW.date() - timedelta(days=1)
    cast.ilo_focal_point.memberships.update(until_on=yesterday)

    with pytest.raises(NotVisible):
        save(update, cast.ilo_focal_point, 0)


def test_an_answer_that_was_taken_back_can_still_be_sent_after_the_close(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.do("return", update, by=cast.coordinator, note="Say where.", due_on=DUE)
    make.sent(update, by=cast.ilo_focal_point)
    make.do("withdraw", update, by=cast.ilo_focal_point)
    assert rounds.at_closing(update.duty.round)["returned"] == 1
    make.do("close", update.duty.round, by=cast.coordinator)

    make.sent(update, by=cast.ilo_focal_point)
    make.do("withdraw", update, by=cast.ilo_focal_point)
    make.sent(update, by=cast.ilo_focal_point)

    update.refresh_from_db()
    assert (update.review_state, update.submissions.count()) == ("submitted", 4)


def test_what_is_no_longer_due_is_not_taken_back(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.do("end", update.duty.assignment, by=cast.coordinator, note="Handed on.")

    with pytest.raises(NotAllowedNow, match="could not be sent again. This update is no longer"):
        make.do("withdraw", update, by=cast.ilo_focal_point)


def test_an_action_is_superseded_by_another_of_its_framework_only(cast: make.Cast) -> None:
    update = make.owed(cast)
    elsewhere = make.action(make.area(make.framework("another", is_default=False)))
    beside = make.action(cast.area, "A2", order=2)
    for action in (cast.action, elsewhere):
        with pytest.raises(RequirementMissing) as raised:
            save(update, cast.ilo_focal_point, 0, superseded_by=action)
        assert list(raised.value.problems) == ["superseded_by"]

    assert save(update, cast.ilo_focal_point, 0, superseded_by=beside).superseded_by == beside


def test_nothing_new_keeps_the_report_and_its_evidence_however_often_it_is_said(
    cast: make.Cast,
) -> None:
    first = make.owed(cast)
    shown = make.linked(first, by=cast.ilo_focal_point)
    make.approved(make.sent(first, by=cast.ilo_focal_point), by=cast.coordinator)
    report = first.submissions.get()
    before, repeated = first, []
    for code in ("2026-H2", "2027-H1"):
        make.do("close", before.duty.round, by=cast.coordinator)
        before = make.update_in(make.open_round(cast, code), first.duty.assignment)  # type: ignore[arg-type]
        make.sent(before, by=cast.ilo_focal_point, kind="no_change")
        make.approved(before, by=cast.coordinator)
        repeated.append(before.submissions.get())

    assert [one.repeats for one in repeated] == [report, report]
    assert [list(one.evidence.all()) for one in repeated] == [[shown], [shown]]
