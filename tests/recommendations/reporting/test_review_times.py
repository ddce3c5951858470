"""How long review takes: whole days from sending to the first decision, and who waits."""

from __future__ import annotations

import pytest

from recommendations.reporting.review_times import review_times
from tests.make import later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db


def test_the_first_decision_ends_the_waiting_and_what_was_taken_back_never_waited() -> None:
    framework, actions, (agency,) = builders.world(actions=5, agencies=1)
    round = builders.a_round(framework)
    duties = [builders.owed(round, builders.held(action, agency)) for action in actions]
    returned, quick, slow, waits, back = (builders.sent(duty, at=later(days=1)) for duty in duties)
    builders.decided(returned, "return", at=later(days=3))
    builders.approved(quick, at=later(days=1, hours=23), published_at=None)
    builders.approved(slow, at=later(days=17), published_at=None)
    builders.withdrawn(back, at=later(days=2))
    found = review_times(round, as_of=later(days=20))

    assert (found.decided, found.middle, found.longest) == (3, 2, 16)
    assert (found.waiting, found.waits) == (1, 19)
    assert found.classes == (
        ("0", 1),
        ("1", 0),
        ("2", 1),
        ("3–4", 0),
        ("5–7", 0),
        ("8–14", 0),
        ("15+", 1),
    )
    assert found.sentence == (
        "Half of 3 decisions took 2 days or less, the longest 16. "
        "1 waits for its review, the longest for 19 days."
    )
    assert waits.pk


def test_an_earlier_moment_knows_no_later_decision() -> None:
    framework, (action,), (agency,) = builders.world()
    round = builders.a_round(framework)
    text = builders.sent(builders.owed(round, builders.held(action, agency)), at=later(days=1))
    builders.decided(text, "approve", at=later(days=9))
    found = review_times(round, as_of=later(days=4))

    assert (found.decided, found.waiting, found.waits) == (0, 1, 3)
    assert found.sentence == (
        "Nothing was decided on yet. 1 waits for its review, the longest for 3 days."
    )
