"""The operations that write plain fields: a new row, and fields of one that there is."""

from __future__ import annotations

from recommendations.api.facts import Fact
from recommendations.api.schema.operations import (
    REPEATED,
    VERSIONED,
    WRITING,
    answered,
    key_of,
    refusals,
    security,
    shared,
)
from recommendations.api.schema.shapes import Shape, body_shape, name_of, ref
from recommendations.api.tables.written import REASON, ROUND, Plain

BY = {
    True: "By a coordinator or administrator of the framework.",
    False: "By an administrator: of the framework, or of all for what they share.",
}


def body(plain: Plain, needed: tuple[Fact, ...], *shown: str) -> Shape:
    """Return the body that a kind of rows takes."""
    facts = (*plain.facts, REASON)
    shape = body_shape(facts, needed=[one.name for one in needed], shown=shown)
    return {"content": {"application/json": {"schema": shape}}, "required": True}


def entering(plain: Plain) -> Shape:
    """Return the operation that enters a row."""
    return {
        "operationId": f"enter_{name_of(plain.resource)}",
        "tags": [plain.resource.title],
        "summary": f"Enter one: {plain.resource.title}",
        "description": BY[plain is ROUND],
        "security": security(False),
        "parameters": shared("idempotency_key"),
        "requestBody": body(plain, plain.needed),
        "responses": {
            "201": answered(ref(name_of(plain.resource)), "the new row"),
            **refusals((*WRITING, *REPEATED)),
        },
    }


def changing(plain: Plain) -> Shape:
    """Return the operation that changes fields of a row."""
    stays = [fact.name for fact in plain.facts if fact not in plain.changed]
    when = " Once it has opened, only when it reminds can be changed." if plain is ROUND else ""
    return {
        "operationId": f"change_{name_of(plain.resource)}",
        "tags": [plain.resource.title],
        "summary": f"Change one: {plain.resource.title}",
        "description": (
            f"{BY[plain is ROUND]} Needs a reason. What is not given stays, and so does what "
            f"figures of earlier days count by: {', '.join(stays)}.{when}"
        ),
        "security": security(False),
        "parameters": [key_of(plain.resource), *shared("if_match", "idempotency_key")],
        "requestBody": body(plain, (REASON,), plain.changed[0].name),
        "responses": {
            "200": answered(ref(name_of(plain.resource)), "the row as it is now"),
            **refusals((*WRITING, *REPEATED, *VERSIONED)),
        },
    }
