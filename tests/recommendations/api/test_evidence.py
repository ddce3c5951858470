"""Evidence through the API: links and files, added once, opened by whoever may."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from recommendations.models import Evidence
from tests.recommendations.api.conftest import address_of, client_of, sent
from tests.stage import ASKED, Stage

PDF = b"%PDF-1.7\nA report.\n"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    """Keep files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path


def uploaded(client: Any, address: str, content: bytes = PDF, **more: Any) -> Any:
    """Return the answer to a file that is sent."""
    file = SimpleUploadedFile(more.pop("name", "report.pdf"), content)
    headers = more.pop("headers", {})
    return client.post(f"/api/v1/{address}evidence/", {"file": file, **more}, headers=headers)


def test_a_link_is_public_unless_it_is_said_otherwise(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")
    url = "https://example.org/list"
    answers = [
        sent(client, f"{place}evidence/", {"url": url, **more})
        for more in ({}, {"public": False, "title": "List"})
    ]

    assert [(one.status_code, one.json()["public"], one.json()["title"]) for one in answers] == [
        (201, True, url),
        (201, False, "List"),
    ]
    assert client.get(answers[0]["Location"].removeprefix("http://testserver")).status_code == 200


def test_a_file_is_for_reviewers_and_comes_back_as_it_was(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")
    made = uploaded(client, place, title="Report")
    pk = made.json()["id"]
    opened = client.get(f"/api/v1/evidence/{pk}/content/")

    assert (made.status_code, made.json()["public"], made.json()["original_name"]) == (
        201,
        False,
        "report.pdf",
    )
    assert opened.getvalue() == PDF
    assert opened["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert opened["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert opened["X-Content-Type-Options"] == "nosniff"
    for actor in (None, "coordinator", "other_agency"):
        other = client_of(play.people.get(actor or ""))
        assert other.get(f"/api/v1/evidence/{pk}/content/").status_code == 404


def test_a_file_with_a_key_is_added_once(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")
    key = {"Idempotency-Key": "k"}
    before = Evidence.objects.count()
    first, again = (uploaded(client, place, headers=key) for _ in range(2))
    other = uploaded(client, place, PDF + b"more", headers=key)

    assert (first.content, again["Idempotency-Replayed"]) == (again.content, "true")
    assert other.status_code == 422
    assert Evidence.objects.count() == before + 1


@pytest.mark.parametrize(
    ("content", "more", "name"),
    [
        (b"", {}, "file"),
        (b"<svg/>", {"name": "x.svg"}, "file"),
        (b"no pdf", {}, "file"),
        (PDF, {"title": "x" * 201}, "title"),
        (PDF, {"public": "perhaps"}, "public"),
        (PDF, {"url": "https://example.org/"}, "url"),
    ],
)
def test_what_cannot_be_evidence_is_refused_by_name(
    content: bytes, more: dict[str, Any], name: str, play: Stage
) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")
    answer = uploaded(client, place, content, **more)

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])


@pytest.mark.parametrize("given", [{}, {"url": "javascript:alert(1)"}, {"url": 1}, {"link": "x"}])
def test_a_link_is_an_address_of_the_web(given: dict[str, Any], play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")

    assert sent(client, f"{place}evidence/", given).status_code == 400


def test_evidence_is_taken_off_what_is_being_written(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    outcomes = [
        client.delete(f"/api/v1/evidence/{play.evidence[name].pk}/").status_code
        for name in ("draft, public", "submitted, public")
    ]

    assert outcomes == [204, 409]
    assert (
        play.evidence["draft, public"]
        .__class__.objects.get(pk=play.evidence["draft, public"].pk)
        .detached_by
        == play.people["focal_point"]
    )


def test_a_link_leads_where_it_says(play: Stage) -> None:
    pk = play.evidence["approved, public"].pk
    answer = client_of().get(f"/api/v1/evidence/{pk}/content/")

    assert (answer.status_code, answer["Location"]) == (302, "https://example.org/report")


def test_bytes_that_were_removed_are_gone_and_their_row_stays(play: Stage) -> None:
    client, place = client_of(play.people["focal_point"]), address_of(play, "update draft")
    pk = uploaded(client, place).json()["id"]
    Evidence.objects.filter(pk=pk).update(
        erased_at=ASKED,
        erased_by=play.people["administrator"],
        erased_because="It names a person.",
    )
    gone = client.get(f"/api/v1/evidence/{pk}/content/")
    row = client.get(f"/api/v1/evidence/{pk}/").json()

    assert (gone.status_code, gone.json()["type"].rpartition("#")[2]) == (410, "erased")
    assert (row["sha256"], row["erased_at"]) == (
        hashlib.sha256(PDF).hexdigest(),
        "2026-05-20T09:00:00Z",
    )
    assert (
        client_of(play.people["other_agency"]).get(f"/api/v1/evidence/{pk}/content/").status_code
        == 404
    )


def test_a_deletion_that_is_repeated_under_its_key_gets_the_same_answer(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    address = f"/api/v1/evidence/{play.evidence['draft, public'].pk}/"
    headers = {"Idempotency-Key": "off"}
    first, again = (client.delete(address, headers=headers) for _ in range(2))

    assert [(one.status_code, one.content) for one in (first, again)] == [(204, b"")] * 2
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
