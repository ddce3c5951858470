"""Unsubscribing from a mail with one click, without signing in (RFC 8058)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from agencies.access import roles_of
from recommendations.notify import preferences, unsubscribe


@csrf_exempt  # a mail program posts here; the signed address says for whom
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribed(request: HttpRequest, token: str) -> HttpResponse:
    """Ask with a button, so that a scanner of links changes nothing; a POST switches off."""
    person = unsubscribe.person_of(token)
    if person is None:
        raise Http404
    done = request.method == "POST"
    if done:
        preferences.switch_off(person)
    told = preferences.notices_for(roles_of(person, at=timezone.now()))
    context = {
        "done": done,
        "duties": [notice for notice in told if notice.duty],
        "heading": _("Notices are switched off") if done else _("Switch notices off?"),
    }
    answer = render(request, "recommendations/unsubscribe.html", context)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
