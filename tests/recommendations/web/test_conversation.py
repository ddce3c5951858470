"""Comments on the pages of both sides: on the form, the check, the review, and their own page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.models import Comment, CommentAnswer, Draft, Update
from tests import make
from tests.recommendations.web.pages import text_of

SUGGESTED = "Two seminars in May."


@pytest.fixture
def returned(cast: make.Cast) -> Update:
    """Return an update that went back with a suggested text and a question."""
    sent = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    made: Update = make.do(
        "return",
        sent,
        by=cast.coordinator,
        note="Say when.",
        due_on=date(2026, 6, 15),
        field_comments={"done": "When was it?"},
        suggestions={"done": SUGGESTED},
    )
    return made


def form(update: Update, then: str, **typed: Any) -> dict[str, Any]:
    """Return the update form as a browser posts it."""
    draft = Draft.objects.filter(update=update).first()
    opened = {"kind": "report", "status": "in_progress", "done": "Two seminars."}
    return opened | {"draft_version": draft.version if draft else 0, "then": then} | typed


def comment_page(update: Update) -> tuple[str, dict[str, Any]]:
    """Return the address of the only comment, and what its form carries."""
    update.refresh_from_db()
    return reverse("comment", args=[Comment.objects.get().pk]), {"version": update.version}


def test_the_form_shows_the_comment_and_its_suggested_text_at_the_field(returned, cast, signed_in):
    shown = text_of(signed_in(cast.ilo_focal_point).get(f"/updates/{returned.pk}/"))

    place = shown.index(f"When was it? Suggested text: {SUGGESTED}")
    assert shown.index("Status of the action") < place < shown.index("What was done in this round")
    assert "Use this text" in shown


def test_a_suggestion_is_taken_over_in_one_click_with_everything_typed(returned, cast, signed_in):
    client, comment = signed_in(cast.ilo_focal_point), Comment.objects.get().pk
    typed = form(returned, f"take-{comment}", next_steps="A third one.")
    answer = client.post(f"/updates/{returned.pk}/", typed)

    assert answer.headers["Location"] == f"/updates/{returned.pk}/#comment-{comment}"
    assert Draft.objects.get().body == {
        "done": SUGGESTED,
        "challenges": "",
        "next_steps": "A third one.",
    }
    assert CommentAnswer.objects.get().took_suggestion
    opened = text_of(client.get(f"/updates/{returned.pk}/"))
    assert "ILO focal point took the suggested text over on 4 May 2026 09:30 UTC." in opened
    assert "Use this text" not in opened


def test_a_text_that_changed_since_is_not_replaced_before_a_second_step(returned, cast, signed_in):
    client, comment = signed_in(cast.ilo_focal_point), Comment.objects.get().pk
    typed = form(returned, f"take-{comment}", done="Three seminars.", next_steps="A fourth one.")
    refused = client.post(f"/updates/{returned.pk}/", typed)

    assert refused.status_code == 400
    shown = text_of(refused)
    assert "Your text has changed since the comment was written." in shown
    assert "Replace my text" in shown
    assert "Use this text" not in shown
    assert [refused.context["form"][name].value() for name in ("done", "next_steps")] == [
        "Three seminars.",
        "A fourth one.",
    ]
    assert (Draft.objects.count(), CommentAnswer.objects.count()) == (0, 0)

    again = form(returned, f"replace-{comment}", done="Three seminars.")
    client.post(f"/updates/{returned.pk}/", again)
    assert Draft.objects.get().body["done"] == SUGGESTED


def test_a_suggestion_on_what_a_colleague_saved_meanwhile_shows_both_texts(
    returned, cast, signed_in
):
    typed = form(returned, f"take-{Comment.objects.get().pk}", next_steps="Mine.")
    make.drafted(returned, by=cast.ilo_alternate, body={"done": "Theirs."})
    answer = signed_in(cast.ilo_focal_point).post(f"/updates/{returned.pk}/", typed)

    assert answer.status_code == 409
    assert "Theirs." in text_of(answer)
    assert Draft.objects.get().body == {"done": "Theirs."}


def test_answering_in_words_saves_what_was_typed_and_leads_to_the_comment(
    returned, cast, signed_in
):
    comment = Comment.objects.get().pk
    answer = signed_in(cast.ilo_focal_point).post(
        f"/updates/{returned.pk}/", form(returned, f"talk-{comment}", done="Half a sen")
    )

    assert answer.headers["Location"] == f"/comments/{comment}/"
    assert Draft.objects.get().body["done"] == "Half a sen"


def test_both_sides_answer_on_the_page_of_the_comment(returned, cast, signed_in):
    page, carried = comment_page(returned)
    agency, reviewer = signed_in(cast.ilo_alternate), signed_in(cast.coordinator)
    back = agency.post(page, carried | {"text": "In May.", "do": "answer"})
    page, carried = comment_page(returned)
    on = reviewer.post(page, carried | {"text": "Thank you.", "do": "answer"})

    assert back.headers["Location"] == f"/updates/{returned.pk}/#id_done"
    assert on.headers["Location"] == f"/queue/{returned.pk}/"
    assert [*CommentAnswer.objects.order_by("id").values_list("text", flat=True)] == [
        "In May.",
        "Thank you.",
    ]


def test_an_answer_pressed_twice_is_written_once_and_an_empty_one_not_at_all(
    returned, cast, signed_in
):
    page, carried = comment_page(returned)
    client = signed_in(cast.ilo_focal_point)
    empty = client.post(page, carried | {"text": "  ", "do": "answer"})
    first = client.post(page, carried | {"text": "In May.", "do": "answer"})
    second = client.post(page, carried | {"text": "In May.", "do": "answer"})

    assert (empty.status_code, first.status_code, second.status_code) == (400, 302, 409)
    assert empty.context["form"].errors == {"text": ["Write your answer."]}
    assert second.context["form"]["text"].value() == "In May."
    assert CommentAnswer.objects.count() == 1


def test_only_the_reviewer_finds_a_way_to_close_and_afterwards_nobody_answers(
    returned, cast, signed_in
):
    page, carried = comment_page(returned)
    assert "Close the comment" not in text_of(signed_in(cast.ilo_focal_point).get(page))
    reviewer = signed_in(cast.coordinator)
    assert "Close the comment" in text_of(reviewer.get(page))
    reviewer.post(page, carried | {"do": "close"})
    page, carried = comment_page(returned)
    late = signed_in(cast.ilo_focal_point).post(page, carried | {"text": "But why?"})

    assert late.status_code == 409
    assert "But why?" in text_of(late)
    shown = text_of(signed_in(cast.ilo_focal_point).get(page))
    assert "Closed by Coordinator on 4 May 2026 09:30 UTC." in shown
    assert "Your answer" not in shown


def test_an_open_comment_stays_on_every_page_when_the_text_has_changed(returned, cast, signed_in):
    agency, reviewer = signed_in(cast.ilo_focal_point), signed_in(cast.coordinator)
    make.drafted(returned, by=cast.ilo_focal_point, body={"done": "Another text."})
    pages = [(agency, f"/updates/{returned.pk}/{page}") for page in ("", "check/")]
    shown = [text_of(client.get(page)) for client, page in pages]
    make.do(
        "submit",
        returned,
        by=cast.ilo_focal_point,
        draft_version=Draft.objects.get().version,
    )
    pages = [(agency, f"/updates/{returned.pk}/"), (reviewer, f"/queue/{returned.pk}/")]
    shown += [text_of(client.get(page)) for client, page in pages]

    assert ["When was it?" in page for page in shown] == [True] * 4
    assert ["on submission 1, by Coordinator" in page for page in shown] == [True] * 4
    assert ["1 open comment, 0 answered" in page for page in shown] == [False, True, True, True]


def test_the_text_that_a_comment_is_about_is_private_again_once_it_is_taken_back(cast, signed_in):
    sent = make.sent(make.owed(cast), by=cast.ilo_focal_point, body={"done": "A secret."})
    make.do("comment", sent, by=cast.coordinator, field_comments={"done": "Is it so?"})
    make.do("withdraw", sent, by=cast.ilo_focal_point)
    page = reverse("comment", args=[Comment.objects.get().pk])

    assert "A secret." in text_of(signed_in(cast.ilo_focal_point).get(page))
    shown = text_of(signed_in(cast.coordinator).get(page))
    assert ("A secret." in shown, "Is it so?" in shown) == (False, True)


def test_an_answer_counts_as_answered_until_the_reviewer_asks_again(returned, cast, signed_in):
    make.sent(returned, by=cast.ilo_focal_point, body={"done": "Another text."})
    comment, counts = Comment.objects.get().pk, []
    for by, text in ((cast.ilo_focal_point, "In May."), (cast.coordinator, "Which day?")):
        make.do("answer_comment", returned, by=by, comment=comment, text=text)
        answer = signed_in(cast.coordinator).get(f"/queue/{returned.pk}/")
        counts.append(answer.context["counted"])

    assert counts == ["1 open comment, 1 answered", "1 open comment, 0 answered"]


def asked(client: Any, page: str) -> int:
    """Return how many queries a page makes."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_pages_ask_as_often_for_one_comment_as_for_thirty(count, cast, signed_in):
    sent = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    for number in range(count):
        make.do("comment", sent, by=cast.coordinator, field_comments={"done": f"No. {number}"})
        comment = Comment.objects.order_by("-id")[0].pk
        make.do("answer_comment", sent, by=cast.ilo_alternate, comment=comment, text="Yes.")
    agency, reviewer = signed_in(cast.ilo_focal_point), signed_in(cast.coordinator)
    counts = [asked(reviewer, f"/queue/{sent.pk}/"), asked(reviewer, f"/updates/{sent.pk}/")]
    make.do("withdraw", sent, by=cast.ilo_focal_point)
    pages = (f"/updates/{sent.pk}/", f"/updates/{sent.pk}/check/", f"/comments/{comment}/")
    counts += [asked(agency, page) for page in pages]

    assert counts == [13, 13, 12, 10, 11]
