"""Lists that take new rows, and rows whose fields can be changed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from recommendations.api import plain
from recommendations.api.asked import single
from recommendations.api.bodies import body_of
from recommendations.api.rows import lookup
from recommendations.api.tables.written import ROUND, Plain
from recommendations.api.views.lists import Detail, Listing
from recommendations.api.views.writing import Writing


class Entering(Writing, Listing):
    """A list that takes new rows."""

    written: Plain = ROUND  # each address gives its own

    def post(self, request: Request) -> HttpResponse:
        """Enter one."""
        single(request.query_params, ())

        def work() -> HttpResponse:
            return self.told(plain.enter(self.written, body_of(request), reader=self.reader))

        return self.once(request, work)


class Changing(Writing, Detail):
    """A row whose fields can be changed, at the version that was seen."""

    written: Plain = ROUND  # each address gives its own

    def patch(self, request: Request, key: Any) -> HttpResponse:
        """Change the fields that are given."""
        single(request.query_params, ())

        def work() -> HttpResponse:
            rows = self.resource.rows(self.reader.roles)
            obj = rows.filter(**{lookup(self.resource): key}).first()
            if obj is None:
                raise Http404
            given, versions = body_of(request), self.versions(request)
            done = plain.change(self.written, obj, given, reader=self.reader, versions=versions)
            return self.told(done)

        return self.once(request, work)
