"""The operations that read figures: their filters, and what they hold."""

from __future__ import annotations

import inspect
from typing import get_type_hints

from recommendations.api.schema.figure_shapes import row_shape, shapes_in
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
from recommendations.api.schema.shapes import Shape
from recommendations.api.views.figures import FIGURES, Made
from recommendations.models import Role, RollUp
from recommendations.reporting.matrix_rows import Only

TAG = "Figures"
FILTERS: dict[str, tuple[Shape, str]] = {
    "area": ({"type": "string", "maxLength": 200}, "of the area with this code"),
    "status": ({"type": "string", "enum": [str(one) for one in RollUp.values]}, "that stand so"),
    "agency": ({"type": "string", "maxLength": 200}, "on which this agency is"),
    "role": ({"type": "string", "enum": [str(one) for one in Role.values]}, "in this role"),
    "q": ({"type": "string", "maxLength": 200}, "that hold each of these words"),
    "only": (
        {"type": "string", "enum": [*map(str, Only.values)]},
        "agencies: of yours, past a target date (for the inside), or without a report",
    ),
    "heading": (
        {"type": "integer", "minimum": 1},
        "under the heading with this place among headings, counted from 1",
    ),
}


OF_ALL: dict[str, Shape] = {
    "scope": {
        "type": "string",
        "oneOf": [
            {"const": "public", "title": "what is published"},
            {"const": "inside", "title": "what is approved, published or not"},
        ],
    },
    "settled": {
        "type": "boolean",
        "description": "the moment is two minutes old: these figures change no more",
    },
}
"""What all figures say of themselves, beside what their class says."""


def kind_of(made: Made) -> type:
    """Return the class of these figures."""
    kind: type = get_type_hints(inspect.unwrap(made.make))["return"]
    return kind


def shape_of(made: Made) -> Shape:
    """Return what these figures hold."""
    shape = row_shape(kind_of(made))
    shape["required"].append("settled")
    shape["properties"] |= OF_ALL
    return shape


def round_in(made: Made) -> Shape:
    """Return the parameter that names a round."""
    code: Shape = {"type": "string"}
    if made.of_round:
        return parameter("round", "query", code, "the code of the round", required=True)
    meaning = "count only what was sent in the round with this code"
    return parameter("round", "query", code, meaning)


def figures(made: Made) -> Shape:
    """Return the operation that reads figures."""
    narrowing = [parameter(name, "query", *FILTERS[name]) for name in made.filters]
    if made.by_round:
        narrowing.append(round_in(made))
    private = () if made.public else PRIVATE
    return {
        "operationId": f"figures_{made.name}",
        "tags": [TAG],
        "summary": f"Figures: {made.name}",
        "description": made.meaning,
        "security": security(made.public),
        "parameters": [*narrowing, *shared("framework", "as_of", "lang", "if_none_match")],
        "responses": {
            "200": answered(
                shape_of(made), f"the figures; as text/csv a line for each {made.line}", **table()
            ),
            "304": {"description": "nothing changed"},
            **refusals((*TELLING, *private, "not-found", "did-not-exist", "unusable-moment")),
        },
    }


def shapes() -> dict[str, Shape]:
    """Return the shapes of what figures hold, by name."""
    return shapes_in(map(kind_of, FIGURES.values()))


def paths() -> dict[str, Shape]:
    """Return these operations by address."""
    return {f"/api/v1/figures/{name}/": {"get": figures(one)} for name, one in FIGURES.items()}
