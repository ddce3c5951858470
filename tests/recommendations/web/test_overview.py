"""The overview: where the areas stand, for the public and inside."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests import make
from tests.recommendations.reporting import builders
from tests.recommendations.reporting.test_trend import two_rounds
from tests.recommendations.web.pages import is_plain, links_of, text_of

HOME = "/f/hld-2013/"


@pytest.fixture
def told(cast: make.Cast) -> make.Cast:
    """Return A1 led by the ILO: one text published, a newer one approved and held back."""
    lead = builders.held(cast.action, cast.ilo)
    builders.said(lead, "in_progress", at=make.NOW)
    make.action(cast.area, "A2", order=2)
    held = builders.sent(lead, "implemented", at=make.later(hours=1), text="Kept back.")
    builders.approved(held, at=make.later(hours=2), published_at=None)
    return cast


def test_it_says_where_the_areas_stand_and_as_of_when(
    told: make.Cast, client: Client, clock: Any
) -> None:
    clock.now = make.later(days=1)
    answer = client.get(HOME)
    words = text_of(answer)

    assert answer.status_code == 200
    assert is_plain(answer)
    assert answer["Vary"] == "Accept-Language, Cookie"
    assert "Approved updates only. Position on 5 May 2026 09:30 UTC." in words
    assert (
        "2 actions: 1 in progress, 0 without a report, 1 without a lead. 1 of 1 lead has reported"
        in words
    )
    assert "1 of 2 actions has no lead" in words
    assert "Kept back." not in words
    assert "Inside" not in words
    assert HOME + "gaps/" not in links_of(answer)


def test_its_bar_and_its_table_say_the_same(told: make.Cast, client: Client) -> None:
    answer = client.get(HOME)

    assert '<desc id="bar-A-desc">1 in progress, 1 without a lead</desc>' in (
        answer.content.decode()
    )
    assert (
        "Status A Total … In progress 1 1 – No report yet 0 0 ◇ No lead 1 1 Actions 2 2"
        in text_of(answer)
    )


def test_it_draws_the_rounds_and_says_what_moved_up_and_down(
    db: None, client: Client, clock: Any
) -> None:
    two_rounds()
    clock.now = make.later(days=9)
    answer = client.get(HOME)
    words, links = text_of(answer), links_of(answer)

    assert is_plain(answer)
    assert '<title id="trend-title">Is follow-up moving?</title>' in answer.content.decode()
    assert (
        "Since round R2 opened: 1 action moved up, 1 down, 1 reported for the first time, "
        "1 changed otherwise. 1 action did not change."
    ) in words
    assert "Status R1 R2" in words
    assert "Moved up (1) A1 Short title of A1 … In progress to ✓ Reported implemented" in words
    assert "Moved down (1) A2 Short title of A2 ∞ Continuing to ‖ On hold" in words
    assert {HOME + "trend/", HOME + "trend.csv", HOME + "trend.svg"} <= {*links}


def test_it_draws_the_newest_rounds_only(db: None, client: Client, clock: Any) -> None:
    framework = two_rounds()
    for number in range(3, 9):
        builders.a_round(framework, f"R{number}", at=make.later(days=number + 3))
    clock.now = make.later(days=20)

    assert "Status R3 R4 R5 R6 R7 R8" in text_of(client.get(HOME))


def test_those_who_oversee_see_inside_figures_and_are_told_so(
    told: make.Cast, signed_in: Any, clock: Any
) -> None:
    clock.now = make.later(days=1)
    for person in (told.coordinator, told.administrator):
        answer = signed_in(person).get(HOME)
        words = text_of(answer)

        assert "Inside figures: approved updates, published or not." in words
        assert "1 reported implemented, to be verified, 1 without a lead" in words
        assert "Kept back." in words
        assert HOME + "gaps/" in links_of(answer)
        assert answer["Cache-Control"] == "private, no-store"


def test_a_focal_point_sees_what_the_public_sees(
    told: make.Cast, signed_in: Any, clock: Any
) -> None:
    clock.now = make.later(days=1)
    words = text_of(signed_in(told.ilo_focal_point).get(HOME))

    assert "Approved updates only." in words
    assert "Kept back." not in words


def test_an_earlier_moment_is_shown_and_kept_in_the_links(
    told: make.Cast, signed_in: Any, clock: Any
) -> None:
    clock.now = make.later(days=1)
    answer = signed_in(told.coordinator).get(HOME, {"as_of": "2026-05-04T10:00"})
    words, links = text_of(answer), links_of(answer)

    assert "Position on 4 May 2026 10:00 UTC. See the present position" in words
    assert "2 actions: 1 in progress, 0 without a report, 1 without a lead." in words
    assert HOME + "areas/A/?as_of=2026-05-04T10:00" in links
    assert HOME + "actions/?status=no_lead&as_of=2026-05-04T10:00" in links
    assert HOME + "actions/A1/ILO/?as_of=2026-05-04T10:00" in links


@pytest.mark.parametrize("page", ["", "matrix/", "actions/", "agencies/"])
def test_before_the_framework_it_says_what_range_there_is(
    page: str, told: make.Cast, client: Client, clock: Any
) -> None:
    clock.now = make.later(days=1)
    before, future = (client.get(HOME + page, {"as_of": day}) for day in ("2013-10-03", "2027"))
    tomorrow = client.get(HOME + page, {"as_of": "2026-05-06"})

    assert (before.status_code, future.status_code, tomorrow.status_code) == (404, 400, 400)
    assert (
        "Nothing was recorded yet at that moment. "
        "Choose one from 4 May 2026, 09:30 to 5 May 2026, 09:30 UTC."
    ) in text_of(before)
    ranged = "There are figures from 4 May 2026, 09:30 to 5 May 2026, 09:30 UTC."
    assert (ranged in text_of(future), ranged in text_of(tomorrow)) == (True, True)


def test_before_any_area_was_recorded_it_says_so(db: None, client: Client) -> None:
    make.framework()
    answer = client.get(HOME)

    assert "Nothing was recorded yet at this moment." in text_of(answer)
    assert "No update is approved yet." in text_of(answer)


def test_a_framework_that_does_not_exist_is_not_found(told: make.Cast, client: Client) -> None:
    assert client.get("/f/other/").status_code == 404


def test_the_foot_leads_everybody_to_what_is_behind_the_figures(
    told: make.Cast, client: Client, signed_in: Any
) -> None:
    behind = ["about/", "agencies/", "about/source/"]
    pages = [client.get(HOME)]
    pages += [signed_in(who).get(HOME) for who in (told.coordinator, told.ilo_focal_point)]

    assert [links_of(page)[-3:] for page in pages] == [[HOME + path for path in behind]] * 3


def test_the_names_of_the_areas_have_more_room_than_their_bars(
    told: make.Cast, client: Client
) -> None:
    page = client.get(HOME).content.decode()
    css = finders.find("hldtracker/app.css")
    rules = dict(
        re.findall(r"^(\.name-column.*?) { inline-size: (\d+)%; }", Path(css).read_text(), re.M)
    )

    assert rules == {".name-column + .bar-column": "34", ".name-column": "50"}
    assert 'class="name-column"' in page
