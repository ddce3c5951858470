"""Evidence: which links and files are taken, and what becomes of them."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from agencies.access import NotPermitted, NotVisible
from recommendations.domain import evidence
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Evidence, SubmissionEvidence, Update
from tests import make, soundness

PDF = b"%PDF-1.7\n"
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _media(tmp_path: Any, settings: Any) -> None:
    """Keep the files of a test in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def update(cast: make.Cast) -> Update:
    """Return an update that the ILO owes."""
    return make.owed(cast)


def add(update: Update, by: Any, name: str = "report.pdf", body: bytes = PDF, **more: Any) -> Any:
    """Add a file."""
    file = ContentFile(body, name=name)
    facts = {"title": "Report", "public": False, **more}
    return evidence.add_file(update, file=file, by=by, at=make.NOW, **facts)


def link(update: Update, by: Any, url: str = "https://example.org/", title: str = "") -> Evidence:
    """Add a link."""
    return evidence.add_link(update, url=url, title=title, public=True, by=by, at=make.NOW)


def refused(act: Any, *args: Any, **more: Any) -> dict[str, str]:
    """Return what is said about evidence that is not taken; no row and no file is left."""
    with pytest.raises(RequirementMissing) as raised:
        act(*args, **more)
    assert Evidence.objects.count() == 0
    assert not default_storage.exists("evidence")
    return raised.value.problems


def test_a_file_is_kept_under_a_name_of_ours_with_its_hash(update: Update, cast: Any) -> None:
    shown = add(update, cast.ilo_focal_point, "C:\\papers\\Annual report 2026.PDF", title=" ")

    assert shown.original_name == "Annual report 2026.PDF"
    assert (shown.title, shown.media_type) == ("Annual report 2026.PDF", "application/pdf")
    assert (shown.size, shown.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert shown.stored_as.startswith("evidence/")
    assert "report" not in shown.stored_as
    assert shown.stored_as.endswith(".pdf")
    with default_storage.open(shown.stored_as) as kept:
        assert kept.read() == PDF


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.pdf", b"%PDF-1.4"),
        ("a.docx", b"PK\x03\x04"),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.pptx", b"PK\x03\x04"),
        ("a.odt", b"PK\x03\x04"),
        ("a.ods", b"PK\x03\x04"),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.jpg", b"\xff\xd8\xff\xe0"),
        ("a.JPEG", b"\xff\xd8\xff\xe0"),
        ("a.txt", "Two séminaires.".encode()),
        ("a.csv", b"a;b\r\n1;2"),
    ],
)
def test_these_types_are_taken(update: Update, cast: Any, name: str, head: bytes) -> None:
    assert add(update, cast.ilo_focal_point, name, head).original_name == name


@pytest.mark.parametrize(
    "name",
    ["a.svg", "a.html", "a.xml", "a.exe", "a.docm", "a.zip", "a.pdf.html", "a.", "a", ".htaccess"],
)
def test_other_types_are_not(update: Update, cast: Any, name: str) -> None:
    assert refused(add, update, cast.ilo_focal_point, name) == {
        "file": "Choose a file of one of these types: "
        "pdf, docx, xlsx, pptx, odt, ods, png, jpg, jpeg, txt, csv."
    }


@pytest.mark.parametrize(
    ("name", "body", "ending"),
    [
        ("a.pdf", b"<html>", "pdf"),
        ("a.pdf", b"\n%PDF-1.7", "pdf"),
        ("a.png", b"\xff\xd8\xff\xe0", "png"),
        ("a.docx", b"\xd0\xcf\x11\xe0", "docx"),
        ("a.txt", b"a\x00b", "txt"),
    ],
)
def test_a_content_that_is_not_what_the_ending_says_is_not_taken(
    update: Update, cast: Any, name: str, body: bytes, ending: str
) -> None:
    assert refused(add, update, cast.ilo_focal_point, name, body) == {
        "file": f"The content of this file is not what its ending .{ending} says."
    }


def test_a_file_has_ten_megabytes_at_most_and_one_byte_at_least(update: Update, cast: Any) -> None:
    largest = PDF.ljust(10 * MEGABYTE, b" ")

    assert refused(add, update, cast.ilo_focal_point, body=largest + b" " * MEGABYTE) == {
        "file": "This file is larger than 10 MB. Choose a smaller one."
    }
    assert refused(add, update, cast.ilo_focal_point, body=b"") == {
        "file": "This file is empty. Choose another."
    }
    assert add(update, cast.ilo_focal_point, body=largest).size == 10_485_760


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org/", "javascript:alert(1)", "https://", "/report", ""]
)
def test_a_link_is_a_full_web_address(update: Update, cast: Any, url: str) -> None:
    assert refused(link, update, cast.ilo_focal_point, url) == {
        "url": "Enter a full web address that begins with https:// or http://."
    }


def test_titles_and_addresses_have_a_limit_that_is_said(update: Update, cast: Any) -> None:
    by, long = cast.ilo_focal_point, "https://example.org/" + "x" * 981
    title = {"title": "Shorten the title to 200 characters."}

    assert refused(link, update, by, title="x" * 201) == title
    assert refused(add, update, by, title="x" * 201) == title
    assert refused(link, update, by, long) == {"url": "Give an address of 1000 characters at most."}
    assert link(update, by, long[:-1]).title == long[:200]


def test_only_the_agency_adds_and_only_while_it_writes(update: Update, cast: Any) -> None:
    for act in (link, add):
        with pytest.raises(NotVisible):
            act(update, cast.iom_focal_point)
        with pytest.raises(NotPermitted):
            act(update, cast.coordinator)
    make.sent(update, by=cast.ilo_focal_point)
    for act in (link, add):
        with pytest.raises(NotAllowedNow):
            act(update, cast.ilo_focal_point)
    assert Evidence.objects.count() == 0
    assert not default_storage.exists("evidence")


def test_what_was_sent_stays_with_it_when_the_agency_takes_it_off(
    update: Update, cast: Any
) -> None:
    kept, taken_off = link(update, cast.ilo_focal_point), link(update, cast.ilo_focal_point)
    make.sent(update, by=cast.ilo_focal_point)
    make.do("withdraw", update, by=cast.ilo_focal_point)
    evidence.detach(taken_off, by=cast.ilo_alternate, at=make.later(hours=1))
    make.sent(update, by=cast.ilo_focal_point)
    sent = SubmissionEvidence.objects.order_by("id").values_list("submission__number", "evidence")
    taken_off.refresh_from_db()

    assert list(sent) == [(1, kept.pk), (1, taken_off.pk), (2, kept.pk)]
    assert (taken_off.detached_by, taken_off.detached_at) == (
        cast.ilo_alternate,
        make.later(hours=1),
    )


def test_taking_off_twice_keeps_the_first_name(update: Update, cast: Any) -> None:
    shown = link(update, cast.ilo_focal_point)
    evidence.detach(shown, by=cast.ilo_alternate, at=make.NOW)
    evidence.detach(shown, by=cast.ilo_focal_point, at=make.later(hours=1))
    shown.refresh_from_db()

    assert (shown.detached_by, shown.detached_at) == (cast.ilo_alternate, make.NOW)


def test_evidence_makes_a_claim_of_implemented_complete(update: Update, cast: Any) -> None:
    make.drafted(update, by=cast.ilo_focal_point, status="implemented")
    shown = link(update, cast.ilo_focal_point)
    evidence.detach(shown, by=cast.ilo_focal_point, at=make.NOW)
    with pytest.raises(RequirementMissing):
        make.do("submit", update, by=cast.ilo_focal_point, draft_version=1)

    link(update, cast.ilo_focal_point)
    make.do("submit", update, by=cast.ilo_focal_point, draft_version=1)
    assert SubmissionEvidence.objects.count() == 1


def test_who_only_adds_evidence_is_an_author_too(update: Update, cast: Any) -> None:
    link(update, cast.ilo_alternate)
    add(update, cast.ilo_coordinator)
    make.sent(update, by=cast.ilo_focal_point)

    assert soundness.wrote(update.submissions.get()) == {
        cast.ilo_alternate.pk,
        cast.ilo_coordinator.pk,
        cast.ilo_focal_point.pk,
    }
