"""What figures hold, read off the classes that hold them: no field is described by hand."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.db.models import Choices

from recommendations.api.schema.shapes import Shape, ref, words_of

PLAIN: dict[type, Shape] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def name_of(kind: type) -> str:
    """Return the name of the shape of a class."""
    return f"Figure{kind.__name__}"


def shape_of(hint: Any) -> Shape:
    """Return what a value of a type is in JSON."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return {"anyOf": [shape_of(one) for one in inner]}
    if origin in (tuple, list) or inspect.isclass(origin) and issubclass(origin, Iterable):
        if issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": shape_of(inner[1])}
        several = [one for one in inner if one is not Ellipsis]
        shapes = [shape_of(one) for one in several]
        return {"type": "array", "items": shapes[0] if len(shapes) == 1 else {"anyOf": shapes}}
    if hint is NoneType:
        return {"type": "null"}
    if is_dataclass(hint) and isinstance(hint, type):
        return ref(name_of(hint))
    if issubclass(hint, Choices):
        return {"type": "string", "oneOf": words_of(hint)}
    if issubclass(hint, Enum):
        return {"type": "string", "enum": [one.value for one in hint]}
    return PLAIN[hint]


def row_shape(kind: type) -> Shape:
    """Return what an object of a class holds in JSON; its meaning is that of the class."""
    hints = get_type_hints(kind)
    names = [one.name for one in fields(kind)]
    return {
        "type": "object",
        "description": inspect.getdoc(kind),
        "required": names,
        "properties": {name: shape_of(hints[name]) for name in names},
        "additionalProperties": False,
    }


def classes_in(hint: Any) -> Iterator[type]:
    """Yield the classes of rows that a type holds, itself and what is in it, each perhaps twice."""
    for one in get_args(hint):
        yield from classes_in(one)
    if is_dataclass(hint) and isinstance(hint, type):
        yield hint
        for one in get_type_hints(hint).values():
            yield from classes_in(one)


def shapes_in(kinds: Iterable[type]) -> dict[str, Shape]:
    """Return the shapes of all that these classes hold, by name, those of the classes apart."""
    kinds = list(kinds)
    found = {one: name_of(one) for kind in kinds for one in classes_in(kind) if one not in kinds}
    if len({*found.values()}) < len(found):
        raise ValueError(f"two classes of one name: {sorted(found.values())}")
    return {name: row_shape(one) for one, name in sorted(found.items(), key=lambda pair: pair[1])}
