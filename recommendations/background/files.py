"""The files of jobs: kept under names that nobody guesses, dropped when their time is over."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage

from recommendations.domain import jobs
from recommendations.models import Job

FOLDER = "jobs"


def keep(path: Path) -> dict[str, Any]:
    """Put what a job made where it is kept, and return the fields that say so."""
    with path.open("rb") as made:
        stored_as = default_storage.save(f"{FOLDER}/{token_hex(16)}", File(made))
    return {"stored_as": stored_as, "size": path.stat().st_size}


def drop(stored_as: str) -> None:
    """Remove a file, if there is one."""
    if stored_as:
        default_storage.delete(stored_as)


def take_in(file: File[Any]) -> str:
    """Keep a file that somebody sent to be checked, until it is; return under which name."""
    return str(default_storage.save(f"{FOLDER}/{token_hex(16)}.sent", file))


def drop_input(job: Job) -> None:
    """Remove what was sent to be checked, once nobody will look at it again."""
    if job.kind == Job.Kind.CHECK:
        job.refresh_from_db(fields=["state"])
        if job.state not in jobs.UNDER_WAY:
            drop(job.asked_for["stored_as"])


def expire(*, at: datetime) -> int:
    """Remove the files whose time is over, and return how many jobs that were.

    The file goes first: a pass that is killed in between is finished by the next.
    """
    over = list(jobs.expired(at=at))
    for job in over:
        drop(job.stored_as)
        jobs.forget(job)
    return len(over)
