"""Where a program begins: what there is to ask for, and where it is described."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.request import Request

from recommendations.api.accepted import CSV, JSON
from recommendations.api.asked import single
from recommendations.api.lines import sheet
from recommendations.api.schema.document import document
from recommendations.api.schema.index import PLACE
from recommendations.api.tags import counted_tag
from recommendations.api.views.base import View

BEGINNING = "/api/v1/"
PAGES = {"schema": "api-schema", "reference": "api-docs", "refusals": "api-errors"}
"""Where all of it is described."""


@cache
def described() -> tuple[dict[str, Any], ...]:
    """Return every address without a key; it changes with a release alone."""
    return tuple(
        place(address, methods)
        for address, methods in document()["paths"].items()
        if "{" not in address and address != BEGINNING
    )


def place(address: str, methods: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of an address."""
    operation = methods.get("get") or methods["post"]
    return {
        "name": address.removeprefix(BEGINNING).rstrip("/"),
        "title": operation["tags"][0],
        "meaning": operation["description"],
        "address": address,
        "methods": [method.upper() for method in methods],
        "public": "get" in methods and {} in operation["security"],
    }


def whole(address: str) -> str:
    """Return an address of the site as others call it."""
    return f"{settings.BASE_URL}{address}"


def links() -> dict[str, str]:
    """Return where the API and the figures are described."""
    found = {name: whole(reverse(page)) for name, page in PAGES.items()}
    return {**found, "method": whole(reverse("short", args=["about/"])) + "#method"}


class Index(View):
    """What there is."""

    forms = (JSON, CSV)
    public = True

    def get(self, request: Request) -> HttpResponseBase:
        """Return every resource, and links to the descriptions."""
        single(request.query_params, ())
        tag = counted_tag(self.reader, "index", self.form, public=True)
        if self.is_known(tag):
            return self.unchanged(tag)
        rows = [{**one, "address": whole(one["address"])} for one in described()]
        if self.form == CSV:
            return sheet("index", [one.name for one in PLACE], rows, tag=tag)
        return self.answered({"links": links(), "results": rows}, tag=tag)
