"""What every answer carries: a request id, a log line, and what browsers may do with it."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from functools import cache

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hldtracker.logs import current_request_id

View = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
log = logging.getLogger("hldtracker.requests")


def request_id(get_response: View) -> View:
    """Give the request an id that its log lines and its answer carry, and log it in one line."""

    def middleware(request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("X-Request-ID", "")
        identity = offered if REQUEST_ID.fullmatch(offered) else uuid.uuid4().hex
        request.request_id = identity  # type: ignore[attr-defined]
        token = current_request_id.set(identity)
        started = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = identity
            if not is_static(request):
                facts = {
                    "method": request.method,
                    "path": path_without_secret(request),
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - started) * 1000),
                }
                log.info("request", extra=facts)
        finally:
            current_request_id.reset(token)
        return response

    return middleware


def path_without_secret(request: HttpRequest) -> str:
    """Return the path as the log may keep it: an address that opens something by itself is cut.

    Such addresses name their secret `key` or `token` (the calendar, unsubscribing).
    """
    given = request.resolver_match.kwargs if request.resolver_match else {}
    path = request.path
    for name in ("key", "token"):
        if given.get(name):
            path = path.replace(str(given[name]), f"<{name}>")
    return path


@cache
def policy() -> str:
    """Return what pages may load: one policy for all, so django-csp writes it once."""
    return str(build_policy())


def headers(get_response: View) -> View:
    """Switch off what the site never uses, and keep signed-in answers out of every cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", policy())
        response.setdefault("Permissions-Policy", PERMISSIONS)
        if is_personal(request, response):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


def is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether an answer belongs to one person: it came with a session, or begins one."""
    if is_static(request):
        return False
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or settings.SESSION_COOKIE_NAME in response.cookies
    )


def is_static(request: HttpRequest) -> bool:
    """Say whether a file is asked for that is the same for everybody."""
    return request.path.startswith(settings.STATIC_URL)
