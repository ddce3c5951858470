"""Which operation can follow an answer: a list leads to a row, a row to its verbs, a verb on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recommendations.api.resources import Resource
from recommendations.api.schema.operations import MAKING, shared
from recommendations.api.schema.shapes import Shape, name_of, ref
from recommendations.api.tables import RESOURCES
from recommendations.domain import workflow
from recommendations.models import Acceptance, Duty, ReviewState

HERE, TAG = "$request.path.key", "$response.header.ETag"
MANY = "/api/v1/transitions/"


def add_links(addresses: dict[str, Shape]) -> None:
    """Say in each answer what can follow it."""
    for resource in RESOURCES:
        name, place = name_of(resource), f"/api/v1/{resource.name}/"
        row = f"{place}{{key}}/"
        first = {"first": to_row(resource, "/results/0")}
        if "post" in addresses[place]:
            first |= to_deed(addresses[place]["post"])
        if resource.noun:
            first |= to_deed(addresses[MANY]["post"])
        lead(addresses[place]["get"], first)
        deeds = [
            operation
            for address, methods in addresses.items()
            for method, operation in methods.items()
            if address.startswith(row) and (address, method) != (row, "get")
        ]
        lead(addresses[row]["get"], linked(deeds, HERE))
        for methods in addresses.values():
            for method, operation in methods.items():
                if method != "get" and shows(operation, name):
                    possible = [one for one in deeds if can_follow(operation, one)]
                    found = linked(possible, f"$response.body#/{resource.key}")
                    lead(operation, {"read": to_row(resource), **found})
    add_reports(addresses)


def add_reports(addresses: dict[str, Shape]) -> None:
    """Say how the list of reports leads to one, made now or ordered."""
    place, key = "/api/v1/reports/", {"path.key": "$response.body#/results/0/name"}
    found = {"first": {"operationId": "report_now", "parameters": key}}
    for address in (place, f"{place}check/"):
        found |= to_deed(addresses[address]["post"])
    lead(addresses[place]["get"], found)


def lead(operation: Shape, links: Shape) -> None:
    """Put links into the answers of an operation that succeed with something."""
    for answer in told(operation):
        answer["links"] = links


def told(operation: Shape) -> list[Any]:
    """Return the answers of an operation that hold a row or a list."""
    answers = operation["responses"]
    return [answers[status] for status in ("200", "201", "202") if status in answers]


def shows(operation: Shape, name: str) -> bool:
    """Say whether an operation answers with a row of this shape."""
    contents = [one.get("content", {}).get("application/json", {}) for one in told(operation)]
    return any(one.get("schema") == ref(name) for one in contents)


def to_row(resource: Resource, place: str = "") -> Shape:
    """Return the link to a row that stands at a place of the answer."""
    key = f"$response.body#{place}/{resource.key}"
    return {"operationId": f"read_{name_of(resource)}", "parameters": {"path.key": key}}


def linked(deeds: list[Shape], key: str) -> Shape:
    """Return the links from a row with a key to what is done with it."""
    return {name: link for one in deeds for name, link in to_deed(one, key).items()}


def to_deed(operation: Shape, key: str = "") -> Shape:
    """Return the link to what is done with a row of a key, at the version that it has."""
    tagged = shared("if_match")[0] in operation["parameters"]
    parameters = {"path.key": key} if key else {}
    parameters |= {"header.If-Match": TAG} if tagged else {}
    name = operation["operationId"]
    return {name: {"operationId": name, "parameters": parameters}}


ROWS = {f"{row.noun}_{row.verb}": row for row in workflow.TABLE}
BEGINS = {
    "assignment": Acceptance.PROPOSED,
    "duty": Duty.State.OPEN,
    "update": ReviewState.DRAFT,
}
"""The state in which a verb leaves what it made."""


def reached(name: str) -> Iterator[str]:
    """Yield the states in which an operation may leave what it answers with."""
    row = ROWS[name]
    made = MAKING.get((row.noun, row.verb))
    if made:
        yield BEGINS[made]
        return
    for source in row.sources:
        yield from row.targets(source)


def can_follow(before: Shape, after: Shape) -> bool:
    """Say whether the table of transitions allows one after the other, on the same row."""
    names = before["operationId"], after["operationId"]
    if not ROWS.keys() >= set(names):
        return True
    return not {*reached(names[0])}.isdisjoint(ROWS[names[1]].sources)
