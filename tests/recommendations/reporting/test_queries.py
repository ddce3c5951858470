"""Every figure asks the database the same number of times, for 1, 3 and 30 rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import Action, PriorityArea, Role, Round
from recommendations.reporting.facts import Scope
from recommendations.reporting.gaps import gaps
from recommendations.reporting.latest import latest_published
from recommendations.reporting.lists import action_list, agency_list, front_page
from recommendations.reporting.matrix import matrix
from recommendations.reporting.overview import overview
from recommendations.reporting.places import action_page, agency_page, area_page
from recommendations.reporting.recount import differences
from recommendations.reporting.round_progress import round_progress
from recommendations.reporting.standings import standings
from recommendations.reporting.threads import thread
from tests.make import later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db

AS_OF = later(days=9)


def crowd(rows: int) -> dict[str, Any]:
    """Return a framework of so many actions, each with so many agencies, as keywords."""
    framework, actions, agencies = builders.world(actions=min(rows, 3), agencies=rows)
    round = builders.a_round(framework)
    for action in actions:
        for agency in agencies:
            assignment = builders.held(action, agency, Role.SUPPORTING)
            builders.verified(builders.owed(round, assignment), "in_progress", at=later(days=1))
            builders.said(assignment, "on_hold", at=later(days=2))
    return {
        "framework": framework,
        "agency": agencies[0],
        "action": Action.objects.select_related("framework").get(pk=actions[0].pk),
        "area": PriorityArea.objects.select_related("framework").get(),
        "round": Round.objects.select_related("framework").get(),
    }


FIGURES: dict[str, tuple[int, Callable[[dict[str, Any], Scope], object]]] = {
    "standings": (4, lambda of, scope: standings(of["framework"], as_of=AS_OF, scope=scope)),
    "overview": (4, lambda of, scope: overview(of["framework"], as_of=AS_OF, scope=scope)),
    "overview of a round": (
        4,
        lambda of, scope: overview(of["framework"], as_of=AS_OF, scope=scope, round=of["round"]),
    ),
    "front page": (5, lambda of, scope: front_page(of["framework"], as_of=AS_OF, scope=scope)),
    "actions": (4, lambda of, scope: action_list(of["framework"], as_of=AS_OF, scope=scope)),
    "agencies": (4, lambda of, scope: agency_list(of["framework"], as_of=AS_OF, scope=scope)),
    "thread": (3, lambda of, scope: thread(of["action"], of["agency"], as_of=AS_OF, scope=scope)),
    "matrix": (4, lambda of, scope: matrix(of["framework"], as_of=AS_OF, scope=scope)),
    "gaps": (4, lambda of, scope: gaps(of["framework"], as_of=AS_OF, scope=scope)),
    "latest": (3, lambda of, scope: latest_published(of["framework"], as_of=AS_OF, scope=scope)),
    "action": (6, lambda of, scope: action_page(of["action"], as_of=AS_OF, scope=scope)),
    "area": (6, lambda of, scope: area_page(of["area"], as_of=AS_OF, scope=scope)),
    "round": (4, lambda of, scope: round_progress(of["round"], as_of=AS_OF)),
    "recount": (11, lambda of, scope: differences(of["framework"])),
}


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(rows: int) -> None:
    of = crowd(rows)
    asked = {}
    for name, (_, figure) in FIGURES.items():
        for scope in Scope:
            with CaptureQueriesContext(connection) as queries:
                figure(of, scope)
            asked[name, scope] = len(queries)
    assert asked == {
        (name, scope): count for name, (count, _) in FIGURES.items() for scope in Scope
    }


@pytest.mark.parametrize("rows", [1, 3, 30])
@pytest.mark.parametrize(("scope", "count"), [(Scope.PUBLIC, 5), (Scope.INSIDE, 7)])
def test_the_page_of_an_agency_asks_twice_more_inside(rows: int, scope: Scope, count: int) -> None:
    of = crowd(rows)
    with CaptureQueriesContext(connection) as queries:
        agency_page(of["framework"], of["agency"], as_of=AS_OF, scope=scope)
    assert len(queries) == count


def test_figures_that_need_no_text_never_ask_for_one() -> None:
    of = crowd(3)
    with CaptureQueriesContext(connection) as queries:
        for name in ("standings", "overview", "matrix", "gaps", "round"):
            FIGURES[name][1](of, Scope.INSIDE)
    fetched = [query["sql"].split(" FROM ")[0] for query in queries]
    long_texts = ('"body"', '"official_text"', '"statement"', '"comment"', '"reason"')
    assert [sql for sql in fetched if any(text in sql for text in long_texts)] == []
