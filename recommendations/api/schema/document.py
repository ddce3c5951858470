"""The whole description of the API, and the same as lines for people."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.utils import translation

from agencies.models import Token
from recommendations.api.refusals import PROBLEMS
from recommendations.api.resources import Resource
from recommendations.api.schema import (
    figures,
    history,
    index,
    others,
    plain,
    reminding,
    reports,
)
from recommendations.api.schema.links import add_links
from recommendations.api.schema.operations import SHARED, detail, listing, refusal, verb
from recommendations.api.schema.shapes import Shape, list_shape, name_of, ref, row_shape
from recommendations.api.tables import BY_NOUN, RESOURCES
from recommendations.api.tables.written import WRITTEN
from recommendations.domain import workflow

ABOUT = (
    "Everything that the pages can do, for other systems. Reading is public where the pages are "
    "public. Writing is the table of transitions: one address for each verb, at the version that "
    "you saw (If-Match), and once for each Idempotency-Key. Every refusal is problem+json."
)


def document() -> Shape:
    """Return the description as OpenAPI 3.1, in English whatever the language of the reader."""
    with translation.override("en"):
        addresses = paths()
        add_links(addresses)
        return {
            "openapi": "3.1.0",
            "info": {"title": "hldtracker", "version": "1", "description": ABOUT},
            "servers": [{"url": "/"}],
            "paths": addresses,
            "components": {**components(), "responses": responses(addresses)},
            "tags": [{"name": name} for name in tags()],
        }


def paths() -> dict[str, Shape]:
    """Return the operations by address."""
    found: dict[str, Shape] = index.paths()
    for one in RESOURCES:
        found[f"/api/v1/{one.name}/"] = {"get": listing(one)}
        found[f"/api/v1/{one.name}/{{key}}/"] = {"get": detail(one)}
    for name, rows in WRITTEN.items():
        found[f"/api/v1/{name}/"]["post"] = plain.entering(rows)
        found[f"/api/v1/{name}/{{key}}/"]["patch"] = plain.changing(rows)
    for row in workflow.TABLE:
        name = BY_NOUN[row.noun].name
        found[f"/api/v1/{name}/{{key}}/{row.verb}/"] = {"post": verb(row)}
    found["/api/v1/evidence/{key}/"]["delete"] = others.detach_evidence()
    more = (figures, history, others, reminding, reports)
    return found | {place: one for part in more for place, one in part.paths().items()}


def responses(addresses: dict[str, Shape]) -> dict[str, Shape]:
    """Return the refusals that these operations refer to."""
    references = {
        one["$ref"]
        for methods in addresses.values()
        for operation in methods.values()
        for one in operation["responses"].values()
        if "$ref" in one
    }
    return {one.rsplit("/", 1)[-1]: refusal(one) for one in sorted(references)}


def components() -> Shape:
    """Return what the operations share."""
    schemas: dict[str, Shape] = {"Problem": problem_shape()}
    for one in RESOURCES:
        schemas |= shapes_of(one)
    schemas |= figures.shapes()
    scopes = ", ".join(f"{value}: {label}" for value, label in Token.Scope.choices)
    return {
        "schemas": schemas,
        "parameters": SHARED,
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": f"A token that a person made at /account/tokens/. Scopes: {scopes}.",
            },
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "The session of a browser; what changes something carries "
                "X-CSRFToken.",
            },
        },
    }


def shapes_of(resource: Resource) -> dict[str, Shape]:
    """Return the shapes of a resource: some fields of a row, all of them, a page of a list."""
    name = name_of(resource)
    return {
        f"{name}Slim": row_shape(resource.described, resource.meaning, slim=True),
        name: {
            "allOf": [ref(f"{name}Slim")],
            "required": [column.name for column in resource.described],
        },
        f"{name}List": list_shape(resource),
    }


DEED: Shape = {
    "type": "object",
    "properties": {
        "verb": {"type": "string", "description": "its name in addresses"},
        "deed": {"type": "string", "description": "the same in words"},
        "who": {"type": "string", "description": "who may"},
    },
}
PERSON: Shape = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}


def problem_shape() -> Shape:
    """Return what every refusal holds."""
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "type": "object",
        "description": "A refusal (RFC 9457). The end of its type names it, and stays the same.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "pattern": f"#({'|'.join(PROBLEMS)})$"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "what to do, in words"},
            "fields": {**texts, "description": "what is wrong, by field or parameter"},
            "nearest": {"type": "string", "description": "the name that was probably meant"},
            "known": {"type": "array", "items": {"type": "string"}},
            "possible": {"type": "array", "items": DEED},
            "people": {
                "type": "array",
                "items": PERSON,
                "description": "on whose behalf it can be entered",
            },
            "current": {
                "anyOf": [{"type": "object"}, {"type": "null"}],
                "description": "the object as it is now",
            },
            "tag": {"type": "string", "description": "its ETag now"},
            "forms": {
                "type": "array",
                "items": {"type": "string"},
                "description": "the forms in which it answers",
            },
            "scope": {"type": "string", "description": "the scope that the token needs"},
            "request_id": {"type": "string", "description": "for whoever runs the site"},
        },
    }


def tags() -> list[str]:
    """Return the parts of the reference, in its order."""
    return [
        index.TAG,
        *(one.title for one in RESOURCES),
        figures.TAG,
        reports.TAG,
        history.TAG,
        history.FEED,
        "Many at once",
    ]


def written(description: Shape) -> str:
    """Return the description as the file of the repository holds it."""
    return json.dumps(description, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def parts(description: Shape) -> list[dict[str, Any]]:
    """Return the operations for a page: by part, with their parameters in place."""
    found: dict[str, list[dict[str, Any]]] = {one["name"]: [] for one in description["tags"]}
    for address, methods in description["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(line(address, method, operation))
    return [{"name": name, "operations": lines} for name, lines in found.items()]


def line(address: str, method: str, operation: Shape) -> dict[str, Any]:
    """Return one operation for a page."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = body.get("schema", {})
    return {
        "address": address,
        "method": method.upper(),
        "id": operation["operationId"],
        "summary": operation["summary"],
        "description": operation["description"],
        "public": {} in operation["security"],
        "parameters": [place(one) for one in operation["parameters"]],
        "body": properties(schema, schema.get("required", ())),
        "examples": [json.dumps(one, ensure_ascii=False) for one in schema.get("examples", ())],
        "holds": properties(holding(operation)),
        "answers": {status: said(one) for status, one in operation["responses"].items()},
    }


def holding(operation: Shape) -> Shape:
    """Return what an operation answers with, where it is no row or list of a resource."""
    answer = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    shape: Shape = answer.get("schema", {})
    return shape


def place(one: Shape) -> Shape:
    """Return a parameter itself, where it is a reference."""
    return SHARED[one["$ref"].rsplit("/", 1)[-1]] if "$ref" in one else one


def said(one: Shape) -> str:
    """Return what an answer means."""
    answer = refusal(one["$ref"]) if "$ref" in one else one
    return str(answer["description"])


def properties(shape: Shape, needed: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return the fields of a shape for a page: name, kind, whether needed, meaning, words."""
    return [
        {
            "name": name,
            "kind": kind_of(one),
            "needed": name in needed,
            "meaning": one.get("description", ""),
            "words": words(one),
        }
        for name, one in shape.get("properties", {}).items()
    ]


def kind_of(shape: Shape) -> str:
    """Return the kind of a field as its page says it: date, integer, array of string."""
    one = shape.get("anyOf", [shape])[0]
    if "$ref" in one:
        return str(one["$ref"].rsplit("/", 1)[-1])
    kind = str(one.get("format") or one.get("type", ""))
    return f"array of {kind_of(one['items'])}" if kind == "array" else kind


def words(shape: Shape) -> list[tuple[str, str]]:
    """Return the words that a field takes, with their meanings."""
    choices = [*shape.get("oneOf", [])]
    for one in shape.get("anyOf", []):
        choices += one.get("oneOf", [])
    return [(one["const"], one["title"]) for one in choices if one.get("const")]
