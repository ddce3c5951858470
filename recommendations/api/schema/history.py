"""The operations of what happened: to one object, newest first, and to all since a position."""

from __future__ import annotations

from typing import Any

from recommendations.api.columns import LARGEST
from recommendations.api.narrowing import NARROWING
from recommendations.api.schema.operations import (
    PRIVATE,
    TELLING,
    answered,
    parameter,
    refusals,
    security,
    shared,
    table,
)
from recommendations.api.schema.shapes import Shape, example, filter_shape, row_shape
from recommendations.api.views.events import EVENT
from recommendations.api.views.history import CHANGE, ENTRY, KIND, WHOLE
from recommendations.domain import logs

TAG, FEED = "Histories", "Events"
NUMBER: Shape = {"type": "integer", "minimum": 0, "maximum": LARGEST}
UNCHANGED: Shape = {"description": "nothing changed"}
KEY = "20131123T100000000000-12"


def narrowing() -> list[Shape]:
    """Return the parameters that narrow what happened by person, deed and days."""
    return [
        parameter(one.name, "query", filter_shape(one), one.meaning, example=example(one))
        for one in NARROWING
    ]


def kinds() -> Shape:
    """Return the operation that says which objects have a history."""
    rows = {"type": "array", "items": row_shape(KIND, "a kind of objects that have a history")}
    shape: Shape = {
        "type": "object",
        "required": ["results"],
        "properties": {"results": rows},
        "additionalProperties": False,
    }
    return {
        "operationId": "history_kinds",
        "tags": [TAG],
        "summary": "Which objects have a history",
        "description": "Each kind, and the list that has the numbers of its objects.",
        "security": security(True),
        "parameters": shared("lang", "if_none_match"),
        "responses": {
            "200": answered(shape, "the kinds; as text/csv their lines", **table()),
            "304": UNCHANGED,
            **refusals(TELLING),
        },
    }


def entry() -> Shape:
    """Return what is told of an entry."""
    shape = row_shape(ENTRY, "one thing that happened")
    shape["properties"]["key"]["examples"] = [KEY]
    shape["properties"]["changes"] = {
        "type": "array",
        "description": "each field that changed, and each text that went with it",
        "items": row_shape(CHANGE, "a field before and after"),
    }
    return {**shape, "required": [*shape["required"], "changes"]}


def page() -> Shape:
    """Return what a page of a history holds."""
    properties: dict[str, Any] = {
        "kind": {"type": "string"},
        "object": {"type": "integer", "description": "number of the object"},
        "about": {"type": "string", "description": "what it is called"},
        "scope": {
            "type": "string",
            "oneOf": [
                {"const": "public", "title": "what was public, change by change"},
                {"const": "inside", "title": "who did what, when and why"},
            ],
        },
        "as_of": {
            "anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}],
            "description": "the moment that was asked for; null for now",
        },
        "next": {
            "anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}],
            "description": "address of the next page; null on the last",
        },
        "results": {"type": "array", "items": entry()},
    }
    return {
        "type": "object",
        "required": [*properties],
        "properties": properties,
        "additionalProperties": False,
    }


def history() -> Shape:
    """Return the operation that tells the history of an object."""
    kind = {"type": "string", "enum": [*logs.kinds()]}
    after: Shape = {"type": "string", "maxLength": 50}
    return {
        "operationId": "history",
        "tags": [TAG],
        "summary": "What happened to an object",
        "description": (
            "Newest first, as its page tells it to you. Who is on its inside reads the log: who "
            "did what, when and why. Everybody else reads what was public of areas, actions, "
            "agencies and assignments; it cannot be narrowed by parts and person."
        ),
        "security": security(True),
        "parameters": [
            parameter("kind", "path", kind, "kind of the object", required=True, example="action"),
            *shared("key"),
            parameter(
                "parts",
                "query",
                {"type": "string", "enum": [WHOLE]},
                "with what belongs to it, as far as you read that",
            ),
            *narrowing(),
            parameter(
                "after", "query", after, "below the entry with this key, as in next", example=KEY
            ),
            *shared("limit", "as_of", "lang", "if_none_match"),
        ],
        "responses": {
            "200": answered(
                page(),
                "a page of the history; as text/csv all of it, a line for each field that changed",
                **table(),
            ),
            "304": UNCHANGED,
            **refusals((*TELLING, *PRIVATE, "not-found", "unusable-moment")),
        },
    }


def of_kind() -> Shape:
    """Return the parameter that names a kind of objects."""
    kinds = {"type": "string", "enum": sorted(logs.kinds())}
    return parameter("object_type", "query", kinds, "of objects of this kind")


def events() -> Shape:
    """Return the operation that reads the feed of changes."""
    event = row_shape(EVENT, "one change of one object")
    return {
        "operationId": "events",
        "tags": [FEED],
        "summary": "What happened since",
        "description": (
            "Every change whose log you may read, in one order. Go on with after=next_after: "
            "a change that was committed late comes with a later position, so none is missed."
        ),
        "security": security(False),
        "parameters": [
            parameter("after", "query", NUMBER, "after this position"),
            of_kind(),
            parameter("object_id", "query", NUMBER, "of the object with this number"),
            parameter("framework", "query", {"type": "string"}, "of this framework"),
            *narrowing(),
            *shared("limit", "lang", "if_none_match"),
        ],
        "responses": {
            "200": answered(
                {
                    "type": "object",
                    "required": ["results", "next_after", "more"],
                    "properties": {
                        "results": {"type": "array", "items": event},
                        "next_after": {"type": "integer", "description": "from where to go on"},
                        "more": {"type": "boolean", "description": "there are more already"},
                    },
                },
                "the next events; as text/csv all of them, and the last position is next_after",
                **table(),
            ),
            "304": UNCHANGED,
            **refusals((*TELLING, *PRIVATE)),
        },
    }


def paths() -> dict[str, Shape]:
    """Return these operations by address."""
    return {
        "/api/v1/history/": {"get": kinds()},
        "/api/v1/history/{kind}/{key}/": {"get": history()},
        "/api/v1/events/": {"get": events()},
    }
