"""A person leaves: an administrator sees what they hold, names successors, and ends it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from agencies.models import User
from agencies.revisions import Conflict
from recommendations.domain import leaving
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.web import kept
from recommendations.web.attempts import Refused, refused, version_in
from recommendations.web.forms.leaving import LeavingForm
from recommendations.web.visitor import Visitor, signed_in


@require_http_methods(["GET", "POST"])
def leaves(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that a person holds, and end it on their last day."""
    who = signed_in(request)
    if not leaving.may_leave(who.user, at=who.at):
        raise NotPermitted(_("Only an administrator of all frameworks can do this."))
    person = get_object_or_404(User, pk=pk)
    held = leaving.preview(person, last_day=who.today)
    refusal = None
    if request.method == "POST":
        form = LeavingForm(request.POST, leaver=person, leaving=held)
        refusal = attempt(request, person, who, form)
        if refusal is None:
            kept.forget(request)
            messages.success(request, _("%(who)s has left.") % {"who": person})
            return redirect("admin:agencies_user_change", person.pk)
    else:
        opening = kept.opening(request, last_day=who.today)
        form = LeavingForm(initial=opening, leaver=person, leaving=held)
    context = {
        "person": person,
        "held": held,
        "form": form,
        "refused": refusal if refusal and refusal.is_notice else None,
        "crumbs": [
            (_("People"), reverse("admin:agencies_user_changelist")),
            (str(person), reverse("admin:agencies_user_change", args=[person.pk])),
            (_("Leaves"), ""),
        ],
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/leaves.html", context, status=status)


def attempt(request: HttpRequest, person: User, who: Visitor, form: LeavingForm) -> Refused | None:
    """Let the person leave; return why it was refused, or None."""
    if not form.is_valid():
        return Refused(400)
    version = version_in(request)
    try:
        leaving.leave(person, by=who.user, at=who.at, version=version, **form.facts())
    except RequirementMissing as missing:
        form.say(missing.problems)
        return Refused(400)
    except (NotAllowedNow, NotPermitted, Conflict) as error:
        return refused(error)
    return None
