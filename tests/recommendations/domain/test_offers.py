"""When the leads of a group change, changes are offered, and nothing happens by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from agencies.models import GroupMembership, WorkingGroup
from recommendations.domain.asking import Outcome
from recommendations.domain.offers import Offer, offers, take_up
from recommendations.models import Assignment, Duty
from tests import make
from tests.recommendations.domain.test_groups import group, placed

TODAY = make.NOW.date()


def offered(cast: make.Cast) -> list[tuple[str, str, str, str]]:
    """Return what is offered: verb, which, role, what stands against it."""
    found = offers(cast.framework, on=TODAY)
    return [(one.verb, str(one), one.role, one.against) for one in found]


def leaves(place: GroupMembership) -> None:
    """End the place of an agency in a group yesterday."""
    GroupMembership.objects.filter(pk=place.pk).update(until_on=TODAY - timedelta(days=1))


@pytest.fixture
def led(cast: make.Cast) -> tuple[WorkingGroup, Any]:
    """Return a group led by the ILO, through which the ILO leads A1."""
    of = group()
    place = placed(of, cast.ilo)
    make.accepted(cast, through=of)
    return of, place


def test_while_the_leads_stay_nothing_is_offered(cast: make.Cast, led: Any) -> None:
    placed(led[0], cast.iom, "member")

    assert offered(cast) == []


def test_a_new_lead_in_the_place_of_the_old_is_offered_both_ways(cast: make.Cast, led: Any) -> None:
    leaves(led[1])
    placed(led[0], cast.iom, from_on=TODAY)

    assert offered(cast) == [("end", "A1 · ILO", "lead", ""), ("assign", "A1 · IOM", "lead", "")]
    assert Assignment.objects.get().acceptance == "accepted"


def test_what_is_not_taken_on_yet_is_offered_to_be_withdrawn(cast: make.Cast) -> None:
    of = group()
    place = placed(of, cast.ilo)
    make.proposed(cast, through=of)
    leaves(place)

    assert offered(cast) == [("withdraw", "A1 · ILO", "lead", "")]


def test_a_second_lead_is_offered_with_what_stands_in_the_way(cast: make.Cast, led: Any) -> None:
    placed(led[0], cast.iom, "co_lead")
    against = "ILO is the one lead. For several co-leads, end that assignment first."

    assert offered(cast) == [("assign", "A1 · IOM", "co_lead", against)]


def test_a_lead_beside_co_leads_is_offered_as_a_co_lead(cast: make.Cast) -> None:
    of, third = group(), make.agency("UNHCR")
    place = placed(of, cast.ilo)
    placed(of, cast.iom)
    for agency in (cast.ilo, cast.iom):
        make.proposed(cast, role="co_lead", agency=agency, through=of)
    leaves(place)
    placed(of, third)

    assert offered(cast) == [
        ("withdraw", "A1 · ILO", "co_lead", ""),
        ("assign", "A1 · UNHCR", "co_lead", ""),
    ]


def test_who_has_the_action_already_is_not_offered_it(cast: make.Cast, led: Any) -> None:
    placed(led[0], cast.iom)
    make.proposed(cast, role="supporting", agency=cast.iom)

    assert offered(cast) == []


def test_what_was_assigned_without_a_group_is_left_alone(cast: make.Cast) -> None:
    leaves(placed(group(), cast.ilo))
    make.accepted(cast)

    assert offered(cast) == []


def test_another_framework_offers_its_own(cast: make.Cast, led: Any) -> None:
    leaves(led[1])
    other = make.framework("another", is_default=False)

    assert offers(other, on=TODAY) == []


def take(cast: make.Cast, found: list[Offer], **more: Any) -> list[Outcome]:
    """Take up offers as the coordinator does."""
    given: dict[str, Any] = {
        "versions": {one.key: one.about.version for one in found},
        "reasons": {one.key: one.reason for one in found},
        **more,
    }
    return take_up(found, by=cast.coordinator, at=make.NOW, **given)


def test_what_is_taken_up_is_done_ends_first(cast: make.Cast, led: Any) -> None:
    make.open_round(cast)
    leaves(led[1])
    placed(led[0], cast.iom)

    outcomes = take(cast, offers(cast.framework, on=TODAY))

    assert outcomes == [Outcome("A1 · ILO"), Outcome("A1 · IOM")]
    old, new = Assignment.objects.order_by("id")
    assert (old.acceptance, new.acceptance, new.role) == ("ended", "proposed", "lead")
    assert new.through == led[0]
    assert old.answers.order_by("-id")[0].reason == "No longer leads “Group on data”."
    assert Duty.objects.get().state == "waived"
    assert offers(cast.framework, on=TODAY) == []


def test_a_stale_offer_changes_nothing(cast: make.Cast, led: Any) -> None:
    leaves(led[1])
    (outcome,) = take(cast, offers(cast.framework, on=TODAY), versions={})

    assert outcome.refusal.startswith("Changed since you opened it.")
    assert Assignment.objects.get().acceptance == "accepted"


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_offers_take_two_queries(
    cast: make.Cast, django_assert_num_queries: Any, count: int
) -> None:
    of = group()
    place = placed(of, cast.ilo)
    for number in range(count):
        action = make.action(cast.area, f"B{number}", order=number)
        make.proposed(cast, action=action, through=of)
    leaves(place)
    placed(of, cast.iom, from_on=date(2026, 5, 1))

    with django_assert_num_queries(2):
        assert len(offers(cast.framework, on=TODAY)) == 2 * count
