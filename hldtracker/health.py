"""What a monitor asks: is the process alive, and can it serve."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from agencies import triggers
from recommendations.notify import watch
from recommendations.notify.delays import delayed_since

NOT_FOR_READINESS = ("mail",)
"""Checks that are told and never make the site unready: while mail is late the pages work, and a
load balancer that took the web away for it would make one trouble two."""


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the site can serve, and which check fails; 503 when one it needs does."""
    if is_stranger(request):
        return refuse()
    checks = state()
    ready = all(ok for name, ok in checks.items() if name not in NOT_FOR_READINESS)
    return JsonResponse(
        {"ready": ready, "checks": checks},
        status=200 if ready else 503,
        headers={"Cache-Control": "no-store"},
    )


def metrics(request: HttpRequest) -> HttpResponse:
    """The same checks, and figures of mail and webhooks, in the text form that Prometheus reads."""
    if is_stranger(request):
        return refuse()
    checks = state()
    lines = ["# TYPE hldtracker_check gauge"]
    lines += [f'hldtracker_check{{name="{name}"}} {int(ok)}' for name, ok in checks.items()]
    if checks["migrations"]:
        lines += mail_figures() + call_figures()
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/plain; version=0.0.4",
        headers={"Cache-Control": "no-store"},
    )


def mail_figures() -> list[str]:
    """Return what waits, what was given up, and whether the mail server is left alone."""
    mail = watch.look(timezone.now())
    figures = {
        "oldest_unsent_seconds": round(mail.oldest_seconds),
        "waiting": mail.waiting,
        "dead_letters": mail.dead,
        "unwritten": mail.unwritten,
        "untold_events": mail.untold,
        "sent_last_minute": mail.sent_last_minute,
        "paused": int(mail.paused_since is not None),
    }
    return gauges("hldtracker_mail", figures)


def call_figures() -> list[str]:
    """Return what webhooks wait for, and what was given up."""
    calls = watch.look_at_calls(timezone.now())
    figures = {
        "oldest_unsent_seconds": round(calls.oldest_seconds),
        "waiting": calls.waiting,
        "dead_calls": calls.dead,
    }
    return gauges("hldtracker_webhook", figures)


def gauges(prefix: str, figures: dict[str, int]) -> list[str]:
    """Return figures as lines, each with its kind before it."""
    return [
        line
        for name, value in figures.items()
        for line in (f"# TYPE {prefix}_{name} gauge", f"{prefix}_{name} {value}")
    ]


def refuse() -> HttpResponse:
    """Answer like an address that does not exist, without asking the database for a page."""
    return HttpResponse("not found\n", status=404, content_type="text/plain")


def is_stranger(request: HttpRequest) -> bool:
    """Say whether this is neither a monitor with the token nor this machine itself."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.PROBE_TOKEN
    if expected and scheme == "Bearer" and constant_time_compare(token, expected):
        return False
    # A proxy on this machine speaks for strangers, and says so in this header.
    forwarded = "X-Forwarded-For" in request.headers
    return forwarded or not is_loopback(request.META.get("REMOTE_ADDR", ""))


def is_loopback(address: str) -> bool:
    """Say whether an address is this machine."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def state() -> dict[str, bool]:
    """Ask the database: does it answer, has it every migration and trigger; is mail on time."""
    checks = {"database": False, "migrations": False, "triggers": False, "mail": False}
    try:
        executor = MigrationExecutor(connection)
        checks["database"] = True
        checks["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks["triggers"] = not triggers.missing(connection)
        checks["mail"] = delayed_since(timezone.now()) is None
    except DatabaseError:
        pass
    return checks
