"""What somebody posted after their session had ended: kept until they have signed in again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

KEY = "kept"
LONGEST = 100_000
"""Characters that are kept for somebody who is signed out: ten full forms, and no more."""


def keep(request: HttpRequest, page: str) -> HttpResponse:
    """Keep what was typed, and lead through sign-in back to the page that shows it again."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    if len(text) <= LONGEST:
        request.session[KEY] = {"for": page, "typed": text}
        request.session.set_expiry(60 * 60)
    return redirect_to_login(page)


def page_before(request: HttpRequest) -> str:
    """Return the page that holds the form that was posted; some addresses only take forms."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    return referrer.path if referrer.netloc == request.get_host() else reverse("home")


def kept_for(request: HttpRequest, page: str) -> QueryDict | None:
    """Return what was typed on this page before its writer had to sign in again."""
    kept = request.session.get(KEY)
    return QueryDict(kept["typed"]) if kept and kept["for"] == page else None


def opening(request: HttpRequest, **otherwise: Any) -> dict[str, Any]:
    """Return what a form opens with: what was typed before signing in again goes first."""
    typed = kept_for(request, request.path)
    return otherwise | (typed.dict() if typed else {})


def forget(request: HttpRequest) -> None:
    """Forget it: it is saved now."""
    request.session.pop(KEY, None)
