"""What every answer carries, and what the log says about it."""

import json
import logging
import sys

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from agencies.models import User
from hldtracker.logs import JsonFormatter
from hldtracker.middleware import PERMISSIONS

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def plain(request):
    return HttpResponse("plain")


def secret(request, key):
    return HttpResponse("secret")


urlpatterns = [path("plain/", plain), path("secret/<slug:key>.ics", secret)]


@pytest.mark.urls(__name__)
def test_a_public_answer_has_the_strict_headers_and_no_cookie(client):
    answer = client.get("/plain/")

    assert set(answer["Content-Security-Policy"].split("; ")) == CSP
    assert answer["Permissions-Policy"] == PERMISSIONS
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "Cache-Control" not in answer
    assert answer.cookies == {}


@pytest.mark.urls(__name__)
def test_a_signed_in_answer_stays_out_of_every_cache(client, db):
    client.force_login(User.objects.create_user("reader@example.org", "Reader"))

    assert client.get("/plain/")["Cache-Control"] == "private, no-store"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("offered", "kept"), [("a-proper-id-1", True), ("x", False), ("a b\r\nc: d-d-d-d", False)]
)
def test_a_request_id_is_kept_when_it_looks_like_one(client, offered, kept):
    answer = client.get("/plain/", headers={"X-Request-ID": offered})

    assert (answer["X-Request-ID"] == offered) is kept


@pytest.mark.urls(__name__)
def test_a_request_is_one_line_in_the_log_without_its_query(client, caplog):
    with caplog.at_level(logging.INFO, "hldtracker.requests"):
        client.get("/plain/?token=secret")

    (line,) = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    assert line.pop("at").endswith("+00:00")
    assert line.pop("ms") >= 0
    assert line == {
        "level": "info",
        "logger": "hldtracker.requests",
        "message": "request",
        "method": "GET",
        "path": "/plain/",
        "status": 200,
    }


@pytest.mark.urls(__name__)
def test_the_log_keeps_no_address_that_opens_something_by_itself(client, caplog):
    with caplog.at_level(logging.INFO, "hldtracker.requests"):
        client.get("/secret/a-private-key.ics")

    (line,) = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    assert line["path"] == "/secret/<key>.ics"


def test_a_log_line_is_one_line_with_nothing_of_the_request_in_it():
    request = RequestFactory().post("/", {"password": "hidden"}, headers={"Cookie": "hidden"})
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        record = logging.LogRecord(
            "name", logging.ERROR, __file__, 1, "broke:\r\n%s", ("x",), sys.exc_info()
        )
    record.request = request

    text = JsonFormatter().format(record)

    assert "\n" not in text
    assert "hidden" not in text
    assert json.loads(text)["exception"].endswith("ValueError: first\nsecond")
