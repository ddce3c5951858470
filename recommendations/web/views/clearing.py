"""Clearing a text for sending, by an officer of the agency."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.revisions import Conflict
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.domain.workflow import perform
from recommendations.web.attempts import refused, version_in
from recommendations.web.views.sending import check_page
from recommendations.web.views.updates import update_at
from recommendations.web.visitor import signed_in


@require_POST
def clear(request: HttpRequest, pk: int) -> HttpResponse:
    """Clear the text that the officer read; one that was saved since is shown first."""
    who = signed_in(request, page=reverse("update-check", args=[pk]))
    found = update_at(pk, who)
    try:
        perform(
            "clear",
            found,
            by=who.user,
            at=who.at,
            version=version_in(request),
            draft_version=version_in(request, "draft_version"),
        )
    except (Conflict, NotAllowedNow, RequirementMissing) as refusal:
        return check_page(request, update_at(pk, who), who, refused(refusal))
    messages.success(request, _("Cleared. It can be sent now."))
    return redirect("update-check", pk=pk)
