"""The operation with which a program begins: what there is to ask for."""

from __future__ import annotations

from recommendations.api.columns import Column, Kind
from recommendations.api.schema.operations import (
    TELLING,
    answered,
    refusals,
    security,
    shared,
    table,
)
from recommendations.api.schema.shapes import Shape, row_shape

TAG = "Index"
PLACE: tuple[Column, ...] = (
    Column("name", "its name in addresses"),
    Column("title", "the part of the reference that describes it"),
    Column("meaning", "what it holds or does"),
    Column("address", "where it is asked for"),
    Column("methods", "what it takes: GET reads, POST enters or does", Kind.LIST),
    Column("public", "read without signing in", Kind.BOOLEAN),
)
LINKS = {
    "schema": "this description, OpenAPI 3.1",
    "reference": "the same as a page for people",
    "refusals": "every refusal, by the end of its type",
    "method": "how figures are counted",
}
"""What is linked beside the resources."""


def index() -> Shape:
    """Return the operation that lists what there is."""
    links = {
        name: {"type": "string", "format": "uri", "description": meaning}
        for name, meaning in LINKS.items()
    }
    shape: Shape = {
        "type": "object",
        "required": ["links", "results"],
        "properties": {
            "links": {"type": "object", "required": [*LINKS], "properties": links},
            "results": {"type": "array", "items": row_shape(PLACE, "an address without a key")},
        },
        "additionalProperties": False,
    }
    return {
        "operationId": "index",
        "tags": [TAG],
        "summary": "What there is",
        "description": "Every resource with its address, and where all of it is described.",
        "security": security(True),
        "parameters": shared("lang", "if_none_match"),
        "responses": {
            "200": answered(shape, "the resources; as text/csv their lines alone", **table()),
            "304": {"description": "nothing changed"},
            **refusals(TELLING),
        },
    }


def paths() -> dict[str, Shape]:
    """Return this operation by its address."""
    return {"/api/v1/": {"get": index()}}
