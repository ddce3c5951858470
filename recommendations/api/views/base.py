"""What every view of the API shares: who asks, what they may ask for, how it is answered."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from agencies.models import Token
from recommendations.api import problems
from recommendations.api.authentication import Bearer
from recommendations.api.limits import Limit
from recommendations.api.problems import as_json
from recommendations.api.reader import Reader, ScopeMissing, SignInNeeded, reader_of
from recommendations.api.tags import is_known

VARY = "Authorization, Cookie, Accept, Accept-Language"


class View(APIView):
    """Answers one address. Nothing is public unless `public` says so."""

    authentication_classes = (Bearer, SessionAuthentication)
    permission_classes = ()
    throttle_classes = (Limit,)
    parser_classes: tuple[Any, ...] = (JSONParser,)
    metadata_class = None
    public = False
    cost = 1
    scope: str = Token.Scope.READ
    reader: Reader

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find out who asks, and refuse whoever may not."""
        super().initial(request, *args, **kwargs)
        self.reader = reader_of(request.user, cast(Token | None, request.auth))
        if self.reader.roles.user_id is None and not self.public:
            raise SignInNeeded
        reads = request.method in ("GET", "HEAD")
        if reads:
            self.refuse_without(Token.Scope.READ)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Leave the form of the answer to the view: JSON, whatever else is accepted."""
        return JSONRenderer(), JSONRenderer.media_type

    def refuse_without(self, scope: str) -> None:
        """Raise ScopeMissing where a token lacks a scope; a session has them all."""
        token = self.reader.token
        if token is not None and scope not in token.scopes:
            words = _("The token needs the scope “%(scope)s” for this.")
            raise ScopeMissing(words % {"scope": scope}, scope)

    def get_exception_handler(self) -> Any:
        """Return what turns an exception into an answer."""
        return problems.handle

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say who may keep the answer: nobody what was read by a person, all others ask again."""
        response.setdefault("Vary", VARY)
        signed_in = request.auth is not None or getattr(request.user, "pk", None) is not None
        response["Cache-Control"] = "private, no-store" if signed_in else "public, no-cache"
        return response

    def answered(self, body: Any, *, tag: str = "", status: int = 200) -> HttpResponse:
        """Return an answer in JSON, or 304 where the reader has it already."""
        if tag and status == 200 and self.is_known(tag):
            return self.unchanged(tag)
        response = HttpResponse(
            b"" if status == 204 else as_json(body), content_type="application/json", status=status
        )
        if tag:
            response["ETag"] = tag
        return response

    def is_known(self, tag: str) -> bool:
        """Say whether the reader has an answer with this tag already."""
        reads = self.request.method in ("GET", "HEAD")
        return reads and is_known(tag, self.request.headers.get("If-None-Match", ""))

    def unchanged(self, tag: str) -> HttpResponse:
        """Return 304: what the reader has is what they would get."""
        response = HttpResponse(status=304)
        response["ETag"] = tag
        return response
