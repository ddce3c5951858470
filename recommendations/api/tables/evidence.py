"""What shows that a claim is true: the links and files of updates."""

from __future__ import annotations

from recommendations.api.columns import Audience, Filter, Kind
from recommendations.api.resources import Resource, moment, number, text, word, yes
from recommendations.api.tables.texts import place_columns, place_filters, placed
from recommendations.domain import access
from recommendations.models import Evidence

INSIDE = Audience.INSIDE

EVIDENCE = Resource(
    name="evidence",
    title="Evidence",
    meaning="A link or a file that shows what an update claims. Its address ends in /content/.",
    rows=lambda roles: placed(access.visible_evidence(roles), "update__"),
    agency="owes",
    framework="home",
    public=True,
    counted=False,
    order="id",
    columns=(
        number("id", "number in addresses"),
        number("update", "number of the update", "update_id"),
        *place_columns("update__"),
        word("kind", "link or file", Evidence.Kind),
        text("title", "title"),
        text("url", "address of a link"),
        text("original_name", "name of a file"),
        text("media_type", "media type of a file"),
        number("size", "bytes of a file", empty=True),
        text("sha256", "SHA-256 of a file"),
        yes("public", "public with the update; otherwise for reviewers only"),
        moment("added_at", "when it was added"),
        moment("detached_at", "when the agency took it off", empty=True, audience=INSIDE),
        moment("erased_at", "when the bytes were removed", empty=True),
        text("erased_because", "why they were removed"),
    ),
    filters=(
        *place_filters("update__"),
        Filter("update", "of this update", Kind.INTEGER, "update_id"),
        Filter("kind", "of this kind", Kind.WORD, choices=Evidence.Kind),
        Filter("public", "public with the update", Kind.BOOLEAN),
    ),
)
