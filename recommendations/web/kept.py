"""What somebody posted after their session had ended: kept until they have signed in again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

KEY = "kept"
WRITER = "writer"
"""The hidden field that says who had opened the form; signed, so that nobody can say another."""
LONGEST = 100_000
"""Characters that are kept for somebody who is signed out: ten full forms, and no more."""


def signature(user_id: int | None) -> str:
    """Return what a form carries to say who opened it; "" for anonymous visitors."""
    return "" if user_id is None else Signer(salt=KEY).sign(str(user_id))


def writer_of(typed: QueryDict) -> str:
    """Return the id of the person who opened a form, "" where the form does not prove it."""
    try:
        return Signer(salt=KEY).unsign(typed.get(WRITER, ""))
    except BadSignature:
        return ""


def keep(request: HttpRequest, page: str) -> HttpResponse:
    """Keep what was typed, and lead through sign-in back to the page that shows it again.

    Only for the person who had opened the form: others may sign in next on this browser.
    """
    typed = request.POST.copy()
    by = writer_of(typed)
    for name in ("csrfmiddlewaretoken", WRITER):
        typed.pop(name, None)
    text = typed.urlencode()
    if by and len(text) <= LONGEST:
        request.session[KEY] = {"for": page, "typed": text, "by": by}
        request.session.set_expiry(60 * 60)
    return redirect_to_login(page)


def page_before(request: HttpRequest) -> str:
    """Return the page that holds the form that was posted; some addresses only take forms."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    return referrer.path if referrer.netloc == request.get_host() else reverse("home")


def kept_for(request: HttpRequest, page: str) -> QueryDict | None:
    """Return what was typed on this page before its writer had to sign in again.

    What another person typed is dropped.
    """
    kept = request.session.get(KEY)
    if kept and kept.get("by") != str(request.user.pk):
        forget(request)
        return None
    return QueryDict(kept["typed"]) if kept and kept["for"] == page else None


def opening(request: HttpRequest, **otherwise: Any) -> dict[str, Any]:
    """Return what a form opens with: what was typed before signing in again goes first."""
    typed = kept_for(request, request.path)
    return otherwise | (typed.dict() if typed else {})


def forget(request: HttpRequest) -> None:
    """Forget it: it is saved now, or of somebody else."""
    if request.session.pop(KEY, None) is not None:
        request.session.set_expiry(None)
