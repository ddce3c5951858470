"""Every reading page asks the database the same number of times, for 1, 3 and 30 rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.models import Action, Footnote, Framework, Passage, PriorityArea, Role
from recommendations.web.views import actions
from tests import make
from tests.recommendations.reporting import builders

F = {"framework": "hld-2013"}
PAGES: dict[str, tuple[int, int, dict[str, str]]] = {
    "overview": (6, 11, F),
    "overview-csv": (5, 9, F),
    "trend": (4, 9, F),
    "trend-csv": (4, 8, F),
    "area-detail": (8, 13, {**F, "area": "A"}),
    "action-list": (6, 11, F),
    "action-detail": (8, 13, {**F, "action": "A1"}),
    "thread": (7, 14, {**F, "action": "A1", "agency": "AG01"}),
    "agency-list": (5, 10, F),
    "agency-detail": (8, 15, {**F, "agency": "AG01"}),
    "matrix": (5, 11, F),
    "about": (7, 12, F),
    "source": (4, 9, F),
    "gaps": (1, 14, F),
}
"""Queries for the public, and for a coordinator: session, person, roles and queue are five."""


def crowd(rows: int) -> None:
    """Make so many actions and agencies: the first is on all, and all are on the first.

    The first has reported in so many rounds.
    """
    framework, under, agencies = builders.world(actions=rows, agencies=rows)
    written(framework, rows)
    group = make.group("GMG", "Group")
    for agency in agencies:
        make.place(group, agency, "member")
    rounds = [builders.a_round(framework, f"R{number}") for number in range(rows)]
    places = {(0, number) for number in range(rows)} | {(number, 0) for number in range(rows)}
    for action, agency in sorted(places):
        role = Role.CO_LEAD if action == agency else Role.SUPPORTING
        assignment = builders.held(under[action], agencies[agency], role)
        for round in rounds if action == agency == 0 else rounds[:1]:
            builders.verified(builders.owed(round, assignment), "in_progress", at=make.NOW)
    # A page shows the copies that the workflow keeps; the builders write the rows alone.
    for assignment in under[0].assignments.all():
        newest = assignment.assessments.order_by("-id").first()
        assert newest is not None
        type(assignment).objects.filter(pk=assignment.pk).update(
            in_force=newest.submission, effective_status="in_progress", verified=True
        )


def written(framework: Framework, rows: int) -> None:
    """Write a source of so many passages, each with a footnote; the first says it all."""
    for number in range(1, rows + 1):
        passage = Passage.objects.create(
            framework=framework, number=number, section="S", kind="paragraph", text="Text."
        )
        Footnote.objects.create(framework=framework, passage=passage, number=number, text="Note.")
    first = framework.passages.get(number=1)
    for model in (PriorityArea, Action):
        model.objects.filter(framework=framework).update(passage=first)


def asked(client: Client, name: str, kwargs: dict[str, str], **query: str) -> int:
    """Return how many queries a page makes."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(name, kwargs=kwargs), query).status_code in (200, 404)
    return len(queries)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    rows: int, db: None, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PAGE", 20)
    crowd(rows)
    reader, coordinator = Client(), signed_in(make.person("Coordinator 2", office="coordinator"))

    assert {
        name: (asked(reader, name, kwargs), asked(coordinator, name, kwargs))
        for name, (_, _, kwargs) in PAGES.items()
    } == {name: counts[:2] for name, counts in PAGES.items()}
    earlier = {"as_of": f"{make.NOW:%Y-%m-%dT%H:%M}"}
    assert [
        (asked(reader, name, F, **earlier), asked(coordinator, name, F, **earlier))
        for name in ("overview", "matrix", "trend", "action-list")
    ] == [(6, 11), (5, 10), (4, 9), (6, 11)]
