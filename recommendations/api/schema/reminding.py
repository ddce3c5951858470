"""The operation by which a coordinator reminds agencies by hand."""

from __future__ import annotations

from recommendations.api.schema.operations import (
    REPEATED,
    WRITING,
    answered,
    refusals,
    security,
    shared,
)
from recommendations.api.schema.shapes import Shape, body_shape, row_shape
from recommendations.api.tables.duties import ROUNDS
from recommendations.api.views.reminding import FACTS, MOST, REMINDED


def remind() -> Shape:
    """Return the operation."""
    body = body_shape(FACTS, needed=("duties",), shown=("note",))
    body["properties"]["duties"] = {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "minItems": 1,
        "maxItems": MOST,
        "description": FACTS[0].meaning,
        "examples": [[12, 15]],
    }
    results: Shape = {
        "type": "object",
        "required": ["results"],
        "properties": {
            "results": {"type": "array", "items": row_shape(REMINDED, "what was done about a duty")}
        },
        "additionalProperties": False,
    }
    return {
        "operationId": "round_remind",
        "tags": [ROUNDS.title],
        "summary": "Send a reminder",
        "description": (
            "By a coordinator, of duties that are with their agency: everybody who can act for it "
            "gets a mail, with your word in it. Of each duty once a day; the answer says of which "
            "nobody is told, and why."
        ),
        "security": security(False),
        "parameters": shared("key", "idempotency_key"),
        "requestBody": {"content": {"application/json": {"schema": body}}, "required": True},
        "responses": {
            "200": answered(results, "what was done about each, by due date"),
            **refusals((*WRITING, *REPEATED)),
        },
    }


def paths() -> dict[str, Shape]:
    """Return this operation by its address."""
    return {"/api/v1/rounds/{key}/remind/": {"post": remind()}}
