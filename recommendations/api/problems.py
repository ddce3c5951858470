"""What is refused, as problem+json (RFC 9457): one table for every exception of the domain."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions

from agencies.access import NotPermitted, NotVisible
from agencies.revisions import Conflict
from recommendations.api.columns import written
from recommendations.api.reader import ScopeMissing, SignInNeeded
from recommendations.api.refusals import PROBLEMS
from recommendations.domain import workflow
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.reporting.facts import DidNotExist
from recommendations.reporting.moments import UnusableMoment

log = logging.getLogger("django.request")
MEDIA_TYPE = "application/problem+json"


class Refused(Exception):
    """A refusal of the API itself: the slug of its problem, in words, and what goes with it."""

    def __init__(
        self,
        slug: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.slug = slug
        self.headers = dict(headers or {})
        self.more = more


@dataclass(frozen=True)
class Told:
    """What is told about a refusal: which problem, in words, the rest, and headers."""

    slug: str
    detail: str
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


PLAIN: dict[type[BaseException], str] = {
    PermissionDenied: "not-permitted",
    NotPermitted: "not-permitted",
    DidNotExist: "did-not-exist",
    exceptions.AuthenticationFailed: "token-not-valid",
    exceptions.PermissionDenied: "not-permitted",
}
"""The exceptions that say no more than their words, and the problem that each is."""
SILENT: dict[type[BaseException], str] = {
    NotVisible: "not-found",
    Http404: "not-found",
    RequestDataTooBig: "too-large",
    SuspiciousOperation: "unreadable-body",
    exceptions.ParseError: "unreadable-body",
    exceptions.UnsupportedMediaType: "unusable-media-type",
    exceptions.MethodNotAllowed: "method-not-allowed",
    exceptions.NotAuthenticated: "sign-in-needed",
}
"""The same of those whose words nobody is told: that something exists, or how this is built."""
AWAY = (OperationalError, InterfaceError)
"""The database is away, or busy for too long."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="api"'}


def told_of(error: BaseException) -> Told | None:
    """Return what to tell about an exception, or None for one that is no refusal."""
    if isinstance(error, Refused):
        return Told(error.slug, str(error), error.more, error.headers)
    if isinstance(error, SignInNeeded):
        return Told("sign-in-needed", "", headers=CHALLENGE)
    if isinstance(error, ScopeMissing):
        return Told("scope-missing", str(error), {"scope": error.scope})
    if isinstance(error, RequirementMissing):
        return Told("requirement-missing", str(error), {"fields": error.problems})
    if isinstance(error, NotAllowedNow):
        return not_now(error)
    if isinstance(error, UnusableMoment):
        return Told("unusable-moment", str(error), {"fields": {"as_of": str(error)}})
    if isinstance(error, Conflict):
        return Told("stale", str(error))
    if isinstance(error, exceptions.Throttled):
        wait = str(max(1, round(getattr(error, "wait", None) or 1)))
        return Told("too-many", "", headers={"Retry-After": wait})
    for kind, slug in (SILENT | PLAIN).items():
        if isinstance(error, kind):
            headers = CHALLENGE if PROBLEMS[slug].status == 401 else {}
            return Told(slug, where(error) if kind in SILENT else str(error), headers=headers)
    return None


def not_now(error: NotAllowedNow) -> Told:
    """Return what to tell where the state forbids something: why, and what it allows."""
    found = error.possible or (workflow.possible_now(error.about) if error.about else ())
    possible = [one._asdict() for one in found]
    detail = " ".join((str(error), _("Nothing was changed.")))
    return Told("not-possible-now", detail, {"possible": possible})


def where(error: BaseException) -> str:
    """Return at which place a body stops being JSON, if that is what is wrong."""
    cause = error.__context__
    if not isinstance(cause, json.JSONDecodeError):
        return ""
    words = _("The body is no JSON from line %(line)d, column %(column)d on.")
    return words % {"line": cause.lineno, "column": cause.colno}


def body_of(told: Told) -> dict[str, Any]:
    """Return a refusal as the members of problem+json."""
    problem = PROBLEMS[told.slug]
    return {
        "type": f"{settings.BASE_URL}/api/docs/errors/#{problem.slug}",
        "title": str(problem.title),
        "status": problem.status,
        "detail": told.detail or str(problem.help),
        **told.more,
    }


def problem_of(error: BaseException) -> dict[str, Any] | None:
    """Return a refusal as one row of an answer tells it, or None for what is no refusal."""
    told = told_of(error)
    return body_of(told) if told is not None else None


def answer(told: Told, request_id: str) -> HttpResponse:
    """Return the answer that a refusal is."""
    body = as_json({**body_of(told), "request_id": request_id})
    response = HttpResponse(body, content_type=MEDIA_TYPE, status=PROBLEMS[told.slug].status)
    for name, value in told.headers.items():
        response[name] = value
    return response


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Return the answer to an exception of a view; what is no refusal is logged (HTTP 500)."""
    told = told_of(error)
    if told is None and isinstance(error, AWAY):
        log.error("the database does not answer: %s", type(error).__name__)
        told = Told("unavailable", "", headers={"Retry-After": "10"})
    if told is None:
        log.exception("the API failed", exc_info=error)
        told = Told("failed", "")
    if isinstance(error, exceptions.MethodNotAllowed):
        known = getattr(context.get("view"), "allowed_methods", [])
        allowed = ", ".join(name for name in known if name != "OPTIONS")
        words = _("This address takes %(methods)s.") % {"methods": allowed}
        told = Told("method-not-allowed", words, headers={"Allow": allowed})
    return answer(told, getattr(context.get("request"), "request_id", ""))


def as_json(value: Any) -> bytes:
    """Return JSON in UTF-8; half a character that somebody sent comes back as a question mark."""
    return json.dumps(value, ensure_ascii=False, default=written).encode("utf-8", "replace")
