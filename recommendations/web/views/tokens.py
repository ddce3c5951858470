"""The tokens with which programs act for a person: made, shown once, revoked."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies import tokens
from recommendations.notify import accounts
from recommendations.web.forms.tokens import TokenForm
from recommendations.web.visitor import Visitor, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """Show the tokens of a person, and make a new one. Passwords are tried within limits.

    The secret of a new one stands on the answer to its form, and nowhere ever after.
    """
    who = signed_in(request, page=reverse("tokens"))
    agencies = tokens.agencies_of(who.user, at=who.at)
    form = TokenForm(user=who.user, agencies=agencies)
    secret, status = "", 200
    if request.method == "POST":
        refused: HttpResponse | None = ratelimit.consume_or_429(request, action="manage_email")
        if refused is not None:
            return refused
        form = TokenForm(request.POST, user=who.user, agencies=agencies)
        secret = made(form, who)
        status = 200 if secret else 400
    context = {
        "form": TokenForm(user=who.user, agencies=agencies) if secret else form,
        "secret": secret,
        "tokens": tokens.tokens_of(who.user),
        "now": who.at,
    }
    page = render(request, "recommendations/token_list.html", context, status=status)
    page["Cache-Control"] = "private, no-store"
    return page


def made(form: TokenForm, who: Visitor) -> str:
    """Make the token of a form and return its secret, or say at its fields what is wrong."""
    if not form.is_valid():
        return ""
    try:
        with transaction.atomic():
            _token, secret = tokens.issue(who.user, at=who.at, **form.facts(at=who.at))
            accounts.token_made(who.user, at=who.at)
    except ValidationError as error:
        form.say(error.message_dict)
        return ""
    return secret


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token at once."""
    who = signed_in(request, page=reverse("tokens"))
    found = get_object_or_404(tokens.tokens_of(who.user), pk=pk)
    tokens.revoke(found, at=who.at)
    words = _("The token “%(name)s” opens nothing any more.")
    messages.success(request, words % {"name": found.name})
    return redirect("tokens")
