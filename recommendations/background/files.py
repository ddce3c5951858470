"""The files of jobs: kept under names that nobody guesses, dropped when their time is over."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage

from recommendations.domain import jobs
from recommendations.models import Job
from recommendations.models.job import LONGEST_NAME

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


def sent_file(job: Job, folder: Path) -> Path:
    """Return where the program of a job finds the file that it looks at."""
    name = re.sub(r"[^\w.-]", "_", job.asked_for["file_name"]).lstrip(".")
    return folder / (name[-LONGEST_NAME:] or "sent")


def bring_input(job: Job, folder: Path) -> None:
    """Copy what was sent to be checked to where the program of the job finds it."""
    if job.kind == Job.Kind.CHECK:
        path = sent_file(job, folder)
        copy(job.asked_for["stored_as"], path)
        if job.asked_for["beside"]:
            copy(job.asked_for["beside"], path.with_name(f"{path.name}.json"))


def copy(stored_as: str, path: Path) -> None:
    """Copy a file that is kept."""
    with default_storage.open(stored_as) as kept, path.open("wb") as copied:
        shutil.copyfileobj(kept, copied)


def drop_input(job: Job) -> None:
    """Remove what was sent to be checked, once nobody will look at it again."""
    if job.kind == Job.Kind.CHECK:
        job.refresh_from_db(fields=["state"])
        if job.state not in jobs.UNDER_WAY:
            drop(job.asked_for["stored_as"])
            drop(job.asked_for["beside"])


def expire(*, at: datetime) -> int:
    """Remove the files whose time is over, and return how many jobs that were.

    The file goes first: a pass that is killed in between is finished by the next.
    """
    over = list(jobs.expired(at=at))
    for job in over:
        drop(job.stored_as)
        jobs.forget(job)
    return len(over)
