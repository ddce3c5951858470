"""Inside the program of a job: a file that somebody sent is made again and compared."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from agencies.access import Roles, roles_of
from agencies.models import Agency
from recommendations.background.files import sent_file
from recommendations.background.making import Tell
from recommendations.domain import jobs
from recommendations.models import Framework, Job
from recommendations.reporting.facts import Scope
from recommendations.reporting.outputs import UnreadableFile, read_properties
from recommendations.reporting.reports.catalogue import CATALOGUE
from recommendations.reporting.reports.verify import Unverifiable, verify


def check(job: Job, folder: Path, *, now: datetime, tell: Tell) -> dict[str, str]:
    """Return what came of the comparison, as the outcome of the job.

    A file that is no report of this site, or that its sender may not see, is an outcome too.
    """
    tell(10)
    path = sent_file(job, folder)
    try:
        scopes = scopes_of(read_properties(path), roles_of(job.owner, at=now))
        return {"outcome": "\n".join(verify(path, scopes=scopes).sentences)}
    except (UnreadableFile, Unverifiable) as problem:
        return {"outcome": str(problem)}


def scopes_of(said: dict[str, Any], roles: Roles) -> tuple[Scope, ...]:
    """Return the scopes of which the sender may be told whether a file is true.

    To say that a figure of the inside is true tells the figure.
    """
    framework = Framework.objects.filter(slug=str(said.get("framework"))).first()
    offer = CATALOGUE.get(str(said.get("report")))
    if framework is None or offer is None:
        return (Scope.PUBLIC,)
    code = str(said["filters"].get("agency", "")) if "agency" in offer.about else ""
    about = Agency.objects.filter(code=code).values_list("pk", flat=True).first()
    inside = jobs.may_have(roles, framework.pk, about)
    return (Scope.PUBLIC, Scope.INSIDE) if inside else (Scope.PUBLIC,)
