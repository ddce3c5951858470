"""The areas and actions that existed at a moment, under the words that they had."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from recommendations.models import ActionWording, AreaWording, PriorityArea
from recommendations.reporting.facts import ActionFact, AreaFact, Basis

COLUMNS = (
    *("pk", "code", "order", "title_then"),
    *("actions__pk", "actions__code", "actions__kind", "short_title_then"),
)


def worded(basis: Basis) -> tuple[dict[int, AreaFact], dict[int, ActionFact]]:
    """Return the areas and the actions that existed, each in the order of the source; one query.

    An action exists where its area does.
    """
    return facts_of(rows(basis).values_list(*COLUMNS))


def rows(basis: Basis) -> QuerySet[Any]:
    """Return a row for each action, and one for an area without any, with the words of then."""
    then = {"recorded_at__lte": basis.as_of}
    newest_first = ("-recorded_at", "-id")
    of_area = AreaWording.objects.filter(area=OuterRef("pk"), **then).order_by(*newest_first)
    of_action = ActionWording.objects.filter(action=OuterRef("actions__pk"), **then).order_by(
        *newest_first
    )
    narrowed = {"actions": basis.action_id, "pk": basis.area_id}
    found: QuerySet[Any] = (
        PriorityArea.objects.filter(framework=basis.framework)
        .filter(**{name: pk for name, pk in narrowed.items() if pk is not None})
        .annotate(
            title_then=Subquery(of_area.values("title")[:1]),
            short_title_then=Subquery(of_action.values("short_title")[:1]),
        )
        .filter(title_then__isnull=False)
        .order_by("order", "pk", "actions__order", "actions__pk")
    )
    return found


def facts_of(
    read: Iterable[tuple[Any, ...]],
) -> tuple[dict[int, AreaFact], dict[int, ActionFact]]:
    """Return the areas and the actions of rows that hold the columns."""
    areas: dict[int, AreaFact] = {}
    actions: dict[int, ActionFact] = {}
    for pk, code, order, title, action, action_code, kind, short_title in read:
        areas[pk] = AreaFact(pk, code, order, title)
        if short_title is not None:
            actions[action] = ActionFact(action, action_code, kind, pk, code, short_title)
    return areas, actions
