"""What is done at each address: parameters, bodies, answers and refusals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from recommendations.api import asked, repeats
from recommendations.api.facts import taken_by
from recommendations.api.names import begun, needed, needs
from recommendations.api.refusals import PROBLEMS
from recommendations.api.resources import Resource
from recommendations.api.schema.shapes import (
    Shape,
    body_shape,
    example,
    filter_shape,
    name_of,
    ref,
)
from recommendations.api.tables import BY_NOUN
from recommendations.domain import access
from recommendations.domain.deeds import DEEDS
from recommendations.domain.transition import Transition

READING = (
    "unknown-parameter",
    "unusable-value",
    "token-not-valid",
    "scope-missing",
    "too-many",
    "failed",
    "unavailable",
)
"""What everything can be refused for, whatever its form."""
TELLING = (*READING, "not-acceptable")
"""The same of what is told as JSON, or as a file of a list."""
PRIVATE = ("sign-in-needed",)
WRITING = (
    *TELLING,
    "sign-in-needed",
    "not-permitted",
    "not-found",
    "not-possible-now",
    "unreadable-body",
    "requirement-missing",
    "too-large",
    "unusable-media-type",
)
REPEATED = ("being-answered", "key-used-otherwise")
VERSIONED = ("stale", "version-needed")


def refusals(slugs: Iterable[str]) -> Shape:
    """Return the refusals of an operation by status: references that name their types."""
    found: dict[str, list[str]] = {}
    for slug in sorted(set(slugs)):
        found.setdefault(str(PROBLEMS[slug].status), []).append(slug)
    return {
        status: {"$ref": f"#/components/responses/{'.'.join(slugs)}"}
        for status, slugs in sorted(found.items())
    }


def refusal(reference: str) -> Shape:
    """Return the answer that such a reference names."""
    slugs = reference.rsplit("/", 1)[-1].split(".")
    return {
        "description": "; ".join(f"{one}: {PROBLEMS[one].title}" for one in slugs),
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }


def parameter(name: str, where: str, shape: Shape, meaning: str, **more: Any) -> Shape:
    """Return a parameter."""
    return {"name": name, "in": where, "description": meaning, "schema": shape, **more}


def shared(*names: str) -> list[Shape]:
    """Return references to parameters that many operations take."""
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


SHARED: dict[str, Shape] = {
    "after": parameter(
        "after",
        "query",
        {"type": "string", "maxLength": 2000},
        "where the page begins: taken from next, and good for this order alone",
    ),
    "limit": parameter(
        "limit",
        "query",
        {"type": "integer", "minimum": 1, "maximum": asked.LARGEST_PAGE, "default": asked.PAGE},
        "rows on a page",
    ),
    "lang": parameter("lang", "query", {"type": "string"}, "language of words in the answer"),
    "as_of": parameter(
        "as_of",
        "query",
        {"type": "string"},
        "moment of the figures, as RFC 3339 writes it, such as 2013-11-23T10:00:00Z, or a day;"
        " without a zone in UTC; without it, now",
        example="2013-11-23T10:00",
    ),
    "framework": parameter(
        "framework",
        "query",
        {"type": "string"},
        "address of the framework; without it, the default one",
        example="hld-2013",
    ),
    "if_match": parameter(
        "If-Match",
        "header",
        {"type": "string"},
        "the one ETag of the object, as you read it; * is refused",
        required=True,
        example='"7-3"',
    ),
    "if_none_match": parameter(
        "If-None-Match",
        "header",
        {"type": "string"},
        "the ETag that you have: 304 where nothing changed",
    ),
    "idempotency_key": parameter(
        repeats.HEADER,
        "header",
        {"type": "string", "maxLength": repeats.LONGEST},
        "a key of your own for each new request: sent again within 24 "
        "hours it changes nothing, and gets the first answer",
    ),
    "key": parameter(
        "key",
        "path",
        {"type": "integer", "minimum": 0},
        "number of the object",
        required=True,
        example=12,
    ),
}


def key_of(resource: Resource) -> Shape:
    """Return the parameter that carries the key of a row."""
    if not resource.by_code:
        return shared("key")[0]
    shape = {"type": "string", "pattern": "^[A-Za-z0-9._-]+$"}
    return parameter("key", "path", shape, f"its {resource.key}", required=True)


def fields_of(resource: Resource, *, one: bool) -> Shape:
    """Return the parameter that slims an answer."""
    columns = resource.described if one else resource.columns
    names = [column.name for column in columns]
    shape = {
        "type": "array",
        "items": {"type": "string", "enum": names},
        "minItems": 1,
        "uniqueItems": True,
    }
    return parameter("fields", "query", shape, "only these fields", style="form", explode=False)


TAG: Shape = {"ETag": {"description": "version of the answer", "schema": {"type": "string"}}}


def answered(shape: Shape, meaning: str, **more: Shape) -> Shape:
    """Return an answer in JSON."""
    content = {"application/json": {"schema": shape}, **more}
    return {"description": meaning, "headers": TAG, "content": content}


def table() -> Shape:
    """Return the same rows as a file, beside an answer in JSON."""
    return {"text/csv": {"schema": {"type": "string"}}}


def security(public: bool) -> list[Shape]:
    """Return how one signs in for an operation; for a public one, or not at all."""
    signed_in: list[Shape] = [{"token": []}, {"session": []}]
    return [*signed_in, {}] if public else signed_in


def listing(resource: Resource) -> Shape:
    """Return the operation that reads a list."""
    names = [name for order in resource.orderings for name in (order, f"-{order}")]
    orders = "; ".join(f"{name}: {one.meaning}" for name, one in resource.orderings.items())
    filters = [
        parameter(one.name, "query", filter_shape(one), one.meaning, example=example(one))
        for one in resource.filters
    ]
    ordering = parameter(
        "ordering", "query", {"type": "string", "enum": names, "default": resource.order}, orders
    )
    return {
        "operationId": f"list_{name_of(resource)}",
        "tags": [resource.title],
        "summary": f"List: {resource.title}",
        "description": resource.meaning,
        "security": security(resource.public),
        "parameters": [
            *filters,
            ordering,
            fields_of(resource, one=False),
            *shared("after", "limit", "lang", "if_none_match"),
        ],
        "responses": {
            "200": answered(
                ref(f"{name_of(resource)}List"),
                "a page of the list; as text/csv all of it",
                **table(),
            ),
            **renamed(any(one.name == "agency" for one in resource.filters)),
            "304": {"description": "nothing changed"},
            **refusals((*TELLING, *(() if resource.public else PRIVATE))),
        },
    }


def renamed(may_be: bool) -> Shape:
    """Return the answer to the code that an agency had, where one may be asked for."""
    words = "the agency has another code since; Location has the address with it"
    return {"301": {"description": words}} if may_be else {}


def detail(resource: Resource) -> Shape:
    """Return the operation that reads one row."""
    return {
        "operationId": f"read_{name_of(resource)}",
        "tags": [resource.title],
        "summary": f"Read one: {resource.title}",
        "description": resource.meaning,
        "security": security(resource.public),
        "parameters": [
            key_of(resource),
            fields_of(resource, one=True),
            *shared("lang", "if_none_match"),
        ],
        "responses": {
            "200": answered(ref(f"{name_of(resource)}Slim"), "the row"),
            **renamed(resource.renamed is not None),
            "304": {"description": "nothing changed"},
            **refusals((*TELLING, "not-found", *(() if resource.public else PRIVATE))),
        },
    }


MAKING = {
    ("action", "assign"): "assignment",
    ("action", "take_over"): "assignment",
    ("assignment", "report"): "duty",
    ("update", "correct"): "update",
}
"""The verbs that make something, and what."""


def verb(row: Transition[Any]) -> Shape:
    """Return the operation that does a verb of the table."""
    always = needed(row)
    body = body_shape(taken_by(row.noun, row.verb), needed=always, shown=begun(row))
    made = MAKING.get((row.noun, row.verb))
    shown = name_of(BY_NOUN[made or row.noun])
    who = str(access.WHO[row.noun, row.verb].words)
    lines = [f"By {who}."]
    if row.sources != ("",):
        lines.append(f"Possible in: {', '.join(str(one) for one in row.sources)}.")
    if row.requires:
        lines.append(f"Needs: {needs(row)}.")
    return {
        "operationId": f"{row.noun}_{row.verb}",
        "tags": [BY_NOUN[row.noun].title],
        "summary": str(DEEDS[row.noun, row.verb]),
        "description": " ".join(lines),
        "security": security(False),
        "parameters": shared("key", "if_match", "idempotency_key"),
        "requestBody": {
            "content": {"application/json": {"schema": body}},
            "required": bool(always),
        },
        "responses": {
            "201" if made else "200": answered(ref(shown), "the object as you see it now"),
            "204": {"description": "done; you do not see it any more"},
            **refusals((*WRITING, *REPEATED, *VERSIONED)),
        },
    }
