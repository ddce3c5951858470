"""What changes something: the verbs, drafts, evidence, and many transitions at once."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from recommendations.api import repeats, writing
from recommendations.api.asked import single
from recommendations.api.bodies import body_of
from recommendations.api.repeats import Asking
from recommendations.api.tags import versions_in
from recommendations.api.views.base import View
from recommendations.api.writing import Done


class Writing(View):
    """A view that changes something: repeats come first, then the version that was seen."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask whoever changes something to sign in, also where everybody reads."""
        super().initial(request, *args, **kwargs)
        method = (request.method or "").lower()
        if method not in ("get", "head") and hasattr(self, method):
            _signed_in = self.reader.user

    def once(self, request: Request, work: Any, *, said: str = "") -> HttpResponse:
        """Answer once for each Idempotency-Key of its sender.

        `said` is the hash of what is asked for, where the body alone does not tell it.
        """
        key = repeats.key_in(request.headers.get(repeats.HEADER, ""))
        if not key:
            answer: HttpResponse = work()
            return answer
        return repeats.once(Asking(self.reader.owner, key, said or hash_of(request)), work)

    def versions(self, request: Request) -> tuple[int, int | None]:
        """Return the versions that If-Match names; raises Refused without it (HTTP 428)."""
        return versions_in(request.headers.get("If-Match", ""))

    def told(self, done: Done) -> HttpResponse:
        """Return what a change left: the row, with its tag, and its address where it is new."""
        if done.row is None:
            return self.answered(None, status=204)
        answer = self.answered(done.row, tag=done.tag, status=201 if done.made else 200)
        if done.made:
            where = f"/api/v1/{done.resource.name}/{done.key}/"
            answer["Location"] = f"{settings.BASE_URL}{where}"
        return answer


def hash_of(request: Request) -> str:
    """Return the hash of all that a request asks for: what it is sent to, and its body."""
    said = f"{request.method} {request.get_full_path()} {request.content_type}\n".encode()
    return hashlib.sha256(said + request._request.body).hexdigest()


class Verb(Writing):
    """One verb of the table of transitions."""

    noun = ""
    verb = ""

    def post(self, request: Request, key: int) -> HttpResponse:
        """Do it, at the version that If-Match names."""
        single(request.query_params, ())

        def work() -> HttpResponse:
            obj = writing.object_of(self.noun, key, self.reader)
            versions = self.versions(request)
            given = body_of(request)
            done = writing.do(self.verb, obj, given, reader=self.reader, versions=versions)
            return self.told(done)

        return self.once(request, work)


class Draft(Writing):
    """The unsent text of an update: its agency's alone."""

    def get(self, request: Request, key: int) -> HttpResponse:
        """Return what it says, or would start with."""
        single(request.query_params, ())
        update = writing.object_of("update", key, self.reader)
        return self.told(writing.read_draft(update, reader=self.reader))

    def patch(self, request: Request, key: int) -> HttpResponse:
        """Save it with some fields changed."""
        single(request.query_params, ())

        def work() -> HttpResponse:
            update = writing.object_of("update", key, self.reader)
            versions = self.versions(request)
            given = body_of(request)
            return self.told(
                writing.save_draft(update, given, reader=self.reader, versions=versions)
            )

        return self.once(request, work)

    def delete(self, request: Request, key: int) -> HttpResponse:
        """Throw it away."""
        single(request.query_params, ())

        def work() -> HttpResponse:
            update = writing.object_of("update", key, self.reader)
            versions = self.versions(request)
            return self.told(writing.delete_draft(update, reader=self.reader, versions=versions))

        return self.once(request, work)
