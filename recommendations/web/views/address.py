"""Changing the address with which one signs in: ask, then confirm by the link in the mail."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.notify import new_address
from recommendations.web.forms.address import AddressForm
from recommendations.web.visitor import signed_in, visitor


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Ask for a new address and the present password. Passwords are tried within limits."""
    who = signed_in(request, page=reverse("address"))
    form, status = AddressForm(user=who.user), 200
    if request.method == "POST":
        refused: HttpResponse | None = ratelimit.consume_or_429(request, action="manage_email")
        if refused is not None:
            return refused
        form = AddressForm(request.POST, user=who.user)
        if form.is_valid():
            new_address.ask(who.user, form.cleaned_data["address"], at=who.at)
            messages.success(request, said(form.cleaned_data["address"]))
            return redirect("address")
        status = 400
    context = {"form": form, "present": who.user.email}
    return render(request, "recommendations/address.html", context, status=status)


def said(address: str) -> str:
    """Return what to say, whether or not somebody else has the address."""
    return _(
        "Unless somebody uses %(address)s already, a mail is on its way there. "
        "Open the link in it within 24 hours. Until then nothing changes."
    ) % {"address": address}


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask with a button, so that a scanner of links changes nothing; a POST changes it."""
    at = visitor(request).at
    asked = new_address.asked_in(token, at=at)
    if asked is not None and request.method == "POST":
        if new_address.take(asked, at=at):
            words = _("From now on you sign in with %(address)s.")
            messages.success(request, words % {"address": asked.address})
            return redirect("address")
        asked = None
    status = 200 if asked else 404
    page = render(request, "recommendations/address_confirm.html", {"asked": asked}, status=status)
    page["Cache-Control"] = "private, no-store"
    page["X-Robots-Tag"] = "noindex"
    return page
