"""Addresses below /api/v1/ at which there is nothing."""

from __future__ import annotations

from django.http import Http404
from rest_framework.request import Request

from recommendations.api.views.base import View


class Nothing(View):
    """Whatever is asked for, it is not found."""

    public = True
    forms = ()

    def get(self, request: Request, rest: str | None = None) -> None:
        """Refuse (HTTP 404)."""
        raise Http404

    post = put = patch = delete = get
