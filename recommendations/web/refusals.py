"""What is refused becomes a page: 404, 403, 405, 409 or 400, once for all views.

A view whose form can show the refusal beside what was typed catches it itself.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from agencies.access import NotPermitted, NotVisible
from agencies.models import Versioned
from agencies.revisions import Conflict
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Duty
from recommendations.reporting.history.entries import name_of
from recommendations.web.addresses import UnusableAddress, unusable
from recommendations.web.history.links import address_of
from recommendations.web.visitor import SignInNeeded, sign_in

STATUS: dict[type[Exception], int] = {
    NotPermitted: 403,
    NotAllowedNow: 409,
    Conflict: 409,
    RequirementMissing: 400,
}


def page_about(obj: Versioned | None) -> tuple[str, str] | None:
    """Return the name and the address of the page that shows an object, if there is one."""
    shown = obj.round if isinstance(obj, Duty) else obj
    address = address_of(shown) if shown is not None else ""
    return (name_of(shown), address) if shown is not None and address else None


NO_FORM = ("evidence", "short")
"""Pages without a form of their own, though addresses that take one lie below theirs."""


def explain(request: HttpRequest, refused: HttpResponseNotAllowed) -> None:
    """Fill the empty page of an address that takes only a form, or none (HTTP 405)."""
    reads = request.method in ("GET", "HEAD")
    page = page_above(request.path_info) if reads else request.get_full_path()
    refused.content = render_to_string("405.html", {"reads": reads, "form": page}, request)


def page_above(path: str) -> str:
    """Return the nearest page above an address: a form stands on the page it belongs to."""
    while len(path) > 1:
        path = f"{path.rstrip('/').rpartition('/')[0]}/"
        try:
            found = resolve(path)
        except Resolver404:
            continue
        if found.url_name not in NO_FORM:
            return path
    return ""


class Refusals:
    """Middleware that answers for exceptions of the domain, and for empty pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; what says "not allowed" with an empty page gets one."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            explain(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of a refusal; anything else is not ours."""
        if isinstance(exception, SignInNeeded):
            return sign_in(request, page=exception.page)
        if isinstance(exception, UnusableAddress):
            return unusable(request, exception)
        if isinstance(exception, NotVisible):
            return render(request, "404.html", status=404)
        status = STATUS.get(type(exception))
        if status is None:
            return None
        context = {
            "heading": _("Not possible now") if status == 409 else _("Not permitted"),
            "message": str(exception),
            "possible": getattr(exception, "possible", ()),
            "problems": getattr(exception, "problems", {}),
            "back": page_about(getattr(exception, "about", None)),
        }
        return render(request, "recommendations/refusal.html", context, status=status)
