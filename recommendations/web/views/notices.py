"""What a person is told and how: each kind of notice, the times of mail, the calendar."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from recommendations.models import MailSettings
from recommendations.notify import calendar, clock, preferences
from recommendations.web import kept
from recommendations.web.forms.notices import NoticesForm, opening_of, zones
from recommendations.web.visitor import Visitor, signed_in


@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Show what a person is told and how, and keep what they choose."""
    who = signed_in(request, page=request.path)
    told = preferences.notices_for(who.roles)
    chosen = preferences.chosen(who.user, told)
    wanted = preferences.settings_of(who.user)
    opening = kept.opening(request, **opening_of(wanted))
    form = NoticesForm(initial=opening, notices=told, chosen=chosen)
    if request.method == "POST":
        form = NoticesForm(request.POST, notices=told, chosen=chosen)
        if form.is_valid():
            preferences.keep(who.user, settings=form.settings(), wanted=form.wanted(), at=who.at)
            kept.forget(request)
            messages.success(request, _("Saved. It also holds for mail that waits."))
            return redirect("notices")
    context = page_of(form, wanted, chosen, who)
    return render(
        request, "recommendations/notices.html", context, status=400 if form.errors else 200
    )


def page_of(
    form: NoticesForm, wanted: MailSettings, chosen: dict[str, str], who: Visitor
) -> dict[str, Any]:
    """Return what the page shows: the form, the next digests as saved, the calendar."""
    return {
        "form": form,
        "zones": zones(),
        "zone": clock.zone_of(wanted).key,
        "digests": preferences.next_digests(wanted, chosen.values(), at=who.at),
        "calendar_url": calendar_url(wanted),
        "webhooks": bool(who.roles.agencies) or who.oversees_anything,
        "crumbs": [(_("Inbox"), reverse("inbox")), (_("Notices"), "")],
    }


def calendar_url(wanted: MailSettings) -> str:
    """Return the address of a person's calendar, "" where they have none."""
    if not wanted.calendar_key:
        return ""
    return settings.BASE_URL.rstrip("/") + reverse("calendar", args=[wanted.calendar_key])


@require_POST
def calendar_key(request: HttpRequest) -> HttpResponse:
    """Make, renew or revoke the address of one's calendar."""
    who = signed_in(request, page=reverse("notices"))
    if request.POST.get("do") == "revoke":
        calendar.revoke_key(who.user)
        messages.success(request, _("The address of your calendar opens nothing any more."))
    else:
        calendar.give_key(who.user)
        messages.success(request, _("Your calendar has a new address. An older one is closed."))
    return redirect(reverse("notices") + "#calendar")
