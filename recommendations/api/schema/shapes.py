"""What fields, rows and parameters are, as JSON Schema says it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
    Kind.TEXT: "A text.",
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
    "aliases": "BIT, OIT",
    "round": "2013-H2",
    **dict.fromkeys(("group", "parent", "predecessor", "through"), "GMG"),
    "area": "A",
    "url": "https://example.org/report",
    "address": "https://example.org/api/v1/actions/",
    "name": "International Labour Organization",
    "title": "Data and research",
    "short_title": "Migration data",
    "official_text": "Improve the collection of data on migration.",
    "statement": "Policies rest on what is known.",
    "heading": "Main achievements",
    "text": "Data on migration is collected each year.",
    "source": "Outcomes document, page 12",
    "section": "Chapter 1",
    "marker": "(a)",
    "mandate": "A/RES/67/219",
    "endorsement": "Chief Executives Board",
    "date_text": "October 2013",
    "target_text": "before the next Dialogue",
    "since": "since 2006",
    "until": "until 2012",
    "version": 3,
    **dict.fromkeys(("order", "number"), 1),
    "opens_on": "2013-09-01",
    "closes_on": "2013-12-31",
    "until_on": "2013-12-15",
    "duties": [12, 15],
    "tag": '"7-3"',
    **dict.fromkeys(("noun", "object_type", "subject_type"), "update"),
    "verb": "approved",
    "kind": "update_approved",
    **dict.fromkeys(
        (
            *("actor_name", "answered_by", "cleared_by", "closed_by", "decided_by", "ended_by"),
            *("from_user", "to_user", "on_behalf_of", "recorded_by", "submitted_by"),
            *("waived_by", "written_by"),
        ),
        "Ana Example",
    ),
    **dict.fromkeys(
        ("hash", "sha256", "content_hash", "on_text"),
        "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    ),
    "why_not": "A reminder of it was sent today.",
    "field": "done",
    "suggestion": "Two seminars were held, with 40 people.",
    "field_comments": {"done": "How many took part?"},
    "suggestions": {"done": "Two seminars were held, with 40 people."},
    "facts": {"claim": "agree"},
    "media_type": "application/pdf",
    **dict.fromkeys(("file_name", "original_name"), "report.pdf"),
    "as_of": "2013-11-23T10:00",
    "q": "data collection",
    "question": "Where does each action stand?",
    "meaning": "What is recommended.",
    **dict.fromkeys(("note", "reason", "comment"), "Agreed at the meeting of 14 November."),
    **dict.fromkeys(("because", "outcome"), "The person has left."),
    **dict.fromkeys(("waived_because", "erased_because"), "The project has ended."),
    **dict.fromkeys(("evidence_waiver", "draft_evidence_waiver"), "It is not published yet."),
    "draft_reason": "The seminar was put off to May.",
    "answer": "In May.",
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
    found = NAMED.get(one.name)
    return found if alike(found, EXAMPLES.get(one.kind)) else EXAMPLES.get(one.kind)


def alike(one: Any, other: Any) -> bool:
    """Say whether two examples are of one kind: a comment may be a text or a number."""
    return one is not None and (other is None or type(one) is type(other))


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


def fact_shape(fact: Fact, *, needed: bool = False) -> Shape:
    """Return what a field of a body takes; null says nothing, which one that is needed cannot."""
    shape = dict(KINDS[fact.kind])
    if fact.kind is Kind.WORD and fact.choices is not None:
        shape["oneOf"] = words_of(fact.choices)
    if fact.kind is Kind.OBJECT and fact.name in ("body", "field_comments", "suggestions"):
        shape["additionalProperties"] = {"type": "string"}
    if fact.kind is Kind.CODE:
        shape = {"type": "string", "maxLength": LONGEST}
    said = {"description": fact.meaning, "examples": [example(fact)]}
    if needed:
        return {**shape, **said}
    return {"anyOf": [shape, {"type": "null"}], **said}


def body_shape(
    facts: Iterable[Fact], *, needed: Collection[str] = (), shown: Iterable[str] = ()
) -> Shape:
    """Return what the body of a request holds, and one that has what is needed and `shown`."""
    by_name = {one.name: one for one in facts}
    shape: Shape = {
        "type": "object",
        "properties": {
            name: fact_shape(one, needed=name in needed) for name, one in by_name.items()
        },
        "additionalProperties": False,
    }
    if needed:
        shape["required"] = [name for name in by_name if name in needed]
    whole = {name: example(by_name[name]) for name in by_name if name in {*needed, *shown}}
    return {**shape, "examples": [whole]} if whole else shape


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
