"""Evidence: added to an update that is being written, opened, and taken off."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request

from recommendations.api import writing
from recommendations.api.asked import single, wrong
from recommendations.api.bodies import body_of, read, refuse_deep, refuse_unknown
from recommendations.api.columns import Kind
from recommendations.api.facts import Fact
from recommendations.api.problems import Refused
from recommendations.api.rows import one_row
from recommendations.api.tables.evidence import EVIDENCE
from recommendations.api.views.files import attached
from recommendations.api.views.lists import Detail
from recommendations.api.views.writing import Writing
from recommendations.domain import access
from recommendations.domain import evidence as domain
from recommendations.models import Evidence

FACTS = (
    Fact("title", "title; without it, the address or the name of the file"),
    Fact("url", "address of a link; not where a file comes along"),
    Fact(
        "public",
        "public with the update: true for a link, false for a file, unless said",
        Kind.BOOLEAN,
    ),
)
ANY = "application/octet-stream"
YES = {"true": True, "false": False, "": None}


class EvidenceAdd(Writing):
    """Add a link as JSON, or a file as a form. Overwrites nothing, so it needs no If-Match."""

    parser_classes = (JSONParser, MultiPartParser)
    cost = 5

    def post(self, request: Request, key: int) -> HttpResponse:
        """Add it to an update that is being written."""
        single(request.query_params, ())
        if request.content_type.startswith("multipart/"):
            given, files = form_in(request)
        else:
            given, files = dict(body_of(request)), {}
        if "public" in given and files:
            given["public"] = yes(given["public"])

        def work() -> HttpResponse:
            return self.add(key, given, files.get("file"))

        return self.once(request, work, said=hash_of(request, given, files))

    def add(self, key: int, given: dict[str, Any], file: Any) -> HttpResponse:
        """Add the link or file, and return it."""
        update = writing.object_of("update", key, self.reader)
        writing.refuse_if_not_permitted("edit", update, self.reader)
        refuse_unknown(given, [fact.name for fact in FACTS])
        facts = {fact.name: read(fact, given.get(fact.name)) for fact in FACTS}
        if (file is None) == (not facts["url"]):
            raise wrong("url", _("Give the address of a link, or send a file."))
        how: dict[str, Any] = {
            "title": facts["title"] or "",
            "by": self.reader.user,
            "at": self.reader.at,
        }
        public = facts["public"]
        if file is None:
            public = True if public is None else public
            made = domain.add_link(update, url=facts["url"], public=public, **how)
        else:
            made = domain.add_file(update, file=file, public=bool(public), **how)
        found = one_row(EVIDENCE, self.reader, made.pk, EVIDENCE.described)
        answer = self.answered(found[0] if found else None, status=201)
        answer["Location"] = f"{settings.BASE_URL}/api/v1/evidence/{made.pk}/"
        return answer


def form_in(
    request: Request, names: tuple[str, ...] = ("file",)
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields and the files of a form: the first of them, and perhaps the others.

    Raises Refused.
    """
    files = {name: request.FILES[name] for name in request.FILES}
    once = all(len(given) == 1 for _name, given in request.FILES.lists())
    if names[0] not in files or not once or not set(files) <= set(names):
        raise wrong("file", _("Send one file, in the field “file”."))
    given = {name: str(values[-1]) for name, values in request.POST.lists()}
    refuse_deep({**given, **{name: file.name or "" for name, file in files.items()}})
    return given, files


def yes(text: str) -> bool | None:
    """Return a yes or no of a form. Raises Refused."""
    if text not in YES:
        raise wrong("public", _("Write true or false."))
    return YES[text]


def hash_of(request: Request, given: Mapping[str, Any], files: Mapping[str, Any]) -> str:
    """Return the hash of all that a request asks for, whatever separates the parts of its form."""
    digest = hashlib.sha256(f"{request.get_full_path()} {sorted(given.items())!r}".encode())
    for name, file in sorted(files.items()):
        digest.update(f"{name} {file.name} {file.size}\n".encode())
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
    return digest.hexdigest()


class EvidenceDetail(Writing, Detail):
    """One piece of evidence: read by whoever may open it, taken off by its agency."""

    def delete(self, request: Request, key: int) -> HttpResponse:
        """Take it off an update that is being written; what was sent with it stays."""
        single(request.query_params, ())
        by = self.reader.user

        def work() -> HttpResponse:
            found = evidence_of(self, key)
            writing.refuse_if_not_permitted("edit", found.update, self.reader)
            domain.detach(found, by=by, at=self.reader.at)
            return self.answered(None, status=204)

        return self.once(request, work)


class Content(Detail):
    """What a piece of evidence is: the address that a link leads to, or the file."""

    public = True
    forms = ()
    cost = 5

    def get(self, request: Request, key: int) -> HttpResponseBase:
        """Lead to the link, or hand out the file as an attachment."""
        single(request.query_params, ())
        found = evidence_of(self, key)
        if found.erased_at:
            raise Refused("erased", _("The file was removed. Its hash and the reason stay."))
        if found.kind == Evidence.Kind.LINK:
            return HttpResponseRedirect(found.url)
        try:
            stored = default_storage.open(found.stored_as)
        except FileNotFoundError as error:
            raise Http404 from error
        return attached(
            stored, name=found.original_name, media_type=found.media_type or ANY, tag=""
        )


def evidence_of(view: Detail, key: int) -> Evidence:
    """Return the evidence that exists for the reader of a view, or Http404."""
    rows = access.visible_evidence(view.reader.roles).select_related(
        "update__duty__round", "update__duty__assignment__action"
    )
    found: Evidence | None = rows.filter(pk=key).first()
    if found is None:
        raise Http404
    return found
