"""A person is told of every change of their account, by whichever door it was made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from agencies import people
from agencies.models import User
from recommendations.domain import leaving
from recommendations.models import Delivery
from recommendations.notify import passes
from tests import mail_server, make
from tests.administration import act, change

pytestmark = pytest.mark.usefixtures("db")
NEW = "somebody.else@example.org"


@pytest.fixture
def server(settings: Settings) -> Iterator[mail_server.MailServer]:
    """Return a mail server that takes everything."""
    with mail_server.mail_server(settings) as running:
        yield running


@pytest.fixture
def desk(cast: make.Cast) -> Client:
    """Return a browser in which the administrator of all frameworks is signed in."""
    people.keep_in_step(cast.ilo_focal_point)
    client = Client()
    client.force_login(cast.administrator)
    return client


def arrived(server: mail_server.MailServer, address: str) -> list[tuple[str, str]]:
    """Do a pass; return the subject and the first words of each mail to an address."""
    passes.deliver(clock=timezone.now)
    return [
        (str(mail["Subject"]), mail_server.text_of(mail).partition(" on ")[0])
        for mail in server.to(address)
    ]


def test_an_address_changed_in_the_admin_is_told_to_the_old_and_to_the_new_one(
    cast: make.Cast, desk: Client, server: mail_server.MailServer
) -> None:
    old = cast.ilo_focal_point.email
    assert change(desk, cast.ilo_focal_point, email=NEW).status_code == 302

    assert arrived(server, old) == [
        ("Your address was changed", "An administrator changed the address of your account")
    ]
    assert arrived(server, NEW) == [
        (
            "You sign in with this address now",
            "An administrator changed the address of your account to this one",
        )
    ]
    assert NEW not in server.to(old)[0].as_string()


def test_another_change_in_the_admin_is_told_to_nobody(
    cast: make.Cast, desk: Client, server: mail_server.MailServer
) -> None:
    change(desk, cast.ilo_focal_point, name="ILO focal point, renamed")

    assert arrived(server, cast.ilo_focal_point.email) == []


def test_a_password_set_on_the_command_line_is_told(
    cast: make.Cast, server: mail_server.MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPOINT_PASSWORD", "another-long-password-for-tests")
    call_command("set_password", cast.ilo_focal_point.email)

    assert arrived(server, cast.ilo_focal_point.email) == [
        ("Your password was changed", "Whoever runs this site set a password for your account")
    ]


def test_an_account_closed_and_opened_in_the_admin_is_told_though_nothing_else_is(
    cast: make.Cast, desk: Client, server: mail_server.MailServer
) -> None:
    make.proposed(cast)
    passes.fan_out.fan_out(at=make.NOW)
    reader = cast.ilo_focal_point
    act(desk, "deactivate", reader)
    closed = arrived(server, reader.email)
    act(desk, "activate", User.objects.get(pk=reader.pk))

    assert closed == [("Your account was closed", "Your account was closed")]
    assert arrived(server, reader.email)[1:] == [
        ("Your account is open again", "An administrator opened your account again")
    ]


def test_a_person_who_leaves_today_is_told(cast: make.Cast, server: mail_server.MailServer) -> None:
    leaving.leave(
        cast.ilo_alternate,
        by=cast.administrator,
        at=make.NOW,
        note="Moves on.",
        last_day=make.NOW.date(),
        successors={},
        version=cast.ilo_alternate.version,
    )

    assert arrived(server, cast.ilo_alternate.email) == [
        ("Your account was closed", "Your account was closed")
    ]


def test_what_is_not_changed_after_all_is_not_told(cast: make.Cast, desk: Client) -> None:
    taken = change(desk, cast.ilo_focal_point, email=cast.coordinator.email)

    assert taken.status_code == 200
    assert not Delivery.objects.exists()
