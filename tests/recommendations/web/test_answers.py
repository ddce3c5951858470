"""What agencies answered: the newest that counts, heading by heading."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from recommendations.models import Question, Round, RoundQuestion
from recommendations.web.views import answers
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import is_plain, links_of, text_of

PAGE = "/f/hld-2013/answers/"


def asking(cast: make.Cast, code: str, *headings: str) -> Round:
    """Return a round with a question under each heading."""
    round = builders.a_round(cast.framework, code)
    Round.objects.filter(pk=round.pk).update(opens_on=date(2026, 1, len(code)))
    for number, heading in enumerate(headings, 1):
        question, _made = Question.objects.get_or_create(
            framework=cast.framework,
            heading=heading,
            defaults={"number": number, "text": f"Say {heading}."},
        )
        RoundQuestion.objects.create(
            round=round, question=question, number=number, heading=heading, text=f"Say {heading}."
        )
    return round


def answered(round: Round, agency: Agency, *, public: bool = True, **texts: str) -> None:
    """Let an agency answer, approved and, where it is public, published."""
    body = {one.field: texts[one.heading] for one in round.questions.all() if one.heading in texts}
    duty = builders.owed(round, None, agency=agency)
    text = builders.sent(duty, "", at=later(days=1), body=body)
    at = later(days=2)
    builders.approved(text, at=at, published_at=at if public else None)


@pytest.fixture
def told(cast: make.Cast, clock: Any) -> make.Cast:
    """Return two rounds: the ILO answered twice, the IOM's second answers are held."""
    first = asking(cast, "R1", "Practices", "Gaps")
    answered(first, cast.ilo, Practices="Old seminars.", Gaps="Old gap.")
    answered(first, cast.iom, Practices="A fund.")
    second = asking(cast, "R22", "Practices", "Gaps")
    answered(second, cast.ilo, Practices="New seminars.", Gaps="New gap.")
    answered(second, cast.iom, public=False, Practices="A secret fund.")
    clock.now = later(days=9)
    return cast


def test_each_agency_shows_its_newest_answers_under_a_heading(
    told: make.Cast, client: Client
) -> None:
    answer = client.get(PAGE)
    words = text_of(answer)

    assert is_plain(answer)
    assert "2 agencies have answered." in words
    assert (
        "Practices Gaps Practices Say Practices. Practices Agency Sent Answer ILO Round R22"
        in words
    )
    assert ("New seminars." in words, "Old seminars." in words, "New gap." in words) == (
        True,
        False,
        False,
    )
    assert "A fund." in words
    assert "secret" not in words


def test_another_heading_is_an_address(told: make.Cast, client: Client) -> None:
    words = text_of(client.get(PAGE, {"heading": "2"}))

    assert "New gap." in words
    assert "Left open" in words
    assert PAGE + "?heading=1" in links_of(client.get(PAGE, {"heading": "2"}))


def test_those_who_oversee_read_what_is_held(
    told: make.Cast, signed_in: Any, client: Client
) -> None:
    assert "A secret fund." in text_of(signed_in(told.coordinator).get(PAGE))


@pytest.mark.parametrize("heading", ["0", "3", "x", "²"])
def test_a_heading_that_there_is_not_is_refused_in_words(
    heading: str, told: make.Cast, client: Client
) -> None:
    answer = client.get(PAGE, {"heading": heading})

    assert answer.status_code == 400
    assert "There is no such heading. They go from 1 to 2." in text_of(answer)


def test_before_any_answer_counts_it_says_so(cast: make.Cast, client: Client) -> None:
    assert "No answer to the questionnaire counts yet at this moment." in text_of(client.get(PAGE))


def test_long_lists_come_in_pages_and_the_same_number_of_queries(
    told: make.Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "PAGE", 3)
    third = asking(told, "R333", "Practices")
    for number in range(5):
        answered(third, make.agency(f"AG{number}"), Practices=f"Text {number}.")
    with CaptureQueriesContext(connection) as queries:
        first = client.get(PAGE)
        asked = len(queries)
    second = client.get(PAGE, {"page": "2"})

    assert asked == 4
    assert PAGE + "?page=2" in links_of(first)
    assert "1–3 of 7 answers" in text_of(first)
    assert "4–6 of 7 answers" in text_of(second)
