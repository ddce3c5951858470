"""Addresses that name no framework lead to the default one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from recommendations.web.visitor import default_framework


def to_default_framework(request: HttpRequest, rest: str) -> HttpResponse:
    """Redirect (302) to the same page of the default framework, keeping the query."""
    query = request.META.get("QUERY_STRING", "")
    target = f"/f/{default_framework().slug}/{rest}"
    return HttpResponseRedirect(f"{target}?{query}" if query else target)
