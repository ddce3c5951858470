"""Public answers that a reader may keep: the same tag until the public can see something else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language

from recommendations.models import Framework
from recommendations.web.visitor import visitor

FRESH = 60
"""Seconds for which a kept answer is shown without asking: what is approved shows after them."""


def tag_of(request: HttpRequest, framework: Framework) -> str:
    """Return the entity tag of a public answer.

    It moves with the public counter, so that nothing held moves it, with the address, the
    language, the release, whose data it is, and the day, because what is overdue changes with it.
    """
    parts = (
        framework.slug,
        framework.public_counter,
        request.get_full_path(),
        get_language(),
        settings.RELEASE,
        settings.PUBLISHER,
        settings.DATA_LICENCE,
        visitor(request).today,
    )
    return quote_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:32])


def unless_unchanged(
    request: HttpRequest,
    framework: Framework,
    answer: Callable[[], HttpResponseBase],
    *,
    seconds: int = FRESH,
) -> HttpResponseBase:
    """Return the answer, or 304 for a reader who has it; it is not made then.

    What people who are signed in are answered is theirs alone and carries no tag.
    """
    if visitor(request).roles.user_id is not None:
        return answer()
    tag = tag_of(request, framework)
    known = get_conditional_response(request, etag=tag)
    found: HttpResponseBase = known if known is not None else answer()
    if found.status_code in (200, 304):
        found["ETag"] = tag
        found["Cache-Control"] = f"public, max-age={seconds}"
    return found
