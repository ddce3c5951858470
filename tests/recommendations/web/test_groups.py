"""The working groups: who leads them, and where what was given to them stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import GroupMembership, WorkingGroup
from recommendations.models import Assignment
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import is_plain, text_of

PAGE = "/f/hld-2013/groups/"


def given(cast: make.Cast) -> WorkingGroup:
    """Return a group that the ILO co-leads now and the IOM led before, with A1 given to it."""
    idle = WorkingGroup.objects.create(code="IDLE", name="Idle", kind="interagency_group")
    group = WorkingGroup.objects.create(code="WG", name="Data", kind="task_force", parent=idle)
    GroupMembership.objects.create(group=group, agency=cast.ilo, role="co_lead")
    GroupMembership.objects.create(
        group=group, agency=cast.iom, role="lead", until_on=date(2026, 5, 1)
    )
    GroupMembership.objects.create(group=group, agency=None, role="member")
    held = builders.held(cast.action, cast.ilo)
    Assignment.objects.filter(pk=held.pk).update(through=group)
    builders.said(held, "in_progress", at=later(days=1))
    builders.held(cast.action, cast.iom, "supporting")
    return group


def test_a_group_shows_its_places_and_where_its_actions_stand(
    cast: make.Cast, client: Client, clock: Any
) -> None:
    given(cast)
    clock.now = later(days=2)
    answer = client.get(PAGE)
    words = text_of(answer)

    assert is_plain(answer)
    assert "Co-lead: ILO Member: not listed in the source 1 action: 1 in progress" in words
    assert "A1 Short title of A1 … In progress ILO … In progress" in words
    assert "IOM" not in words
    assert words.index("Data") < words.index("Idle")
    assert "No action was given to this group." in words


def test_at_an_earlier_moment_it_stood_elsewhere(
    cast: make.Cast, client: Client, clock: Any
) -> None:
    given(cast)
    clock.now = later(days=2)

    words = text_of(client.get(PAGE, {"as_of": "2026-05-04T10:00"}))
    assert "A1 Short title of A1 – No report yet ILO – No report yet" in words


def test_it_asks_seven_times_whatever_the_size(cast: make.Cast, client: Client) -> None:
    group = given(cast)
    asked = []
    for number in (0, 20):
        for place in range(number):
            action = make.action(cast.area, f"B{place}", order=place + 2)
            held = builders.held(action, cast.ilo)
            Assignment.objects.filter(pk=held.pk).update(through=group)
            WorkingGroup.objects.create(code=f"G{place}", name=f"G{place}", kind="task_force")
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        asked.append(len(queries))
    assert asked == [8, 8]
