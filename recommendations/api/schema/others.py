"""The operations that are neither lists nor verbs: drafts, evidence, many at once."""

from __future__ import annotations

from recommendations.api.contents import CONTENT
from recommendations.api.schema.many import many
from recommendations.api.schema.operations import (
    PRIVATE,
    READING,
    REPEATED,
    TELLING,
    VERSIONED,
    WRITING,
    answered,
    refusals,
    security,
    shared,
)
from recommendations.api.schema.shapes import Shape, body_shape, ref, row_shape
from recommendations.api.tables.evidence import EVIDENCE
from recommendations.api.tables.texts import UPDATES, content_columns
from recommendations.api.views.evidence import FACTS


def as_json(shape: Shape) -> Shape:
    """Return a body in JSON."""
    return {"content": {"application/json": {"schema": shape}}, "required": True}


def read_draft() -> Shape:
    """Return the operation that reads the unsent text of an update."""
    meaning = "the text that saving starts from: a body that saving takes"
    return {
        "operationId": "update_draft_read",
        "tags": [UPDATES.title],
        "summary": "Read the draft",
        "description": (
            "By a focal point or alternate of the agency. Where nothing is saved yet it is what "
            "was sent last, of a correction the text that it corrects, or empty."
        ),
        "security": security(False),
        "parameters": shared("key", "lang", "if_none_match"),
        "responses": {
            "200": answered(row_shape(content_columns(), meaning), meaning),
            "304": {"description": "nothing changed"},
            **refusals((*TELLING, *PRIVATE, "not-permitted", "not-found")),
        },
    }


def save_draft() -> Shape:
    """Return the operation that saves the unsent text of an update."""
    return {
        "operationId": "update_draft_save",
        "tags": [UPDATES.title],
        "summary": "Save the draft",
        "description": (
            "By a focal point or alternate of the agency. What is not given stays as reading the "
            "draft shows it; texts of the body are changed by name. Nothing is required of a draft."
        ),
        "security": security(False),
        "parameters": shared("key", "if_match", "idempotency_key"),
        "requestBody": as_json(body_shape(CONTENT, shown=("status", "body"))),
        "responses": {
            "200": answered(ref("Updates"), "the update as you see it now"),
            **refusals((*WRITING, *REPEATED, *VERSIONED)),
        },
    }


def delete_draft() -> Shape:
    """Return the operation that throws the unsent text of an update away."""
    return {
        "operationId": "update_draft_delete",
        "tags": [UPDATES.title],
        "summary": "Delete the draft",
        "description": "By a focal point or alternate of the agency. What was sent stays.",
        "security": security(False),
        "parameters": shared("key", "if_match", "idempotency_key"),
        "responses": {
            "200": answered(ref("Updates"), "the update as you see it now"),
            **refusals((*WRITING, *REPEATED, *VERSIONED)),
        },
    }


def add_evidence() -> Shape:
    """Return the operation that adds evidence to an update."""
    form = body_shape(FACTS[:1])
    form["properties"] = {
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
        "title": {"type": "string", "description": FACTS[0].meaning},
        "public": {"type": "string", "enum": ["true", "false"], "description": FACTS[2].meaning},
    }
    form["required"] = ["file"]
    body = as_json(body_shape(FACTS, needed=("url",), shown=("title",)))
    body["content"]["multipart/form-data"] = {"schema": form}
    return {
        "operationId": "update_evidence_add",
        "tags": [EVIDENCE.title],
        "summary": "Add a link or a file",
        "description": "By a focal point or alternate of the agency, while it writes the update.",
        "security": security(False),
        "parameters": shared("key", "idempotency_key"),
        "requestBody": body,
        "responses": {
            "201": answered(ref("Evidence"), "the evidence"),
            **refusals((*WRITING, *REPEATED)),
        },
    }


def detach_evidence() -> Shape:
    """Return the operation that takes evidence off an update."""
    return {
        "operationId": "evidence_detach",
        "tags": [EVIDENCE.title],
        "summary": "Take it off",
        "description": "By the agency, while it writes the update. What was sent with it stays.",
        "security": security(False),
        "parameters": shared("key", "idempotency_key"),
        "responses": {
            "204": {"description": "taken off"},
            **refusals((*WRITING, *REPEATED)),
        },
    }


def open_evidence() -> Shape:
    """Return the operation that opens evidence."""
    anything: Shape = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
    return {
        "operationId": "evidence_content",
        "tags": [EVIDENCE.title],
        "summary": "Open it",
        "description": "A file as an attachment, never to be shown as a page; a link leads on.",
        "security": security(True),
        "parameters": shared("key"),
        "responses": {
            "200": {"description": "the file", "content": {"*/*": anything}},
            "302": {"description": "the address of the link is in Location"},
            **refusals((*READING, "not-found", "erased")),
        },
    }


def paths() -> dict[str, Shape]:
    """Return these operations by address."""
    return {
        "/api/v1/updates/{key}/draft/": {
            "get": read_draft(),
            "patch": save_draft(),
            "delete": delete_draft(),
        },
        "/api/v1/updates/{key}/evidence/": {"post": add_evidence()},
        "/api/v1/evidence/{key}/content/": {"get": open_evidence()},
        "/api/v1/transitions/": {"post": many()},
    }
