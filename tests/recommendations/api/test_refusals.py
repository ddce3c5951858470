"""Whatever is refused is refused as problem+json, wherever, by a name that stays the same."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from pytest_django import Settings

from recommendations.api.accepted import CSV, JSON, form_of
from tests.recommendations.api.conftest import address_of, client_of, sent, tag_of
from tests.stage import Stage


def told(answer: Any) -> tuple[int, str]:
    """Return the status of a refusal and the name of its problem, which is whole."""
    said = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert said["status"] == answer.status_code
    assert (bool(said["title"]), bool(said["detail"])) == (True, True)
    assert said["request_id"] == answer["X-Request-ID"]
    return answer.status_code, said["type"].rpartition("#")[2]


@pytest.mark.parametrize(
    "address",
    ["//", "/nothing", "/nothing/", "/actions/1/assign/x", "/updates/a", "/updates/1/approved/"],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_where_there_is_nothing_is_not_found(method: str, address: str, play: Stage) -> None:
    answer = getattr(client_of(), method)(f"/api/v1{address}")

    assert told(answer) == (404, "not-found")


@pytest.mark.parametrize(
    "address",
    ["", "/actions", "/actions?limit=1&q=a%20b", "/updates/999999/approve", "/agencies/ILO"],
)
def test_an_address_without_its_slash_leads_to_it(address: str, play: Stage) -> None:
    """It is there for everybody, whatever is there for whom."""
    path, mark, query = address.partition("?")
    expected = f"http://testserver/api/v1{path}/{mark}{query}"
    for client in (client_of(), client_of(play.people["coordinator"])):
        answers = {
            method: getattr(client, method)(f"/api/v1{address}")
            for method in ("get", "head", "post", "patch", "delete")
        }

        assert {one["Location"] for one in answers.values()} == {expected}
        assert [one.status_code for one in answers.values()] == [301, 301, 308, 308, 308]


def test_another_method_is_refused_with_those_that_there_are(play: Stage) -> None:
    client = client_of(play.people["administrator"])
    answers = {
        "areas/": client.put("/api/v1/areas/"),
        "passages/": client.post("/api/v1/passages/"),
        "transitions/": client.get("/api/v1/transitions/"),
        "": client.delete("/api/v1/"),
    }

    assert [told(one) for one in answers.values()] == [(405, "method-not-allowed")] * 4
    allowed = ["GET, POST, HEAD", "GET, HEAD", "POST", "GET, HEAD"]
    assert [one["Allow"] for one in answers.values()] == allowed
    said = [one.json()["detail"] for one in answers.values()]
    assert said == [f"This address takes {methods}." for methods in allowed]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/problem+json", JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV; charset=utf-8", CSV),
        ("text/*", CSV),
        ("text/csv, application/json", JSON),
        ("text/csv, application/json;q=0.9", CSV),
        ("text/csv;q=0.1, application/json", JSON),
        ("text/csv, */*", CSV),
        ("text/csv;q=0, application/json;q=x", ""),
        ("application/xml", ""),
    ],
)
def test_the_form_that_is_accepted_first_is_given(header: str, expected: str) -> None:
    assert form_of(header, (JSON, CSV)) == expected


def test_what_accepts_no_form_that_there_is_is_refused_with_those(play: Stage) -> None:
    header = {"Accept": "application/xml"}
    listed = client_of().get("/api/v1/actions/", headers=header)
    row = client_of().get("/api/v1/agencies/ILO/", headers={"Accept": "text/csv"})
    pk = play.evidence["approved, public"].pk

    assert (told(listed), listed.json()["forms"]) == ((406, "not-acceptable"), [JSON, CSV])
    assert (told(row), row.json()["forms"]) == ((406, "not-acceptable"), [JSON])
    assert client_of().get(f"/api/v1/evidence/{pk}/content/", headers=header).status_code == 302


def test_a_body_of_another_kind_or_size_is_refused(play: Stage, settings: Settings) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")
    headers = {"If-Match": tag_of(client, place)}
    address = f"/api/v1/{place}submit/"
    plain = client.post(address, "x", content_type="text/plain", headers=headers)
    odd = client.post(address, "{", content_type="application/json", headers=headers)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    large = sent(client, f"{place}submit/", {"note": "A long reason."}, tag=headers["If-Match"])

    assert [told(one) for one in (plain, odd, large)] == [
        (415, "unusable-media-type"),
        (400, "unreadable-body"),
        (413, "too-large"),
    ]


@pytest.mark.parametrize(
    ("body", "kind", "slug", "detail"),
    [
        ("x", "text/plain", "unusable-media-type", "Send application/json, or multipart/form-data"),
        ("x", "multipart/form-data", "unreadable-body", "Send one JSON object in UTF-8, or a form"),
        ('{"note":\n ,}', JSON, "unreadable-body", "The body is no JSON from line 2, column 2 on."),
        ('{"note": 1%s}' % ("0" * 5000), JSON, "unreadable-body", "Send one JSON object in UTF-8"),
        ('{"note": NaN}', JSON, "unreadable-body", "Send one JSON object in UTF-8, or a form"),
        (b'{"note": "\xff"}', JSON, "unreadable-body", "Send one JSON object in UTF-8, or a form"),
        ("[]", JSON, "unreadable-body", "Send one JSON object."),
        ('"%s"' % ("x" * 2_700_000), JSON, "too-large", "A body may have 2,621,440 bytes."),
    ],
    ids=["text", "form", "comma", "digits", "number", "bytes", "list", "size"],
)
def test_a_body_that_cannot_be_read_is_refused_with_what_to_send(
    body: Any, kind: str, slug: str, detail: str, play: Stage
) -> None:
    client = client_of(play.people["focal_point"])
    place = address_of(play, "update draft")
    answer = client.post(f"/api/v1/{place}evidence/", body, content_type=kind)

    assert told(answer)[1] == slug
    assert answer.json()["detail"].startswith(detail)


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
@pytest.mark.parametrize("last", [0, 1, 2, 3])
def test_a_database_that_goes_away_is_out_of_order_and_not_a_fault(
    last: int, kind: type[Exception], play: Stage
) -> None:
    """From the first statement of a request on, or from any later one."""
    client, asked = client_of(play.people["coordinator"]), itertools.count()

    def gone(execute: Any, *given: Any) -> Any:
        if next(asked) >= last:
            raise kind("connection refused")
        return execute(*given)

    with connection.execute_wrapper(gone):
        answer = client.get("/api/v1/duties/")

    assert (told(answer), answer["Retry-After"]) == ((503, "unavailable"), "10")
    assert answer["Cache-Control"] == "private, no-store"
    assert "connection" not in answer.content.decode()
