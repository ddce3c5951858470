"""What fields, rows and parameters are, as JSON Schema says it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Choices

from agencies.models import URL_SAFE
from recommendations.api.columns import LARGEST, LONGEST, Audience, Column, Filter, Kind
from recommendations.api.facts import Fact
from recommendations.api.resources import Resource

Shape = dict[str, Any]

KINDS: dict[Kind, Shape] = {
    Kind.INTEGER: {"type": "integer", "minimum": 0, "maximum": LARGEST},
    Kind.TEXT: {"type": "string"},
    Kind.CODE: {"type": "string", "pattern": URL_SAFE},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.OBJECT: {"type": "object"},
    Kind.WORD: {"type": "string"},
    Kind.LIST: {"type": "array", "items": {"type": "string"}},
    Kind.NUMBERS: {"type": "array", "items": {"type": "integer"}},
}
EXAMPLES: dict[Kind, Any] = {
    Kind.INTEGER: 12,
    Kind.TEXT: "Two seminars were held.",
    Kind.CODE: "A1",
    Kind.DATE: "2013-11-30",
    Kind.MOMENT: "2013-11-23T10:00:00Z",
    Kind.BOOLEAN: True,
    Kind.OBJECT: {"done": "Two seminars were held."},
    Kind.LIST: ["round"],
    Kind.NUMBERS: [-14, 0, 10],
}
NAMED: dict[str, Any] = {
    "framework": "hld-2013",
    "slug": "hld-2013",
    "agency": "ILO",
    "acronym": "ILO",
    "round": "2013-H2",
    "group": "GMG",
    "area": "A",
    "url": "https://example.org/report",
    "name": "International Labour Organization",
    "version": 3,
    "verb": "approved",
}
"""Examples by the name of a field, where its kind alone says too little."""


def words_of(choices: type[Choices], *, blank: bool = False) -> list[Shape]:
    """Return the words that a field takes, each with its meaning."""
    found: list[Shape] = [
        {"const": str(value), "title": str(label)} for value, label in choices.choices
    ]
    return [*found, {"const": "", "title": "nothing is said"}] if blank else found


def column_shape(column: Column) -> Shape:
    """Return what a field of an answer holds."""
    shape = dict(KINDS[column.kind])
    if column.kind is Kind.WORD and column.choices is not None:
        shape["oneOf"] = words_of(column.choices, blank=column.blank)
    if column.kind is Kind.OBJECT and column.name.endswith("body"):
        shape["additionalProperties"] = {"type": "string"}
    nullable = column.empty or column.audience is not Audience.EVERYBODY
    said = {"description": column.meaning + TOLD[column.audience], "examples": [example(column)]}
    if not nullable:
        return {**shape, **said}
    return {"anyOf": [shape, {"type": "null"}], **said}


TOLD = {
    Audience.EVERYBODY: "",
    Audience.INSIDE: "; null for whoever is neither of the agency nor oversees the framework",
    Audience.AGENCY: "; null for everybody but its agency",
}


def example(one: Column | Fact | Filter) -> Any:
    """Return an example of a field or parameter."""
    if one.kind is Kind.WORD and one.choices is not None:
        return str(one.choices.values[0])
    return NAMED.get(one.name, EXAMPLES.get(one.kind))


def row_shape(columns: Iterable[Column], meaning: str, *, slim: bool = False) -> Shape:
    """Return what a row holds; with `fields` some of it (`slim`)."""
    columns = list(columns)
    shape: Shape = {
        "type": "object",
        "description": meaning,
        "properties": {one.name: column_shape(one) for one in columns},
        "additionalProperties": False,
    }
    return shape if slim else {**shape, "required": [one.name for one in columns]}


def list_shape(resource: Resource) -> Shape:
    """Return what a page of a list holds."""
    return {
        "type": "object",
        "required": ["count", "count_is_capped", "next", "results"],
        "additionalProperties": False,
        "properties": {
            "count": {"type": "integer", "description": "how many there are, 1,000 at most"},
            "count_is_capped": {"type": "boolean", "description": "there are more than counted"},
            "next": {
                "anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}],
                "description": "address of the next page; null on the last",
            },
            "results": {"type": "array", "items": ref(f"{name_of(resource)}Slim")},
        },
    }


def fact_shape(fact: Fact) -> Shape:
    """Return what a field of a body takes."""
    shape = dict(KINDS[fact.kind])
    if fact.kind is Kind.WORD and fact.choices is not None:
        shape["oneOf"] = words_of(fact.choices)
    if fact.kind is Kind.OBJECT and fact.name in ("body", "field_comments", "suggestions"):
        shape["additionalProperties"] = {"type": "string"}
    if fact.kind is Kind.CODE:
        shape = {"type": "string", "maxLength": LONGEST}
    return {
        "anyOf": [shape, {"type": "null"}],
        "description": fact.meaning,
        "examples": [example(fact)],
    }


def body_shape(facts: Iterable[Fact]) -> Shape:
    """Return what the body of a request holds."""
    return {
        "type": "object",
        "properties": {one.name: fact_shape(one) for one in facts},
        "additionalProperties": False,
    }


def filter_shape(one: Filter) -> Shape:
    """Return what a parameter takes."""
    shape = dict(KINDS[one.kind])
    if one.kind is Kind.WORD and one.choices is not None:
        shape["oneOf"] = words_of(one.choices)
    if one.kind in (Kind.TEXT, Kind.CODE):
        shape = {"type": "string", "maxLength": LONGEST}
    return shape


def name_of(resource: Resource) -> str:
    """Return the name of a resource's shape: GroupMemberships for group-memberships."""
    return "".join(part.capitalize() for part in resource.name.split("-"))


def ref(name: str) -> Shape:
    """Return a reference to a shape."""
    return {"$ref": f"#/components/schemas/{name}"}
