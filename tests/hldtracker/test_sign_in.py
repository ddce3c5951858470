"""Signing in: with an address and a password, for people who were entered, within limits."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from agencies.models import User

PASSWORD = "a-long-password-for-tests"
SIGN_IN = "/account/sign-in/"
LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}


@pytest.fixture
def reader(db):
    """Return a person who can sign in."""
    return User.objects.create_user("reader@example.org", "Reader", PASSWORD)


@pytest.fixture
def limits(settings):
    """Count attempts as in production, from nothing."""
    settings.ACCOUNT_RATE_LIMITS = LIMITS
    cache.clear()
    yield
    cache.clear()


def sign_in(client, login, password=PASSWORD):
    client.post(SIGN_IN, {"login": login, "password": password})
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "typed", ["reader@example.org", "Reader@Example.ORG", " reader@example.org "]
)
def test_the_address_is_read_in_any_case(client, reader, typed):
    assert sign_in(client, typed) is True


def test_a_wrong_password_opens_nothing(client, reader):
    assert sign_in(client, reader.email, "another-long-password") is False


def test_a_person_who_left_cannot_sign_in(client, reader):
    reader.is_active = False
    reader.save()

    assert sign_in(client, reader.email) is False


def test_signing_out_needs_a_form_and_ends_the_session(client, reader):
    client.force_login(reader)

    client.get("/account/sign-out/")
    assert "_auth_user_id" in client.session

    client.post("/account/sign-out/")
    assert "_auth_user_id" not in client.session


def test_five_wrong_passwords_close_the_door_for_that_address(client, reader, limits):
    for _ in range(5):
        sign_in(client, reader.email, "another-long-password")

    assert sign_in(client, reader.email) is False


def test_the_door_stays_closed_without_redis_because_the_database_counts(settings):
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


def test_the_admin_sends_people_to_the_one_sign_in_page(client):
    answer = client.get("/admin/login/?next=/admin/")

    assert (answer.status_code, answer["Location"]) == (302, f"{SIGN_IN}?next=%2Fadmin%2F")


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_change_password",
        "account_request_login_code",
        "socialaccount_signup",
        "mfa_index",
    ],
)
def test_what_is_not_ready_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_no_request_sends_mail(client, reader):
    sign_in(client, reader.email)

    assert mail.outbox == []


def test_passwords_are_long_and_kept_with_scrypt():
    from hldtracker import settings  # noqa: PLC0415 - the real ones, not those of the tests

    assert settings.PASSWORD_HASHERS[0].endswith("ScryptPasswordHasher")
    assert {"min_length": 12} in [
        validator.get("OPTIONS") for validator in settings.AUTH_PASSWORD_VALIDATORS
    ]


def test_a_session_ends_twelve_hours_after_sign_in(client, reader, settings):
    sign_in(client, reader.email)

    assert client.session.get_expiry_age() == 12 * 60 * 60
    assert settings.SESSION_SAVE_EVERY_REQUEST is False


def test_sign_in_says_what_to_enter(client, db):
    empty = client.post("/account/sign-in/", {"login": "", "password": ""})
    unknown = client.post(
        "/account/sign-in/", {"login": "nobody@example.org", "password": "not-the-password"}
    )

    assert "Enter your e-mail address." in empty.content.decode()
    assert "Enter your password." in empty.content.decode()
    assert "No account has this e-mail address and password." in unknown.content.decode()
