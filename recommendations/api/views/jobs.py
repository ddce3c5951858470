"""The file that a job made: for its owner alone, while it is kept."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request

from recommendations.api.asked import single
from recommendations.api.problems import Refused
from recommendations.api.views.base import View
from recommendations.api.views.files import attached
from recommendations.background.orders import made_file
from recommendations.domain import jobs
from recommendations.models import Job


class JobContent(View):
    """The file of a job: never another one at the same address."""

    forms = ()
    cost = 5

    def get(self, request: Request, key: int) -> HttpResponseBase:
        """Hand out the file; whether the owner may have it is asked each time."""
        single(request.query_params, ())
        job = jobs.visible_jobs(self.reader.roles).filter(pk=key, kind=Job.Kind.REPORT).first()
        if job is None:
            raise Http404
        if job.expires_at is not None and job.expires_at <= self.reader.at:
            raise Refused("expired", _("The file is no longer kept. Ask for the report again."))
        if job.state != Job.State.READY:
            words = job.outcome or _("It is not ready yet: ask for the job again in a while.")
            raise Refused("not-possible-now", words, possible=[])
        file = made_file(job, self.reader.roles)
        tag = f'"job-{job.pk}"'
        if self.is_known(tag):
            file.close()
            return self.unchanged(tag)
        return attached(file, name=job.file_name, media_type=job.media_type, tag=tag)
