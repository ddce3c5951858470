"""What every view of the API shares: who asks, what they may ask for, how it is answered."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from agencies.models import Token
from agencies.succession import code_today
from recommendations.api import problems
from recommendations.api.accepted import JSON, form_of
from recommendations.api.authentication import Bearer
from recommendations.api.limits import Limit, Spent
from recommendations.api.problems import Refused, as_json
from recommendations.api.reader import Opened, Reader, ScopeMissing, SignInNeeded, reader_of
from recommendations.api.tags import is_known, tag_of

VARY = "Authorization, Cookie, Accept, Accept-Language"


class View(APIView):
    """Answers one address. Nothing is public unless `public` says so."""

    authentication_classes = (Bearer, SessionAuthentication)
    permission_classes = ()
    throttle_classes = (Limit,)
    parser_classes: tuple[Any, ...] = (JSONParser,)
    metadata_class = None
    forms: tuple[str, ...] = (JSON,)
    """The forms in which it answers; none where it hands out whatever there is."""
    form = JSON
    public = False
    cost = 1
    scope: str = Token.Scope.READ
    reader: Reader
    spent: Spent | None = None
    is_spared = False
    """Whether a counter told that nothing changed, before any work."""

    @property
    def reads(self) -> bool:
        """Say whether it is asked to read alone."""
        return self.request.method in ("GET", "HEAD")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find out who asks, and refuse whoever may not."""
        super().initial(request, *args, **kwargs)
        self.reader = reader_of(request.user, cast(Opened | None, request.auth))
        if self.reader.roles.user_id is None and not self.public:
            raise SignInNeeded
        if self.reads:
            self.refuse_without(Token.Scope.READ)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Choose the form of the answer; refuse what accepts none of them (HTTP 406)."""
        self.form = form_of(request.headers.get("Accept", ""), self.forms) if self.forms else JSON
        if not self.form and not force:
            raise Refused("not-acceptable", "", forms=list(self.forms))
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
        reader = getattr(self, "reader", None)  # none where it was refused before
        everybody = reader is not None and reader.roles.user_id is None
        response["Cache-Control"] = "public, no-cache" if everybody else "private, no-store"
        if everybody and self.public and self.reads:
            # Scripts of every site may read what strangers read (docs/decisions/0022).
            response["Access-Control-Allow-Origin"] = "*"
        if self.spent is not None:
            spent = self.spent.without_work() if self.is_spared else self.spent
            for name, value in spent.headers.items():
                response[name] = value
        return response

    def answered(self, body: Any, *, tag: str = "", status: int = 200) -> HttpResponse:
        """Return an answer in JSON, or 304 where the reader has it already.

        What is read and has no tag of its own gets one from what it says.
        """
        content = b"" if status == 204 else as_json(body)
        if self.reads and not tag:
            tag = tag_of(content)
        if tag and status == 200 and self.is_known(tag):
            return self.unchanged(tag, worked=True)
        response = HttpResponse(content, content_type="application/json", status=status)
        if tag:
            response["ETag"] = tag
        return response

    def moved_on(self, request: Request) -> HttpResponse | None:
        """Return 301 where the address names an agency by a code that it had."""
        agency = request.query_params.get("agency", "")
        now = code_today(agency) if agency else ""
        if not now:
            return None
        return self.moved(request.path, {**request.query_params.dict(), "agency": now})

    def moved(self, path: str, given: dict[str, str]) -> HttpResponse:
        """Return 301: an agency has another code since, by which this is found."""
        answer = HttpResponse(status=301)
        answer["Location"] = f"{settings.BASE_URL}{path}{'?' if given else ''}{urlencode(given)}"
        return answer

    def address_after(self, request: Request, cursor: str) -> str | None:
        """Return the address of the next page, None after the last."""
        if not cursor:
            return None
        given = {**request.query_params.dict(), "after": cursor}
        return f"{settings.BASE_URL}{request.path}?{urlencode(given)}"

    def is_known(self, tag: str) -> bool:
        """Say whether the reader has an answer with this tag already."""
        return self.reads and is_known(tag, self.request.headers.get("If-None-Match", ""))

    def unchanged(self, tag: str, *, worked: bool = False) -> HttpResponse:
        """Return 304: what the reader has is what they would get; `worked` where it was made."""
        self.is_spared = not worked
        response = HttpResponse(status=304)
        response["ETag"] = tag
        return response
