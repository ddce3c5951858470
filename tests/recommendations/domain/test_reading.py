"""What reviewers keep unsent, and who is shown to read what."""

from __future__ import annotations

from datetime import date

import pytest

from agencies.access import NotPermitted, NotVisible
from agencies.models import Event, User
from recommendations.domain import reading
from recommendations.domain.transition import NotAllowedNow
from recommendations.models import DecisionDraft, ReviewClaim, Update
from tests import make


@pytest.fixture
def sent(cast: make.Cast) -> Update:
    """Return an update that waits for a decision."""
    return make.sent(make.owed(cast), by=cast.ilo_focal_point)


@pytest.fixture
def second(cast: make.Cast) -> User:
    """Return another coordinator."""
    return make.person("Second coordinator", office="coordinator")


def reader(update: Update, **after: int) -> str:
    """Return who is shown to read an update, this much later."""
    claim = reading.reader_of(Update.objects.get(pk=update.pk), at=make.later(**after))
    return str(claim.user) if claim else ""


def kept(user: User) -> list[dict[str, str]]:
    """Return what a person has kept unsent."""
    return [draft.typed for draft in reading.decision_drafts(user)]


def test_what_a_reviewer_typed_is_kept_for_them_alone_and_without_an_event(
    cast: make.Cast, sent: Update, second: User
) -> None:
    events = Event.objects.count()
    typed = {"comment": "Say when.", "reason": "  "}
    reading.save_decision_draft(sent, typed=typed, by=cast.coordinator, at=make.NOW)
    typed = {"comment": "Say when and where."}
    reading.save_decision_draft(sent, typed=typed, by=cast.coordinator, at=make.later(hours=1))

    assert (kept(cast.coordinator), kept(second)) == ([{"comment": "Say when and where."}], [])
    assert DecisionDraft.objects.get().saved_at == make.later(hours=1)
    assert Event.objects.count() == events


def test_a_decision_forgets_what_its_decider_kept_and_not_what_another_did(
    cast: make.Cast, sent: Update, second: User
) -> None:
    for person in (cast.coordinator, second):
        reading.save_decision_draft(sent, typed={"comment": "Hm."}, by=person, at=make.NOW)
    make.do("return", sent, by=second, note="Say when.", due_on=date(2026, 6, 15))

    assert (kept(cast.coordinator), kept(second)) == ([{"comment": "Hm."}], [])
    reading.discard_decision_draft(sent, by=cast.coordinator)
    assert kept(cast.coordinator) == []


def test_who_may_not_decide_keeps_and_claims_nothing(cast: make.Cast, sent: Update) -> None:
    for person, refusal in (
        (cast.ilo_focal_point, NotPermitted),
        (cast.ilo_coordinator, NotPermitted),
        (cast.administrator, NotPermitted),
        (cast.observer, NotVisible),
        (cast.iom_focal_point, NotVisible),
    ):
        with pytest.raises(refusal):
            reading.save_decision_draft(sent, typed={"comment": "Hm."}, by=person, at=make.NOW)
        with pytest.raises(refusal):
            reading.claim_reading(sent, by=person, at=make.NOW)
    assert (DecisionDraft.objects.count(), ReviewClaim.objects.count()) == (0, 0)


def test_a_claim_ends_by_the_clock_after_half_an_hour(cast: make.Cast, sent: Update) -> None:
    reading.claim_reading(sent, by=cast.coordinator, at=make.NOW)

    shown = [reader(sent, minutes=minutes) for minutes in (0, 29, 30, 31)]
    assert shown == ["Coordinator", "Coordinator", "", ""]


def test_the_button_and_saving_renew_a_claim_and_keep_its_beginning(
    cast: make.Cast, sent: Update
) -> None:
    reading.claim_reading(sent, by=cast.coordinator, at=make.NOW)
    reading.claim_reading(sent, by=cast.coordinator, at=make.later(minutes=20))
    assert reader(sent, minutes=49) == "Coordinator"
    typed = {"comment": "Hm."}
    at = make.later(minutes=40)
    reading.save_decision_draft(sent, typed=typed, by=cast.coordinator, at=at)

    assert (reader(sent, minutes=69), reader(sent, minutes=70)) == ("Coordinator", "")
    assert ReviewClaim.objects.get().claimed_at == make.NOW


def test_saving_after_a_claim_has_ended_does_not_bring_it_back(
    cast: make.Cast, sent: Update
) -> None:
    reading.claim_reading(sent, by=cast.coordinator, at=make.NOW)
    at = make.later(minutes=31)
    reading.save_decision_draft(sent, typed={"comment": "Hm."}, by=cast.coordinator, at=at)

    assert reader(sent, minutes=32) == ""


def test_a_claim_hinders_nobody_and_ends_with_the_decision(
    cast: make.Cast, sent: Update, second: User
) -> None:
    reading.claim_reading(sent, by=cast.coordinator, at=make.NOW)
    make.do("withdraw", sent, by=cast.ilo_focal_point)
    assert reader(sent) == ""
    make.sent(sent, by=cast.ilo_focal_point)
    make.approved(sent, by=second)

    assert ReviewClaim.objects.count() == 0
    with pytest.raises(NotAllowedNow):
        reading.claim_reading(sent, by=cast.coordinator, at=make.NOW)


def test_a_claim_is_released_by_its_reader_only(
    cast: make.Cast, sent: Update, second: User
) -> None:
    reading.claim_reading(sent, by=cast.coordinator, at=make.NOW)
    reading.release_reading(sent, by=second)
    assert reader(sent) == "Coordinator"
    reading.claim_reading(sent, by=second, at=make.later(minutes=1))
    assert reader(sent, minutes=2) == "Second coordinator"
    reading.release_reading(sent, by=second)
    assert reader(sent, minutes=2) == ""
