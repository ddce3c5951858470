"""The API described: for programs as OpenAPI 3.1, for people as a page without foreign parts."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from recommendations.api.asked import single
from recommendations.api.refusals import PROBLEMS
from recommendations.api.schema import figures
from recommendations.api.schema.document import document, parts, properties, written
from recommendations.api.schema.shapes import Shape, name_of
from recommendations.api.tables import RESOURCES
from recommendations.api.tags import counted_tag
from recommendations.api.views.base import View


@cache
def described() -> str:
    """Return the description as text; it changes with a release alone."""
    return written(document())


class Schema(View):
    """The description for programs."""

    public = True
    forms = ()

    def get(self, request: Request) -> HttpResponse:
        """Return it as JSON."""
        single(request.query_params, ())
        tag = counted_tag(self.reader, "schema", public=True)
        if self.is_known(tag):
            return self.unchanged(tag)
        answer = HttpResponse(described(), content_type="application/vnd.oai.openapi+json")
        answer["ETag"] = tag
        return answer


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show the reference: every address, what it takes, what it answers."""
    description = document()
    schemas = description["components"]["schemas"]
    fields = {one.title: properties(schemas[f"{name_of(one)}Slim"]) for one in RESOURCES}
    found = [
        {
            **part,
            "fields": fields.get(part["name"], ()),
            "shapes": shapes_told(schemas) if part["name"] == figures.TAG else (),
        }
        for part in parts(description)
    ]
    context = {"about": description["info"]["description"], "parts": found}
    return render(request, "recommendations/api_reference.html", context)


def shapes_told(schemas: dict[str, Shape]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Return the parts of figures for a page: name, meaning, fields."""
    return [
        (name, schemas[name]["description"], properties(schemas[name])) for name in figures.shapes()
    ]


@require_safe
def refusals(request: HttpRequest) -> HttpResponse:
    """Show every refusal, at the address that its type names."""
    return render(request, "recommendations/api_refusals.html", {"problems": PROBLEMS.values()})
