"""The private calendar of what a person owes, for the calendar program of their choice."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.access import roles_of
from recommendations.notify import calendar as feed
from recommendations.web import due_dates
from recommendations.web.visitor import Visitor


@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """Send the due dates of the person whose address this is; without a session or a cookie."""
    owner = feed.owner_of(key)
    if owner is None:
        raise Http404
    at = timezone.now()
    days = due_dates.of(Visitor(owner, roles_of(owner, at=at), at), settings.BASE_URL)
    answer = HttpResponse(feed.written(days, at=at), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'inline; filename="hldtracker.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
