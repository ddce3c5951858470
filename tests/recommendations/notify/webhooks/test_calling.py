"""From what happened to the call that arrives: signed, retried, given up, repeated."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from agencies import history
from agencies.access import NotPermitted
from agencies.models import Cursor
from recommendations.domain import webhooks
from recommendations.models import Assignment, Delivery, Framework, Webhook, WebhookCall
from recommendations.notify import passes, positions
from recommendations.notify.webhooks import calling, signing, telling
from tests import make
from tests.hook_server import HookServer, courier, hook_server
from tests.make import later
from tests.recommendations.notify.webhooks.hooks import allowed, deliver, registered

SOON = later(minutes=1)
QUERIES_TELL = 13
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[HookServer]:
    """Return a server that accepts everything."""
    with hook_server(settings, tmp_path) as running:
        yield running


@pytest.fixture
def webhook(cast: make.Cast, server: HookServer) -> Webhook:
    """Return a webhook of the ILO that is called at the server."""
    return allowed(cast, cast.ilo, address=server.address)


def happen(cast: make.Cast, code: str = "A1", *, at: datetime = SOON) -> Assignment:
    """Let something happen that the ILO hears of."""
    found = cast.area.actions.filter(code=code).first() or make.action(cast.area, code)
    made: Assignment = make.do(
        "assign", found, by=cast.coordinator, at=at, agency=cast.ilo, role="supporting"
    )
    return made


def test_what_happens_is_called_once_and_signed(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    assignment = happen(cast)
    deliver(at=SOON)
    deliver(at=later(minutes=5))

    (call,) = server.calls
    event = history.of(assignment).get()
    assert call.content == {
        "type": "assignment.proposed",
        "timestamp": "2026-05-04T09:31:00+00:00",
        "data": {
            "event": event.pk,
            "position": event.place.position,
            "framework": "hld-2013",
            "verb": "proposed",
            "number": 1,
            "object": {
                "type": "assignment",
                "id": assignment.pk,
                "address": "http://testserver/f/hld-2013/actions/A1/ILO/",
            },
            "agency": "ILO",
            "action": "A1",
        },
    }
    assert call.body == history.canonical(call.content)
    assert call.headers["webhook-timestamp"] == str(int(SOON.timestamp()))
    assert call.headers["content-type"] == "application/json"
    assert call.signed_by(signing.secret_of(webhook.seed))
    row = WebhookCall.objects.get()
    assert (row.state, row.status, row.tries, row.name) == ("sent", 204, 1, call.name)


def test_the_signature_is_that_of_the_specification() -> None:
    """Figures that do not come from our code: `openssl dgst -sha256 -hmac`."""
    secret = "whsec_" + base64.b64encode(b"0123456789abcdef").decode()

    assert signing.signature(secret, "msg_1", 1614265330, '{"a":1}') == (
        "v1,c6BSmxT0oTL/CRlLk79O0hH8ftRGRO4dke7zQiHLLCE="
    )


def test_nothing_is_called_before_an_administrator_allows_it(
    cast: make.Cast, server: HookServer
) -> None:
    made = registered(cast, cast.ilo, address=server.address)
    happen(cast, at=SOON)
    deliver(at=SOON)
    webhooks.allow(
        made, by=cast.administrator, at=later(minutes=2), version=made.version, note="Agreed."
    )
    deliver(at=later(minutes=3))
    assert (server.calls, WebhookCall.objects.count()) == ([], 0)

    happen(cast, "A2", at=later(minutes=4))
    deliver(at=later(minutes=5))
    assert [call.content["data"]["action"] for call in server.calls] == ["A2"]


def test_only_the_events_that_are_asked_for_are_called(cast: make.Cast, server: HookServer) -> None:
    allowed(cast, cast.ilo, address=server.address, events=["assignment.accepted"])
    assignment = happen(cast)
    make.do("accept", assignment, by=cast.ilo_focal_point, at=later(minutes=2))
    deliver(at=later(minutes=3))

    assert [call.content["type"] for call in server.calls] == ["assignment.accepted"]


def test_the_cursor_moves_with_the_calls_that_are_written(
    cast: make.Cast, webhook: Webhook
) -> None:
    happen(cast)
    deliver(at=SOON)
    cursors = dict(Cursor.objects.values_list("name", "position"))

    assert cursors["webhooks"] == cursors["numberer"]
    Cursor.objects.filter(name="webhooks").update(position=0)
    assert telling.tell(at=SOON) == cursors["numberer"]
    assert WebhookCall.objects.count() == 1


def test_news_of_last_year_is_not_called(cast: make.Cast, webhook: Webhook) -> None:
    happen(cast)
    deliver(at=later(days=31))

    assert WebhookCall.objects.count() == 0


@pytest.mark.parametrize("events", [1, 12])
def test_telling_asks_the_same_however_much_happened(
    cast: make.Cast,
    webhook: Webhook,
    events: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(events):
        happen(cast, f"A{number + 10}")
    make.do("assign", cast.action, by=cast.coordinator, at=SOON, agency=cast.iom, role="lead")
    number_all()
    with django_assert_num_queries(QUERIES_TELL):
        telling.tell(at=SOON)


def number_all() -> None:
    """Give every event its position; the reader has its cursor already."""
    Cursor.objects.get_or_create(name="webhooks")
    positions.number_events(at=SOON)


def test_a_refused_call_is_tried_eight_times_and_then_given_up(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    server.status, server.text = 500, b"Out of order"
    happen(cast)
    at, waits = SOON, []
    for _number in range(8):
        deliver(at=at)
        call = WebhookCall.objects.get()
        waits.append((call.next_at - at) / timedelta(minutes=1))
        at = call.next_at

    assert (call.state, call.tries, call.status, call.answer) == ("dead", 8, 500, "Out of order")
    usual = (1, 5, 30, 120, 300, 600, 600)
    assert all(0.8 * one <= wait <= 1.2 * one for one, wait in zip(usual, waits, strict=False))
    assert {*server.names} == {call.name}
    deliver(at=later(days=4))
    assert len(server.calls) == 8


def test_a_call_that_is_refused_delays_no_other(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    happen(cast, "A1")
    server.status = 500
    deliver(at=SOON)
    server.status = 204
    happen(cast, "A2", at=SOON)
    deliver(at=later(seconds=70))

    states = {row.event.object_id: row.state for row in WebhookCall.objects.all() if row.event}
    assert sorted(states.values()) == ["sent", "waiting"]


def test_an_address_that_does_not_answer_is_left_alone_for_a_minute(
    cast: make.Cast, webhook: Webhook
) -> None:
    for code in ("A1", "A2", "A3"):
        happen(cast, code)
    asked: list[str] = []

    def nowhere(host: str) -> list[str]:
        asked.append(host)
        return []

    for seconds in (0, 30, 61):
        deliver(at=SOON + timedelta(seconds=seconds), by=courier(resolver=nowhere))

    assert len(asked) == 2
    tries = sorted(WebhookCall.objects.values_list("tries", flat=True))
    assert sum(tries) == 2


def test_one_address_that_does_not_answer_delays_no_other(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    address = "https://gone.example.org:" + server.address.split(":")[2]
    allowed(cast, cast.ilo, address=address)
    for code in ("A1", "A2", "A3"):
        happen(cast, code)
    places = {"hooks.example.org": ["127.0.0.1"]}
    deliver(at=SOON, by=courier(resolver=lambda host: places.get(host, [])))

    assert len(server.calls) == 3


def test_an_address_that_takes_its_calls_comes_before_one_that_fails(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(failing_since=make.NOW)
    other = allowed(cast, None, address=server.address)
    first = telling.ping(webhook, at=SOON)
    second = telling.ping(other, at=later(minutes=2))
    deliver(at=later(minutes=3))

    assert server.names == [second.name, first.name]


@pytest.mark.parametrize("who", ["iom_focal_point", "coordinator", "administrator", "stranger"])
def test_nobody_registers_for_an_agency_but_its_people(cast: make.Cast, who: str) -> None:
    facts = {"address": "https://hooks.example.org/in", "events": []}
    with pytest.raises(NotPermitted):
        webhooks.register(cast.framework, cast.ilo, by=getattr(cast, who), at=SOON, **facts)

    assert Webhook.objects.count() == 0


@pytest.mark.parametrize("do", [webhooks.allow, webhooks.forbid])
def test_nobody_allows_or_forbids_but_an_administrator(
    cast: make.Cast, do: Callable[..., Webhook]
) -> None:
    made = registered(cast, cast.ilo)
    for who in (cast.ilo_focal_point, cast.coordinator, cast.observer):
        with pytest.raises(NotPermitted):
            do(made, by=who, at=SOON, version=made.version, note="Agreed.")

    assert Webhook.objects.get().version == 1


def test_the_wait_that_is_asked_for_is_kept(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    server.status, server.headers = 429, {"Retry-After": "3600"}
    for code in ("A1", "A2"):
        happen(cast, code)
    deliver(at=SOON)
    tried = WebhookCall.objects.get(tries=1)
    assert tried.next_at == SOON + timedelta(hours=1)
    deliver(at=later(minutes=60))
    assert len(server.calls) == 1

    server.status = 204
    deliver(at=later(minutes=61))
    assert len(server.calls) == 3


def test_a_webhook_that_is_switched_off_gets_nothing_that_waits(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    happen(cast)
    number_all()
    telling.tell(at=SOON)
    webhooks.switch_off(
        webhook, because="It moves.", by=cast.ilo_focal_point, at=SOON, version=webhook.version
    )
    deliver(at=SOON)

    call = WebhookCall.objects.get()
    assert server.calls == []
    assert (call.state, call.answer) == ("suppressed", "The webhook was switched off before.")


def test_an_agency_that_is_closed_is_called_no_more(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    happen(cast)
    cast.ilo.active = False
    cast.ilo.save()
    deliver(at=SOON)

    assert (server.calls, WebhookCall.objects.count()) == ([], 0)


def test_five_days_of_failures_switch_it_off_and_its_owner_is_told(
    cast: make.Cast, server: HookServer, webhook: Webhook, settings: Settings
) -> None:
    settings.DELIVERY_WAIT_SECONDS = 0
    server.status = 500
    happen(cast)
    deliver(at=SOON)
    happen(cast, "A2", at=later(days=4))
    deliver(at=later(days=4))
    webhook.refresh_from_db()
    assert webhook.disabled_at is None

    happen(cast, "A3", at=later(days=5, minutes=1))
    deliver(at=later(days=5, minutes=1))
    deliver(at=later(days=5, minutes=2))
    webhook.refresh_from_db()
    assert webhook.disabled_because == "No call was accepted for 5 days."
    told = Delivery.objects.filter(kind="webhook_given_up", channel="mail")
    assert {row.user for row in told} == {
        cast.ilo_focal_point,
        cast.ilo_alternate,
        cast.ilo_coordinator,
    }
    event = history.of(webhook).last()
    assert event is not None
    assert (event.verb, event.actor) == ("given_up", None)


def test_one_call_that_is_accepted_forgets_the_failures(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    server.status = 500
    happen(cast)
    deliver(at=SOON)
    server.status = 204
    happen(cast, "A2", at=later(minutes=2))
    deliver(at=later(minutes=2))

    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_an_address_that_is_gone_is_switched_off_at_once(
    cast: make.Cast, server: HookServer
) -> None:
    webhook = allowed(cast, None, address=server.address)
    server.status = 410
    happen(cast)
    deliver(at=SOON)
    deliver(at=later(minutes=2))

    webhook.refresh_from_db()
    call = WebhookCall.objects.get(kind="assignment.proposed")
    assert webhook.disabled_because == "The other side answered that it wants no more calls (410)."
    assert (call.state, call.answer) == ("dead", "It was not accepted.")
    told = Delivery.objects.filter(kind="webhook_given_up", channel="inbox")
    assert {row.user for row in told} == {cast.coordinator, cast.ilo_coordinator}


def test_both_secrets_sign_for_a_day(cast: make.Cast, server: HookServer, webhook: Webhook) -> None:
    old = signing.secret_of(webhook.seed)
    renewed = webhooks.rotate(webhook, by=cast.ilo_focal_point, at=SOON, version=webhook.version)
    new = signing.secret_of(renewed.seed)
    happen(cast)
    deliver(at=later(hours=24))
    happen(cast, "A2", at=later(hours=25))
    deliver(at=later(hours=25))

    first, second = server.calls
    assert (first.signed_by(old), first.signed_by(new)) == (True, True)
    assert (second.signed_by(old), second.signed_by(new)) == (False, True)


def test_no_secret_stands_in_the_database_or_the_log(cast: make.Cast, webhook: Webhook) -> None:
    renewed = webhooks.rotate(webhook, by=cast.ilo_focal_point, at=SOON, version=webhook.version)
    secrets = {signing.secret_of(one.seed) for one in (webhook, renewed)}
    kept = " ".join(map(str, Webhook.objects.values_list().get()))
    logged = " ".join(event.content for event in history.of(webhook))

    assert len(secrets) == 2
    assert not any(secret in kept or secret in logged for secret in secrets)
    assert webhook.seed not in logged
    assert webhook.address not in logged


def test_a_private_address_is_told_to_the_owner(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    happen(cast)
    deliver(at=SOON, by=courier(allowed=lambda address: False))

    call = WebhookCall.objects.get()
    assert (call.state, call.status) == ("waiting", None)
    assert call.answer == "The host name leads into a network that is not public."
    assert server.calls == []


def test_a_port_that_is_not_allowed_any_more_is_not_called(
    cast: make.Cast, server: HookServer, webhook: Webhook, settings: Settings
) -> None:
    settings.WEBHOOK_PORTS = [443]
    happen(cast)
    deliver(at=SOON)

    assert server.calls == []
    assert WebhookCall.objects.get().answer == "Leave out the port. Possible here: 443."


def test_a_call_that_was_given_up_is_repeated_with_its_id(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    happen(cast)
    deliver(at=SOON)
    call = WebhookCall.objects.get()

    assert calling.repeat(call, at=later(minutes=2)) is True
    assert calling.repeat(call, at=later(minutes=2)) is False
    deliver(at=later(minutes=3))
    assert server.names == [call.name, call.name]


def test_a_test_call_takes_the_same_path(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    first, second = telling.ping(webhook, at=SOON), telling.ping(webhook, at=SOON)
    deliver(at=SOON)

    (call,) = server.calls
    assert first == second
    assert call.content == {
        "type": "ping",
        "timestamp": "2026-05-04T09:31:00+00:00",
        "data": {"framework": "hld-2013"},
    }
    assert call.signed_by(signing.secret_of(webhook.seed))


def test_a_call_that_cannot_be_written_is_given_up_alone(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    other = make.framework("next-set", is_default=False)
    allowed(cast, None, address=server.address, framework=other)
    happen(cast)
    action = make.action(make.area(other, "B"), "B1")
    make.do("assign", action, by=cast.coordinator, at=SOON, agency=cast.iom, role="lead")
    number_all()
    telling.tell(at=SOON)
    Framework.objects.filter(pk=cast.framework.pk).update(slug="no slug")
    deliver(at=SOON)

    states = {row.webhook.framework_id: (row.state, row.answer) for row in calls()}
    assert states == {
        cast.framework.pk: ("dead", "It could not be written: NoReverseMatch"),
        other.pk: ("sent", ""),
    }


def calls() -> list[WebhookCall]:
    """Return every call."""
    return list(WebhookCall.objects.select_related("webhook"))


def test_of_two_callers_that_choose_the_same_call_one_has_it(
    cast: make.Cast, webhook: Webhook
) -> None:
    telling.ping(webhook, at=SOON)
    leases: list[str] = []

    def quicker(execute: Any, sql: str, *more: Any) -> Any:
        if sql.startswith("UPDATE") and not leases:
            leases.append("")
            leases[0] = calling.claim(at=SOON, size=1)
        return execute(sql, *more)

    with connection.execute_wrapper(quicker):
        slower = calling.claim(at=SOON, size=1)

    assert [call.lease for call in calls()] == leases
    assert slower not in leases


def test_what_a_dead_caller_held_is_called_after_two_minutes(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    telling.ping(webhook, at=SOON)
    calling.claim(at=SOON, size=1)
    deliver(at=SOON + timedelta(minutes=2))
    assert server.calls == []

    deliver(at=SOON + timedelta(minutes=2, seconds=1))
    assert len(server.calls) == 1


def test_what_is_called_is_the_same_as_a_row_and_as_a_question(cast: make.Cast) -> None:
    active, closed = cast.ilo, make.agency("GONE", active=False)
    for number, (agency, allowed_by, disabled_at) in enumerate(
        itertools.product((active, closed, None), (cast.administrator, None), (SOON, None))
    ):
        Webhook.objects.create(
            framework=cast.framework,
            agency=agency,
            address=f"https://hooks.example.org/{number}",
            registered_at=SOON,
            allowed_at=SOON if allowed_by else None,
            allowed_by=allowed_by,
            disabled_at=disabled_at,
            disabled_because="It moves." if disabled_at else "",
        )

    live = [one.address.rpartition("/")[2] for one in Webhook.objects.order_by("id") if one.is_live]
    assert live == ["1", "9"]
    assert sorted(Webhook.objects.live().values_list("address", flat=True)) == [
        one.address for one in Webhook.objects.order_by("address") if one.is_live
    ]


def test_a_pass_ends_in_time_and_gives_back_the_rest(
    cast: make.Cast, server: HookServer, webhook: Webhook
) -> None:
    for number in range(5):
        happen(cast, f"A{number + 1}")
    moments = iter(SOON + timedelta(seconds=2 * number) for number in range(1000))

    done = passes.deliver(clock=lambda: next(moments), courier=courier())

    assert 0 < len(server.calls) < 5
    assert done.called == 5
    assert WebhookCall.objects.exclude(lease="").count() == 0
