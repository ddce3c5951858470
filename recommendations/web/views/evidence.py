"""Evidence: added and taken off on the update form, opened by whoever may see it."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agencies.access import NotPermitted
from recommendations.domain import access
from recommendations.domain import evidence as domain
from recommendations.domain.transition import NotAllowedNow
from recommendations.models import Evidence
from recommendations.web import kept
from recommendations.web.attachments import attached
from recommendations.web.views.updates import write
from recommendations.web.visitor import signed_in, visitor


@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Lead to a link, or hand out a file as an attachment; 404 for whoever may not see it."""
    who = visitor(request)
    found = get_object_or_404(access.visible_evidence(who.roles), pk=pk)
    if found.erased_at:
        context = {"evidence": found}
        return render(request, "recommendations/evidence_erased.html", context, status=410)
    if found.kind == Evidence.Kind.LINK:
        return HttpResponseRedirect(found.url)
    try:
        stored = default_storage.open(found.stored_as)
    except FileNotFoundError as error:
        raise Http404 from error
    media_type = found.media_type or "application/octet-stream"
    return attached(stored, name=found.original_name, media_type=media_type)


@require_POST
def evidence_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a link or a file, and save the rest of the form as well."""
    return write(request, pk, then="evidence")


@require_POST
def evidence_detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take evidence off an update; where the form came along, save that as well.

    Where the update cannot be changed any more, saving the form says so and shows all of it.
    """
    on_form = request.POST.get("update", "")
    if visitor(request).roles.user_id is None and on_form.isdecimal():
        return kept.keep(request, reverse("update", args=[int(on_form)]))
    who = signed_in(request)
    found = get_object_or_404(access.visible_evidence(who.roles), pk=pk)
    with_form = "draft_version" in request.POST
    try:
        domain.detach(found, by=who.user, at=who.at)
    except (NotAllowedNow, NotPermitted):
        if not with_form:
            raise
    if with_form:
        return write(request, found.update_id, then="detached")
    return HttpResponseRedirect(reverse("update", args=[found.update_id]))
