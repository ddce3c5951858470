"""What a monitor is told, and what a stranger is not."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from agencies import triggers
from agencies.models import Event
from recommendations.models import Delivery, MailServer, Message, Untold, WebhookCall
from tests import make
from tests.recommendations.notify.telling import told
from tests.recommendations.notify.webhooks.hooks import allowed

TOKEN = "a-token-of-a-monitor"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def test_the_process_says_that_it_lives_without_asking_the_database(client):
    answer = client.get("/healthz", **ELSEWHERE)

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_site_that_can_serve_says_so(client, db):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database": True, "migrations": True, "triggers": True, "mail": True},
    }


def test_missing_triggers_are_named(client, db):
    trigger = triggers.for_backend(connection)[0]
    on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger.name}{on}")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": True,
        "migrations": True,
        "triggers": False,
        "mail": True,
    }


def test_the_metrics_say_the_same_in_another_form(client, db):
    assert client.get("/metrics").content.decode().splitlines() == [
        "# TYPE hldtracker_check gauge",
        'hldtracker_check{name="database"} 1',
        'hldtracker_check{name="migrations"} 1',
        'hldtracker_check{name="triggers"} 1',
        'hldtracker_check{name="mail"} 1',
        "# TYPE hldtracker_mail_oldest_unsent_seconds gauge",
        "hldtracker_mail_oldest_unsent_seconds 0",
        "# TYPE hldtracker_mail_waiting gauge",
        "hldtracker_mail_waiting 0",
        "# TYPE hldtracker_mail_dead_letters gauge",
        "hldtracker_mail_dead_letters 0",
        "# TYPE hldtracker_mail_unwritten gauge",
        "hldtracker_mail_unwritten 0",
        "# TYPE hldtracker_mail_untold_events gauge",
        "hldtracker_mail_untold_events 0",
        "# TYPE hldtracker_mail_sent_last_minute gauge",
        "hldtracker_mail_sent_last_minute 0",
        "# TYPE hldtracker_mail_paused gauge",
        "hldtracker_mail_paused 0",
        "# TYPE hldtracker_webhook_oldest_unsent_seconds gauge",
        "hldtracker_webhook_oldest_unsent_seconds 0",
        "# TYPE hldtracker_webhook_waiting gauge",
        "hldtracker_webhook_waiting 0",
        "# TYPE hldtracker_webhook_dead_calls gauge",
        "hldtracker_webhook_dead_calls 0",
    ]


def test_late_mail_is_told_and_does_not_take_the_site_away(client, db):
    reader = make.person("Reader")
    for minutes, ready in ((9, True), (11, False)):
        Message.objects.all().delete()
        mail_of(reader, due=-timedelta(minutes=minutes))
        answer = client.get("/readyz")

        assert (answer.status_code, answer.json()["ready"]) == (200, True)
        assert answer.json()["checks"]["mail"] is ready


def test_the_metrics_count_the_mails(client, db):
    reader, _other = make.person("Reader"), make.person("Other")
    mail_of(reader, due=-timedelta(minutes=5))
    mail_of(reader, due=timedelta(minutes=5))
    for state, ago in (("dead", 500), ("dead", 1), ("sent", 30), ("sent", 59), ("sent", 61)):
        settled = timezone.now() - timedelta(seconds=ago)
        mail_of(reader, state=state, settled_at=settled, answer="250")
    MailServer.objects.create(paused_since=timezone.now(), because="It is away.")
    for number in (1, 2):
        told(reader, None, kind="summary", key=f"summary:{number}")
    Delivery.objects.filter(channel="mail").update(state="failed", because="KeyError")
    first, second = Event.objects.order_by("id")[:2]
    Untold.objects.create(event=first, failed_at=timezone.now(), because="KeyError")
    Untold.objects.create(
        event=second,
        failed_at=timezone.now(),
        because="KeyError",
        told_at=timezone.now(),
        told_by=reader,
    )

    lines = client.get("/metrics").content.decode().splitlines()
    figures = dict(line.split() for line in lines if line.startswith("hldtracker_mail_"))
    age = int(figures.pop("hldtracker_mail_oldest_unsent_seconds"))
    assert 300 <= age <= 310
    assert figures == {
        "hldtracker_mail_waiting": "2",
        "hldtracker_mail_dead_letters": "2",
        "hldtracker_mail_unwritten": "2",
        "hldtracker_mail_untold_events": "1",
        "hldtracker_mail_sent_last_minute": "2",
        "hldtracker_mail_paused": "1",
    }


def test_the_metrics_count_the_calls_of_webhooks(client, db):
    cast = make.cast()
    webhook = allowed(cast, cast.ilo)
    for state, minutes in (("waiting", 5), ("waiting", 9), ("dead", 20), ("sent", 30)):
        made = timezone.now() - timedelta(minutes=minutes)
        WebhookCall.objects.create(
            webhook=webhook,
            name=f"msg_{minutes}",
            kind="ping",
            made_at=made,
            next_at=made,
            state=state,
            answer="500",
        )

    lines = client.get("/metrics").content.decode().splitlines()
    figures = dict(line.split() for line in lines if line.startswith("hldtracker_webhook_"))
    age = int(figures.pop("hldtracker_webhook_oldest_unsent_seconds"))
    assert 540 <= age <= 550
    assert figures == {"hldtracker_webhook_waiting": "2", "hldtracker_webhook_dead_calls": "1"}


def mail_of(user, *, due=timedelta(), **more):
    now = timezone.now()
    name = uuid.uuid4().hex
    Message.objects.create(
        user=user, kind="at_once", message_id=name, made_at=now, due_at=now + due, **more
    )


@pytest.mark.parametrize("address", ["/readyz", "/metrics"])
@pytest.mark.parametrize(
    "asking",
    [
        ELSEWHERE,
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
        {**ELSEWHERE, "headers": {"Authorization": "Bearer a-wrong-token-of-some-length"}},
        {**ELSEWHERE, "headers": {"Authorization": "Bearer "}},
    ],
    ids=["from elsewhere", "through a proxy here", "wrong token", "empty token"],
)
def test_a_stranger_is_told_nothing(client, settings, address, asking):
    settings.PROBE_TOKEN = TOKEN

    assert client.get(address, **asking).status_code == 404


def test_an_empty_token_opens_nothing(client):
    answer = client.get("/readyz", headers={"Authorization": "Bearer "}, **ELSEWHERE)

    assert answer.status_code == 404


def test_a_monitor_elsewhere_shows_its_token(client, db, settings):
    settings.PROBE_TOKEN = TOKEN

    answer = client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"}, **ELSEWHERE)

    assert answer.status_code == 200
