"""The command that lets the first administrator in."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from agencies import history, people, revisions
from agencies.models import Appointment, User
from tests import make

ADDRESS = "first.administrator@example.org"
PASSWORD = "a-long-password-for-tests"
NAMED = ("--office", "administrator", "--name", "First administrator")


def appoint(*arguments):
    said = StringIO()
    call_command("appoint", *arguments, stdout=said)
    return said.getvalue().splitlines()


@pytest.fixture
def password(monkeypatch):
    """Hand the password over in the environment."""
    monkeypatch.setenv("APPOINT_PASSWORD", PASSWORD)


def test_the_first_administrator_comes_in(db, client, password):
    appoint(ADDRESS.upper(), *NAMED)
    client.post("/account/sign-in/", {"login": ADDRESS, "password": PASSWORD})

    assert client.get("/admin/").status_code == 200
    made = User.objects.get()
    assert EmailAddress.objects.get(user=made).verified is True
    assert [event.verb for event in history.of(made)] == ["created", "password_set"]
    assert [event.verb for event in history.of(Appointment.objects.get())] == ["created"]


def test_repeating_it_changes_nothing(db, password):
    appoint(ADDRESS, *NAMED)
    before = User.objects.get()

    assert appoint(ADDRESS, "--office", "administrator") == [
        f"{ADDRESS} is administrator of all frameworks already."
    ]
    assert User.objects.get().password == before.password
    assert (User.objects.get().version, Appointment.objects.count()) == (before.version, 1)


def test_an_office_of_one_framework(cast, password):
    appoint(cast.stranger.email, "--office", "coordinator", "--framework", "hld-2013")

    assert Appointment.objects.get(user=cast.stranger).framework == cast.framework


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((ADDRESS, "--office", "administrator"), "give the person a --name"),
        ((ADDRESS, *NAMED, "--framework", "nowhere"), "There is no framework nowhere."),
        (("not an address", *NAMED), "valid email address"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(db, password, arguments, said):
    with pytest.raises(CommandError, match=said):
        appoint(*arguments)

    assert (User.objects.count(), Appointment.objects.count()) == (0, 0)


def test_a_weak_password_is_refused(db, monkeypatch):
    monkeypatch.setenv("APPOINT_PASSWORD", "short")
    with pytest.raises(CommandError, match="at least 12 characters"):
        appoint(ADDRESS, *NAMED)

    assert User.objects.count() == 0


def test_without_a_password_and_without_a_terminal_it_says_where_to_put_one(db, monkeypatch):
    monkeypatch.delenv("APPOINT_PASSWORD", raising=False)
    with pytest.raises(CommandError, match="Set APPOINT_PASSWORD"):
        appoint(ADDRESS, *NAMED)


def test_a_person_who_left_is_not_let_in_by_the_way(cast, password):
    people.revise(
        cast.stranger,
        values={"is_active": False},
        by=cast.administrator,
        at=make.NOW,
        note="Left",
        version=cast.stranger.version,
    )
    with pytest.raises(CommandError, match="is deactivated"):
        appoint(cast.stranger.email, "--office", "observer")


def test_a_stale_password_change_is_refused(cast):
    with pytest.raises(revisions.Conflict):
        people.set_password(
            cast.stranger,
            PASSWORD,
            by=None,
            at=make.NOW,
            note="",
            version=cast.stranger.version + 1,
        )

    assert User.objects.get(pk=cast.stranger.pk).version == cast.stranger.version


def test_a_person_entered_in_the_admin_gets_a_password(cast, client, password):
    people.keep_in_step(cast.ilo_focal_point)
    said = StringIO()
    call_command("set_password", cast.ilo_focal_point.email.upper(), stdout=said)
    client.post("/account/sign-in/", {"login": cast.ilo_focal_point.email, "password": PASSWORD})

    assert client.get("/work/").status_code == 200
    assert [event.verb for event in history.of(cast.ilo_focal_point)] == ["created", "password_set"]


def test_nobody_at_an_address_gets_no_password(db, password):
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("set_password", "nobody@example.org")
