"""Reports: what is offered, had at once, ordered, fetched while it is kept, and checked."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from agencies import revisions
from recommendations.models import Job, RollUp
from tests.recommendations.api.conftest import client_of, holder, sent
from tests.stage import ASKED, Stage

ORDER = {"report": "agency", "agency": "ILO", "format": "pdf"}


@pytest.fixture(autouse=True)
def elsewhere(settings: Settings, tmp_path: Any) -> None:
    """Keep files where nobody looks."""
    settings.MEDIA_ROOT = tmp_path


def ordered(client: Any, **more: Any) -> Job:
    """Return the job of an order that was accepted."""
    answer = sent(client, "reports/", {**ORDER, **more})
    assert answer.status_code == 202, answer.content
    return Job.objects.get(pk=answer.json()["id"])


def ready(job: Job, content: bytes = b"%PDF-1.7\n") -> str:
    """Let a job be ready, and return the address of its file."""
    Job.objects.filter(pk=job.pk).update(
        state="ready",
        stored_as=default_storage.save("jobs/made", ContentFile(content)),
        file_name="agency.pdf",
        media_type="application/pdf",
        size=len(content),
        finished_at=ASKED,
        expires_at=ASKED + timedelta(days=30),
    )
    return f"/api/v1/jobs/{job.pk}/content/"


def names(client: Any, key: str = "ordered") -> list[str]:
    """Return the reports that are offered in some format so."""
    rows = client.get("/api/v1/reports/").json()["results"]
    return [row["name"] for row in rows if row[key]]


def test_each_is_offered_what_the_page_offers_them(play: Stage) -> None:
    public = ["round", "full", "agency", "area", "work_plan", "chapter", "responses"]
    every = [*public[:2], "late", *public[2:]]
    found = {who: client_of(play.people.get(who)) for who in ("", "focal_point", "coordinator")}

    assert [names(client, "name") for client in found.values()] == [public, public, every]
    assert [names(client) for client in found.values()] == [[], ["agency"], every]


def test_an_order_becomes_a_job_at_its_address_and_the_same_one_finds_it(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    first, again = (sent(client, "reports/", ORDER) for _ in range(2))
    job = Job.objects.get()

    assert (first.status_code, again.status_code) == (202, 202)
    assert first["Location"] == again["Location"] == f"http://testserver/api/v1/jobs/{job.pk}/"
    assert (first.json()["state"], first.json()["progress"]) == ("waiting", 0)
    assert job.asked_for["scope"] == "inside"
    assert job.asked_for["as_of"] == "2026-05-20T08:58:00Z"

    ready(job)

    assert sent(client, "reports/", ORDER).status_code == 200


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"report": "annual"}, "report"),
        ({"report": "round", "round": "2026-H1"}, "report"),
        ({"agency": "IOM"}, "agency"),
        ({"agency": "NOBODY"}, "agency"),
        ({"agency": None}, "agency"),
        ({"area": "A"}, "area"),
        ({"round": "2026-H2"}, "round"),
        ({"format": "doc"}, "format"),
        ({"language": "xx"}, "language"),
        ({"as_of": "2026-05-20T08:59"}, "as_of"),
        ({"framework": "nothing"}, "framework"),
    ],
)
def test_an_order_that_cannot_be_is_refused_by_name(given: Any, field: str, play: Stage) -> None:
    answer = sent(client_of(play.people["focal_point"]), "reports/", {**ORDER, **given})

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert Job.objects.count() == 0


def test_another_agency_is_refused_in_the_words_for_one_that_there_is_not(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    other, unknown = (
        sent(client, "reports/", {**ORDER, "agency": code}) for code in ("IOM", "NOBODY")
    )
    told = [{**one.json(), "request_id": ""} for one in (other, unknown)]

    assert told[0] == told[1]
    assert told[0]["detail"] == "Choose one of: ILO."


def test_as_many_orders_as_the_page_takes_are_taken(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    for day in range(10, 15):
        ordered(client, as_of=f"2026-05-{day}T09:00")
    answer = sent(client, "reports/", ORDER)

    assert (answer.status_code, answer.json()["possible"]) == (409, [])
    assert Job.objects.count() == 5


def test_a_key_orders_once(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    first = sent(client, "reports/", ORDER, **{"Idempotency-Key": "one"})
    ready(Job.objects.get())
    again = sent(client, "reports/", ORDER, **{"Idempotency-Key": "one"})

    assert (again.status_code, again.content) == (202, first.content)
    assert again["Location"] == first["Location"]


def test_a_token_needs_to_read_to_order(play: Stage) -> None:
    person = play.people["focal_point"]

    assert sent(holder(person, "report"), "reports/", ORDER).json()["scope"] == "read"
    assert sent(holder(person, "read"), "reports/", ORDER).status_code == 202


def test_a_file_is_fetched_by_its_owner_while_it_is_kept(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    address = ready(ordered(client))
    answer = client.get(address)
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})

    assert (answer.status_code, answer.getvalue()) == (200, b"%PDF-1.7\n")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="agency.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"
    assert (again.status_code, again.content) == (304, b"")
    assert client_of(play.people["other_agency"]).get(address).status_code == 404
    with time_machine.travel(ASKED + timedelta(days=30), tick=False):
        gone = client_of(play.people["focal_point"]).get(address)
    assert (gone.status_code, gone.json()["type"].rpartition("#")[2]) == (410, "expired")


def test_a_file_of_which_nothing_is_left_is_gone(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    address = ready(ordered(client))
    Job.objects.update(state="expired", stored_as="", expires_at=ASKED)

    assert client.get(address).status_code == 410


def test_whoever_left_the_agency_fetches_its_report_no_more(play: Stage) -> None:
    person = play.people["focal_point"]
    address = ready(ordered(client_of(person)))
    (place,) = person.memberships.all()
    until = (ASKED - timedelta(days=1)).date()
    revisions.revise(
        place,
        values={"until_on": until},
        by=None,
        at=ASKED,
        note="Left.",
        version=place.version,
    )

    assert client_of(person).get(address).status_code == 404


def test_a_token_of_one_agency_fetches_no_report_of_the_office(play: Stage) -> None:
    person = play.people["of_agency"]
    address = ready(ordered(client_of(person), agency="IOM"))

    assert client_of(person).get(address).getvalue() == b"%PDF-1.7\n"
    assert holder(person, agency=play.cast.ilo).get(address).status_code == 404


def test_what_failed_says_why_and_has_no_file(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    address = ready(ordered(client))
    Job.objects.update(state="failed", outcome="It took too long.")

    answer = client.get(address)
    assert (answer.status_code, answer.json()["detail"]) == (409, "It took too long.")


def test_a_short_report_is_answered_as_of_a_moment(play: Stage) -> None:
    client = client_of(play.people["focal_point"])
    address = "/api/v1/reports/agency/?agency=ILO&as_of=2026-05-10T09:00"
    answer = client.get(address)
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    said = json.loads(answer.content)["content"]

    assert answer["Content-Type"] == "application/json"
    assert (said["as_of"], said["scope"]) == ("2026-05-10T09:00:00Z", "inside")
    assert again.status_code == 304
    assert client.get(f"{address}&format=csv")["Content-Type"].startswith("application/zip")
    assert json.loads(client.get(f"{address}:59.9Z").content)["content"]["as_of"] == said["as_of"]


def test_of_what_is_public_one_is_led_to_the_address_to_cite(play: Stage) -> None:
    address = "/api/v1/reports/agency/?agency=ILO&as_of=2026-05-10T09:00&format=csv"
    cite = (
        "http://testserver/f/hld-2013/data/agency.csv"
        "?agency=ILO&as_of=2026-05-10T09%3A00&language=en"
    )
    for actor in (None, "other_agency", "stranger"):
        answer = client_of(play.people.get(actor)).get(address)
        assert (answer.status_code, answer["Location"]) == (302, cite)
    file = client_of().get(cite.removeprefix("http://testserver"))
    assert (file.status_code, len(file.getvalue()) > 0) == (200, True)


def test_a_choice_that_there_is_not_is_refused_with_those_that_there_are(play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    odd = client.get("/api/v1/reports/round/?round=2026-H7&format=doc").json()
    without = client.get("/api/v1/reports/area/").json()
    figures = client.get("/api/v1/figures/actions/?status=on-hold&agency=NIX").json()

    assert odd["fields"] == {
        "round": "Choose one of: 2026-H1, 2025-H2, 2027-H1, 2026-H2.",
        "format": "Choose one of: pdf, docx, xlsx, csv, json.",
    }
    assert without["fields"] == {"area": "Give “area”: one of A."}
    assert figures["fields"] == {
        "status": "Choose one of: " + ", ".join(RollUp.values) + ".",
        "agency": "Choose one of: ILO, IOM.",
    }


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("annual/", 404),
        ("agency/", 400),
        ("agency/?agency=ILO&format=pdf", 400),
        ("agency/?agency=ILO&area=A", 400),
        ("full/", 400),
        ("agency/?agency=ILO&framework=nothing", 404),
        ("agency/?agency=ILO&as_of=2013-01-01", 400),
        ("agency/?agency=ILO&as_off=2013-01-01", 400),
    ],
)
def test_a_report_that_cannot_be_had_at_once_is_refused(
    address: str, status: int, play: Stage
) -> None:
    answer = client_of(play.people["coordinator"]).get(f"/api/v1/reports/{address}")

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_the_list_of_what_is_late_does_not_exist_for_an_agency(play: Stage) -> None:
    late = "/api/v1/reports/late/"

    assert client_of(play.people["coordinator"]).get(late).status_code == 200
    assert client_of(play.people["focal_point"]).get(late).status_code == 404


def test_a_file_is_checked_in_the_background(play: Stage) -> None:
    client = client_of(play.people["focal_point"])

    def checked(**files: bytes) -> Any:
        given = {name: SimpleUploadedFile(f"{name}.csv", bytes_) for name, bytes_ in files.items()}
        return client.post("/api/v1/reports/check/", given, headers={"Idempotency-Key": "the same"})

    first, again = checked(file=b"code"), checked(file=b"code")
    job = Job.objects.get()

    assert (first.status_code, again.content) == (202, first.content)
    assert (job.kind, job.asked_for["file_name"]) == ("check", "file.csv")
    with default_storage.open(job.asked_for["stored_as"]) as kept:
        assert kept.read() == b"code"
    assert checked(file=b"code", beside=b"{}").status_code == 422
    assert client.get(f"/api/v1/jobs/{job.pk}/content/").status_code == 404
    assert checked(beside=b"{}").status_code == 400
