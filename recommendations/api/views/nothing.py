"""Addresses below /api/v1/ at which there is nothing."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import resolve
from rest_framework.request import Request

from recommendations.api.views.base import View


class Nothing(View):
    """Whatever is asked for, it is not found; what lacks its last slash is led to it."""

    public = True
    forms = ()

    def get(self, request: Request, rest: str | None = None) -> HttpResponse:
        """Lead to the address with a slash, if there is such a pattern; else refuse (HTTP 404).

        What is changed there is changed by the same method and body, hence 308.
        """
        if request.path.endswith("/") or resolve(f"{request.path_info}/").url_name is None:
            raise Http404
        reads = request.method in ("GET", "HEAD")
        answer = HttpResponse(status=301 if reads else 308)
        answer["Location"] = settings.BASE_URL + request.get_full_path(force_append_slash=True)
        return answer

    post = put = patch = delete = get
