"""What a monitor is told, and what a stranger is not."""

import pytest
from django.db import connection

from agencies import triggers

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
        "checks": {"database": True, "migrations": True, "triggers": True},
    }


def test_missing_triggers_are_named(client, db):
    trigger = triggers.for_backend(connection)[0]
    on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger.name}{on}")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": True, "migrations": True, "triggers": False}


def test_the_metrics_say_the_same_in_another_form(client, db):
    assert client.get("/metrics").content.decode().splitlines() == [
        "# TYPE hldtracker_check gauge",
        'hldtracker_check{name="database"} 1',
        'hldtracker_check{name="migrations"} 1',
        'hldtracker_check{name="triggers"} 1',
    ]


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
