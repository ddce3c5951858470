"""The program in which a job is made: started, waited for, ended when its time is over."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from recommendations.background import limits
from recommendations.models import Job

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ended:
    """How a program ended: what it says of its work, or why there is none.

    `says` are fields of the job. `broken` where it ended without a word: it may be tried once more.
    """

    says: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    broken: bool = False


def run(job: Job, path: Path) -> Ended:
    """Make a job in a program of its own, which writes its file to `path`.

    A program that overstays is killed. What it says on its error output goes to the log.
    """
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "make_job"]
    command += [str(job.pk), job.lease, str(path)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own program with our own numbers
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=limits.SECONDS + limits.STARTING,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ended(problem=too_long())
    if ended.returncode == 0:
        return said(ended.stdout)
    log.warning("the program of job %s ended with %s", job.pk, ended.returncode)
    if -ended.returncode in OVERSTAYED:
        return Ended(problem=too_long())
    return Ended(broken=True)


OVERSTAYED = (14, 24)
"""SIGALRM and SIGXCPU: how the kernel ends a program whose time is over."""


def said(output: bytes) -> Ended:
    """Return what a program says in its last line."""
    try:
        words = json.loads(output.splitlines()[-1])
        return Ended(problem=words.pop("problem", ""), says=words)
    except (ValueError, IndexError, AttributeError):
        return Ended(broken=True)


def too_long() -> str:
    """Return the words for a job whose time is over."""
    words = _("It took longer than %(seconds)d seconds. Ask for less: one area or one agency.")
    return words % {"seconds": limits.SECONDS}
