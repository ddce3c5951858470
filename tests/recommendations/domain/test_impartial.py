"""Nobody decides on what their own agency sent, whatever is recorded about them later."""

from __future__ import annotations

from agencies import revisions
from agencies.access import roles_of
from agencies.models import Membership
from recommendations.domain import access
from tests import make


def test_an_end_recorded_backwards_opens_no_door(cast):
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    membership = Membership.objects.get(user=cast.ilo_coordinator)
    revisions.revise(
        membership,
        values={"until_on": make.START},
        by=cast.administrator,
        at=make.later(hours=1),
        note="Left long ago",
        version=membership.version,
    )
    roles = roles_of(cast.ilo_coordinator, at=make.later(hours=2))

    assert roles.agencies == frozenset()
    assert access.may(roles, "approve", update, at=make.later(hours=2)) is False
    assert list(access.decidable_updates(roles, at=make.later(hours=2))) == []


def test_a_membership_that_is_entered_afterwards_counts_on_the_day_of_the_sending(cast):
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.member(cast.coordinator, cast.ilo, until_on=make.NOW.date())
    later = make.later(days=2)
    roles = roles_of(cast.coordinator, at=later)

    assert roles.agencies == frozenset()
    assert access.may(roles, "approve", update, at=later) is False
    assert list(access.decidable_updates(roles, at=later)) == []
