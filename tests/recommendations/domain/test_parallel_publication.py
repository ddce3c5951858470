"""At one moment: approving and holding or releasing, two corrections, correcting and retracting."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial

import pytest

from recommendations.models import Publication, Round, Update
from tests import make, soundness
from tests.at_once import at_once, said
from tests.figures import figure

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("committed")]
ROUNDS = figure(small=3, full=40)
DUE = date(2026, 6, 30)


def sent(cast: make.Cast, place: int) -> Update:
    """Return an update that waits for a decision, in a round of its own."""
    action = make.action(cast.area, f"B{place}", order=place)
    assignment = make.accepted(cast, action=action)
    round = make.open_round(cast, f"R{place}")
    return make.sent(make.update_in(round, assignment), by=cast.ilo_focal_point)


def test_an_update_approved_while_its_round_is_held_is_public_or_held_and_never_lost() -> None:
    cast = make.cast()
    for place in range(ROUNDS):
        update = sent(cast, place)
        approve = partial(make.do, "approve", update, by=cast.coordinator, claim="leave_open")
        hold = partial(
            make.do, "hold", update.duty.round, by=cast.administrator, note="Before the summit."
        )
        answers = at_once([approve, hold])

        assert Counter(map(said, answers)) == {"done": 2}
        assert soundness.problems() == []


def test_an_update_approved_while_its_round_is_released_is_public_once() -> None:
    cast = make.cast()
    for place in range(ROUNDS):
        update = sent(cast, place)
        make.do("hold", update.duty.round, by=cast.administrator, note="Before the summit.")
        approve = partial(make.do, "approve", update, by=cast.coordinator, claim="leave_open")
        release = partial(make.do, "release", update.duty.round, by=cast.administrator)
        answers = at_once([approve, release])

        assert Counter(map(said, answers)) == {"done": 2}
        assert Publication.objects.filter(submission__update=update).count() == 1
        assert soundness.problems() == []
    assert not Round.objects.filter(held=True).exists()


def test_of_two_alternates_who_begin_a_correction_one_does() -> None:
    cast = make.cast()
    for place in range(ROUNDS):
        update = make.approved(sent(cast, place), by=cast.coordinator)
        answers = at_once(
            [
                partial(make.do, "correct", update, by=person)
                for person in (cast.ilo_focal_point, cast.ilo_alternate)
            ]
        )

        assert Counter(map(said, answers)) == {"done": 1, "NotAllowedNow": 1}
        assert Update.objects.filter(corrects=update).count() == 1


BOTH_ORDERS = (
    ("done", ["retracted", "draft"]),
    ("Conflict", ["returned"]),
    ("NotAllowedNow", ["returned"]),
)


def test_a_text_is_retracted_whether_or_not_its_correction_began_before() -> None:
    cast = make.cast()
    for place in range(ROUNDS):
        update = make.approved(sent(cast, place), by=cast.coordinator)
        answers = at_once(
            [
                partial(make.do, "correct", update, by=cast.ilo_focal_point),
                partial(make.do, "retract", update, by=cast.coordinator, note="Wrong.", due_on=DUE),
            ]
        )

        corrected, retracted = map(said, answers)
        assert retracted == "done"
        states = [*Update.objects.filter(duty=update.duty_id).order_by("id")]
        found = [one.review_state for one in states]
        assert (corrected, found) in BOTH_ORDERS
        assert soundness.problems() == []
