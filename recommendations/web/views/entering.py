"""Entering an agency's text that came by mail or telephone, on behalf of a named person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from recommendations.domain import behalf
from recommendations.domain.transition import NotAllowedNow
from recommendations.models import Update
from recommendations.web import kept
from recommendations.web.attempts import Refused, attempt
from recommendations.web.crumbs import round_crumbs
from recommendations.web.forms.entering import TextForThem
from recommendations.web.views.updates import subject, update_at
from recommendations.web.visitor import Visitor, signed_in


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a text on behalf of the agency, and send it."""
    who = signed_in(request)
    found = update_at(pk, who)
    check_permitted(found, who)
    if found.duty.assignment_id is None:
        raise NotAllowedNow(_("Only the agency answers its questionnaire."))
    people = behalf.people_of(found.agency_id, day=who.today)
    refusal = None
    if request.method == "POST":
        form = TextForThem(request.POST, update=found, people=people)
        refusal = send(request, found, who, form)
        if refusal is None:
            messages.success(request, _("Sent on behalf of the agency. Somebody else decides."))
            return redirect("update", pk=pk)
        found = update_at(pk, who)
    else:
        if not behalf.may_enter(who.roles, found):
            raise NotAllowedNow(_("No text can be entered for the agency now."))
        opening = kept.opening(request, kind="report")
        form = TextForThem(initial=opening, update=found, people=people)
    context = {
        **subject(found),
        "form": form,
        "refused": refusal if refusal and refusal.is_notice else None,
        "today": who.today,
        "crumbs": round_crumbs(found.duty.round, here=str(found.duty.assignment or found)),
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/update_enter.html", context, status=status)


def check_permitted(found: Update, who: Visitor) -> None:
    """Raise NotPermitted for everybody but those who enter something for an agency."""
    if not behalf.may(who.roles, "submit", found):
        raise NotPermitted(
            _("Only a coordinator or administrator enters something on behalf of an agency.")
        )


def send(request: HttpRequest, found: Update, who: Visitor, form: TextForThem) -> Refused | None:
    """Send what was typed; return why it was refused, or None."""
    if form.is_valid() and form.named() is None:
        form.add_error("on_behalf_of", _("Choose on whose behalf you enter it."))
    named = form.named() if form.is_valid() else None
    content = form.content() if form.is_valid() else {}
    return attempt(
        "submit",
        found,
        who=who,
        request=request,
        form=form,
        on_behalf_of=named,
        content=content,
    )
