"""Rows that are written by statements that are written once: as Django itself writes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import OuterRef

from agencies import writes
from agencies.listed import Listed
from agencies.models import Agency, Membership, Token, User
from tests import make

pytestmark = pytest.mark.django_db


def token(user: User, **more: object) -> Token:
    """Return a token that is not saved: text, JSON, moments, a row beside it, and nothing."""
    given = {"name": "Script", "scopes": ["read", "report"], "secret_hash": "a" * 64} | more
    return Token(
        user=user,
        prefix="hldt_",
        made_at=make.NOW,
        expires_at=make.NOW + timedelta(days=1),
        **given,
    )


@pytest.mark.parametrize("name", ["Script", "“50 %s”, 100%", "نص"])
def test_a_row_is_added_as_it_would_be_saved(name: str) -> None:
    user, ilo = make.person("Focal point"), make.agency("ILO")
    added, saved = token(user, name=name, agency=ilo), token(user, name=name, secret_hash="b" * 64)
    writes.add(added)
    saved.save()
    rows = {row.pop("id"): row for row in Token.objects.values()}

    assert rows[added.pk] == rows[saved.pk] | {"secret_hash": "a" * 64, "agency_id": ilo.pk}
    assert (added._state.adding, added.scopes) == (False, ["read", "report"])
    assert Token.objects.get(pk=added.pk) == added


def test_rows_are_added_together() -> None:
    user = make.person("Focal point")
    writes.add_all([token(user, secret_hash=letter * 64) for letter in "ab"])
    writes.add_all([])
    saved = token(user, secret_hash="c" * 64)
    saved.save()
    rows = [
        {name: value for name, value in row.items() if name not in ("id", "secret_hash")}
        for row in Token.objects.values()
    ]

    assert rows == [rows[-1]] * 3
    assert {*Token.objects.values_list("secret_hash", flat=True)} == {
        letter * 64 for letter in "abc"
    }


def test_what_the_database_refuses_is_not_added() -> None:
    user = make.person("Focal point")
    writes.add(token(user))

    with pytest.raises(IntegrityError), transaction.atomic():
        writes.add(token(user))

    assert Token.objects.count() == 1


def test_a_row_is_changed_at_its_version_alone() -> None:
    ilo, iom = make.agency("ILO"), make.agency("IOM")
    version = ilo.version
    ilo.version, ilo.name, ilo.active, ilo.merged_into = version + 1, "Office", False, iom
    fields = ("version", "name", "active", "merged_into")

    assert writes.change(ilo, fields, version=version) is True
    ilo.name = "Bureau"
    assert writes.change(ilo, fields, version=version) is False

    kept = Agency.objects.get(pk=ilo.pk)
    assert (kept.version, kept.name, kept.merged_into) == (version + 1, "Office", iom)
    assert Agency.objects.get(pk=iom.pk).name != "Office"


def test_one_row_is_removed() -> None:
    user = make.person("Focal point")
    gone, stays = token(user), token(user, secret_hash="b" * 64)
    writes.add(gone)
    writes.add(stays)
    writes.remove(gone)

    assert list(Token.objects.all()) == [stays]


def test_numbers_of_one_row_are_raised(cast: make.Cast) -> None:
    other = make.framework("other", is_default=False)
    type(other).objects.update(counter=3, public_counter=5)
    writes.raise_by_one(type(other), ("counter",), pk=other.pk)
    writes.raise_by_one(type(other), ("counter", "public_counter"), pk=other.pk)

    assert set(type(other).objects.values_list("pk", "counter", "public_counter")) == {
        (other.pk, 5, 6),
        (cast.framework.pk, 3, 5),
    }


def test_rows_of_another_table_stand_beside_each_row() -> None:
    ilo, iom = make.agency("ILO"), make.agency("IOM")
    both, none = make.person("Focal point", of=ilo), make.person("Observer")
    make.member(both, iom)
    places = Membership.objects.filter(user=OuterRef("pk"))
    asked = User.objects.annotate(places=Listed(places, "agency_id", "until_on"))
    found = dict(asked.values_list("pk", "places"))

    assert sorted(found[both.pk]) == [[ilo.pk, None], [iom.pk, None]]
    assert not found[none.pk]
