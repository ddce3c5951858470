"""A file that is too large is refused without being kept, and the form around it stays."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from recommendations.domain.evidence import LARGEST

CHUNK = 64 * 1024


def test_a_file_is_cut_just_above_the_limit_and_the_rest_of_the_form_stays():
    large = SimpleUploadedFile("report.pdf", b"%PDF-" + b"0" * (3 * LARGEST))
    request = RequestFactory().post("/", {"before": "typed", "file": large, "after": "as well"})

    kept = request.FILES["file"]

    assert LARGEST < kept.size <= LARGEST + CHUNK
    assert request.POST.dict() == {"before": "typed", "after": "as well"}
    request.close()


def test_a_file_within_the_limit_comes_through_whole():
    content = b"%PDF-" + b"0" * (LARGEST - 5)
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("report.pdf", content)})

    assert request.FILES["file"].read() == content
    request.close()
