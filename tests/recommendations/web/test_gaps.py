"""The gaps, for those who can do something about them."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests import make
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import links_of, text_of

GAPS = "/f/hld-2013/gaps/"


def test_the_gaps_lead_to_what_to_do(cast: make.Cast, signed_in: Any, clock: Any) -> None:
    clock.now = make.later(days=500)
    make.action(cast.area, "A2", order=2)
    stale = builders.held(cast.action, cast.ilo, "co_lead")
    builders.said(stale, "in_progress", at=make.NOW)
    silent = builders.held(cast.action, cast.iom, "co_lead")
    answer = signed_in(cast.coordinator).get(GAPS)
    words, links = text_of(answer), links_of(answer)

    assert answer.status_code == 200
    assert "Inside figures" in words
    assert "1 of 2 actions have no lead, 1 of 2 leads have never reported" in words
    assert "Assign A2 Short title of A2" in words
    assert "last report sent 4 May 2026 09:30 UTC" in words
    assert "/f/hld-2013/actions/A2/assign/" in links
    assert "/f/hld-2013/actions/A1/ILO/" in links
    assert "/f/hld-2013/actions/A1/IOM/" in links
    assert f"/assignments/{stale.pk}/set_target/" in links
    assert f"/assignments/{silent.pk}/set_target/" in links


def test_at_an_earlier_moment_there_is_nothing_to_do(cast: make.Cast, signed_in: Any) -> None:
    answer = signed_in(cast.administrator).get(GAPS, {"as_of": "2026-05-04T09:30"})

    assert "/f/hld-2013/actions/A1/?as_of=2026-05-04T09:30" in links_of(answer)
    assert "/f/hld-2013/actions/A1/assign/" not in links_of(answer)


def test_a_gap_that_is_not_answered_says_by_when(
    cast: make.Cast, signed_in: Any, clock: Any
) -> None:
    make.proposed(cast)
    clock.now = make.later(days=30)
    words = text_of(signed_in(cast.coordinator).get(GAPS))

    assert "ILO is asked and has not answered (due 18 May 2026)" in words
    assert "Not answered (1) A1 · ILO: Short title of A1 Overdue Lead Answer due 18 May 2026." in (
        words
    )


def test_nothing_missing_is_said(cast: make.Cast, signed_in: Any) -> None:
    lead = builders.held(cast.action, cast.ilo)
    builders.said(lead, "continuing", at=make.NOW)
    words = text_of(signed_in(cast.coordinator).get(GAPS))

    for said in (
        "Every action has a lead.",
        "Every agency that was asked to lead has answered.",
        "Every lead has reported.",
        "No information of a lead is older than a year.",
        "Every open lead has a target date.",
    ):
        assert said in words


def test_for_anybody_else_there_is_no_such_page(
    cast: make.Cast, signed_in: Any, client: Client
) -> None:
    people = (cast.ilo_focal_point, cast.observer, cast.stranger)

    assert client.get(GAPS).status_code == 404
    assert [signed_in(person).get(GAPS).status_code for person in people] == [404] * 3
