"""Statements that are written once: they find what the query itself finds, for every value."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Q

from agencies.fixed import STAND_INS, Fixed
from agencies.models import Agency, Membership, Token, User
from tests import make

pytestmark = pytest.mark.django_db


def people(name: str) -> list[User]:
    """Return three people of that name."""
    return [make.person(f"{name} {place}") for place in range(3)]


def test_each_value_finds_its_own_row() -> None:
    everybody = people("Focal point")
    by_key = Fixed(lambda pk: User.objects.filter(pk=pk), pk=int)

    assert [by_key.rows(pk=one.pk) for one in everybody] == [[one] for one in everybody]
    assert by_key.rows(pk=-1) == []
    assert by_key.rows(pk=2**31) == []
    assert by_key.rows(pk=2**63) == []


def test_the_database_is_asked_once_and_the_query_is_built_for_the_first_value_only(
    django_assert_num_queries,
) -> None:
    built = []

    def build(pk: int):
        built.append(pk)
        return User.objects.filter(pk=pk).values_list("name")

    by_key, everybody = Fixed(build, pk=int), people("Alternate")

    with django_assert_num_queries(3):
        found = [by_key.rows(pk=one.pk) for one in everybody]

    assert found == [[(one.name,)] for one in everybody]
    assert built == [STAND_INS[int](0), STAND_INS[int](1)]


def test_objects_come_with_what_is_loaded_with_them(django_assert_num_queries) -> None:
    ilo = make.agency("ILO")
    person = make.person("Focal point", of=ilo)
    places = Fixed(
        lambda user, day: (
            Membership.objects.on(day).filter(user=user).select_related("agency", "user")
        ),
        user=int,
        day=date,
    )

    with django_assert_num_queries(1):
        (place,) = places.rows(user=person.pk, day=make.NOW.date())
        assert (place.agency, place.user.name) == (ilo, "Focal point")
    assert places.rows(user=person.pk, day=date(1999, 1, 1)) == []


def test_a_value_that_only_looks_like_a_stand_in_stays() -> None:
    ilo = make.agency("ILO")
    looks_like_one = STAND_INS[str](0)
    Agency.objects.filter(pk=ilo.pk).update(name=looks_like_one)
    named = Fixed(lambda code: Agency.objects.filter(Q(code=code), name=looks_like_one), code=str)

    assert named.rows(code="ILO") == [ilo]
    assert named.rows(code="IOM") == []


def test_a_stand_in_that_is_changed_on_its_way_is_refused() -> None:
    containing = Fixed(lambda part: Agency.objects.filter(name__contains=part), part=str)

    with pytest.raises(ValueError, match="stands for a value and was changed"):
        containing.rows(part="Labour")


def test_a_stand_in_that_is_not_asked_for_is_refused() -> None:
    forgetful = Fixed(lambda pk: Token.objects.all(), pk=int)

    with pytest.raises(ValueError, match="not in the statement: pk"):
        forgetful.rows(pk=1)


def test_a_column_that_holds_no_stand_in_is_asked_in_the_usual_way() -> None:
    nothing = Fixed(lambda pk: User.objects.filter(pk=pk).filter(pk__in=[]), pk=int)

    assert nothing.rows(pk=1) == []
