"""Tokens on their page: made with the password, shown once, told by mail, revoked."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from agencies.models import Token
from recommendations.api.reader import opened_by
from recommendations.models import Delivery
from recommendations.notify import account_mails
from tests import make
from tests.recommendations.web.pages import text_of

PAGE = "/account/tokens/"
FORM = {"name": "Script", "scopes": ["read", "report"], "days": "30", "password": make.PASSWORD}


@pytest.fixture
def client(cast: make.Cast) -> Client:
    """Return the browser of the focal point, who has a password."""
    cast.ilo_focal_point.set_password(make.PASSWORD)
    cast.ilo_focal_point.save()
    client = Client()
    client.force_login(cast.ilo_focal_point)
    return client


def secret_on(page: str) -> str:
    """Return the secret that a page shows, or nothing."""
    found = re.search(r"hldt_[\w-]{43}", page)
    return found[0] if found else ""


def test_a_token_is_shown_once_and_opens_what_it_says(client, cast):
    answer = client.post(PAGE, {**FORM, "agency": cast.ilo.pk})
    secret = secret_on(answer.content.decode())
    token = opened_by(secret, at=make.NOW).token

    assert answer["Cache-Control"] == "private, no-store"
    assert (token.user, token.agency, token.scopes) == (
        cast.ilo_focal_point,
        cast.ilo,
        ["read", "report"],
    )
    assert token.expires_at == make.later(days=30)
    assert secret_on(client.get(PAGE).content.decode()) == ""


def test_its_person_is_told_by_mail_and_never_its_secret(client, cast):
    secret = secret_on(client.post(PAGE, FORM).content.decode())
    delivery = Delivery.objects.get(kind="account_changed", channel="mail")
    subject, text, html = account_mails.write(delivery, user=cast.ilo_focal_point, at=make.NOW)

    assert subject == "A token was made for your account"
    assert "/account/tokens/" in text
    assert secret not in text + html + str(delivery.facts)


def test_what_may_be_left_out_is_marked_and_nothing_else(client):
    first = text_of(client.get(PAGE))
    refused = text_of(client.post(PAGE, {**FORM, "name": " "}))

    for page in (first, refused):
        _before, *labels = page.split(" (optional)")
        assert (len(labels), _before.rpartition(" ")[2]) == (1, "Agency")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong"}, "This is not your present password."),
        ({"password": ""}, "Enter your present password."),
        ({"name": " "}, "Give the token a name of at most 80 characters."),
        ({"scopes": []}, "Choose at least one thing that the token may do."),
        ({"agency": "9999"}, "Select a valid choice."),
    ],
)
def test_what_cannot_stand_is_said_and_nothing_is_made(client, change, words):
    answer = client.post(PAGE, {**FORM, **change})

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Token.objects.exists()
    assert not Delivery.objects.exists()


def test_a_token_is_revoked_by_its_person_alone(client, cast):
    secret = secret_on(client.post(PAGE, FORM).content.decode())
    address = f"{PAGE}{Token.objects.get().pk}/revoke/"
    other = Client()
    other.force_login(cast.ilo_alternate)
    refused = other.post(address).status_code
    before = opened_by(secret, at=make.NOW)
    after = client.post(address, follow=True).content.decode()

    assert (refused, before is not None) == (404, True)
    assert opened_by(secret, at=make.NOW) is None
    assert "The token “Script” opens nothing any more." in after
    assert "Revoked" in after
