"""Evidence is handed out by a view that asks the policy, as a file that cannot run."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recommendations.domain import evidence
from recommendations.models import Evidence, Update
from tests import make

PDF = b"%PDF-1.7 a list"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Write files where the test ends."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owed(cast: make.Cast) -> Update:
    """Return an update that the ILO owes."""
    return make.owed(cast)


def filed(update: Update, cast: make.Cast, *, public: bool) -> Evidence:
    """Add a file to an update."""
    file = ContentFile(PDF, name="list of états.pdf")
    return evidence.add_file(
        update, file=file, title="", public=public, by=cast.ilo_focal_point, at=make.NOW
    )


def url(shown: Evidence) -> str:
    """Return the address of a piece of evidence."""
    return reverse("evidence", args=[shown.pk])


def test_a_file_is_an_attachment_in_a_sandbox(owed, cast, signed_in):
    shown = filed(owed, cast, public=False)

    response = signed_in(cast.ilo_focal_point).get(url(shown))

    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''list%20of%20%C3%A9tats.pdf"
    )
    assert response.headers["Cache-Control"] == "private, no-store"


def test_the_name_on_disk_is_ours(owed, cast):
    shown = filed(owed, cast, public=False)

    assert shown.stored_as.startswith("evidence/")
    assert "list" not in shown.stored_as


@pytest.mark.parametrize(
    ("public", "expected"),
    [
        (True, {"before": (404, 404, 200), "sent": (404, 200, 200), "approved": (200, 200, 200)}),
        (False, {"before": (404, 404, 200), "sent": (404, 200, 200), "approved": (404, 200, 200)}),
    ],
)
def test_who_opens_a_file_depends_on_where_the_update_stands(
    public, expected, owed, cast, signed_in
):
    shown = filed(owed, cast, public=public)
    clients = (Client(), signed_in(cast.coordinator), signed_in(cast.ilo_alternate))

    def answers():
        responses = [client.get(url(shown)) for client in clients]
        for response in responses:
            b"".join(response)
        return tuple(response.status_code for response in responses)

    found = {"before": answers()}
    make.sent(owed, by=cast.ilo_focal_point)
    found["sent"] = answers()
    make.approved(owed, by=cast.coordinator)
    found["approved"] = answers()

    assert found == expected


def test_a_link_leads_on(owed, cast, signed_in):
    link = make.linked(owed, by=cast.ilo_focal_point)

    response = signed_in(cast.ilo_focal_point).get(url(link))

    assert response.headers["Location"] == "https://example.org/report"


def test_an_erased_file_says_why_and_since_when(owed, cast, signed_in):
    shown = filed(owed, cast, public=False)
    Evidence.objects.filter(pk=shown.pk).update(
        erased_at=timezone.now(), erased_by=cast.administrator, erased_because="Court order."
    )

    response = signed_in(cast.ilo_focal_point).get(url(shown))

    assert response.status_code == 410
    assert "Court order." in response.content.decode()


def test_a_file_that_is_not_on_disk_is_not_there(owed, cast, signed_in, tmp_path):
    shown = filed(owed, cast, public=False)
    (tmp_path / shown.stored_as).unlink()

    assert signed_in(cast.ilo_focal_point).get(url(shown)).status_code == 404


def test_evidence_of_a_sent_update_stays(owed, cast, signed_in):
    link = make.linked(owed, by=cast.ilo_focal_point)
    make.sent(owed, by=cast.ilo_focal_point)

    response = signed_in(cast.ilo_focal_point).post(reverse("evidence-detach", args=[link.pk]))

    link.refresh_from_db()
    assert response.status_code == 409
    assert link.detached_at is None
