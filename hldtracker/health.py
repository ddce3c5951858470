"""What a monitor asks: is the process alive, and can it serve."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from agencies import triggers


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the site can serve, and which check fails; 503 when one does."""
    if is_stranger(request):
        return refuse()
    checks = state()
    ready = all(checks.values())
    return JsonResponse(
        {"ready": ready, "checks": checks},
        status=200 if ready else 503,
        headers={"Cache-Control": "no-store"},
    )


def metrics(request: HttpRequest) -> HttpResponse:
    """The same checks in the text form that Prometheus reads."""
    if is_stranger(request):
        return refuse()
    lines = ["# TYPE hldtracker_check gauge"]
    lines += [f'hldtracker_check{{name="{name}"}} {int(ok)}' for name, ok in state().items()]
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/plain; version=0.0.4",
        headers={"Cache-Control": "no-store"},
    )


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
    """Ask the database whether it answers, has every migration, and keeps its triggers."""
    checks = {"database": False, "migrations": False, "triggers": False}
    try:
        executor = MigrationExecutor(connection)
        checks["database"] = True
        checks["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks["triggers"] = not triggers.missing(connection)
    except DatabaseError:
        pass
    return checks
