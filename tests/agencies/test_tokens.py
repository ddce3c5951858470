"""Tokens: made once, found by their secret, and never more than their person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from agencies import tokens
from agencies.models import Token, User
from recommendations.api.reader import opened_by
from tests import make

LATER = make.NOW + timedelta(days=30)


def issued(user: User, **more: object) -> tuple[Token, str]:
    """Return a token and its secret."""
    given = {"name": "Script", "scopes": ["read"], "agency": None, "expires_at": LATER} | more
    return tokens.issue(user, at=make.NOW, **given)  # type: ignore[arg-type]


def found_by(secret: str, *, at: datetime) -> Token | None:
    """Return the token that a secret opens, as a request of the API finds it."""
    opened = opened_by(secret, at=at)
    return opened.token if opened else None


def test_a_token_is_found_by_its_secret_of_which_only_the_hash_is_kept(cast):
    token, secret = issued(cast.ilo_focal_point, scopes=["report", "read"], agency=cast.ilo)
    kept = {str(value) for value in Token.objects.filter(pk=token.pk).values()[0].values()}

    assert found_by(secret, at=make.NOW) == token
    assert token.scopes == ["read", "report"]
    assert secret.startswith("hldt_")
    assert len(secret) == 48
    assert not any(secret in value for value in kept)


@pytest.mark.parametrize("secret", ["", "hldt_", "hldt_" + "A" * 43, "x" * 10_000, "hldt_\udc80"])
def test_a_secret_that_nobody_has_opens_nothing(cast, secret):
    issued(cast.ilo_focal_point)

    assert found_by(secret, at=make.NOW) is None


def test_a_token_ends_by_its_day_by_hand_and_with_its_person(cast):
    secrets = [issued(cast.ilo_focal_point)[1] for _ in range(3)]
    found = [found_by(secret, at=make.NOW) for secret in secrets]
    tokens.revoke(found[1], at=make.NOW)
    opened = [found_by(secret, at=make.NOW) for secret in secrets]
    expired = found_by(secrets[0], at=LATER)
    User.objects.filter(pk=cast.ilo_focal_point.pk).update(is_active=False)

    assert [bool(one) for one in opened] == [True, False, True]
    assert expired is None
    assert found_by(secrets[0], at=make.NOW) is None


def test_the_last_use_is_written_at_most_once_in_five_minutes(cast, django_assert_num_queries):
    token, _secret = issued(cast.ilo_focal_point)
    for minutes, written in ((0, 1), (4, 0), (5, 1)):
        token.refresh_from_db()
        with django_assert_num_queries(written):
            tokens.note_use(token, at=make.later(minutes=minutes))

    token.refresh_from_db()
    assert token.last_used_at == make.later(minutes=5)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 81),
        ("name", "a\x00b"),
        ("scopes", []),
        ("scopes", ["read", "everything"]),
        ("expires_at", make.NOW),
        ("expires_at", make.NOW + timedelta(days=367)),
        ("agency", "iom"),
    ],
)
def test_what_cannot_stand_is_said_at_its_field(cast, field, value):
    value = cast.iom if value == "iom" else value
    with pytest.raises(ValidationError) as refused:
        issued(cast.ilo_focal_point, **{field: value})

    assert list(refused.value.message_dict) == [field]
    assert not Token.objects.exists()


def test_nobody_has_more_than_twenty_valid_tokens(cast):
    for _ in range(tokens.MOST):
        issued(cast.ilo_focal_point)
    with pytest.raises(ValidationError):
        issued(cast.ilo_focal_point)
    tokens.revoke(Token.objects.all()[0], at=make.NOW)
    issued(cast.ilo_focal_point)

    assert Token.objects.count() == tokens.MOST + 1
