"""The list of actions, and one action with everybody who is on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from recommendations.models import Action, Passage, Role
from recommendations.web.views import actions
from tests import make
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import is_plain, links_of, text_of

LIST = "/f/hld-2013/actions/"


def codes_on(answer: Any) -> list[str]:
    """Return the actions of a list, in its order."""
    found = [url.removeprefix(LIST).split("/")[0] for url in links_of(answer)]
    return [code for code in found if code.startswith("A") and code != "ILO"]


@pytest.fixture
def three(cast: make.Cast) -> make.Cast:
    """Return three actions; the ILO leads the first and has reported."""
    for number in (2, 3):
        make.action(cast.area, f"A{number}", order=number)
    builders.verified(builders.held(cast.action, cast.ilo), "in_progress", at=make.NOW)
    return cast


def test_the_list_shows_where_each_action_stands(three: make.Cast, client: Client) -> None:
    answer = client.get(LIST)
    words = text_of(answer)

    assert is_plain(answer)
    assert "Approved updates only." in words
    assert "3 actions." in words
    assert "1 of 1 lead has reported, 1 verified; oldest information: 4 May 2026." in words
    assert codes_on(answer) == ["A1", "A2", "A3"]


def test_a_filter_narrows_the_list_and_is_said(three: make.Cast, client: Client) -> None:
    answer = client.get(LIST, {"status": "in_progress", "agency": "ILO"})

    assert codes_on(answer) == ["A1"]
    assert "1 of 3 actions. Status: In progress; Agency: ILO." in text_of(answer)
    assert LIST in links_of(answer)


def test_an_empty_result_says_what_is_filtered_and_how_to_clear_it(
    three: make.Cast, client: Client
) -> None:
    answer = client.get(LIST, {"q": "zebra", "as_of": "2026-05-04T09:30"})
    page = answer.content.decode()

    assert "No action matches these filters. Words: zebra. Clear filters" in text_of(answer)
    assert links_of(answer).count(LIST + "?as_of=2026-05-04T09:30") == 2
    assert '<input type="hidden" name="as_of" value="2026-05-04T09:30">' in page
    assert '<input type="hidden" name="q" value="zebra">' in page


def test_a_value_that_does_not_exist_is_refused_beside_its_filter(
    three: make.Cast, client: Client
) -> None:
    answer = client.get(LIST, {"status": "late"})

    assert answer.status_code == 400
    assert "Select a valid choice. late is not one of the available choices." in text_of(answer)
    assert codes_on(answer) == []


def test_a_long_list_goes_on_by_the_place_of_its_last_line(
    three: make.Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PAGE", 2)
    first, second = client.get(LIST, {"q": "A"}), client.get(LIST, {"q": "A", "after": "A2"})

    assert (codes_on(first), codes_on(second)) == (["A1", "A2"], ["A3"])
    assert LIST + "?q=A&after=A2" in links_of(first)
    assert LIST + "?q=A" in links_of(second)


def test_an_action_shows_its_text_its_agencies_and_its_passage(
    three: make.Cast, client: Client
) -> None:
    passage = Passage.objects.create(
        framework=three.framework, number=65, section="S", kind="list_entry", text="To the letter."
    )
    Action.objects.filter(pk=three.action.pk).update(passage=passage)
    builders.held(three.action, three.iom, Role.SUPPORTING)
    answer = client.get(LIST + "A1/")
    words = text_of(answer)

    assert is_plain(answer)
    assert "Official text of A1" in words
    assert "Select action" in words
    assert "1 of 1 lead has reported, 1 verified; oldest information: 4 May 2026." in words
    assert "2 assignments: 1 in progress, 1 without a report." in words
    assert "no date" in words
    assert "Two seminars." in words
    assert "Passage 65 of the source" in words
    assert [url for url in links_of(answer) if url.startswith(LIST + "A1/")] == [
        LIST + "A1/action.csv",
        LIST + "A1/action.svg",
        LIST + "A1/ILO/",
        LIST + "A1/IOM/",
    ]


def test_the_code_of_an_action_is_found_in_either_case(three: make.Cast, client: Client) -> None:
    answer = client.get(LIST + "a1/")

    assert (answer.status_code, answer["Location"]) == (301, LIST + "A1/")
    assert client.get(LIST + "Z9/").status_code == 404


def test_only_those_who_may_assign_are_offered_it_and_only_now(
    three: make.Cast, signed_in: Any, client: Client
) -> None:
    assign = LIST + "A1/assign/"
    offered = {
        person.name: assign in links_of(signed_in(person).get(LIST + "A1/"))
        for person in (three.coordinator, three.administrator, three.observer, three.stranger)
    }
    earlier = signed_in(three.coordinator).get(LIST + "A1/", {"as_of": "2026-05-04T09:30"})

    assert offered == {
        "Coordinator": True,
        "Administrator": True,
        "Observer": False,
        "Stranger": False,
    }
    assert assign not in links_of(client.get(LIST + "A1/"))
    assert assign not in links_of(earlier)


def test_what_is_proposed_shows_inside_only(
    three: make.Cast, signed_in: Any, client: Client
) -> None:
    make.proposed(three, agency=three.iom, role=Role.SUPPORTING)
    thread = LIST + "A1/IOM/"

    assert thread not in links_of(client.get(LIST + "A1/"))
    assert thread in links_of(signed_in(three.coordinator).get(LIST + "A1/"))
