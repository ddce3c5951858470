"""What a person orders: a report that is made, a file that is checked; and its file, fetched."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from agencies.access import NotVisible, Roles
from agencies.models import Agency, User
from recommendations.background import files
from recommendations.domain import jobs
from recommendations.models import Framework, Job
from recommendations.models.job import LONGEST_NAME
from recommendations.notify.nudge import nudge_jobs
from recommendations.reporting.facts import Scope
from recommendations.reporting.reports.wanted import Wanted

LONG_FORMATS = ("pdf", "docx")
LONG_REPORTS = ("full",)


def is_long(report: str, format: str) -> bool:
    """Say whether a report takes too long to wait for."""
    return format in LONG_FORMATS or report in LONG_REPORTS


def order_report(wanted: Wanted, framework: Framework, *, by: User, at: datetime) -> Job:
    """Return the job that makes a report: the one that there is, or a new one. Raises TooMany."""
    parameters = {**wanted.parameters, "release": settings.RELEASE}
    job = jobs.ask(Job.Kind.REPORT, parameters, framework=framework, by=by, at=at)
    if job.state in jobs.UNDER_WAY:
        wake()
    return job


def order_check(
    file: File[Any], beside: File[Any] | None, framework: Framework, *, by: User, at: datetime
) -> Job:
    """Return the job that compares a file with what is made now. Raises TooMany."""
    parameters = {
        "file_name": (file.name or "")[-LONGEST_NAME:],
        "stored_as": files.take_in(file),
        "beside": files.take_in(beside) if beside else "",
    }
    try:
        job = jobs.ask(Job.Kind.CHECK, parameters, framework=framework, by=by, at=at)
    except jobs.TooMany:
        files.drop(parameters["stored_as"])
        files.drop(parameters["beside"])
        raise
    wake()
    return job


def wake() -> None:
    """Let a worker look at once; without one, the next sweep finds the job."""
    if settings.NUDGE:
        transaction.on_commit(nudge_jobs)


def made_file(job: Job, roles: Roles) -> File[Any]:
    """Return the file of a report that is ready, opened.

    Whether the person may have it is asked each time. Raises NotVisible for whoever may not,
    and where there is no file.
    """
    if job.kind != Job.Kind.REPORT or job.state != Job.State.READY:
        raise NotVisible
    wanted = Wanted.of(job.asked_for)
    about = Agency.objects.filter(code=wanted.agency).first() if wanted.agency else None
    inside = wanted.scope is Scope.INSIDE
    if inside and not jobs.may_have(roles, job.framework_id, about.pk if about else None):
        raise NotVisible
    try:
        return default_storage.open(job.stored_as)
    except FileNotFoundError as problem:
        raise NotVisible from problem
