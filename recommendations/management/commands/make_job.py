"""The program of one job, started by `run_jobs`: writes its file and says what came of it."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recommendations.background import checking, limits, making
from recommendations.domain import jobs
from recommendations.models import Job


class Command(BaseCommand):
    """Make one job within its limits."""

    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the number of the job, the lease that holds it, and where its file goes."""
        parser.add_argument("job", type=int)
        parser.add_argument("lease")
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; the last line printed is what came of it, as JSON."""
        limits.limit_this_process()
        pk, lease = options["job"], options["lease"]
        job = jobs.held(pk, lease).select_related("owner", "framework").first()
        if job is None:
            raise CommandError("This lease holds no job.")
        now, path = timezone.now(), options["path"]

        def tell(percent: int) -> None:
            jobs.move(pk, lease, percent)

        try:
            if job.kind == Job.Kind.CHECK:
                words = checking.check(job, path.parent, now=now, tell=tell)
            else:
                with path.open("wb") as file:
                    words = making.write_report(job, file, now=now, tell=tell)
        except making.Impossible as problem:
            words = {"problem": str(problem)}
        self.stdout.write(json.dumps(words))
