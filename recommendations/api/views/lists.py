"""The lists of every resource, as JSON or CSV, and one row of each."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from recommendations.api.accepted import CSV, JSON
from recommendations.api.asked import Asked, asked_of, chosen, single
from recommendations.api.lines import LONGEST_FILE, sheet
from recommendations.api.resources import Resource
from recommendations.api.rows import all_rows, one_row, page_of
from recommendations.api.tables.reference import FRAMEWORKS
from recommendations.api.tags import list_tag
from recommendations.api.views.base import View


class Listing(View):
    """A list of a resource."""

    forms = (JSON, CSV)
    resource: Resource = FRAMEWORKS  # each address gives its own

    def get(self, request: Request) -> HttpResponseBase:
        """Return a page of the list; all of it as CSV where that is asked for."""
        asked = asked_of(self.resource, request.query_params)
        kind = CSV if self.form == CSV else "json"
        tag = ""
        if asked.counted:
            tag = list_tag(self.resource, self.reader, request.get_full_path(), kind)
        if tag and self.is_known(tag):
            return self.unchanged(tag)
        if moved := self.moved_on(request):
            return moved
        if kind == CSV:
            return self.file(asked, tag)
        page = page_of(self.resource, self.reader, asked)
        body = {
            "count": page.count,
            "count_is_capped": page.capped,
            "next": self.address_after(request, page.next),
            "results": page.rows,
        }
        return self.answered(body, tag=tag)

    def file(self, asked: Asked, tag: str) -> HttpResponseBase:
        """Return the list as CSV, sent while it is read."""
        rows = all_rows(self.resource, self.reader, asked, most=LONGEST_FILE)
        return sheet(self.resource.name, [one.name for one in asked.columns], rows, tag=tag)


class Detail(View):
    """One row of a resource."""

    resource: Resource = FRAMEWORKS  # each address gives its own

    def get(self, request: Request, key: Any) -> HttpResponseBase:
        """Return the row; 404 where it does not exist for the reader."""
        given = single(request.query_params, ("fields",))
        columns = chosen(self.resource.described, given.get("fields", ""))
        found = one_row(self.resource, self.reader, key, columns)
        if found is None:
            now = self.resource.renamed(key) if self.resource.renamed else ""
            if not now:
                raise Http404
            path = request.path.removesuffix(f"{key}/")
            return self.moved(f"{path}{now}/", request.query_params.dict())
        row, version = found
        tag = f'"{version}"' if version else ""
        if not tag:
            tag = list_tag(self.resource, self.reader, request.get_full_path(), "json")
        return self.answered(row, tag=tag)
