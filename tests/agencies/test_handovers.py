"""Standing in between two days: who may, who is refused and why, and who is reminded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from agencies import handovers, history, revisions
from agencies.access import NotPermitted, NotVisible, roles_of
from agencies.handovers import Charge
from agencies.models import Appointment, Event, Handover, User
from agencies.revisions import Conflict
from tests import make

FIRST, LAST = date(2026, 5, 10), date(2026, 5, 12)
BEFORE, AFTER = FIRST - timedelta(days=1), LAST + timedelta(days=1)


def refused(cast: make.Cast, charge: Charge | None = None, **changes) -> dict[str, list[str]]:
    """Return what is said about a hand-over of the ILO that cannot be made."""
    asked = {
        "by": cast.ilo_focal_point,
        "to": cast.ilo_alternate,
        "from_on": FIRST,
        "until_on": LAST,
    }
    with pytest.raises(ValidationError) as raised:
        handovers.hand_over(charge or Charge(cast.ilo), at=make.NOW, **(asked | changes))
    return raised.value.message_dict


def names(people) -> list[str]:
    return [str(person) for person in people]


def acting(cast: make.Cast, day: date) -> list[str]:
    return names(handovers.acting_for(cast.ilo, day))


@pytest.fixture
def ilo(cast: make.Cast) -> make.Cast:
    """Return the world with one focal point and one alternate of the ILO."""
    cast.ilo_coordinator.memberships.update(until_on=make.START)
    cast.ilo_alternate.memberships.update(capacity="alternate")
    return cast


def test_between_the_two_days_the_other_is_reminded_and_afterwards_the_giver_again(ilo):
    make.handed_over(ilo.ilo, by=ilo.ilo_focal_point, to=ilo.ilo_alternate)

    assert [acting(ilo, day) for day in (BEFORE, FIRST, LAST, AFTER)] == [
        ["ILO focal point"],
        ["ILO alternate"],
        ["ILO alternate"],
        ["ILO focal point"],
    ]


def test_an_agency_without_a_focal_point_is_reminded_through_its_alternates(ilo):
    ilo.ilo_focal_point.memberships.update(until_on=BEFORE)

    assert acting(ilo, BEFORE) == ["ILO focal point"]
    assert acting(ilo, FIRST) == ["ILO alternate"]


def test_whoever_stands_in_may_hand_on(ilo):
    third = make.person("ILO third", of=ilo.ilo)
    third.memberships.update(capacity="alternate")
    make.handed_over(ilo.ilo, by=ilo.ilo_focal_point, to=ilo.ilo_alternate)
    make.handed_over(ilo.ilo, by=ilo.ilo_alternate, to=third, from_on=LAST)

    assert [acting(ilo, day) for day in (FIRST, LAST, AFTER)] == [
        ["ILO alternate"],
        ["ILO third"],
        ["ILO focal point"],
    ]


def test_a_receiver_who_leaves_gives_it_back(ilo):
    make.handed_over(ilo.ilo, by=ilo.ilo_focal_point, to=ilo.ilo_alternate)
    User.objects.filter(pk=ilo.ilo_alternate.pk).update(is_active=False)

    assert acting(ilo, FIRST) == ["ILO focal point"]


def test_a_receiver_whose_membership_ends_gives_it_back(ilo):
    make.handed_over(ilo.ilo, by=ilo.ilo_focal_point, to=ilo.ilo_alternate)
    ilo.ilo_alternate.memberships.update(until_on=FIRST)

    assert [acting(ilo, day) for day in (FIRST, LAST)] == [["ILO alternate"], ["ILO focal point"]]


def test_who_acts_is_one_query(ilo, django_assert_num_queries):
    with django_assert_num_queries(1):
        acting(ilo, FIRST)


def test_it_changes_no_right(ilo):
    people = (ilo.ilo_focal_point, ilo.ilo_alternate)
    during = make.NOW + timedelta(days=6)
    before = [roles_of(person, at=during) for person in people]
    make.handed_over(ilo.ilo, by=ilo.ilo_focal_point, to=ilo.ilo_alternate)

    assert [roles_of(person, at=during) for person in people] == before


def test_it_is_one_event_of_the_giver(ilo):
    made = make.handed_over(ilo.ilo, by=ilo.ilo_focal_point, to=ilo.ilo_alternate)

    assert [(event.verb, event.actor) for event in history.of(made)] == [
        ("handed_over", ilo.ilo_focal_point)
    ]
    assert history.unfaithful(made) == {}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to": None}, {"to": ["Choose who acts for you."]}),
        ({"from_on": None}, {"from_on": ["Give the first day."]}),
        (
            {"until_on": None},
            {"until_on": ["Give the last day. A hand-over ends by itself after it."]},
        ),
        (
            {"from_on": date(2026, 5, 3)},
            {"from_on": ["Give a first day that has not passed."]},
        ),
        ({"until_on": BEFORE}, {"until_on": ["Give a last day that is not before the first."]}),
    ],
)
def test_days_and_people_that_cannot_be_are_refused_in_words(changes, said, cast):
    assert refused(cast, **changes) == said
    assert not Handover.objects.exists()


def test_nobody_hands_over_to_themselves(cast):
    assert refused(cast, to=cast.ilo_focal_point) == {
        "to": ["You cannot hand over to yourself. Choose another person."]
    }


def test_a_person_of_another_agency_is_refused(cast):
    assert refused(cast, to=cast.iom_focal_point) == {
        "to": [
            "IOM focal point is not focal point or alternate of ILO on all of these days. "
            "Choose another person or other days, or ask an administrator to enter them."
        ]
    }


def test_a_membership_that_ends_in_between_is_not_enough(cast):
    cast.ilo_alternate.memberships.update(until_on=date(2026, 5, 11))

    assert list(refused(cast)) == ["to"]


def test_two_memberships_that_follow_each_other_are_enough(cast):
    cast.ilo_alternate.memberships.update(until_on=date(2026, 5, 10))
    make.member(cast.ilo_alternate, cast.ilo, from_on=date(2026, 5, 11))

    assert make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate).pk


def test_a_clearing_officer_does_not_receive_it(cast):
    cast.ilo_alternate.memberships.update(capacity="clearing_officer")

    assert list(refused(cast)) == ["to"]


def test_somebody_whose_account_is_closed_does_not_receive_it(cast):
    cast.ilo_alternate.is_active = False

    assert list(refused(cast)) == ["to"]


def test_nobody_hands_over_what_is_not_theirs(cast):
    assert refused(cast, by=cast.iom_focal_point, to=cast.ilo_alternate) == {
        "from_on": ["You do not have this duty yourself on all of these days."]
    }


@pytest.mark.parametrize("days", [(BEFORE, FIRST), (LAST, AFTER), (FIRST, LAST), (BEFORE, AFTER)])
def test_a_second_one_on_some_of_the_days_is_refused(days, cast):
    make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)

    assert refused(cast, to=cast.ilo_coordinator, from_on=days[0], until_on=days[1]) == {
        "from_on": ["ILO alternate acts for you on some of these days. End that first."]
    }


def test_one_on_other_days_or_of_another_agency_is_not_refused(cast):
    make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)
    make.member(cast.ilo_focal_point, cast.iom)
    make.handed_over(cast.iom, by=cast.ilo_focal_point, to=cast.iom_focal_point)
    make.handed_over(
        cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate, from_on=AFTER, until_on=AFTER
    )

    assert Handover.objects.count() == 3


def test_two_people_do_not_hand_over_to_each_other(cast):
    make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)

    assert refused(cast, by=cast.ilo_alternate, to=cast.ilo_focal_point) == {
        "to": [
            "ILO focal point has handed over to somebody else on some of these days. "
            "Choose another person or other days."
        ]
    }


@pytest.mark.parametrize("who", ["ilo_focal_point", "ilo_alternate", "administrator"])
def test_giver_receiver_and_administrators_end_it(who, ilo):
    made = make.handed_over(ilo.ilo, by=ilo.ilo_focal_point, to=ilo.ilo_alternate)
    during = make.NOW + timedelta(days=7)
    by = getattr(ilo, who)
    handovers.end(made, by=by, at=during, version=1)

    assert acting(ilo, LAST) == ["ILO focal point"]
    assert [(event.verb, event.actor) for event in history.of(made)][1:] == [("ended", by)]


def test_before_it_begins_it_is_taken_back_and_another_can_be_made(ilo):
    made = make.handed_over(ilo.ilo, by=ilo.ilo_focal_point, to=ilo.ilo_alternate)
    handovers.end(made, by=ilo.ilo_focal_point, at=make.NOW, version=1)
    make.handed_over(ilo.ilo, by=ilo.ilo_focal_point, to=ilo.ilo_alternate)

    assert Handover.objects.count() == 2
    assert history.of(made).last().verb == "taken_back"


@pytest.mark.parametrize("who", ["stranger", "iom_focal_point", "coordinator", "ilo_coordinator"])
def test_for_everybody_else_it_does_not_exist(who, cast):
    made = make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)

    with pytest.raises(NotVisible):
        handovers.end(made, by=getattr(cast, who), at=make.NOW, version=1)


def test_what_is_over_or_was_changed_meanwhile_is_not_ended(cast):
    made = make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)
    with pytest.raises(Conflict):
        handovers.end(made, by=cast.ilo_focal_point, at=make.NOW, version=0)
    with pytest.raises(NotPermitted, match="over already"):
        handovers.end(made, by=cast.ilo_focal_point, at=make.later(days=20), version=1)
    handovers.end(made, by=cast.ilo_focal_point, at=make.NOW, version=1)
    with pytest.raises(NotPermitted, match="over already"):
        handovers.end(made, by=cast.ilo_focal_point, at=make.NOW, version=2)

    assert Event.objects.filter(object_type="handover").count() == 2


# --- a coordinator's deputy --------------------------------------------------------------------


def appointed(user: User, framework=None) -> None:
    """Make a person coordinator of a framework, or of all."""
    office = Appointment(user=user, framework=framework, office="coordinator", from_on=make.START)
    revisions.create(office, by=None, at=make.NOW)


def deputy(cast: make.Cast, framework=None) -> Handover:
    """Return the hand-over of the coordinator's office to the other coordinator."""
    return handovers.hand_over(
        Charge(framework_id=framework and framework.pk),
        by=cast.coordinator,
        to=cast.ilo_coordinator,
        from_on=FIRST,
        until_on=LAST,
        at=make.NOW,
    )


def test_a_deputy_is_reminded_in_place_of_the_coordinator(cast):
    deputy(cast)
    pk = cast.framework.pk

    assert [names(handovers.coordinating(pk, day)) for day in (BEFORE, FIRST, AFTER)] == [
        ["Coordinator", "Coordinator of the ILO"],
        ["Coordinator of the ILO"],
        ["Coordinator", "Coordinator of the ILO"],
    ]


def test_a_deputy_of_one_framework_is_none_of_another(cast):
    other = make.framework("another-framework", is_default=False)
    deputy(cast, cast.framework)

    assert "Coordinator" in names(handovers.coordinating(other.pk, FIRST))
    assert "Coordinator" not in names(handovers.coordinating(cast.framework.pk, FIRST))


def test_a_deputy_must_be_a_coordinator_already(cast):
    said = refused(cast, Charge(), by=cast.coordinator, to=cast.observer)

    assert said == {
        "to": [
            "Observer is not a coordinator on all of these days. Choose another person or "
            "other days, or ask an administrator to appoint them."
        ]
    }


def test_a_coordinator_of_one_framework_does_not_receive_the_office_of_all(cast):
    small = make.person("Small coordinator")
    appointed(small, cast.framework)

    assert list(refused(cast, Charge(), by=cast.coordinator, to=small)) == ["to"]


def test_the_office_of_all_and_of_one_overlap(cast):
    deputy(cast)

    said = refused(
        cast,
        Charge(framework_id=cast.framework.pk),
        by=cast.coordinator,
        to=cast.ilo_coordinator,
    )
    assert list(said) == ["from_on"]


def test_an_administrator_of_another_framework_does_not_end_it(cast):
    made = deputy(cast, cast.framework)
    other = make.framework("another-framework", is_default=False)
    elsewhere = make.person("Administrator elsewhere")
    office = Appointment(
        user=elsewhere, framework=other, office="administrator", from_on=make.START
    )
    revisions.create(office, by=None, at=make.NOW)

    with pytest.raises(NotVisible):
        handovers.end(made, by=elsewhere, at=make.NOW, version=1)


def test_what_a_person_can_hand_over_is_what_they_have(cast):
    both = handovers.charges_of(cast.ilo_coordinator, day=FIRST)

    assert both == [Charge(agency=cast.ilo), Charge()]
    assert handovers.charges_of(cast.observer, day=FIRST) == []
