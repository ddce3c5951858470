"""What a person is on a day: the agencies they act for, the offices they hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from agencies.access import NOBODY, members_ever, roles_of, roles_of_each
from agencies.models import Appointment, Membership, User
from tests import make

DAY = date(2026, 5, 4)


def test_a_person_is_what_their_memberships_and_appointments_say(cast: make.Cast) -> None:
    focal_point = roles_of(cast.ilo_focal_point, at=make.NOW)
    coordinator = roles_of(cast.ilo_coordinator, at=make.NOW)

    assert focal_point.is_in(cast.ilo.pk)
    assert not focal_point.is_in(cast.iom.pk)
    assert not focal_point.is_in(None)
    assert not focal_point.is_coordinator(cast.framework.pk)
    assert coordinator.is_in(cast.ilo.pk)
    assert coordinator.is_coordinator(cast.framework.pk)
    assert coordinator.is_coordinator(None)
    assert not coordinator.is_administrator(cast.framework.pk)
    assert roles_of(cast.administrator, at=make.NOW).is_administrator(cast.framework.pk)
    assert roles_of(cast.observer, at=make.NOW).is_observer(cast.framework.pk)


def test_an_office_of_one_framework_does_not_reach_another(cast: make.Cast) -> None:
    person = make.person("Coordinator of one")
    other = make.framework("other", is_default=False)
    Appointment.objects.create(user=person, office="coordinator", framework=other, from_on=DAY)
    roles = roles_of(person, at=make.NOW)

    assert roles.is_coordinator(other.pk)
    assert not roles.is_coordinator(cast.framework.pk)
    assert not roles.is_coordinator(None)


@pytest.mark.parametrize(
    ("from_on", "until_on", "belongs"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (DAY - timedelta(days=9), DAY, True),
        (DAY + timedelta(days=1), None, False),
        (DAY - timedelta(days=9), DAY - timedelta(days=1), False),
    ],
)
def test_a_period_includes_its_first_and_its_last_day(
    cast: make.Cast, from_on: date, until_on: date | None, belongs: bool
) -> None:
    make.member(cast.stranger, cast.ilo, from_on=from_on, until_on=until_on)

    assert roles_of(cast.stranger, at=make.NOW).is_in(cast.ilo.pk) is belongs
    moments = (datetime(2026, 5, 4, tzinfo=UTC),)
    assert members_ever(cast.ilo.pk, cast.stranger.pk, moments=moments) is belongs


def test_who_is_not_signed_in_or_not_active_is_nobody(
    cast: make.Cast, django_assert_num_queries: object
) -> None:
    cast.ilo_focal_point.is_active = False
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert roles_of(AnonymousUser(), at=make.NOW) == NOBODY
        assert roles_of(None, at=make.NOW) == NOBODY
        assert roles_of(cast.ilo_focal_point, at=make.NOW) == NOBODY


def test_a_person_who_left_and_came_back_belongs_once(cast: make.Cast) -> None:
    make.member(cast.stranger, cast.ilo, until_on=date(2021, 1, 1))
    make.member(cast.stranger, cast.ilo, from_on=date(2025, 1, 1))

    assert roles_of(cast.stranger, at=make.NOW).agencies == frozenset({cast.ilo.pk})
    assert Membership.objects.filter(user=cast.stranger).count() == 2


def test_roles_take_two_queries(cast: make.Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        roles_of(cast.ilo_coordinator, at=make.NOW)


def test_many_people_are_asked_for_as_often_as_one(
    cast: make.Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [cast.ilo_focal_point, cast.ilo_coordinator, cast.administrator, cast.stranger]
    User.objects.filter(pk=cast.observer.pk).update(is_active=False)
    gone = User.objects.get(pk=cast.observer.pk)
    with django_assert_num_queries(2):
        found = roles_of_each([*people, gone], at=make.NOW)

    assert found == {user.pk: roles_of(user, at=make.NOW) for user in people} | {gone.pk: NOBODY}
    assert found[cast.ilo_coordinator.pk].agencies == {cast.ilo.pk}
    assert found[cast.ilo_coordinator.pk].coordinates == {None}
