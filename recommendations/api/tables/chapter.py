"""What else the source says: its key elements, and the steps that led to it."""

from __future__ import annotations

from recommendations.api.columns import Filter, Kind
from recommendations.api.resources import Order, Resource, code, day, number, text
from recommendations.api.tables.reference import ITS_FRAMEWORK, VERSION, in_framework
from recommendations.models import Footnote, KeyElement, Milestone

PASSAGE = number("passage", "number of the passage of the source", "passage__number", empty=True)
PLACE = Order(("framework_id", "order"), "as the source sorts them")

FOOTNOTES = Resource(
    name="footnotes",
    title="Footnotes",
    meaning="A footnote of the source, with the passage that carries its mark.",
    rows=lambda roles: Footnote.objects.all(),
    public=True,
    order="place",
    orders={"place": Order(("framework_id", "number"), "as the source numbers them")},
    columns=(
        number("id", "number in addresses"),
        ITS_FRAMEWORK,
        number("number", "number in the source"),
        number("passage", "number of the passage that carries its mark", "passage__number"),
        text("text", "text"),
    ),
    filters=(
        in_framework("framework"),
        Filter("passage", "of the passage with this number", Kind.INTEGER, "passage__number"),
    ),
)

KEY_ELEMENTS = Resource(
    name="key-elements",
    title="Key elements",
    meaning="A key element for improved policies and practices.",
    rows=lambda roles: KeyElement.objects.all(),
    public=True,
    tag=("version",),
    order="place",
    orders={"place": PLACE},
    columns=(
        number("id", "number in addresses"),
        ITS_FRAMEWORK,
        code("code", "code, unique in its framework"),
        text("text", "text"),
        number("order", "place in the source"),
        PASSAGE,
        VERSION,
    ),
    filters=(in_framework("framework"), Filter("code", "with this code", Kind.CODE)),
)

MILESTONES = Resource(
    name="milestones",
    title="Milestones",
    meaning="A step that led to the framework, as exactly dated as the source is.",
    rows=lambda roles: Milestone.objects.all(),
    public=True,
    tag=("version",),
    order="place",
    orders={"place": PLACE, "sort_on": Order(("sort_on",), "by its first day")},
    columns=(
        number("id", "number in addresses"),
        ITS_FRAMEWORK,
        code("code", "code, unique in its framework"),
        text("date_text", "date as written"),
        day("sort_on", "its first day"),
        text("title", "title"),
        text("text", "what happened"),
        number("order", "place in the source"),
        PASSAGE,
        VERSION,
    ),
    filters=(in_framework("framework"), Filter("code", "with this code", Kind.CODE)),
)
