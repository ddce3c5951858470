"""Setting a new password by mail: over a real mail server, and nothing told to strangers."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from agencies import history, people
from agencies.models import User
from recommendations.models import Delivery, Message
from recommendations.notify import accounts, passes
from tests import mail_server, make

OLD, NEW = "a-long-password-for-tests", "another-long-password-for-tests"
RESET, ASKED = "/account/password/reset/", "/account/password/reset/asked/"
SIGN_IN = "/account/sign-in/"

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def reader():
    """Return a person who can sign in."""
    return with_password("Reader")


def with_password(name, **more):
    person = people.enter(
        User(name=name, email=f"{name.lower()}@example.org", **more), by=None, at=make.NOW
    )
    people.set_password(person, OLD, by=None, at=make.NOW, note="", version=person.version)
    Delivery.objects.all().delete()  # what that told them
    return person


@pytest.fixture
def server(settings):
    """Return a mail server that takes everything."""
    with mail_server.mail_server(settings) as running:
        yield running


def ask(client, address):
    answer = client.post(RESET, {"email": address})
    return answer.status_code, answer.get("Location")


def deliver():
    passes.deliver(clock=timezone.now)


def link_in(letter):
    (found,) = re.findall(r"http://testserver(\S+)/\n", mail_server.text_of(letter))
    return f"{found}/"


def choose(client, link, password=NEW):
    """Open a link as a browser does, and set the password that the form asks for."""
    form = client.get(link)["Location"]
    return client.post(form, {"password1": password, "password2": password})


def sign_in(client, login, password):
    client.post(SIGN_IN, {"login": login, "password": password})
    return "_auth_user_id" in client.session


def test_the_link_in_the_mail_sets_the_password_once(client, reader, server):
    assert ask(client, reader.email) == (302, ASKED)
    deliver()
    (letter,) = server.to(reader.email)
    link = link_in(letter)

    assert letter["Subject"] == "Set a new password"
    assert f'href="http://testserver{link}"' in mail_server.html_of(letter)
    assert choose(client, link)["Location"] == "/account/password/reset/done/"
    assert sign_in(client, reader.email, NEW) is True
    assert "This link does not hold any more" in client.get(link).content.decode()


def test_opening_the_link_changes_nothing(client, reader, server):
    ask(client, reader.email)
    deliver()
    client.get(link_in(server.to(reader.email)[0]), follow=True)

    assert sign_in(client, reader.email, OLD) is True


def test_a_new_password_is_an_event_ends_every_session_and_is_told(client, reader, server):
    elsewhere = type(client)()
    sign_in(elsewhere, reader.email, OLD)
    ask(client, reader.email)
    deliver()
    # the link holds until somebody signs in
    choose(client, link_in(server.to(reader.email)[0]))
    deliver()

    event = history.of(reader).last()
    assert (event.verb, event.actor, event.note) == (
        "password_set",
        reader,
        "Set by the link in a mail",
    )
    assert elsewhere.get(SIGN_IN).wsgi_request.user.is_authenticated is False
    subjects = [letter["Subject"] for letter in server.to(reader.email)]
    assert subjects == ["Set a new password", "Your password was changed"]
    told = mail_server.text_of(server.to(reader.email)[1])
    assert f"was changed on {event.at:%-d %B %Y, %H:%M} UTC." in told
    assert "http://testserver/account/password/reset/\n\nAnd tell an administrator.\n" in told


def test_an_answer_to_a_mail_about_the_account_reaches_who_runs_the_site(client, cast, server):
    ask(client, cast.ilo_focal_point.email)
    deliver()

    (letter,) = server.to(cast.ilo_focal_point.email)
    assert letter["Reply-To"] == cast.administrator.email
    assert "An answer to this mail reaches the administrators." in mail_server.text_of(letter)


def test_no_key_waits_in_the_database(client, reader, server):
    ask(client, reader.email)
    waiting = Delivery.objects.get()
    assert (waiting.kind, waiting.facts) == ("password_reset", {})
    assert (waiting.cause[:8], waiting.channel) == ("sign-in:", "mail")
    deliver()

    key = link_in(server.to(reader.email)[0]).rpartition("-")[2].strip("/")
    message = Message.objects.get()
    assert not any(key in str(value) for value in vars(message).values())


def test_no_key_stands_in_the_log(client, reader, server, caplog):
    caplog.set_level("INFO")
    ask(client, reader.email)
    deliver()
    link = link_in(server.to(reader.email)[0])
    choose(client, link)

    paths = [row.path for row in caplog.records if row.name == "hldtracker.requests"]
    whose = link.rpartition("/reset/")[2].partition("-")[0]
    assert paths == [RESET, *[f"{RESET}{whose}-<key>/"] * 2]


def test_nobody_learns_which_addresses_have_an_account(client, reader, settings, server):
    gone = with_password("Gone", is_active=False)
    demo = with_password("Demo", is_demo=True)
    answers = {ask(client, who) for who in (reader.email, "x@example.org", gone.email, demo.email)}
    deliver()

    assert answers == {(302, ASKED)}
    assert [letter["To"] for letter in server.mails] == ["Reader <reader@example.org>"]
    assert mail.outbox == []


def test_where_the_demo_is_on_demo_people_get_theirs(client, settings, server):
    settings.HLDTRACKER_DEMO = True
    demo = with_password("Demo", is_demo=True)
    ask(client, demo.email)
    deliver()

    assert len(server.to(demo.email)) == 1


@pytest.mark.parametrize("name", ["is_active", "is_demo"])
def test_a_link_opens_nothing_for_who_may_not_sign_in_any_more(client, reader, server, name):
    ask(client, reader.email)
    deliver()
    link = link_in(server.to(reader.email)[0])
    User.objects.filter(pk=reader.pk).update(**{name: name == "is_demo"})

    assert "This link does not hold any more" in client.get(link).content.decode()


def test_a_person_who_left_before_the_mail_did_gets_none(client, reader, server):
    ask(client, reader.email)
    User.objects.filter(pk=reader.pk).update(is_active=False)
    deliver()

    assert server.mails == []


def test_who_asks_twice_within_a_minute_gets_one_mail(reader):
    for seconds in (0, 59, 60, 90):
        accounts.reset_asked(reader, at=make.later(seconds=seconds))

    assert [row.made_at for row in Delivery.objects.order_by("id")] == [
        make.NOW,
        make.later(seconds=60),
    ]


def test_who_never_had_a_password_sets_the_first_one(client, server):
    person = people.enter(User(name="New", email="new@example.org"), by=None, at=make.NOW)
    ask(client, person.email)
    deliver()
    choose(client, link_in(server.to(person.email)[0]))

    assert sign_in(client, person.email, NEW) is True


@pytest.mark.parametrize("password", ["short", "password1234", "reader@example.org"])
def test_a_password_that_is_easy_to_guess_is_refused(client, reader, server, password):
    ask(client, reader.email)
    deliver()
    page = choose(client, link_in(server.to(reader.email)[0]), password)

    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert sign_in(client, reader.email, OLD) is True


def test_asking_again_and_again_is_stopped_by_counts_in_the_database(client, reader, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()
    answers = [ask(client, reader.email)[0] for _ in range(6)]
    cache.clear()

    assert answers == [302] * 5 + [429]


def test_a_link_that_waits_in_our_queue_still_holds_for_hours(settings):
    assert timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) == timedelta(hours=4)


def test_the_sign_in_page_leads_to_it(client):
    page = client.get(SIGN_IN).content.decode()

    assert f'<a href="{RESET}">Forgotten the password, or never had one?</a>' in page
    assert "Set a new password" in client.get(RESET).content.decode()
    assert "Look into your mail" in client.get(ASKED).content.decode()
