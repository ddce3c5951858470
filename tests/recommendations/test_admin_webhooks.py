"""Webhooks in the admin: to look into, to allow, to forbid, to switch off."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies import history, revisions
from agencies.models import Appointment
from recommendations.models import Webhook, WebhookCall
from recommendations.notify.webhooks import signing, telling
from tests import make
from tests.administration import REASON, act, address, choose
from tests.agencies.test_admin import words
from tests.recommendations.notify.webhooks.hooks import allowed, registered


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(cast):
    """Return a browser in which the administrator of all frameworks is signed in."""
    return signed_in(cast.administrator)


def test_one_is_allowed_with_a_reason_that_is_kept(desk, cast):
    webhook = registered(cast, cast.ilo, address="https://hooks.example.org/in")
    asked = choose(desk, "allow", webhook)
    answer = act(desk, "allow", webhook)

    webhook.refresh_from_db()
    event = history.of(webhook).last()
    assert "ILO: https://hooks.example.org/in. Waits for an administrator" in words(asked)
    assert (answer.status_code, webhook.is_live, webhook.allowed_by) == (
        302,
        True,
        cast.administrator,
    )
    assert (event.verb, event.actor, event.note) == ("allowed", cast.administrator, REASON)


def test_what_is_forbidden_is_not_switched_on_by_its_owner(desk, cast):
    webhook = allowed(cast, cast.ilo)
    act(desk, "forbid", webhook)
    webhook.refresh_from_db()
    owner = signed_in(cast.ilo_focal_point)
    answer = owner.post(
        f"/account/webhooks/{webhook.pk}/", {"do": "on", "version": webhook.version}
    )

    webhook.refresh_from_db()
    assert (answer.status_code, webhook.is_live) == (409, False)


def test_what_is_switched_off_says_why_to_its_owner(desk, cast):
    webhook = allowed(cast, cast.ilo)
    act(desk, "disable", webhook)

    page = signed_in(cast.ilo_focal_point).get(f"/account/webhooks/{webhook.pk}/")
    assert f"Switched off: {REASON}" in words(page)


@pytest.mark.parametrize(
    ("action", "said"),
    [("allow", "It is allowed already."), ("forbid", ""), ("disable", "")],
)
def test_what_is_so_already_is_refused_in_words(desk, cast, action, said):
    webhook = allowed(cast, cast.ilo)
    if action != "allow":
        act(desk, action, webhook)
        said = {"forbid": "It is not allowed.", "disable": "It is switched off already."}[action]
    version = Webhook.objects.get(pk=webhook.pk).version
    answer = act(desk, action, webhook)

    assert said in words(answer)
    assert Webhook.objects.get(pk=webhook.pk).version == version


def test_no_page_of_the_admin_shows_a_secret_or_changes_a_row(desk, cast):
    webhook = allowed(cast, cast.ilo)
    call = telling.ping(webhook, at=make.NOW)
    for row in (webhook, call):
        page = desk.get(address(row))
        assert page.status_code == 200
        for secret in (webhook.seed, signing.secret_of(webhook.seed)):
            assert secret not in page.content.decode()
        assert desk.post(address(row), {"version": 1}).status_code == 403


def test_an_administrator_of_one_framework_sees_and_allows_theirs(cast):
    framework = make.framework("next-set", is_default=False)
    user = make.person("Administrator of the next set")
    office = Appointment(user=user, office="administrator", framework=framework, from_on=make.START)
    revisions.create(office, by=None, at=make.NOW)
    limited = signed_in(user)
    theirs, others = registered(cast, None, framework=framework), registered(cast, None)
    act(limited, "allow", theirs)
    act_on = {"action": "allow", "_selected_action": [others.pk], "index": "0"}
    act_on |= {"confirmed": "yes", "reason": REASON, f"version-{others.pk}": "1"}
    limited.post(address(Webhook, "changelist"), act_on)

    shown = limited.get(address(Webhook, "changelist")).context["cl"]
    theirs.refresh_from_db()
    others.refresh_from_db()
    assert [*shown.queryset] == [theirs]
    assert (theirs.is_live, others.is_live) == (True, False)
    calls = limited.get(address(WebhookCall, "changelist")).context["cl"]
    telling.ping(others, at=make.NOW)
    assert [*calls.queryset] == []
