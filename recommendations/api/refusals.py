"""Every refusal by the name that stays the same: what it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

LARGEST = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,}"
"""Bytes in a body; files of a form do not count."""


@dataclass(frozen=True)
class Problem:
    """A kind of refusal: its address ends in `slug`; `help` says what to do."""

    slug: str
    status: int
    title: Any
    help: Any


PROBLEMS = {
    one.slug: one
    for one in (
        Problem(
            "unreadable-body",
            400,
            _("The body cannot be read"),
            _("Send one JSON object in UTF-8, or a form with a file where one is asked for."),
        ),
        Problem(
            "unknown-parameter",
            400,
            _("Unknown parameter"),
            _("Use the name that the answer gives, or one of those it lists."),
        ),
        Problem(
            "unusable-value",
            400,
            _("A value cannot be used"),
            _("Each name under “fields” says what to write instead."),
        ),
        Problem(
            "unusable-moment",
            400,
            _("Not a moment that has figures"),
            _("Write as_of like 2013-11-23T10:00:00Z, and not in the future."),
        ),
        Problem(
            "requirement-missing",
            400,
            _("Something is missing or cannot stand"),
            _("Each name under “fields” says what to do about it."),
        ),
        Problem(
            "sign-in-needed",
            401,
            _("Sign in"),
            _("Send “Authorization: Bearer” and a token; people make one at /account/tokens/."),
        ),
        Problem(
            "token-not-valid",
            401,
            _("The token opens nothing"),
            _("It is unknown, expired or revoked, or its person was deactivated. Make another."),
        ),
        Problem("not-permitted", 403, _("Not permitted"), _("The detail says who may.")),
        Problem(
            "scope-missing",
            403,
            _("The token does not reach this far"),
            _("Make a token with the scope that the answer names."),
        ),
        Problem("not-found", 404, _("Not found"), _("It does not exist, or not for you.")),
        Problem(
            "did-not-exist", 404, _("Not recorded yet at that moment"), _("Choose a later moment.")
        ),
        Problem(
            "method-not-allowed",
            405,
            _("Not this method"),
            _("The header Allow lists those that this address takes."),
        ),
        Problem(
            "not-acceptable",
            406,
            _("Not in a form that you accept"),
            _("“forms” lists those that there are: send one of them as Accept."),
        ),
        Problem(
            "not-possible-now",
            409,
            _("Not possible now"),
            _("“possible” lists what is possible in the present state, and who may."),
        ),
        Problem(
            "being-answered",
            409,
            _("The same request is being answered"),
            _("Repeat it with the same Idempotency-Key after the seconds in Retry-After."),
        ),
        Problem(
            "erased",
            410,
            _("The file was removed"),
            _("Its row, its hash and the reason stay."),
        ),
        Problem(
            "expired",
            410,
            _("The file is no longer kept"),
            _("Ask for the report again, with the same moment."),
        ),
        Problem(
            "stale",
            412,
            _("Changed by somebody else"),
            _("Look at “current”, which is what it is now, and send If-Match with its “tag”."),
        ),
        Problem(
            "too-large",
            413,
            _("Too large"),
            format_lazy(_("A body may have {most} bytes. Send less at a time."), most=LARGEST),
        ),
        Problem(
            "unusable-media-type",
            415,
            _("Not in this form"),
            _("Send application/json, or multipart/form-data where a file is asked for."),
        ),
        Problem(
            "key-used-otherwise",
            422,
            _("The key was used for another request"),
            _("Use a new Idempotency-Key for each new request."),
        ),
        Problem(
            "version-needed",
            428,
            _("Say which version you saw"),
            _("Send If-Match with the ETag of the object, as you read it."),
        ),
        Problem("too-many", 429, _("Too many requests"), _("Wait for the seconds in Retry-After.")),
        Problem(
            "failed",
            500,
            _("Something went wrong here"),
            _("Nothing was changed. Give the request_id to whoever runs the site."),
        ),
        Problem(
            "unavailable",
            503,
            _("Out of order for a moment"),
            _("Send it again after the seconds in Retry-After, with the same Idempotency-Key."),
        ),
    )
}
"""Every refusal by its slug; its type is the site's /api/docs/errors/#slug."""
