"""The working groups: who leads them, and where what was given to them stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies import revisions
from agencies.models import WorkingGroup
from recommendations.models import Assignment
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import is_plain, text_of

PAGE = "/f/hld-2013/groups/"


def given(cast: make.Cast) -> WorkingGroup:
    """Return a group that the ILO co-leads now and the IOM led before, with A1 given to it."""
    idle = make.group("IDLE", "Idle", kind="interagency_group")
    group = make.group("WG", "Data", parent=idle)
    make.place(group, cast.ilo, "co_lead")
    make.place(group, cast.iom, "lead", until_on=date(2026, 5, 1))
    make.place(group, None, "member")
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


def test_at_an_earlier_moment_groups_places_and_agencies_are_those_of_then(
    cast: make.Cast, client: Client, clock: Any
) -> None:
    group = given(cast)
    changes: list[tuple[Any, dict[str, Any]]] = [
        (group, {"name": "Numbers", "kind": "thematic_working_group"}),
        (group.parent, {"name": "Resting"}),
        (group.memberships.get(role="co_lead"), {"until_on": date(2026, 5, 3)}),
        (cast.ilo, {"acronym": "BIT"}),
    ]
    for obj, values in changes:
        revisions.revise(
            obj, values=values, by=None, at=later(days=1), note="Now so.", version=obj.version
        )
    make.place(group, cast.iom, "chair", at=later(days=1))
    clock.now = later(days=2)
    before = text_of(client.get(PAGE, {"as_of": "2026-05-04T10:00"}))
    after = text_of(client.get(PAGE))

    assert "Data Task force · part of: Idle Co-lead: ILO Member: not listed" in before
    assert ("BIT" in before, "Chair" in before, "Numbers" in before) == (False, False, False)
    assert "Numbers Thematic working group · part of: Resting Chair: IOM Member:" in after
    assert ("ILO" in after, "Co-lead" in after, "Data" in after) == (False, False, False)


def test_an_agency_and_a_thread_show_the_groups_of_then(
    cast: make.Cast, client: Client, clock: Any
) -> None:
    group = given(cast)
    revisions.revise(
        group, values={"name": "Numbers"}, by=None, at=later(days=1), note="So.", version=1
    )
    place = group.memberships.get(role="co_lead")
    revisions.revise(
        place,
        values={"until_on": date(2026, 6, 1)},
        by=None,
        at=later(days=1),
        note="So.",
        version=1,
    )
    clock.now = later(days=2)
    pages = ("/f/hld-2013/agencies/ILO/", "/f/hld-2013/actions/A1/ILO/")
    before = [text_of(client.get(page, {"as_of": "2026-05-04T10:00"})) for page in pages]
    after = [text_of(client.get(page)) for page in pages]

    assert ("Data, Co-lead" in before[0], "until" in before[0]) == (True, False)
    assert "Numbers, Co-lead (until 1 Jun 2026)" in after[0]
    assert ["through Data" in before[1], "through Numbers" in after[1]] == [True, True]


def test_it_asks_seven_times_whatever_the_size(cast: make.Cast, client: Client) -> None:
    group = given(cast)
    asked = []
    for number in (0, 20):
        for place in range(number):
            action = make.action(cast.area, f"B{place}", order=place + 2)
            held = builders.held(action, cast.ilo)
            Assignment.objects.filter(pk=held.pk).update(through=group)
            make.group(f"G{place}", f"G{place}")
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        asked.append(len(queries))
    assert asked == [8, 8]
