"""At one moment: two answers to one request, reopening a round and accepting in it, a comment."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest

from recommendations.models import Comment, CommentAnswer, Duty, TimeAnswer
from tests import make, soundness
from tests.at_once import at_once, said
from tests.figures import figure

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("committed")]
TIMES = figure(small=3, full=40)
LATER = make.later(days=40).date()
DATES: dict[str, Any] = {"due_on": LATER, "closes_on": make.later(days=70).date()}
NOTE = "Agreed."
TOO_LATE = {"Conflict", "NotAllowedNow"}


def test_of_two_coordinators_who_answer_one_request_for_more_time_one_does() -> None:
    cast = make.cast()
    second = make.person("Second coordinator", office="coordinator")
    for place in range(TIMES):
        action = make.action(cast.area, f"B{place}", order=place)
        duty = make.owed(cast, action=action, code=f"R{place}").duty
        make.do("ask", duty, by=cast.ilo_focal_point, note=NOTE, until_on=LATER)
        answers = at_once(
            [
                partial(make.do, "grant", duty, by=cast.coordinator),
                partial(make.do, "refuse", duty, by=second, note="The summit is near."),
            ]
        )

        granted, refused = map(said, answers)
        assert Counter([granted == "done", refused == "done"]) == {True: 1, False: 1}
        assert {granted, refused} <= {"done", *TOO_LATE}
        answer = TimeAnswer.objects.get(request__duty=duty)
        due_on = Duty.objects.get(pk=duty.pk).due_on
        assert (answer.granted, due_on == LATER) == (granted == "done", granted == "done")
        make.do("close", duty.round, by=cast.coordinator)
    assert soundness.problems() == []


def test_a_lead_accepted_or_asked_while_a_round_reopens_owes_exactly_one_update() -> None:
    cast = make.cast()
    round = make.open_round(cast)
    for place in range(TIMES):
        make.do("close", round, by=cast.coordinator)
        first, second = (make.action(cast.area, f"{letter}{place}", order=place) for letter in "BC")
        assignment = make.proposed(cast, action=first)
        facts: dict[str, Any] = {"agency": cast.iom, "role": "lead"}
        answers = at_once(
            [
                partial(make.do, "reopen", round, by=cast.coordinator, note=NOTE, **DATES),
                partial(make.do, "accept", assignment, by=cast.ilo_focal_point),
                partial(make.do, "assign", second, by=cast.administrator, **facts),
            ]
        )

        assert [*map(said, answers)] == ["done", "done", "done"]
        make.do("accept", answers[2], by=cast.iom_focal_point)
        for owing in (assignment, answers[2]):
            assert Duty.objects.filter(round=round, assignment=owing.pk).count() == 1
    assert soundness.problems() == []


def test_a_comment_answered_while_it_is_closed_is_answered_before_or_not_at_all() -> None:
    cast = make.cast()
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    for place in range(TIMES):
        said_now = {"field_comments": {"done": f"Which? {place}"}}
        make.do("comment", update, by=cast.coordinator, **said_now)
        comment = Comment.objects.latest("id").pk
        answer = partial(make.do, "answer_comment", update, by=cast.ilo_focal_point)
        close = partial(make.do, "close_comment", update, by=cast.coordinator)
        answers = at_once(
            [partial(answer, comment=comment, text="In May."), partial(close, comment=comment)]
        )

        answered, closed = map(said, answers)
        assert {answered, closed} <= {"done", *TOO_LATE}
        assert "done" in (answered, closed)
        given = CommentAnswer.objects.filter(comment=comment).count()
        is_closed = Comment.objects.get(pk=comment).closed_at is not None
        assert (given, is_closed) == (int(answered == "done"), closed == "done")
    assert soundness.problems() == []
