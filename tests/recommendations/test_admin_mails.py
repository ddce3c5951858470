"""Mails in the admin: to look into, and to send again what was given up."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from agencies import history, revisions
from agencies.models import Appointment
from recommendations.models import Delivery, MailServer, Message
from recommendations.notify import accounts, passes
from tests import mail_server, make
from tests.administration import REASON, act, address, choose
from tests.agencies.test_admin import words


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(cast):
    """Return a browser in which the administrator of all frameworks is signed in."""
    return signed_in(cast.administrator)


@pytest.fixture
def dead(cast, settings):
    """Return a mail that its recipient's server refused."""
    person = cast.ilo_focal_point
    with mail_server.mail_server(settings, refuses={person.email: "550 No such person"}):
        accounts.tell_of_change(
            None, user=person, what="password", before="", by=person, at=timezone.now()
        )
        passes.deliver(clock=timezone.now)
    return Message.objects.get()


def test_the_list_says_to_whom_when_how_often_and_what_the_server_said(desk, dead):
    page = words(desk.get(address(Message, "changelist")))

    for said in ("ILO focal point", "About the account", "Given up", "1", "550 No such person"):
        assert said in page


def test_the_list_narrows_to_a_state(desk, dead):
    found = [
        list(
            desk.get(f"{address(Message, 'changelist')}?state__exact={state}")
            .context["cl"]
            .queryset
        )
        for state in ("dead", "sent")
    ]

    assert found == [[dead], []]


def test_nothing_of_a_mail_or_a_delivery_is_changed_by_hand(desk, dead):
    for row in (dead, Delivery.objects.get()):
        assert desk.get(address(row)).status_code == 200
        assert desk.post(address(row), {"state": "sent", "version": 1}).status_code == 403
        assert (
            desk.get(address(type(row), "changelist"))
            .context["cl"]
            .model_admin.has_add_permission(None)
            is False
        )


def test_what_was_given_up_is_sent_again_with_a_reason_that_is_kept(desk, cast, dead, settings):
    asked = choose(desk, "send_again", dead)
    answer = act(desk, "send_again", dead)
    with mail_server.mail_server(settings) as server:
        passes.deliver(clock=timezone.now)

    assert "Goes to ilo.focal.point@example.org. The last answer: 550 No such person" in words(
        asked
    )
    assert answer.status_code == 302
    (letter,) = server.mails
    assert letter["Message-ID"] == dead.message_id
    event = history.of(cast.ilo_focal_point).last()
    assert (event.verb, event.actor, event.note) == (
        "mail_sent_again",
        cast.administrator,
        REASON,
    )
    assert event.content == f'{{"message":{dead.pk},"set":{{}}}}'


def test_without_a_reason_nothing_is_sent_again(desk, dead):
    answer = act(desk, "send_again", dead, reason="")

    dead.refresh_from_db()
    assert (answer.status_code, dead.state) == (400, "dead")


def test_what_was_not_given_up_is_left_alone(desk, cast, dead):
    act(desk, "send_again", dead)
    before = history.of(cast.ilo_focal_point).count()
    answer = act(desk, "send_again", dead)

    assert "Only a mail that was given up can be sent again." in words(answer)
    assert history.of(cast.ilo_focal_point).count() == before


def test_an_administrator_of_one_framework_sees_theirs_and_sends_none_again(cast, dead):
    framework = make.framework("next-set", is_default=False)
    user = make.person("Administrator of the next set")
    office = Appointment(user=user, office="administrator", framework=framework, from_on=make.START)
    revisions.create(office, by=None, at=make.NOW)
    limited = signed_in(user)
    about = Delivery.objects.create(
        cause="summary:x",
        kind="summary",
        user=user,
        channel="mail",
        framework=framework,
        made_at=make.NOW,
        ready_at=make.NOW,
        message=Message.objects.create(
            user=user,
            kind="digest",
            message_id="<x>",
            made_at=make.NOW,
            due_at=make.NOW,
            state="dead",
            answer="550",
        ),
    )
    shown = limited.get(address(Message, "changelist")).context["cl"]
    act_on = {"action": "send_again", "_selected_action": [about.message_id], "index": "0"}
    act_on |= {"confirmed": "yes", "reason": REASON, f"version-{about.message_id}": "0"}
    limited.post(address(Message, "changelist"), act_on)

    assert [*shown.queryset] == [about.message]
    assert [*limited.get(address(Delivery, "changelist")).context["cl"].queryset] == [about]
    assert limited.get(address(dead)).status_code == 404
    assert Message.objects.get(pk=about.message_id).state == "dead"


def test_no_page_shows_where_a_link_leads_or_what_a_mail_said(desk, dead):
    Delivery.objects.update(facts={"address": "canary@example.org", "state": "canary"})
    pages = [desk.get(address(row)) for row in (dead, Delivery.objects.get())]

    assert ["canary" in page.content.decode() for page in pages] == [False, False]


def test_the_front_page_counts_what_was_given_up_and_says_that_the_server_is_away(desk, dead):
    MailServer.objects.update_or_create(
        name="mail", defaults={"paused_since": make.NOW, "because": "It is away."}
    )
    page = words(desk.get("/admin/"))

    assert "1 mail was given up." in page
    assert "The mail server has not answered since 4 May 2026 09:30: It is away." in page


def test_the_front_page_says_nothing_where_nothing_was_given_up(desk):
    page = words(desk.get("/admin/"))

    assert "given up" not in page
    assert "mail server" not in page
