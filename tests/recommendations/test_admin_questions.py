"""Questions in the admin: added, reworded and retired for coming rounds; old answers stay."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies import history
from recommendations.models import Question, RoundQuestion, Submission
from tests import make
from tests.administration import add, change

NEW = {"heading": "New heading", "text": "New text", "asked": "on"}


@pytest.fixture
def desk(cast: make.Cast) -> Client:
    """Return the browser of an administrator."""
    client = Client()
    client.force_login(cast.administrator)
    return client


@pytest.fixture
def question(cast: make.Cast) -> Question:
    """Return a question that a round asked and the ILO answered."""
    asked = make.question(cast.framework)
    update = make.answers_in(make.open_round(cast), cast.ilo)
    make.sent(update, by=cast.ilo_focal_point, **make.ANSWERS)
    return asked


def test_a_question_is_retired_and_what_was_asked_and_answered_stays(
    question: Question, desk: Client, cast: make.Cast
) -> None:
    before = list(RoundQuestion.objects.values()), list(Submission.objects.values())

    answer = change(desk, question, asked=None, heading="Another heading")

    question.refresh_from_db()
    assert answer.status_code == 302
    assert (question.asked, question.heading) == (False, "Another heading")
    assert (list(RoundQuestion.objects.values()), list(Submission.objects.values())) == before
    assert history.of(question).count() == 2
    assert make.open_round(cast, "2026-H2").questions.count() == 0


def test_a_question_is_added_for_coming_rounds(
    question: Question, desk: Client, cast: make.Cast
) -> None:
    add(desk, Question, framework=cast.framework.pk, number=2, **NEW)

    assert RoundQuestion.objects.count() == 1
    later = make.open_round(cast, "2026-H2")
    assert list(later.questions.order_by("number").values_list("number", "heading")) == [
        (1, "Heading 1"),
        (2, "New heading"),
    ]


def test_the_number_of_a_question_is_never_used_again(
    question: Question, desk: Client, cast: make.Cast
) -> None:
    change(desk, question, asked=None)

    answer = add(desk, Question, framework=cast.framework.pk, number=1, **NEW)

    assert answer.status_code == 200
    assert "already exists" in answer.content.decode()
    assert Question.objects.count() == 1


def test_number_and_framework_stay_as_they_are(
    question: Question, desk: Client, cast: make.Cast
) -> None:
    other = make.framework("other", is_default=False)

    change(desk, question, number=7, framework=other.pk, text="Another text")

    question.refresh_from_db()
    assert (question.number, question.framework, question.text) == (
        1,
        cast.framework,
        "Another text",
    )
