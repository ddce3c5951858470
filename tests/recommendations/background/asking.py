"""Asking for jobs, for the tests of what becomes of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from agencies.models import User
from recommendations.domain import jobs
from recommendations.models import Framework, Job
from recommendations.reporting.facts import Scope
from recommendations.reporting.reports.wanted import Wanted
from tests.make import NOW, later


def wanted(framework: Framework, **more: Any) -> Wanted:
    """Return a report of the inside as JSON, an hour after everything was made."""
    facts: dict[str, Any] = {
        "framework": framework.slug,
        "report": "full",
        "format": "json",
        "as_of": later(hours=1),
        "scope": Scope.INSIDE,
        "language": "en",
    }
    return Wanted(**(facts | more))


def asked(by: User, framework: Framework, *, at: datetime = NOW, **more: Any) -> Job:
    """Return the job of a report that a person asks for."""
    parameters = wanted(framework, **more).parameters
    return jobs.ask(Job.Kind.REPORT, parameters, framework=framework, by=by, at=at)
