"""Changing one's address: a link to the new one, a button, and a word to the old one."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from agencies import history, people
from agencies.models import User
from recommendations.models import Delivery, Message
from recommendations.notify import new_address, passes
from tests import mail_server, make

PASSWORD = "a-long-password-for-tests"
ADDRESS = "/account/address/"
OLD, NEW = "reader@example.org", "reader@another.example"

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def reader():
    """Return a person who can sign in."""
    person = people.enter(User(name="Reader", email=OLD), by=None, at=make.NOW)
    people.set_password(person, PASSWORD, by=None, at=make.NOW, note="", version=person.version)
    Delivery.objects.all().delete()  # what that told them
    return person


@pytest.fixture
def server(settings):
    """Return a mail server that takes everything."""
    with mail_server.mail_server(settings) as running:
        yield running


def ask(client, reader, address=NEW, password=PASSWORD):
    client.force_login(reader)
    return client.post(ADDRESS, {"address": address, "password": password})


def deliver():
    passes.deliver(clock=timezone.now)


def link_in(letter):
    (found,) = re.findall(r"(?m)^http://testserver(\S+)$", mail_server.text_of(letter))
    return found


def asked_link(client, reader, server):
    """Ask for a new address and return the link in the mail."""
    ask(client, reader)
    deliver()
    return link_in(server.to(NEW)[-1])


def test_the_new_address_confirms_and_the_old_one_is_told(client, reader, server):
    link = asked_link(client, reader, server)
    elsewhere = type(client)()  # perhaps another machine: the link is enough
    answer = elsewhere.post(link)
    deliver()

    reader.refresh_from_db()
    assert (answer.status_code, answer["Location"], reader.email) == (302, ADDRESS, NEW)
    assert [letter["Subject"] for letter in server.to(NEW)] == ["Confirm your new address"]
    (told,) = server.to(OLD)
    assert told["Subject"] == "Your address was changed"
    assert NEW not in told.as_string()
    assert list(Message.objects.order_by("id").values_list("address", "state")) == [
        (NEW, "sent"),
        (OLD, "sent"),
    ]


def test_the_person_signs_in_with_the_new_address_only(client, reader, server):
    client.post(asked_link(client, reader, server))
    client.logout()
    opened = {}
    for login in (OLD, NEW):
        client.post("/account/sign-in/", {"login": login, "password": PASSWORD})
        opened[login] = "_auth_user_id" in client.session

    assert opened == {OLD: False, NEW: True}


def test_the_change_is_an_event_without_the_address(client, reader, server):
    client.post(asked_link(client, reader, server))

    event = history.of(reader).last()
    assert (event.verb, event.actor, event.note) == (
        "revised",
        reader,
        "Confirmed by the link in a mail",
    )
    assert NEW not in event.content


def test_opening_the_link_changes_nothing(client, reader, server):
    page = client.get(asked_link(client, reader, server))

    reader.refresh_from_db()
    assert (page.status_code, reader.email) == (200, OLD)
    assert f"<strong>{NEW}</strong>" in page.content.decode()
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("private, no-store", "noindex")


def test_a_link_works_once(client, reader, server):
    link = asked_link(client, reader, server)
    client.post(link)
    again = client.post(link)

    assert again.status_code == 404
    assert "This link does not hold any more" in again.content.decode()


def test_a_password_that_was_changed_since_makes_the_link_worthless(client, reader, server):
    link = asked_link(client, reader, server)
    reader.set_password("another-long-password")
    reader.save()

    assert client.post(link).status_code == 404


def test_a_password_that_was_changed_before_the_mail_left_does_too(client, reader, server):
    ask(client, reader)
    reader.set_password("another-long-password")
    reader.save()
    deliver()

    assert client.post(link_in(server.to(NEW)[0])).status_code == 404


def test_a_person_who_left_changes_nothing(client, reader, server):
    link = asked_link(client, reader, server)
    User.objects.filter(pk=reader.pk).update(is_active=False)

    assert client.post(link).status_code == 404


@pytest.mark.parametrize(("hours", "holds"), [(24, True), (24.1, False)])
def test_a_link_holds_for_24_hours_from_the_moment_the_mail_leaves(reader, hours, holds):
    facts = {"address": NEW, "state": new_address.state_of(reader)}
    token = new_address.token(reader, facts, at=make.NOW)

    assert bool(new_address.asked_in(token, at=make.later(hours=hours))) is holds


def test_a_link_that_somebody_changed_opens_nothing(client, reader, server):
    link = asked_link(client, reader, server)
    begun, _, signature = link.rpartition(":")

    assert client.get(f"{begun}x:{signature}").status_code == 404


def test_an_address_that_is_taken_gets_the_same_answer_and_no_mail(client, reader, server):
    make.person("Other")
    taken = ask(client, reader, "Other@Example.org")
    said = client.get(ADDRESS).content.decode()
    deliver()

    assert (taken.status_code, taken["Location"]) == (302, ADDRESS)
    assert "Unless somebody uses other@example.org already, a mail is on its way there." in said
    assert server.mails == []


def test_an_address_that_was_taken_meanwhile_is_not_given_twice(client, reader, server):
    link = asked_link(client, reader, server)
    people.enter(User(name="Other", email=NEW), by=None, at=make.NOW)
    answer = client.post(link)

    reader.refresh_from_db()
    assert (answer.status_code, reader.email) == (404, OLD)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"address": NEW, "password": "wrong"}, "This is not your present password."),
        ({"address": OLD.upper(), "password": PASSWORD}, "This is your address already."),
        ({"address": "nowhere", "password": PASSWORD}, "Enter an e-mail address like"),
        ({"address": "", "password": ""}, "Enter your present password."),
    ],
)
def test_a_wrong_form_says_what_to_enter_and_asks_nobody(client, reader, typed, words):
    client.force_login(reader)
    page = client.post(ADDRESS, typed)

    assert page.status_code == 400
    assert words in page.content.decode()
    assert Delivery.objects.count() == 0


def test_passwords_are_not_tried_without_end(client, reader, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()
    answers = [ask(client, reader, password="wrong").status_code for _ in range(11)]
    cache.clear()

    assert answers == [400] * 10 + [429]


def test_what_is_typed_is_not_kept_over_a_sign_in(client, reader):
    answer = client.post(ADDRESS, {"address": NEW, "password": PASSWORD})

    assert PASSWORD not in str(dict(client.session)) + str(answer.cookies)


def test_the_page_says_with_which_address_one_signs_in(client, reader):
    client.force_login(reader)

    assert f"<strong>{OLD}</strong>" in client.get(reverse("address")).content.decode()
    notices = client.get(reverse("notices")).content.decode()
    assert f'<a href="{ADDRESS}">Change the address or the password</a>' in notices


def test_the_log_keeps_no_link(client, reader, server, caplog):
    caplog.set_level("INFO", logger="hldtracker.requests")
    client.get(asked_link(client, reader, server))

    assert caplog.records[-1].path == "/account/address/<token>/"
