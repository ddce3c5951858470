"""A person who leaves: everything they hold ends, somebody succeeds them or it is vacant."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agencies import history
from agencies.access import NOBODY, NotPermitted, roles_of
from agencies.handovers import acting_for
from agencies.models import Event, Handover, Membership, User
from agencies.revisions import Conflict
from recommendations.domain import leaving
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.domain.vacancies import vacant
from recommendations.models import ReviewClaim, Update
from tests import make

TODAY = make.NOW.date()
TOMORROW = TODAY + timedelta(days=1)
NEXT_DAY = make.later(days=1)


def leave(cast: make.Cast, person: User, **more) -> None:
    facts = {
        "last_day": TODAY,
        "successors": {},
        "by": cast.administrator,
        "at": make.NOW,
        "note": "Retires.",
        "version": User.objects.get(pk=person.pk).version,
    }
    leaving.leave(person, **(facts | more))


@pytest.fixture
def alone(cast: make.Cast) -> Update:
    """Return an update of the IOM, for which one person acts."""
    return make.owed(cast, agency=cast.iom, by=cast.iom_focal_point)


def names(cast: make.Cast, day: date) -> list[str]:
    return [str(agency) for agency in vacant(cast.framework, day=day)]


def test_everything_ends_on_the_last_day_and_the_account_is_closed(cast):
    leave(cast, cast.ilo_coordinator)
    person = User.objects.get(pk=cast.ilo_coordinator.pk)

    assert not person.is_active
    assert {row.until_on for row in (*person.memberships.all(), *person.appointments.all())} == {
        TODAY
    }
    assert roles_of(person, at=NEXT_DAY) == NOBODY


def test_each_end_is_an_event_with_the_reason(cast):
    before = Event.objects.count()
    leave(cast, cast.ilo_coordinator)
    events = Event.objects.order_by("id")[before:]

    assert [(event.object_type, event.verb) for event in events] == [
        ("membership", "ended"),
        ("appointment", "ended"),
        ("user", "left"),
    ]
    assert {(event.actor, event.note) for event in events} == {(cast.administrator, "Retires.")}
    assert history.unfaithful(User.objects.get(pk=cast.ilo_coordinator.pk)) == {}


def test_a_successor_acts_from_the_day_after(cast, alone):
    leave(cast, cast.iom_focal_point, successors={cast.iom.pk: cast.stranger})

    assert [str(one) for one in acting_for(cast.iom, TOMORROW)] == ["Stranger"]
    assert names(cast, TOMORROW) == []
    assert roles_of(cast.stranger, at=make.NOW).agencies == frozenset()
    assert roles_of(cast.stranger, at=NEXT_DAY).agencies == {cast.iom.pk}


def test_an_alternate_who_succeeds_becomes_the_focal_point(cast):
    cast.ilo_alternate.memberships.update(capacity="alternate")
    leave(cast, cast.ilo_focal_point, successors={cast.ilo.pk: cast.ilo_alternate})
    rows = Membership.objects.filter(user=cast.ilo_alternate).order_by("id")

    assert [(row.capacity, row.from_on, row.until_on) for row in rows] == [
        ("alternate", make.START, TODAY),
        ("focal_point", TOMORROW, None),
    ]


def test_a_focal_point_who_succeeds_stays_what_they_are(cast):
    leave(cast, cast.ilo_focal_point, successors={cast.ilo.pk: cast.ilo_alternate})

    assert Membership.objects.filter(user=cast.ilo_alternate).count() == 1


def test_without_a_successor_the_agency_is_vacant(cast, alone):
    before = names(cast, TOMORROW)
    leave(cast, cast.iom_focal_point)

    assert (before, names(cast, TOMORROW)) == ([], ["IOM"])


def test_a_member_whose_account_is_closed_cannot_act(cast, alone):
    User.objects.filter(pk=cast.iom_focal_point.pk).update(is_active=False)

    assert names(cast, TODAY) == ["IOM"]


def test_where_others_can_act_nothing_is_vacant(cast):
    make.owed(cast)
    leave(cast, cast.ilo_focal_point)

    assert names(cast, TOMORROW) == []


def test_an_agency_that_owes_nothing_is_not_vacant(cast):
    leave(cast, cast.iom_focal_point)

    assert names(cast, TOMORROW) == []


def test_an_agency_that_was_asked_and_cannot_answer_is_vacant(cast):
    make.proposed(cast, agency=cast.iom)
    leave(cast, cast.iom_focal_point)

    assert names(cast, TOMORROW) == ["IOM"]


def test_who_is_vacant_is_one_query(cast, alone, django_assert_num_queries):
    with django_assert_num_queries(1):
        names(cast, TODAY)


def test_the_preview_names_what_would_be_left(cast, alone):
    found = leaving.preview(cast.iom_focal_point, last_day=TODAY)

    assert [(str(one.agency), one.open_duties, one.left_vacant) for one in found.places] == [
        ("IOM", 1, True)
    ]


def test_the_preview_names_who_else_can_act(cast):
    make.owed(cast)
    (place,) = leaving.preview(cast.ilo_focal_point, last_day=TODAY).places

    assert [str(one) for one in place.others] == ["Coordinator of the ILO", "ILO alternate"]
    assert not place.left_vacant


def test_hand_overs_and_claims_of_the_person_end(cast):
    make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    ReviewClaim.objects.create(
        update=update,
        user=cast.coordinator,
        claimed_at=make.NOW,
        expires_at=make.later(hours=1),
    )
    leave(cast, cast.ilo_alternate)
    leave(cast, cast.coordinator)

    assert Handover.objects.get().ended_by == cast.administrator
    assert not ReviewClaim.objects.exists()


def test_on_a_day_to_come_the_account_stays_open_until_then(cast):
    leave(cast, cast.ilo_alternate, last_day=TOMORROW)
    person = User.objects.get(pk=cast.ilo_alternate.pk)

    assert person.is_active
    assert roles_of(person, at=NEXT_DAY).agencies == {cast.ilo.pk}
    assert roles_of(person, at=make.later(days=2)).agencies == frozenset()


@pytest.mark.parametrize("who", ["coordinator", "ilo_focal_point", "stranger"])
def test_only_administrators_of_all_let_people_leave(who, cast):
    with pytest.raises(NotPermitted):
        leave(cast, cast.ilo_alternate, by=getattr(cast, who))


def test_nobody_lets_themselves_leave(cast):
    with pytest.raises(NotPermitted, match="Another administrator"):
        leave(cast, cast.administrator)


def test_whoever_has_left_does_not_leave_again(cast):
    leave(cast, cast.ilo_alternate)

    with pytest.raises(NotAllowedNow, match="closed already"):
        leave(cast, cast.ilo_alternate)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"last_day": None}, "last_day"), ({"note": " "}, "reason")],
)
def test_what_is_missing_is_said_and_nothing_changes(changes, field, cast):
    with pytest.raises(RequirementMissing) as raised:
        leave(cast, cast.ilo_alternate, **changes)

    assert list(raised.value.problems) == [field]
    assert roles_of(cast.ilo_alternate, at=NEXT_DAY).agencies == {cast.ilo.pk}


def test_nobody_succeeds_themselves(cast):
    with pytest.raises(RequirementMissing, match="Choose another person"):
        leave(cast, cast.ilo_alternate, successors={cast.ilo.pk: cast.ilo_alternate})


def test_a_person_who_changed_meanwhile_is_looked_at_again(cast):
    with pytest.raises(Conflict):
        leave(cast, cast.ilo_alternate, version=0)
