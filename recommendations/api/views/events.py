"""The feed of changes: what happened, in one order, to what the reader may read the log of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from agencies.models import Event
from recommendations.api.accepted import CSV, JSON
from recommendations.api.asked import limit_in, read, single, unknown
from recommendations.api.codes import none_with
from recommendations.api.columns import Column, Kind
from recommendations.api.lines import LONGEST_FILE, sheet
from recommendations.api.narrowing import NAMES, narrowed_by
from recommendations.api.views.base import View
from recommendations.domain import logs
from recommendations.domain.readable import readable_events

EVENT: tuple[Column, ...] = (
    Column("position", "place in the one order of all events", Kind.INTEGER, "place__position"),
    Column("object_type", "kind of the object"),
    Column("object_id", "number of the object", Kind.INTEGER),
    Column(
        "framework",
        "address of the framework, where it belongs to one",
        Kind.CODE,
        "framework_id",
        empty=True,
    ),
    Column("number", "which change of the object it is, from 1: its version", Kind.INTEGER),
    Column("verb", "what happened"),
    Column("at", "when", Kind.MOMENT),
    Column(
        "actor", "number of the person; null for the system", Kind.INTEGER, "actor_id", empty=True
    ),
    Column("actor_name", "name of the person", path="actor__name", empty=True),
    Column(
        "on_behalf_of",
        "number of the person for whom it was entered",
        Kind.INTEGER,
        "on_behalf_of_id",
        empty=True,
    ),
    Column("note", "the reason that was given"),
    Column("content", "fields that were set; of long texts the hash", Kind.OBJECT),
    Column("hash", "hash over all of it and over the event before it"),
)
PATHS = tuple(one.source for one in EVENT)
PARAMETERS = ("after", "limit", "framework", "object_type", "object_id", *NAMES)


class Events(View):
    """Events after a position. A late commit comes with a later position, so none is missed."""

    forms = (JSON, CSV)

    def get(self, request: Request) -> HttpResponseBase:
        """Return the next events, and from where to go on; as CSV all that there are by now."""
        given = single(request.query_params, PARAMETERS)
        after = read("after", given["after"], Kind.INTEGER) if given.get("after") else 0
        limit = limit_in(given)
        rows = readable_events(self.reader.roles).filter(place__position__gt=after)
        if given.get("framework"):
            rows = rows.filter(framework_id__in=self.framework_ids(given["framework"]))
        kind = given.get("object_type", "")
        if kind and kind not in logs.kinds():
            raise unknown("object_type", kind, logs.kinds())
        if kind:
            rows = rows.filter(object_type=kind)
        if given.get("object_id"):
            rows = rows.filter(object_id=read("object_id", given["object_id"], Kind.INTEGER))
        found = narrowed_by(given).of(rows).order_by("place__position")
        if self.form == CSV:
            return sheet("events", [one.name for one in EVENT], self.every(found))
        results = list(map(self.told, found.values_list(*PATHS)[: limit + 1]))
        more = len(results) > limit
        results = results[:limit]
        # The newest position of all would tell how much happens that is not for the reader.
        going_on = results[-1]["position"] if results else after
        return self.answered({"results": results, "next_after": going_on, "more": more})

    def every(self, rows: QuerySet[Event]) -> Iterator[dict[str, Any]]:
        """Yield the events for a file, without keeping them all."""
        for values in rows.values_list(*PATHS)[:LONGEST_FILE].iterator(chunk_size=500):
            yield self.told(values)

    def framework_ids(self, slug: str) -> list[int]:
        """Return the id of the framework with an address. Raises Refused where there is none."""
        wanted, known = slug.casefold(), self.reader.frameworks.items()
        found = [pk for pk, one in known if one.slug.casefold() == wanted]
        if not found:
            raise none_with("framework", "frameworks")
        return found

    def told(self, values: Any) -> dict[str, Any]:
        """Return an event as it is told."""
        event = dict(zip((one.name for one in EVENT), values, strict=True))
        known = self.reader.frameworks.get(event["framework"])
        return {
            **event,
            "framework": known.slug if known else None,
            "content": json.loads(event["content"]),
        }
