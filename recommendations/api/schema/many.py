"""The operation that does many transitions at once."""

from __future__ import annotations

from recommendations.api.schema.operations import (
    PRIVATE,
    REPEATED,
    TELLING,
    answered,
    refusals,
    security,
    shared,
)
from recommendations.api.schema.shapes import Shape, body_shape, ref
from recommendations.api.views.transitions import MOST, ROW, SENT

APPROVAL = {
    "noun": "update",
    "id": 12,
    "verb": "approve",
    "tag": '"7-3"',
    "facts": {"claim": "agree", "note": "Thank you."},
}
MANY: Shape = {
    "type": "object",
    "required": ["transitions"],
    "properties": {
        "transitions": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST,
            "items": body_shape(ROW, needed=[one.name for one in ROW if one.name != "facts"]),
        }
    },
    "additionalProperties": False,
    "examples": [{"transitions": [APPROVAL]}],
}
ONE_OF_MANY: Shape = {
    "type": "object",
    "required": [*(one.name for one in SENT), "status"],
    "properties": {
        **{one.name: {"description": f"{one.meaning}, as it was sent"} for one in SENT},
        "status": {"type": "integer", "description": "what it would be if it came alone"},
        "resource": {"type": "string", "description": "the list to which “row” belongs"},
        "tag": {"type": "string", "description": "the ETag of “row”"},
        "row": {
            "anyOf": [{"type": "object"}, {"type": "null"}],
            "description": "what was changed or made, as you see it now; null where you do not",
        },
        "problem": ref("Problem"),
    },
}
MANY_REFUSED = ("unreadable-body", "too-large", "unusable-media-type", "not-permitted")


def many() -> Shape:
    """Return the operation that does many transitions."""
    results: Shape = {
        "type": "object",
        "required": ["results"],
        "properties": {"results": {"type": "array", "items": ONE_OF_MANY}},
    }
    return {
        "operationId": "transitions",
        "tags": ["Many at once"],
        "summary": "Do many transitions",
        "description": (
            "Each as if it came alone; one that is refused hinders no other. “facts” is the body "
            "that the verb takes at its own address."
        ),
        "security": security(False),
        "parameters": shared("idempotency_key"),
        "requestBody": {"content": {"application/json": {"schema": MANY}}, "required": True},
        "responses": {
            "200": answered(results, "what became of each, in their order"),
            **refusals((*TELLING, *PRIVATE, *REPEATED, *MANY_REFUSED)),
        },
    }
