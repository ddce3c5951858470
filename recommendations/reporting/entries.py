"""What the trend rests on: the words of a moment, since when each action is there, the rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Aggregate, JSONField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from recommendations.models import ActionWording, AreaWording, Round, RoundTerms
from recommendations.reporting import wordings
from recommendations.reporting.facts import ActionFact, AreaFact, Basis


@dataclass(frozen=True)
class Opened:
    """A round and the moment at which it first opened, to the minute."""

    code: str
    at: datetime


@dataclass(frozen=True)
class Entries:
    """The areas and actions of a moment, since when each action is there, the rounds that opened.

    `opened` comes in the order in which they did.
    """

    areas: dict[int, AreaFact]
    actions: dict[int, ActionFact]
    entered: dict[int, datetime]
    opened: list[Opened]


class JSONList(Aggregate):
    """What the rows of a group hold, as a list in JSON, in no order."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Return the call that PostgreSQL knows."""
        return self.as_sql(compiler, connection, function="JSONB_AGG", **more)


def entries(basis: Basis) -> Entries:
    """Return the areas, the actions, since when they are there, and the rounds; one query.

    An action is there since it and its area were recorded. A framework without an area asks
    for its rounds alone.
    """
    own = ActionWording.objects.filter(action=OuterRef("actions__pk"))
    area = AreaWording.objects.filter(area=OuterRef("pk"))
    read = list(
        wordings.rows(basis)
        .annotate(
            own_since=Subquery(since(own, "action")),
            area_since=Subquery(since(area, "area")),
            openings=Subquery(as_one(basis)),
        )
        .values_list(*wordings.COLUMNS, "own_since", "area_since", "openings")
    )
    areas, actions = wordings.facts_of(row[:-3] for row in read)
    entered = {row[4]: max(row[-3], row[-2]) for row in read if row[4] in actions}
    opened = in_order(read[0][-1] or []) if read else openings(basis)
    return Entries(areas, actions, entered, opened)


def since(rows: QuerySet[Any], of: str) -> QuerySet[Any]:
    """Return when the first of these rows was recorded, as part of another query."""
    found: QuerySet[Any] = rows.order_by().values(of).annotate(at=Min("recorded_at")).values("at")
    return found


def as_one(basis: Basis) -> QuerySet[Any]:
    """Return every opening of a round, the later ones of one reopened too, as one list."""
    each = JSONObject(id="round_id", code="round__code", at="recorded_at")
    rows = open_terms(basis).order_by().values("round__framework")
    return rows.annotate(each=JSONList(each)).values("each")


def open_terms(basis: Basis) -> QuerySet[RoundTerms]:
    """Return the terms by which a round was open."""
    return RoundTerms.objects.filter(
        round__framework=basis.framework,
        recorded_at__lte=basis.as_of,
        state=Round.State.OPEN,
    )


def openings(basis: Basis) -> list[Opened]:
    """Return the rounds that had opened, in that order; one query."""
    rows = open_terms(basis).values("round_id", "round__code", "recorded_at")
    return in_order(
        [
            {
                "id": row["round_id"],
                "code": row["round__code"],
                "at": row["recorded_at"].isoformat(),
            }
            for row in rows
        ]
    )


def in_order(found: list[dict[str, Any]]) -> list[Opened]:
    """Return each round once, by when it first opened, each to the minute before it.

    A whole minute, so that a page of that moment shows the same.
    """
    first: dict[int, tuple[datetime, int, str]] = {}
    for one in found:
        at = datetime.fromisoformat(one["at"])
        at = at.replace(tzinfo=at.tzinfo or UTC)  # SQLite leaves out that it is UTC
        known = first.get(one["id"])
        if known is None or at < known[0]:
            first[one["id"]] = (at, one["id"], one["code"])
    return [
        Opened(code, at.replace(second=0, microsecond=0))
        for at, _pk, code in sorted(first.values())
    ]
