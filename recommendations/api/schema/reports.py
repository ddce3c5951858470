"""The operations of reports: which there are, one at once, one that is ordered, its file."""

from __future__ import annotations

from recommendations.api import offers
from recommendations.api.facts import Fact
from recommendations.api.schema.operations import (
    PRIVATE,
    READING,
    REPEATED,
    TELLING,
    answered,
    parameter,
    refusals,
    security,
    shared,
    table,
)
from recommendations.api.schema.shapes import Shape, body_shape, example, fact_shape, ref, row_shape

TAG = "Reports"
FILE: Shape = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
ORDERING = (
    *TELLING,
    *PRIVATE,
    *REPEATED,
    "not-permitted",
    "not-possible-now",
    "unreadable-body",
    "too-large",
    "unusable-media-type",
)
REPORT: Shape = {
    "type": "object",
    "description": "a report: what stands in it, what it is of, and what its codes mean",
    "required": ["content", "properties", "words"],
    "properties": {
        "content": {"type": "object", "description": "what stands in it, in codes"},
        "properties": {"type": "object", "description": "of what and of which moment it is"},
        "words": {"type": "object", "description": "what it says, in its language"},
    },
    "additionalProperties": False,
}
MADE: Shape = {
    "description": "the file",
    "content": {"application/json": {"schema": REPORT}, "*/*": FILE},
}
KEPT = "Kept for 30 days; the same request meanwhile finds the same job."


def begun() -> Shape:
    """Return the answers that a job is."""
    return {
        "200": answered(ref("Jobs"), "the job, which is ready already"),
        "202": answered(ref("Jobs"), "the job; Location is its address"),
    }


def offered() -> Shape:
    """Return the operation that says which reports there are."""
    row = row_shape(offers.OFFER, "a report that you may ask for")
    results: Shape = {
        "type": "object",
        "required": ["results"],
        "properties": {"results": {"type": "array", "items": row}},
    }
    return {
        "operationId": "reports",
        "tags": [TAG],
        "summary": "Which reports there are",
        "description": "By the question that each answers, as you may have it.",
        "security": security(True),
        "parameters": shared("framework", "lang"),
        "responses": {
            "200": answered(results, "the reports; as text/csv their lines", **table()),
            **refusals((*TELLING, "not-found")),
        },
    }


def order() -> Shape:
    """Return the operation that has a report made."""
    body = body_shape(offers.ORDER, needed=("report", "format"), shown=("round",))
    return {
        "operationId": "report_order",
        "tags": [TAG],
        "summary": "Have a report made",
        "description": f"Of the inside, for whoever may see it; you are told. {KEPT}",
        "security": security(False),
        "parameters": shared("idempotency_key"),
        "requestBody": {"content": {"application/json": {"schema": body}}, "required": True},
        "responses": {**begun(), **refusals(ORDERING)},
    }


def check() -> Shape:
    """Return the operation that has a file checked."""
    form: Shape = {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {**FILE["schema"], "description": "a file of a report"},
            "beside": {**FILE["schema"], "description": "the .json beside a CSV of one table"},
            "framework": {"type": "string", "description": offers.FRAMEWORK.meaning},
        },
        "additionalProperties": False,
    }
    return {
        "operationId": "report_check",
        "tags": [TAG],
        "summary": "Have a file checked",
        "description": "Is it what the site says of its moment? The outcome of the job tells.",
        "security": security(False),
        "parameters": shared("idempotency_key"),
        "requestBody": {"content": {"multipart/form-data": {"schema": form}}, "required": True},
        "responses": {**begun(), **refusals(ORDERING)},
    }


def chosen(fact: Fact) -> Shape:
    """Return a choice of a report as a parameter."""
    shape = fact_shape(fact)["anyOf"][0]
    return parameter(fact.name, "query", shape, fact.meaning, example=example(fact))


def now() -> Shape:
    """Return the operation that answers with a report at once."""
    key = {"type": "string", "enum": [str(one) for one in offers.Names.values]}
    facts = [one for one in offers.CHOICES if one.name != "as_of"]
    return {
        "operationId": "report_now",
        "tags": [TAG],
        "summary": "Get a report at once",
        "description": (
            "In a format that the list gives under at_once; without one JSON, or CSV where Accept "
            "says so (of several tables an archive of one for each). Of what is public "
            "it leads to the address under which the file is kept, which is the one to cite."
        ),
        "security": security(True),
        "parameters": [
            parameter("key", "path", key, "its name", required=True, example="round"),
            chosen(offers.FORMAT),
            *map(chosen, facts),
            *shared("framework", "as_of", "lang", "if_none_match"),
        ],
        "responses": {
            "200": MADE,
            "302": {"description": "the address of the public file is in Location"},
            "304": {"description": "nothing changed"},
            **refusals((*READING, "not-found", "did-not-exist")),
        },
    }


def content() -> Shape:
    """Return the operation that fetches what a job made."""
    return {
        "operationId": "job_content",
        "tags": [TAG],
        "summary": "Fetch the file of a job",
        "description": "By whoever asked for it, while they may see what it tells.",
        "security": security(False),
        "parameters": shared("key", "if_none_match"),
        "responses": {
            "200": MADE,
            "304": {"description": "you have it"},
            **refusals((*READING, *PRIVATE, "not-found", "not-possible-now", "expired")),
        },
    }


def paths() -> dict[str, Shape]:
    """Return these operations by address."""
    return {
        "/api/v1/reports/": {"get": offered(), "post": order()},
        "/api/v1/reports/check/": {"post": check()},
        "/api/v1/reports/{key}/": {"get": now()},
        "/api/v1/jobs/{key}/content/": {"get": content()},
    }
