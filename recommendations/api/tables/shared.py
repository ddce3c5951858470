"""What lists can be narrowed by as the pages narrow theirs, by one definition for both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet, TextChoices

from recommendations.api.columns import Filter, Kind
from recommendations.api.forms import refused
from recommendations.api.problems import Refused
from recommendations.api.reader import Reader
from recommendations.domain.updates import writable_updates
from recommendations.filters import ActionFilter, Sent, by_sending, in_area
from recommendations.models import Duty, Framework, Role, RollUp, SubmissionKind
from recommendations.reporting.attention import Concern, with_concern
from recommendations.reporting.lists import action_list

words: Any = TextChoices
UpdateKind = words(
    "UpdateKind",
    [
        (value.upper(), (value, label))
        for choices in (Duty.Kind, SubmissionKind)
        for value, label in choices.choices
    ],
)
OF_ACTIONS = (
    Filter("status", "that stand so now", Kind.WORD, choices=RollUp, shared=True),
    Filter("agency", "on which this agency is", Kind.CODE, shared=True),
    Filter(
        "role", "on which somebody, or this agency, is so", Kind.WORD, choices=Role, shared=True
    ),
    Filter("q", "that hold each of these words", Kind.TEXT, shared=True),
)
"""As on the page of actions."""
OF_UPDATES = (
    Filter(
        "area",
        "on actions of this area; hld-2013.A is that of one framework",
        Kind.CODE,
        shared=True,
    ),
    Filter(
        "kind",
        "of this kind, or whose newest text is of this kind",
        Kind.WORD,
        choices=UpdateKind,
        shared=True,
    ),
    Filter("sent", "whose newest text is the first, or not", Kind.WORD, choices=Sent, shared=True),
    Filter("writable", "whose text you can write now, or not", Kind.BOOLEAN, shared=True),
)
"""As in the queue, and on My work."""
OF_DUTIES = (
    Filter(
        "standing",
        "that stand so now",
        Kind.WORD,
        choices=Concern,
        shared=True,
        counted=False,  # drafts are begun and people leave while no counter rises
    ),
)
"""As on the page of a round."""


def narrow_actions(reader: Reader, rows: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
    """Keep the actions that the page of their framework would show now.

    Raises Refused for a value that no framework has.
    """
    found: set[int] = set()
    problems: list[Refused] = []
    frameworks = Framework.objects.filter(pk__in=rows.values("framework")).order_by("id")
    for framework in frameworks:
        scope = reader.scope_of(framework.pk)
        listed = action_list(framework, as_of=reader.at, scope=scope)
        chosen = ActionFilter(given, framework=framework, listed=listed)
        if chosen.is_valid():
            found.update(chosen.qs.values_list("pk", flat=True))
        else:
            problems.append(refused(chosen.form))
    if problems and len(problems) == len(frameworks):
        raise problems[0]
    return rows.filter(pk__in=found)


def narrow_updates(reader: Reader, rows: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
    """Keep the updates that the queue would keep, or the work of the reader."""
    kind = given.get("kind", "")
    if kind in Duty.Kind.values:
        rows, kind = rows.filter(duty__kind=kind), ""
    if given.get("area"):
        rows = rows.filter(in_area(given["area"], "duty__assignment__action__area"))
    if "writable" in given:
        mine = writable_updates(reader.roles).values("pk")
        rows = rows.filter(pk__in=mine) if given["writable"] else rows.exclude(pk__in=mine)
    return by_sending(rows, sent=given.get("sent", ""), kind=kind)


def narrow_duties(reader: Reader, rows: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
    """Keep the duties that the page of their round would list so now; 3 queries."""
    return rows.filter(pk__in=with_concern(rows, given["standing"], at=reader.at))
