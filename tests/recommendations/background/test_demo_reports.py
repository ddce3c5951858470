"""The demo holds one report that is ready and one that came to nothing, each with its words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from recommendations.background.demo_reports import add_reports
from recommendations.models import Delivery, Job
from tests import make
from tests.make import later
from tests.recommendations.web.pages import text_of


def test_a_coordinator_meets_a_report_that_is_ready_and_one_that_failed(
    cast: make.Cast, settings: Any, tmp_path: Any, client: Client
) -> None:
    settings.MEDIA_ROOT = tmp_path
    round = make.open_round(cast)
    make.do("close", round, by=cast.coordinator, at=later(days=1))
    add_reports(cast.framework, by=cast.coordinator, at=later(days=9))
    failed, ready = Job.objects.order_by("id")
    client.force_login(cast.coordinator)
    page = client.get("/f/hld-2013/reports/")
    file = client.get(f"/f/hld-2013/reports/{ready.pk}/file/")

    assert (failed.state, failed.outcome) == ("failed", "Nothing existed yet at that moment.")
    assert (ready.state, ready.media_type) == ("ready", "application/pdf")
    assert "Nothing existed yet at that moment. Make it again" in text_of(page)
    assert b"".join(file.streaming_content)[:5] == b"%PDF-"
    assert {job.finished_at.date() for job in (failed, ready) if job.finished_at} == {
        date(2026, 5, 11),
        date(2026, 5, 12),
    }
    assert not Delivery.objects.filter(kind__in=["job_ready", "job_failed"]).exists()
