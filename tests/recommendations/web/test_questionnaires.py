"""The questionnaire on the pages: a text for each question, last round's answers beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from recommendations.models import Comment, Draft, Round, Update
from tests import make
from tests.recommendations.web.pages import text_of

OWN = "Your own text was kept. “Replace my text” takes the answer over all the same."


@pytest.fixture
def cast(cast: make.Cast) -> make.Cast:
    """Return the cast, with two questions to be asked."""
    make.question(cast.framework, 1)
    make.question(cast.framework, 2)
    return cast


@pytest.fixture
def owed(cast: make.Cast) -> Update:
    """Return the questionnaire that the ILO owes and has not begun."""
    return make.answers_in(make.open_round(cast), cast.ilo)


@pytest.fixture
def second(cast: make.Cast, owed: Update) -> Update:
    """Return the questionnaire of the next round; the answers of the first are approved."""
    body = {"q1": "Old one.", "q2": "Old two."}
    make.sent(owed, by=cast.ilo_focal_point, **(make.ANSWERS | {"body": body}))
    make.approved(owed, by=cast.coordinator)
    return make.answers_in(make.open_round(cast, "2026-H2"), cast.ilo)


def page(name: str, update: Update) -> str:
    """Return the address of a page of an update."""
    return reverse(name, args=[update.pk])


def draft_of(update: Update) -> Any:
    """Return the draft as it is saved now."""
    return Draft.objects.filter(update=update).first()


def filled(of: Update, **fields: Any) -> dict[str, Any]:
    """Return the form as a browser posts it on what is saved now."""
    draft = draft_of(of)
    version = draft.version if draft else 0
    return {"draft_version": version, "kind": "report", "q1": "", "q2": ""} | fields


def html(response: Any) -> str:
    """Return a page as text."""
    return response.content.decode()


# --- writing ---------------------------------------------------------------------------------


def test_the_form_asks_the_questions_of_the_round_and_no_status(owed, cast, signed_in):
    make.question(cast.framework, 3)

    response = signed_in(cast.ilo_focal_point).get(page("update", owed))

    shown = text_of(response)
    assert response.context["form"].texts.keys() == {"kind", "q1", "q2"}
    assert "Questionnaire, ILO, round 2026-H1" in shown
    assert "1. Heading 1" in shown
    assert "Text of question 2." in shown
    assert "Status of the action" not in shown
    assert "Last approved update" not in shown
    assert draft_of(owed) is None


def test_answers_are_saved_checked_sent_and_read(owed, cast, signed_in):
    client = signed_in(cast.ilo_focal_point)

    saved = client.post(page("update", owed), filled(owed, q1="Two seminars.", then="check"))
    checked = client.get(saved.headers["Location"])
    versions = {"version": Update.objects.get(pk=owed.pk).version, "draft_version": 1}
    sent = client.post(page("update-send", owed), versions, follow=True)

    assert saved.headers["Location"] == page("update-check", owed)
    assert "1 question is not answered, and is shown so." in text_of(checked)
    assert "2. Heading 2 Not answered Change" in text_of(checked)
    assert "The public sees it" not in text_of(checked)
    assert "Questionnaire, ILO, round 2026-H1" in text_of(sent)
    read = text_of(client.get(page("update", owed)))
    assert "1. Heading 1 Two seminars. 2. Heading 2 Not answered" in read


def test_an_empty_questionnaire_is_refused_in_words_at_the_first_question(owed, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).post(
        page("update", owed), filled(owed, q2="  ", then="check")
    )

    assert response.status_code == 400
    assert response.context["form"].errors == {
        "q1": ["Answer one question at least, or choose “Nothing to report”."]
    }
    assert 'href="#id_q1"' in html(response)


def test_an_answer_that_is_too_long_is_named_and_saved(owed, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).post(
        page("update", owed), filled(owed, q2="x" * 2001, then="check")
    )

    assert response.context["form"].errors == {"q2": ["Shorten this text to 2000 characters."]}
    assert draft_of(owed).body["q2"] == "x" * 2001


def test_two_writers_choose_for_each_answer(owed, cast, signed_in):
    make.drafted(owed, by=cast.ilo_alternate, **(make.ANSWERS | {"body": {"q1": "Theirs."}}))
    client = signed_in(cast.ilo_focal_point)

    conflict = client.post(page("update", owed), filled(owed, draft_version=0, q1="Mine."))
    choice = {"draft_version": 1, "kind": "report", "q2": ""}
    choice |= {"mine_q1": "Mine.", "theirs_q1": "Theirs.", "keep_q1": "mine"}
    client.post(page("update", owed), choice)

    assert conflict.status_code == 409
    assert [(one.name, one.mine, one.theirs) for one in conflict.context["differing"]] == [
        ("q1", "Mine.", "Theirs.")
    ]
    assert draft_of(owed).body == {"q1": "Mine.", "q2": ""}


def test_the_words_of_a_question_are_no_markup(cast, signed_in):
    make.question(cast.framework, 3, heading="<b>Bold</b>", text="<script>alert(1)</script>")
    update = make.answers_in(make.open_round(cast, "2027-H1"), cast.ilo)

    shown = html(signed_in(cast.ilo_focal_point).get(page("update", update)))

    assert "<b>Bold" not in shown
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


# --- last round's answers --------------------------------------------------------------------


def test_last_rounds_answers_stand_under_the_questions(second, cast, signed_in):
    shown = text_of(signed_in(cast.ilo_focal_point).get(page("update", second)))

    assert "Your approved answers in round 2026-H1" in shown
    assert "Your answer in round 2026-H1 Old one. Take over" in shown
    assert "Your answer in round 2026-H1 Old two. Take over" in shown


def test_an_agency_without_approved_answers_is_told_so(owed, cast, signed_in):
    shown = text_of(signed_in(cast.ilo_focal_point).get(page("update", owed)))

    assert "No answers of your agency are approved yet." in shown
    assert "Take over" not in shown


def test_a_question_worded_otherwise_then_says_how(owed, cast, signed_in):
    make.sent(owed, by=cast.ilo_focal_point, **make.ANSWERS)
    make.approved(owed, by=cast.coordinator)
    Round.objects.get().questions.filter(number=1).update(text="As it was asked then.")
    later = make.answers_in(make.open_round(cast, "2026-H2"), cast.ilo)

    shown = text_of(signed_in(cast.ilo_focal_point).get(page("update", later)))

    assert "The question was worded otherwise then: As it was asked then." in shown
    assert "Not answered in round 2026-H1." in shown


def test_one_click_takes_an_answer_over_and_keeps_what_else_was_typed(second, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).post(
        page("update", second), filled(second, q2="Mine.", take="q1")
    )

    assert response.headers["Location"] == page("update", second) + "#id_q1"
    assert draft_of(second).body == {"q1": "Old one.", "q2": "Mine."}


def test_one_click_takes_all_answers_over_where_nothing_was_typed(second, cast, signed_in):
    client = signed_in(cast.ilo_focal_point)
    client.post(page("update", second), filled(second, q1="Mine.", take="all"))

    assert draft_of(second).body == {"q1": "Mine.", "q2": "Old two."}
    shown = text_of(client.get(page("update", second)))
    assert "Take over all answers" not in shown
    assert "Taken over." in shown


def test_a_typed_text_is_replaced_only_by_a_second_word(second, cast, signed_in):
    client = signed_in(cast.ilo_focal_point)

    kept = client.post(page("update", second), filled(second, q1="Mine.", take="q1"))

    assert kept.status_code == 400
    assert kept.context["form"].errors == {"q1": [OWN]}
    assert draft_of(second).body["q1"] == "Mine."
    assert 'name="replace" value="q1"' in html(kept)

    client.post(page("update", second), filled(second, q1="Mine.", replace="q1"))
    assert draft_of(second).body["q1"] == "Old one."


def test_taking_over_sends_answers_again_where_nothing_to_report_was_chosen(
    second, cast, signed_in
):
    signed_in(cast.ilo_focal_point).post(
        page("update", second), filled(second, kind="nothing_to_report", take="all")
    )

    assert draft_of(second).kind == "report"


def test_a_stale_form_takes_nothing_over_and_loses_nothing(second, cast, signed_in):
    make.drafted(second, by=cast.ilo_alternate, **(make.ANSWERS | {"body": {"q2": "Theirs."}}))

    response = signed_in(cast.ilo_focal_point).post(
        page("update", second), filled(second, draft_version=0, q2="Mine.", take="q1")
    )

    assert response.status_code == 409
    assert draft_of(second).body == {"q2": "Theirs."}
    assert "Mine." in html(response)


def test_an_answer_that_nobody_gave_is_not_taken_over(owed, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).post(
        page("update", owed), filled(owed, q1="Mine.", take="q2")
    )

    assert response.status_code == 302
    assert draft_of(owed).body == {"q1": "Mine.", "q2": ""}


# --- reviewing -------------------------------------------------------------------------------


def sent(update: Update, cast: make.Cast, **body: str) -> None:
    """Send answers."""
    make.sent(update, by=cast.ilo_focal_point, **(make.ANSWERS | {"body": body}))


def test_the_review_compares_answer_by_answer_with_the_last_approved_ones(second, cast, signed_in):
    sent(second, cast, q1="Old one.", q2="New two.")

    response = signed_in(cast.coordinator).get(page("review", second))

    rows = [(row.label, row.old, row.new, row.change) for row in response.context["rows"]]
    assert rows == [
        ("1. Heading 1", "Old one.", "Old one.", ""),
        ("2. Heading 2", "Old two.", "New two.", "changed"),
        ("Evidence", "", "", ""),
    ]
    assert response.context["old_label"] == "Approved, 2026-H1"
    assert "Do you agree with this status?" not in text_of(response)
    by_field = response.context["form"].by_field
    assert [comment.label for _name, comment, _suggestion in by_field] == [
        "On evidence",
        "On “1. Heading 1”",
        "On “2. Heading 2”",
    ]


def test_a_question_that_is_no_longer_asked_is_no_text_taken_out(owed, cast, signed_in):
    sent(owed, cast, q1="One.", q2="Two.")
    make.approved(owed, by=cast.coordinator)
    cast.framework.questions.filter(number=2).update(asked=False)
    make.question(cast.framework, 3)
    later = make.answers_in(make.open_round(cast, "2026-H2"), cast.ilo)
    sent(later, cast, q1="One.", q3="Three.")

    rows = signed_in(cast.coordinator).get(page("review", later)).context["rows"]

    assert [(row.name, row.old, row.new) for row in rows] == [
        ("q1", "One.", "One."),
        ("q3", "", "Three."),
        ("evidence", "", ""),
    ]


def test_answers_are_approved_without_a_word_about_a_claim(owed, cast, signed_in):
    sent(owed, cast, q1="One.")
    version = Update.objects.get(pk=owed.pk).version

    signed_in(cast.coordinator).post(
        page("review", owed), {"version": version, "decision": "approve"}
    )

    assert Update.objects.get(pk=owed.pk).review_state == "approved"


def test_a_comment_on_an_answer_stands_at_its_question(owed, cast, signed_in):
    sent(owed, cast, q1="One.", q2="Two.")
    form = {"version": Update.objects.get(pk=owed.pk).version, "decision": "return"}
    form |= {"comment": "Say where.", "due_on": "2026-06-10", "comment_q2": "In which year?"}
    signed_in(cast.coordinator).post(page("review", owed), form)

    shown = text_of(signed_in(cast.ilo_focal_point).get(page("update", owed)))

    assert "Go to “2. Heading 2”: In which year?" in shown
    assert shown.index("by Coordinator, 4 May 2026 09:30 UTC In which year?") < shown.rindex(
        "2. Heading 2"
    )


def test_its_history_tells_the_answers_under_their_questions(owed, cast, signed_in):
    sent(owed, cast, q1="One.")

    inside = text_of(signed_in(cast.coordinator).get(f"/history/update/{owed.pk}/"))
    others = signed_in(cast.iom_focal_point).get(f"/history/update/{owed.pk}/")

    assert "1. Heading 1 One." in inside
    assert others.status_code == 404


def test_the_lists_call_it_by_its_name(owed, cast, signed_in):
    todo = text_of(signed_in(cast.ilo_focal_point).get("/work/"))
    sent(owed, cast, q1="One.")
    queue = text_of(signed_in(cast.coordinator).get("/queue/"))
    waiting = text_of(signed_in(cast.ilo_focal_point).get("/work/"))
    round = text_of(signed_in(cast.coordinator).get("/f/hld-2013/rounds/2026-H1/?standing=all"))

    name = "Questionnaire, ILO, round 2026-H1"
    assert [name in page for page in (todo, queue, waiting)] == [True] * 3
    assert "ILO · questionnaire" in round
    assert f"{name} 0 days Answers to the questions" in queue


# --- the round -------------------------------------------------------------------------------


def test_the_round_counts_questionnaires_beside_updates(cast, signed_in):
    make.agency("SRSG", counted=False)
    make.accepted(cast)
    round = make.open_round(cast)
    sent(make.answers_in(round, cast.ilo), cast, q1="One.")

    shown = text_of(signed_in(cast.coordinator).get("/f/hld-2013/rounds/2026-H1/"))

    assert "1 update expected: 0 sent" in shown
    words = "2 questionnaires expected: 1 sent (0 approved, 1 in review, 0 returned), 1 missing."
    assert words in shown
    assert "SRSG (not counted)" in shown
    assert "The questionnaire asks 2 questions" in shown


def test_opening_says_who_will_answer_what(cast, signed_in):
    make.planned_round(cast.framework)

    shown = text_of(signed_in(cast.coordinator).get("/f/hld-2013/rounds/2026-H1/open/"))

    assert "2 agencies answer the questionnaire (2 questions)." in shown
    assert "Heading 1. Text of question 1." in shown


def test_a_round_without_the_questionnaire_says_nothing_of_it(cast, signed_in):
    make.planned_round(cast.framework, with_questionnaire=False)
    client = signed_in(cast.coordinator)

    planned = text_of(client.get("/f/hld-2013/rounds/2026-H1/open/"))
    make.do("open", Round.objects.get(), by=cast.coordinator)
    opened = text_of(client.get("/f/hld-2013/rounds/2026-H1/"))

    assert "uestionnaire" not in planned.split("Open round", 1)[1]
    assert "uestionnaire" not in opened.split("Round", 1)[1]


# --- the cost --------------------------------------------------------------------------------


@pytest.mark.parametrize("questions", [2, 6, 30])
def test_the_pages_cost_the_same_whatever_is_asked(
    questions, cast, signed_in, django_assert_num_queries
):
    for number in range(3, questions + 1):
        make.question(cast.framework, number)
    first = make.answers_in(make.open_round(cast, "2025-H2"), cast.ilo)
    sent(first, cast, q1="One.")
    make.approved(first, by=cast.coordinator)
    update = make.answers_in(make.open_round(cast, "2026-H1"), cast.ilo)
    assert update.duty.due_on == date(2026, 5, 31)

    agency, reviewer = signed_in(cast.ilo_focal_point), signed_in(cast.coordinator)

    with django_assert_num_queries(14):
        agency.get(page("update", update))
    sent(update, cast, q1="Two.")
    with django_assert_num_queries(14):
        reviewer.get(page("review", update))
    make.do("comment", update, by=cast.coordinator, field_comments={"q1": "When?"})
    comment = Comment.objects.get().pk
    make.do("answer_comment", update, by=cast.ilo_alternate, comment=comment, text="In May.")
    with django_assert_num_queries(15):
        reviewer.get(page("review", update))
    with django_assert_num_queries(14):
        reviewer.get(f"/history/agency/{cast.ilo.pk}/?parts=yes")
