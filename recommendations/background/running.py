"""One pass over the jobs: each is taken, made in a program of its own, settled and told."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.background import files, programs
from recommendations.background.limits import LEASE
from recommendations.domain import jobs
from recommendations.models import Job
from recommendations.notify import deliveries
from recommendations.notify.deliveries import Cause

Clock = Callable[[], datetime]


@dataclass
class Pass:
    """What one pass did, in numbers."""

    ready: int = 0
    failed: int = 0
    put_back: int = 0

    def __str__(self) -> str:
        return f"{self.ready} jobs ready, {self.failed} failed, {self.put_back} to be tried again"


def run_jobs(*, clock: Clock, begins_for: timedelta | None = None) -> Pass:
    """Make what waits, one after the other. It may run twice, at once, or be killed anywhere.

    It begins no job later than `begins_for` after its own beginning: the next pass does.
    """
    done, begun = Pass(), clock()
    for gone in jobs.broken_down(at=clock()).select_related("framework", "owner"):
        done.failed += fail(gone, broke_down(), at=clock())
        files.drop_input(gone)
    while job := jobs.claim(at=clock(), lease=LEASE):
        run(job, done, clock)
        if begins_for is not None and clock() - begun > begins_for:
            break
    return done


def run(job: Job, done: Pass, clock: Clock) -> None:
    """Make one job and write what became of it."""
    with tempfile.TemporaryDirectory(prefix="job-") as folder:
        path = Path(folder) / "made"
        files.bring_input(job, Path(folder))
        ended = programs.run(job, path)
        if ended.problem:
            done.failed += fail(job, ended.problem, at=clock())
        elif not ended.broken:
            done.ready += finish(job, path, ended.says, at=clock())
        elif jobs.put_back(job.pk, job.lease):
            done.put_back += 1
        else:
            done.failed += fail(job, broke_down(), at=clock())
    files.drop_input(job)


def finish(job: Job, path: Path, says: Mapping[str, str], *, at: datetime) -> bool:
    """Keep the file of a job and tell its owner; a job that somebody else holds is left alone."""
    values: dict[str, Any] = dict(says)
    if job.kind == Job.Kind.REPORT:
        values |= files.keep(path)
    with transaction.atomic():
        ours = jobs.finish(job.pk, job.lease, at=at, **values)
        if ours:
            tell(job, "job_ready", at=at)
    if not ours:
        files.drop(values.get("stored_as", ""))
    return ours


def fail(job: Job, why: str, *, at: datetime) -> bool:
    """Write why nothing was made and tell the owner."""
    with transaction.atomic():
        ours = jobs.give_up(job.pk, job.lease, why, at=at)
        if ours:
            tell(job, "job_failed", at=at)
    return ours


def tell(job: Job, kind: str, *, at: datetime) -> None:
    """Tell the owner of a job what became of it, once."""
    if job.owner is not None:
        cause = Cause(f"job:{job.pk}", kind, framework_id=job.framework_id, subject=job)
        deliveries.tell([(cause, [job.owner])], at=at)


def broke_down() -> str:
    """Return the words for a job whose program ended twice without a word."""
    return _("The program that makes it broke down twice. The administrators see why in the log.")
