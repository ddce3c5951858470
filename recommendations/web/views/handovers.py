"""Handing one's duties to somebody else between two days, and ending that."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies import handovers
from agencies.access import NotPermitted
from agencies.models import Handover
from agencies.revisions import Conflict
from recommendations.web import kept
from recommendations.web.attempts import version_in
from recommendations.web.forms.handovers import HandOverForm, receivers_of
from recommendations.web.visitor import Visitor, signed_in


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """Show the hand-overs of a person and take a new one."""
    who = signed_in(request, page=reverse("hand-over"))
    charges = handovers.charges_of(who.user, day=who.today)
    receivers = receivers_of(charges, giver=who.user, day=who.today)
    form = HandOverForm(initial=kept.opening(request), charges=charges, receivers=receivers)
    status = 200
    if request.method == "POST":
        form = HandOverForm(request.POST, charges=charges, receivers=receivers)
        made = attempt(form, who)
        if made is not None:
            kept.forget(request)
            messages.success(request, said(made))
            return redirect("work" if made.agency_id else "queue")
        status = 400
    context = {
        "who": who,
        "form": form,
        "charges": charges,
        "receivers": receivers,
        "standing": handovers.concerning(who.user, day=who.today),
        "today": who.today,
        "crumbs": [(_("My work"), reverse("home")), (_("Hand over"), "")],
    }
    return render(request, "recommendations/hand_over.html", context, status=status)


def attempt(form: HandOverForm, who: Visitor) -> Handover | None:
    """Make the hand-over of a form, or say at its fields what is wrong."""
    if not form.is_valid():
        return None
    charge = form.charge_chosen()
    if charge is None:
        form.add_error("charge", _("Choose what you hand over."))
        return None
    try:
        return handovers.hand_over(charge, by=who.user, at=who.at, **form.facts())
    except ValidationError as error:
        form.say({name: " ".join(texts) for name, texts in error.message_dict.items()})
    return None


def said(made: Handover) -> str:
    """Return what to say about a hand-over that was just made."""
    return _("%(who)s acts for you from %(first)s until %(last)s. You can end it before that.") % {
        "who": made.to_user,
        "first": date_format(made.from_on, "j M Y"),
        "last": date_format(made.until_on, "j M Y"),
    }


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a hand-over at once, or take it back before it begins."""
    who = signed_in(request, page=reverse("hand-over"))
    found = get_object_or_404(Handover, pk=pk)
    try:
        handovers.end(found, by=who.user, at=who.at, version=version_in(request))
    except (NotPermitted, Conflict) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The hand-over has ended."))
    return redirect("hand-over")
