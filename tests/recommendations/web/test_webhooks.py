"""The pages of webhooks: register, see the secret once, test, rotate, switch off, repeat."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import history
from recommendations.models import Webhook, WebhookCall
from recommendations.notify.webhooks import signing, telling
from tests import make
from tests.recommendations.notify.webhooks.hooks import allowed, registered
from tests.recommendations.web.pages import text_of

LIST, NEW = "/account/webhooks/", "/account/webhooks/new/"
ADDRESS = "https://hooks.example.org/in"


def page_of(webhook):
    return f"{LIST}{webhook.pk}/"


def form(cast, agency, **more):
    owner = f"{cast.framework.pk}-{agency.pk if agency else 0}"
    return {"owner": owner, "address": ADDRESS, **more}


def errors(answer, name):
    return " ".join(answer.context["form"].errors.get(name, []))


@pytest.fixture
def focal_point(cast, signed_in):
    """Return a browser in which the focal point of the ILO is signed in."""
    return signed_in(cast.ilo_focal_point)


def test_a_registered_address_waits_and_its_secret_is_shown_once(cast, focal_point):
    answer = focal_point.post(NEW, form(cast, cast.ilo, events=["update.returned"]))

    webhook = Webhook.objects.get()
    secret = signing.secret_of(webhook.seed)
    assert (answer.status_code, text_of(answer).count(secret)) == (200, 1)
    assert answer["Cache-Control"] == "private, no-store"
    assert (webhook.agency, webhook.events, webhook.is_live) == (
        cast.ilo,
        ["update.returned"],
        False,
    )
    page = text_of(focal_point.get(page_of(webhook)))
    assert "Waits for an administrator" in page
    assert "An update is returned" in page
    assert "whsec_" not in page


def test_the_history_keeps_who_registered_it_and_no_address(cast, focal_point):
    focal_point.post(NEW, form(cast, cast.ilo))

    event = history.of(Webhook.objects.get()).get()
    assert (event.verb, event.actor) == ("registered", cast.ilo_focal_point)
    assert "hooks.example.org" not in event.content


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://hooks.example.org/", "The address must begin with https://."),
        ("HTTPS://hooks.example.org/", "The address must begin with https://."),
        ("", "The address must begin with https://."),
        ("https://127.0.0.1/", "Give the host by its name, such as example.org, not by a number."),
        ("https://2130706433/", "Give the host by its name"),
        ("https://0x7f.1/", "Give the host by its name"),
        ("https://[::1]/", "Give the host by its name"),
        ("https://localhost/", "Give the host by its name"),
        ("https:///in", "Give the host by its name"),
        ("https://a:b@hooks.example.org/", "Leave out user names, passwords"),
        ("https://hooks.example.org/#in", "Leave out user names, passwords"),
        ("https://hooks.example.org:8443/", "Leave out the port. Possible here: 443."),
        ("https://hooks.example.org:99999/", "Enter an address such as"),
        ("https://hooks.example.org/a b", "Enter an address such as"),
        ("https://hooks.example.org/\r\nX: y", "Enter an address such as"),
        ("https://hooks.example.org/\x00", "Null characters are not allowed."),
        ("https://hooks.example.org/é", "Enter an address such as"),
        ("https://[hooks/", "Enter an address such as"),
        ("https://hooks.example.org/" + "a" * 480, "Enter at most 500 characters."),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(cast, focal_point, address, said):
    answer = focal_point.post(NEW, form(cast, cast.ilo, address=address))

    assert answer.status_code == 400
    assert said in errors(answer, "address")
    assert Webhook.objects.count() == 0


def test_an_address_is_registered_once_for_an_owner(cast, focal_point, signed_in):
    registered(cast, cast.ilo, address=ADDRESS)
    again = focal_point.post(NEW, form(cast, cast.ilo))
    other = signed_in(cast.iom_focal_point).post(NEW, form(cast, cast.iom))

    assert errors(again, "address") == "This address is registered already."
    assert (again.status_code, other.status_code) == (400, 200)


def test_the_secretariat_has_an_address_once_as_well(cast, signed_in):
    client = signed_in(cast.coordinator)

    assert client.post(NEW, form(cast, None)).status_code == 200
    assert errors(client.post(NEW, form(cast, None)), "address") == (
        "This address is registered already."
    )


def test_an_owner_has_ten_at_most(cast, focal_point):
    for number in range(10):
        registered(cast, cast.ilo, address=f"{ADDRESS}/{number}")
    answer = focal_point.post(NEW, form(cast, cast.ilo))

    assert errors(answer, "__all__") == (
        "There are 10 webhooks already. Switch one on again instead."
    )


@pytest.mark.parametrize("events", [["round.held"], ["update.cleared"], ["ping"]])
def test_events_that_an_agency_cannot_hear_of_are_refused(cast, focal_point, events):
    answer = focal_point.post(NEW, form(cast, cast.ilo, events=events))

    assert answer.status_code == 400
    assert errors(answer, "events") != ""


def test_somebody_of_both_cannot_choose_for_one_what_only_the_other_hears_of(cast, signed_in):
    client = signed_in(cast.ilo_coordinator)
    for agency, status in ((cast.ilo, 400), (None, 200)):
        answer = client.post(NEW, form(cast, agency, events=["round.held"]))
        assert answer.status_code == status


def test_each_registers_for_those_they_speak_for(cast, signed_in):
    offered = {
        name: [
            words for _key, words in form_of(signed_in(getattr(cast, name))).fields["owner"].choices
        ]
        for name in ("ilo_focal_point", "coordinator", "administrator", "ilo_coordinator")
    }

    agency, secretariat = "ILO, for hld-2013", "The secretariat of hld-2013"
    assert offered == {
        "ilo_focal_point": [agency],
        "coordinator": [secretariat],
        "administrator": [secretariat],
        "ilo_coordinator": [agency, secretariat],
    }


def form_of(client):
    return client.get(NEW).context["form"]


def test_a_secret_is_renewed_once_for_a_version(cast, focal_point):
    webhook = allowed(cast, cast.ilo)
    press = {"do": "rotate", "version": webhook.version}
    first, second = (focal_point.post(page_of(webhook), press) for _number in range(2))

    webhook.refresh_from_db()
    assert (first.status_code, second.status_code) == (200, 409)
    assert signing.secret_of(webhook.seed) in text_of(first)
    assert "whsec_" not in text_of(second)
    assert "Changed since you opened it." in text_of(second)


def test_a_test_call_waits_once_and_shows_in_the_log(cast, focal_point):
    webhook = allowed(cast, cast.ilo)
    for _number in range(2):
        assert focal_point.post(page_of(webhook), {"do": "test"}).status_code == 302

    call = WebhookCall.objects.get()
    assert (call.kind, call.state) == ("ping", "waiting")
    assert "Test call" in text_of(focal_point.get(page_of(webhook)))
    assert [event.verb for event in history.of(webhook)][-2:] == ["tested", "tested"]


@pytest.mark.parametrize("do", ["test", "again"])
def test_what_is_not_called_cannot_be_tried(cast, focal_point, do):
    webhook = registered(cast, cast.ilo)
    call = telling.ping(webhook, at=make.NOW)
    answer = focal_point.post(page_of(webhook), {"do": do, "call": call.pk})

    assert (answer.status_code, WebhookCall.objects.count()) == (409, 1)
    assert "It is not called now" in text_of(answer)


def test_it_is_switched_off_with_a_reason_and_on_again(cast, focal_point):
    webhook = allowed(cast, cast.ilo)
    off = {"do": "off", "version": webhook.version, "reason": " "}
    assert focal_point.post(page_of(webhook), off).status_code == 400
    focal_point.post(page_of(webhook), off | {"reason": "It moves."})

    webhook.refresh_from_db()
    assert "Switched off: It moves." in text_of(focal_point.get(page_of(webhook)))
    focal_point.post(page_of(webhook), {"do": "on", "version": webhook.version})
    webhook.refresh_from_db()
    assert webhook.is_live
    assert [event.verb for event in history.of(webhook)] == [
        "registered",
        "allowed",
        "switched_off",
        "switched_on",
    ]


def test_a_reason_is_not_lost_where_somebody_was_quicker(cast, focal_point):
    webhook = allowed(cast, cast.ilo)
    off = {"do": "off", "version": webhook.version - 1, "reason": "It moves."}
    answer = focal_point.post(page_of(webhook), off)

    assert answer.status_code == 409
    assert answer.context["form"]["reason"].value() == "It moves."


def test_a_call_is_repeated_and_the_history_says_by_whom(cast, focal_point):
    webhook = allowed(cast, cast.ilo)
    call = dead(webhook)
    assert re.search("Given up.*500 Out of order", text_of(focal_point.get(page_of(webhook))))
    answer = focal_point.post(page_of(webhook), {"do": "again", "call": call.pk})

    call.refresh_from_db()
    assert (answer.status_code, call.state, call.tries) == (302, "waiting", 0)
    event = history.of(webhook).last()
    assert (event.verb, event.actor) == ("call_repeated", cast.ilo_focal_point)
    assert focal_point.post(page_of(webhook), {"do": "again", "call": call.pk}).status_code == 409


def dead(webhook, number=1):
    return WebhookCall.objects.create(
        webhook=webhook,
        name=f"msg_{number}",
        kind="update.returned",
        made_at=make.NOW,
        next_at=make.NOW,
        state="dead",
        tries=8,
        status=500,
        answer="Out of order",
    )


def test_a_call_of_another_webhook_does_not_exist(cast, focal_point):
    webhook, other = allowed(cast, cast.ilo), allowed(cast, cast.iom)
    call = dead(other)
    for number in (call.pk, 10**15, "x", ""):
        answer = focal_point.post(page_of(webhook), {"do": "again", "call": number})
        assert answer.status_code == 404
    call.refresh_from_db()
    assert call.state == "dead"


def test_the_list_holds_ones_own_and_nobody_elses(cast, signed_in):
    for agency, host in ((cast.ilo, "ilo"), (cast.iom, "iom"), (None, "group")):
        registered(cast, agency, address=f"https://{host}.example.org/")
    seen = {
        name: re.findall(r"(\w+)\.example\.org", text_of(signed_in(getattr(cast, name)).get(LIST)))
        for name in ("ilo_focal_point", "iom_focal_point", "coordinator", "ilo_coordinator")
    }

    assert seen == {
        "ilo_focal_point": ["ilo"],
        "iom_focal_point": ["iom"],
        "coordinator": ["group"],
        "ilo_coordinator": ["ilo", "group"],
    }


def test_the_pages_ask_the_same_however_many_calls_there_are(cast, focal_point):
    webhook = allowed(cast, cast.ilo)
    counts = []
    for many in (range(1), range(1, 60)):
        for number in many:
            dead(webhook, number)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = focal_point.get(page_of(webhook))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert len(page.context["calls"]) == 25
    older = focal_point.get(page.context["older"])
    assert page.context["calls"][-1][0].pk > older.context["calls"][0][0].pk


def test_the_way_there_stands_on_the_page_of_notices(cast, signed_in):
    there = {
        name: LIST in signed_in(getattr(cast, name)).get("/account/notices/").content.decode()
        for name in ("ilo_focal_point", "coordinator", "stranger", "observer")
    }

    assert there == {
        "ilo_focal_point": True,
        "coordinator": True,
        "stranger": False,
        "observer": False,
    }
