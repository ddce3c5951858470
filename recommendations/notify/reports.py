"""How notices about reports are worded: what was asked for, and what became of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.models import Delivery, Job
from recommendations.reporting.reports.wanted import Wanted


def title_of(job: Job) -> str:
    """Return what a job is about: the report and its choices, or the file that is checked."""
    if job.kind == Job.Kind.CHECK:
        return _("check of %(file)s") % {"file": job.asked_for["file_name"]}
    return Wanted.of(job.asked_for).title


def about_job(row: Delivery, subject: Job, known: Any) -> dict[str, Any]:
    """Say what became of a job, and lead to where its file can be fetched."""
    url = reverse("reports", args=[subject.framework.slug])
    said = {}
    if subject.kind == Job.Kind.CHECK and subject.state == Job.State.READY:
        said["heading"] = _("A file is checked")
    return said | {"detail": subject.outcome, "url": f"{url}#job-{subject.pk}"}
