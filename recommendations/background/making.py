"""Inside the program of a job: the figures are counted and written as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO

from django.utils.translation import gettext as _

from agencies.access import roles_of
from recommendations.domain import jobs
from recommendations.models import Job
from recommendations.reporting import outputs
from recommendations.reporting.facts import DidNotExist, Scope
from recommendations.reporting.reports.catalogue import NotOffered, make
from recommendations.reporting.reports.finding import Unknown
from recommendations.reporting.reports.wanted import Wanted

Tell = Callable[[int], None]


class Impossible(Exception):
    """There is nothing to make, and trying again would not help. Says why."""


def write_report(job: Job, file: BinaryIO, *, now: datetime, tell: Tell) -> dict[str, str]:
    """Write the report that a job asks for, and return what its file is; raises Impossible.

    Whether its owner may have it is asked again: an office that ended since ends this too.
    """
    wanted = Wanted.of(job.asked_for)
    try:
        asked = wanted.asked(now)
        about = asked.agency.pk if asked.agency else None
        roles = roles_of(job.owner, at=now)
        if wanted.scope is Scope.INSIDE and not jobs.may_have(roles, job.framework_id, about):
            raise Impossible(_("You may not see the figures of this report any more."))
        tell(10)
        report = make(wanted.report, asked)
        tell(40)
        outputs.write(report, wanted.format, file)
        tell(90)
        return {
            "file_name": outputs.file_name(report, wanted.format),
            "media_type": outputs.media_type(report, wanted.format),
        }
    except (DidNotExist, Unknown, NotOffered, outputs.CannotPrint) as problem:
        raise Impossible(str(problem) or _("Nothing existed yet at that moment.")) from problem
    except MemoryError:
        words = _("It needs more memory than one report may have. Ask for one area or one agency.")
        raise Impossible(words) from None
