"""What somebody posted after their session had ended: kept until they have signed in again."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict

KEY = "kept"
LONGEST = 100_000
"""Characters that are kept for somebody who is signed out: ten full forms, and no more."""


def keep(request: HttpRequest, back: str) -> HttpResponse:
    """Keep what was typed, and lead through sign-in back to the page that shows it again."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    if len(text) <= LONGEST:
        request.session[KEY] = {"for": back, "typed": text}
        request.session.set_expiry(60 * 60)
    return redirect_to_login(back)


def kept_for(request: HttpRequest, page: str) -> QueryDict | None:
    """Return what was typed on this page before its writer had to sign in again."""
    kept = request.session.get(KEY)
    return QueryDict(kept["typed"]) if kept and kept["for"] == page else None


def forget(request: HttpRequest) -> None:
    """Forget it: it is saved now."""
    request.session.pop(KEY, None)
