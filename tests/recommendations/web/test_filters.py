"""What narrows a list of actions, and what an address may ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from agencies import revisions
from recommendations.filters import ActionFilter
from recommendations.models import Action, Role
from recommendations.reporting.facts import Scope
from recommendations.reporting.lists import action_list
from tests import make
from tests.recommendations.reporting import builders

LIST = "/f/hld-2013/actions/"


def reworded(action: Action, *, at: datetime = make.NOW, **values: str) -> None:
    """Give an action another wording from a moment on."""
    action.refresh_from_db()
    revisions.revise(action, values=values, by=None, at=at, version=action.version, note="Edited.")


@pytest.fixture
def listed(cast: make.Cast) -> make.Cast:
    """Return two areas: A1 led by the ILO and in progress, A2 supported by it, B1 of nobody."""
    second = make.action(cast.area, "A2", order=2)
    other = make.action(make.area(cast.framework, "B"), "B1")
    reworded(other, official_text="Fight xenophobia everywhere.")
    builders.said(builders.held(cast.action, cast.ilo), "in_progress", at=make.NOW)
    builders.held(second, cast.ilo, Role.SUPPORTING)
    return cast


@pytest.mark.parametrize(
    ("chosen", "codes"),
    [
        ({}, ["A1", "A2", "B1"]),
        ({"area": "A"}, ["A1", "A2"]),
        ({"status": "in_progress"}, ["A1"]),
        ({"status": "no_lead"}, ["A2", "B1"]),
        ({"agency": "ILO"}, ["A1", "A2"]),
        ({"agency": "ILO", "role": "lead"}, ["A1"]),
        ({"role": "supporting"}, ["A2"]),
        ({"agency": "IOM"}, []),
        ({"q": "XENOPHOBIA fight"}, ["B1"]),
        ({"q": "a2"}, ["A2"]),
        ({"q": "short title of b1"}, ["B1"]),
        ({"area": "A", "status": "no_lead", "q": "title"}, ["A2"]),
    ],
)
def test_filters_keep_the_actions_that_fit_all_of_them(
    listed: make.Cast, chosen: dict[str, str], codes: list[str]
) -> None:
    figures = action_list(listed.framework, as_of=make.NOW, scope=Scope.PUBLIC)
    found = ActionFilter(chosen, framework=listed.framework, listed=figures)

    assert [action.code for action in found.qs] == codes


def test_words_are_looked_for_in_the_wording_of_the_moment(listed: make.Cast) -> None:
    reworded(listed.action, at=make.later(days=1), short_title="Quite another title")
    found = {
        (at, words): [
            action.code
            for action in ActionFilter(
                {"q": words},
                framework=listed.framework,
                listed=action_list(listed.framework, as_of=at, scope=Scope.PUBLIC),
            ).qs
        ]
        for at in (make.NOW, make.later(days=2))
        for words in ("short A1", "another title")
    }

    assert list(found.values()) == [["A1"], [], [], ["A1"]]


@pytest.mark.parametrize(
    ("name", "value"), [("area", "Z"), ("status", "late"), ("agency", "WHO"), ("role", "boss")]
)
def test_a_value_that_does_not_exist_is_an_error_of_its_field(
    listed: make.Cast, name: str, value: str
) -> None:
    figures = action_list(listed.framework, as_of=make.NOW, scope=Scope.PUBLIC)
    found = ActionFilter({name: value}, framework=listed.framework, listed=figures)

    assert (found.is_valid(), list(found.form.errors), found.said) == (False, [name], [])


def test_what_is_filtered_is_said_in_words(listed: make.Cast) -> None:
    figures = action_list(listed.framework, as_of=make.NOW, scope=Scope.PUBLIC)
    chosen = {"area": "A", "status": "no_lead", "agency": "ILO", "role": "lead", "q": "rights"}
    found = ActionFilter(chosen, framework=listed.framework, listed=figures)

    assert found.said == [
        ("Priority area", "A Area A"),
        ("Status", "No lead"),
        ("Agency", "ILO"),
        ("Role", "Lead"),
        ("Words", "rights"),
    ]


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("utm_source=mail&status=no_lead", "?status=no_lead"),
        ("status=no_lead&fbclid=x&gclid=y", "?status=no_lead"),
        ("mc_cid=1&mc_eid=2", ""),
        ("q=two+words&utm_medium=x", "?q=two+words"),
    ],
)
def test_what_traces_a_reader_is_dropped_by_a_redirect(
    listed: make.Cast, client: Client, query: str, target: str
) -> None:
    answer = client.get(f"{LIST}?{query}")

    assert (answer.status_code, answer["Location"]) == (302, LIST + target)


@pytest.mark.parametrize(
    ("query", "words", "corrected"),
    [
        ("staus=no_lead", "Did you mean “status”?", "?status=no_lead"),
        ("Agency=ILO&q=x", "Did you mean “agency”?", "?agency=ILO&amp;q=x"),
        ("asof=2026-01-01", "Did you mean “as_of”?", "?as_of=2026-01-01"),
        ("zzz=1", "It knows: as_of, after, sort, area, status, agency, role, q, lang.", '"'),
    ],
)
def test_an_unknown_parameter_is_refused_with_the_nearest_name(
    listed: make.Cast, client: Client, query: str, words: str, corrected: str
) -> None:
    answer = client.get(f"{LIST}?{query}")
    page = answer.content.decode()

    assert answer.status_code == 400
    assert words in page
    assert f'href="{LIST}{corrected}' in page


def test_the_language_may_stand_in_every_address(listed: make.Cast, client: Client) -> None:
    assert client.get(f"{LIST}?lang=fr").status_code == 200


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("yesterday", "Write the moment like 2013-11-23T10:00 (in UTC)"),
        ("2031-01-01", "That moment has not come yet."),
    ],
)
def test_a_moment_that_is_none_is_refused_with_a_form(
    listed: make.Cast, client: Client, as_of: str, words: str
) -> None:
    answer = client.get(LIST, {"as_of": as_of})
    page = answer.content.decode()

    assert answer.status_code == 400
    assert words in page
    assert f'name="as_of" value="{as_of}"' in page


def test_a_refusal_repeats_nothing_as_markup(listed: make.Cast, client: Client) -> None:
    answer: Any = client.get(LIST, {"<b>x": "1"})

    assert "<b>x" not in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "name"), [("area=A&area=B", "area"), ("q=x&q=x", "q"), ("lang=en&lang=fr", "lang")]
)
def test_a_parameter_that_stands_there_twice_is_refused(
    listed: make.Cast, client: Client, query: str, name: str
) -> None:
    answer = client.get(f"{LIST}?{query}")

    page = answer.content.decode()

    assert answer.status_code == 400
    assert f"“{name}” stands in the address more than once. Give it once." in page
    assert f'href="{LIST}"' in page
