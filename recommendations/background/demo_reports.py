"""Two reports of the demo, so that a newcomer meets both: one that is ready, one that failed."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from agencies.models import User
from recommendations.background import files
from recommendations.background.limits import LEASE
from recommendations.background.making import Impossible, write_report
from recommendations.domain import jobs
from recommendations.models import Framework, Job, Round
from recommendations.reporting.facts import Scope
from recommendations.reporting.moments import newest_settled
from recommendations.reporting.reports.wanted import Wanted

TOOK = timedelta(minutes=1)


def add_reports(framework: Framework, *, by: User, at: datetime) -> None:
    """Let a person have asked for the last closed round: as it is, and before it was entered."""
    closed = framework.rounds.filter(state=Round.State.CLOSED).order_by("-closes_on", "-id")[0]
    entered_at = closed.terms.order_by("recorded_at", "id")[0].recorded_at
    before = entered_at - timedelta(days=1)
    for asked_at, as_of in ((at - timedelta(days=2), before), (at - timedelta(days=1), at)):
        wanted = Wanted(
            framework=framework.slug,
            report="round",
            format="pdf",
            as_of=newest_settled(min(as_of, asked_at)),
            scope=Scope.INSIDE,
            language=settings.LANGUAGE_CODE,
            round=closed.code,
        )
        parameters = {**wanted.parameters, "release": settings.RELEASE}
        jobs.ask(Job.Kind.REPORT, parameters, framework=framework, by=by, at=asked_at)
        make(at=asked_at)


def make(*, at: datetime) -> None:
    """Make the job that waits, here and now. Nobody is told: it was long ago."""
    job = jobs.claim(at=at, lease=LEASE)
    if job is None:
        return
    with tempfile.TemporaryDirectory(prefix="job-") as folder:
        path = Path(folder) / "made"
        try:
            with path.open("wb") as file:
                says = write_report(job, file, now=at, tell=lambda _percent: None)
        except Impossible as problem:
            jobs.give_up(job.pk, job.lease, str(problem), at=at + TOOK)
        else:
            jobs.finish(job.pk, job.lease, at=at + TOOK, **says, **files.keep(path))
