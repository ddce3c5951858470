"""The gaps, for those who can do something about them."""

from __future__ import annotations

import re
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
    assert "Assign a lead: A2" in words
    assert "last report sent 4 May 2026 09:30 UTC" in words
    assert "/f/hld-2013/actions/A2/assign/?role=lead" in links
    assert "/f/hld-2013/actions/A1/ILO/" in links
    assert "/f/hld-2013/actions/A1/IOM/" in links
    assert f"/assignments/{stale.pk}/set_target/" in links
    assert f"/assignments/{silent.pk}/set_target/" in links


def test_at_an_earlier_moment_there_is_nothing_to_do(cast: make.Cast, signed_in: Any) -> None:
    answer = signed_in(cast.administrator).get(GAPS, {"as_of": "2026-05-04T09:30"})

    assert "/f/hld-2013/actions/A1/?as_of=2026-05-04T09:30" in links_of(answer)
    assert not [url for url in links_of(answer) if "/assign/" in url]
    assert 'name="role"' not in answer.content.decode()


def moves(answer: Any, about: str) -> list[str]:
    """Return the moves that the page offers about one agency on one action."""
    return sorted(
        re.findall(rf'<a href="([^"]*)">[^<]*<span[^>]*>: {about}<', answer.content.decode())
    )


def test_each_gap_leads_to_where_it_is_put_right(cast: make.Cast, signed_in: Any) -> None:
    asked = make.proposed(cast)
    other = make.accepted(cast, action=make.action(cast.area, "A2", order=2))
    third = make.accepted(cast, action=make.action(cast.area, "A3", order=3))
    round = make.open_round(cast)
    owed, sent = (make.update_in(round, one) for one in (other, third))
    make.sent(sent, by=cast.ilo_focal_point)
    answer = signed_in(cast.coordinator).get(GAPS)

    assert moves(answer, "A1 ILO") == [f"/assignments/{asked.pk}/withdraw/"]
    assert set(moves(answer, "A2 ILO")) >= {
        f"/assignments/{other.pk}/end/",
        f"/assignments/{other.pk}/set_target/",
        f"/duties/{owed.duty_id}/due/",
    }
    assert f"/queue/{sent.pk}/" not in moves(answer, "A2 ILO")
    assert f"/queue/{sent.pk}/" in moves(answer, "A3 ILO")
    for url in {*moves(answer, "A1 ILO"), *moves(answer, "A2 ILO"), *moves(answer, "A3 ILO")}:
        assert signed_in(cast.coordinator).get(url).status_code == 200


def test_nobody_is_offered_what_they_may_not_do(cast: make.Cast, signed_in: Any) -> None:
    asked = make.proposed(cast)
    third = make.accepted(cast, action=make.action(cast.area, "A3", order=3))
    sent = make.sent(make.update_in(make.open_round(cast), third), by=cast.ilo_focal_point)
    own = signed_in(cast.ilo_coordinator).get(GAPS)
    administrator = signed_in(cast.administrator).get(GAPS)

    assert f"/assignments/{asked.pk}/respond/" in moves(own, "A1 ILO")
    assert moves(administrator, "A1 ILO") == [f"/assignments/{asked.pk}/withdraw/"]
    for answer in (own, administrator):
        assert f"/queue/{sent.pk}/" not in links_of(answer)


def test_where_nothing_is_owed_the_rounds_are_shown(cast: make.Cast, signed_in: Any) -> None:
    make.accepted(cast)

    assert "/f/hld-2013/rounds/" in moves(signed_in(cast.coordinator).get(GAPS), "A1 ILO")


def test_several_actions_without_a_lead_are_assigned_at_once(
    cast: make.Cast, signed_in: Any
) -> None:
    make.action(cast.area, "A2", order=2)
    client = signed_in(cast.coordinator)
    page = client.get(GAPS).content.decode()
    offered = client.get("/f/hld-2013/assign/", {"action": ["A1", "A2"], "role": "lead"})

    assert '<form action="/f/hld-2013/assign/">' in page
    assert page.count('type="checkbox" name="action"') == 2
    assert offered.status_code == 200


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


def test_the_coverage_comes_as_csv_to_those_who_oversee_it(
    cast: make.Cast, signed_in: Any, client: Client
) -> None:
    builders.said(builders.held(cast.action, cast.ilo), "in_progress", at=make.NOW)
    make.action(cast.area, "A2", order=2)
    page, table = "/f/hld-2013/gaps/", "/f/hld-2013/gaps.csv"
    browser = signed_in(cast.coordinator)

    assert client.get(table).status_code == 404
    assert browser.get(table).content.decode("utf-8-sig").splitlines() == [
        "action,area,leads,supporting,not_answered,leads_reported,evidence",
        "A2,A,0,0,0,0,0",
        "A1,A,1,0,0,1,0",
    ]
    words = text_of(browser.get(page))
    assert "A2 Short title of A2 No lead 0 – None A1 Short title of A1 ILO 0 1 of 1 None" in words
