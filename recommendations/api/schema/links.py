"""Which operation can follow an answer: a list leads to a row, a row to its verbs, a verb back."""

from __future__ import annotations

from typing import Any

from recommendations.api.resources import Resource
from recommendations.api.schema.operations import shared
from recommendations.api.schema.shapes import Shape, name_of, ref
from recommendations.api.tables import RESOURCES

HERE, TAG = "$request.path.key", "$response.header.ETag"


def add_links(addresses: dict[str, Shape]) -> None:
    """Say in each answer what can follow it."""
    for resource in RESOURCES:
        name, place = name_of(resource), f"/api/v1/{resource.name}/"
        row = f"{place}{{key}}/"
        answer_of(addresses[place]["get"])["links"] = {"first": to_row(resource, "/results/0")}
        follow = answer_of(addresses[row]["get"])["links"] = {}
        for address, methods in addresses.items():
            for method, operation in methods.items():
                if address.startswith(row) and (address, method) != (row, "get"):
                    follow[operation["operationId"]] = to_deed(operation)
                if method != "get" and shows(operation, name):
                    answer_of(operation)["links"] = {"read": to_row(resource)}


def answer_of(operation: Shape) -> Any:
    """Return the answer of an operation that succeeds."""
    answers = operation["responses"]
    return answers.get("201") or answers.get("200") or answers["204"]


def shows(operation: Shape, name: str) -> bool:
    """Say whether an operation answers with a row of this shape."""
    content = answer_of(operation).get("content", {})
    return bool(content.get("application/json", {}).get("schema") == ref(name))


def to_row(resource: Resource, place: str = "") -> Shape:
    """Return the link to a row that stands at a place of the answer."""
    key = f"$response.body#{place}/{resource.key}"
    return {"operationId": f"read_{name_of(resource)}", "parameters": {"path.key": key}}


def to_deed(operation: Shape) -> Shape:
    """Return the link from a row to something that is done with it, at the version it has."""
    tagged = shared("if_match")[0] in operation["parameters"]
    tag = {"header.If-Match": TAG} if tagged else {}
    return {"operationId": operation["operationId"], "parameters": {"path.key": HERE, **tag}}
