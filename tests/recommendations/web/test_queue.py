"""The review queue, and the page on which an update is decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.models import Assessment, Comment, Decision, ReviewState, Update
from tests import make
from tests.recommendations.web.pages import text_of, writer

QUEUE = "/queue/"
IN_JUNE = {"due_on": "2026-06-10"}


@pytest.fixture
def sent(cast: make.Cast) -> Update:
    """Return an update that waits for a decision."""
    return make.sent(make.owed(cast), by=cast.ilo_focal_point)


@pytest.fixture
def many(cast: make.Cast) -> list[Update]:
    """Return four updates that wait, sent an hour apart."""
    actions = [cast.action, *(make.action(cast.area, f"A{n}", order=n) for n in range(2, 5))]
    assignments = [make.accepted(cast, action=action) for action in actions]
    opened = make.open_round(cast)
    return [
        make.sent(
            make.update_in(opened, assignment),
            by=cast.ilo_focal_point,
            at=make.NOW + timedelta(hours=hours),
        )
        for assignment, hours in zip(assignments, (3, 1, 2, 4), strict=True)
    ]


def page(update: Update) -> str:
    """Return the address of the review page."""
    return reverse("review", args=[update.pk])


def text(response: Any) -> str:
    """Return a page as text."""
    return response.content.decode()


def decision(update: Update, verb: str, **fields: Any) -> dict[str, Any]:
    """Return the decision form as a browser posts it."""
    update.refresh_from_db()
    form = {"version": update.version, "decision": verb, "claim": "agree", "comment": ""}
    return form | fields


def pks(response: Any) -> list[int]:
    """Return the updates in the queue, in its order."""
    return [row.update.pk for row in response.context["rows"]]


# --- the queue -------------------------------------------------------------------------------


def test_the_oldest_comes_first(many, cast, signed_in):
    response = signed_in(cast.coordinator).get(QUEUE)

    assert pks(response) == [many[1].pk, many[2].pk, many[0].pk, many[3].pk]
    assert "Review queue (4)" in text(response)


def test_the_queue_is_narrowed_by_area_agency_and_submission(many, cast, signed_in):
    make.do("return", many[0], by=cast.coordinator, note="More.", due_on=date(2026, 5, 20))
    make.sent(many[0], by=cast.ilo_focal_point)
    client = signed_in(cast.coordinator)
    make.area(cast.framework, "B")

    def narrowed(**chosen: Any) -> set[int]:
        return set(pks(client.get(QUEUE, chosen)))

    every = {update.pk for update in many}
    assert narrowed(area="hld-2013.A") == every
    assert narrowed(area="hld-2013.B") == set()
    assert narrowed(agency="ILO") == every
    assert narrowed(agency="IOM") == set()
    assert narrowed(sent="again") == {many[0].pk}
    assert narrowed(sent="first") == every - {many[0].pk}


@pytest.mark.parametrize(
    "query",
    ["agency=XYZ", "area=hld-2013.Z", "area=A", "area=other.A", "sent=third", "agency=1"],
)
def test_a_filter_that_does_not_exist_shows_no_update(query, many, cast, signed_in):
    response = signed_in(cast.coordinator).get(f"{QUEUE}?{query}")

    assert (response.status_code, pks(response)) == (400, [])
    assert "Review queue (0)" in text(response)
    assert f'<a href="{QUEUE}">Clear filters</a>' in text(response)
    assert "Nothing waits for your decision." not in text(response)


def test_skipping_with_a_filter_that_does_not_exist_leads_to_what_is_wrong(many, cast, signed_in):
    response = signed_in(cast.coordinator).get(page(many[1]), {"skip": "1", "agency": "XYZ"})

    assert response.headers["Location"] == f"{QUEUE}?agency=XYZ"


def test_an_area_of_another_framework_is_another_area(many, cast, signed_in):
    make.area(make.framework("other", is_default=False), "A")
    client = signed_in(cast.coordinator)

    assert pks(client.get(QUEUE, {"area": "other.A"})) == []
    assert len(pks(client.get(QUEUE, {"area": "hld-2013.A"}))) == 4


def test_a_second_submission_says_whose_comment_it_answers(sent, cast, signed_in):
    make.do("return", sent, by=cast.coordinator, note="How many?", due_on=date(2026, 5, 20))
    make.sent(sent, by=cast.ilo_focal_point)
    another = make.person("Another coordinator", office="coordinator")

    mine = text(signed_in(cast.coordinator).get(QUEUE))
    theirs = text(signed_in(another).get(QUEUE))

    assert "answers your comment" in mine
    assert "answers a comment" in theirs
    assert "How many?" in mine


def test_the_change_of_status_and_the_age_are_shown(cast, signed_in, clock):
    first = make.owed(cast)
    make.approved(make.sent(first, by=cast.ilo_focal_point), by=cast.coordinator)
    second = make.update_in(make.open_round(cast, "2026-H2"), first.duty.assignment)
    make.sent(second, by=cast.ilo_focal_point, status="continuing")
    clock.now = datetime(2026, 5, 9, 9, tzinfo=make.NOW.tzinfo)

    (row,) = signed_in(cast.coordinator).get(QUEUE).context["rows"]

    assert (row.before, row.submission.status, row.days) == ("in_progress", "continuing", 5)


def test_what_a_coordinator_may_not_decide_is_listed_apart_and_says_why(sent, cast, signed_in):
    own = signed_in(cast.ilo_coordinator).get(QUEUE)
    admin = signed_in(cast.administrator).get(QUEUE)

    assert (pks(own), pks(admin)) == ([], [])
    assert "You belong to ILO, so another coordinator decides." in text(own)
    assert "Only a coordinator decides." in text(admin)


def test_a_writer_who_became_coordinator_is_told_why(sent, cast, signed_in):
    writer = make.person("Former writer", office="coordinator")
    make.member(writer, cast.ilo, until_on=make.NOW.date())
    make.do("withdraw", sent, by=cast.ilo_focal_point)
    make.sent(sent, by=writer)

    shown = text(signed_in(writer).get(QUEUE))

    assert "You belong to ILO" in shown


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_queue_asks_the_database_as_often_for_one_row_as_for_thirty(
    count, cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.coordinator)
    actions = [make.action(cast.area, f"B{n}", order=n) for n in range(count)]
    assignments = [make.accepted(cast, action=action) for action in actions]
    opened = make.open_round(cast)
    for assignment in assignments:
        make.sent(make.update_in(opened, assignment), by=cast.ilo_focal_point)

    with django_assert_num_queries(14):
        client.get(QUEUE)


# --- deciding --------------------------------------------------------------------------------


def test_approving_opens_the_next(many, cast, signed_in):
    response = signed_in(cast.coordinator).post(page(many[1]), decision(many[1], "approve"))

    many[1].refresh_from_db()
    assert many[1].review_state == ReviewState.APPROVED
    assert response.headers["Location"] == page(many[2])


def test_approving_the_last_one_leads_to_the_queue(sent, cast, signed_in):
    response = signed_in(cast.coordinator).post(page(sent), decision(sent, "approve"))

    assert response.headers["Location"] == QUEUE


def test_skipping_opens_the_next_and_decides_nothing(many, cast, signed_in):
    response = signed_in(cast.coordinator).get(page(many[1]), {"skip": "1"})

    assert response.headers["Location"] == page(many[2])
    assert Decision.objects.count() == 0


def test_skipping_goes_through_the_whole_queue_and_then_round_again(many, cast, signed_in):
    make.do("withdraw", many[3], by=cast.ilo_focal_point)
    client = signed_in(cast.coordinator)
    seen = [many[1]]

    for _step in range(4):
        address = client.get(page(seen[-1]), {"skip": "1"}).headers["Location"]
        seen.append(next(update for update in many if page(update) == address))

    assert seen == [many[1], many[2], many[0], many[1], many[2]]


def test_skipping_reaches_those_sent_at_the_same_moment(cast, signed_in):
    actions = [cast.action, *(make.action(cast.area, f"A{n}", order=n) for n in range(2, 4))]
    assignments = [make.accepted(cast, action=action) for action in actions]
    opened = make.open_round(cast)
    at_once = [
        make.sent(make.update_in(opened, assignment), by=cast.ilo_focal_point, at=make.NOW)
        for assignment in assignments
    ]
    client = signed_in(cast.coordinator)

    followed = [client.get(page(one), {"skip": "1"}).headers["Location"] for one in at_once]

    assert followed == [page(at_once[1]), page(at_once[2]), page(at_once[0])]


def test_skipping_the_only_update_leads_to_the_queue(sent, cast, signed_in):
    response = signed_in(cast.coordinator).get(page(sent), {"skip": "1"})

    assert response.headers["Location"] == QUEUE


def test_the_filters_stay_while_one_goes_through_the_queue(many, cast, signed_in):
    response = signed_in(cast.coordinator).post(
        f"{page(many[1])}?agency=ILO", decision(many[1], "approve")
    )

    assert response.headers["Location"] == f"{page(many[2])}?agency=ILO"


def test_a_return_carries_its_comments_and_its_new_due_date(sent, cast, signed_in):
    form = decision(sent, "return", comment="More.", comment_done="How many?", **IN_JUNE)

    signed_in(cast.coordinator).post(page(sent), form)

    sent.duty.refresh_from_db()
    made = Decision.objects.get()
    assert (made.verb, made.comment, made.due_on) == ("return", "More.", date(2026, 6, 10))
    assert [(c.field, c.text) for c in Comment.objects.all()] == [("done", "How many?")]
    assert sent.duty.due_on == date(2026, 6, 10)


def test_the_new_due_date_is_a_week_away_unless_another_is_given(sent, cast, signed_in):
    form = signed_in(cast.coordinator).get(page(sent)).context["form"]

    assert (form["due_on"].value(), form["claim"].value()) == (date(2026, 5, 11), "agree")


def test_the_form_says_plainly_what_a_return_needs(sent, cast, signed_in):
    words = text_of(signed_in(cast.coordinator).get(page(sent)))

    assert "Comment to the agency (needed for a return)" in words
    assert "New due date (needed for a return)" in words
    assert "Comment to the agency (optional)" not in words


def test_a_return_without_a_comment_says_what_is_missing_and_keeps_the_rest(sent, cast, signed_in):
    response = signed_in(cast.coordinator).post(
        page(sent), decision(sent, "return", comment_done="How many?", due_on="2026-05-01")
    )

    assert response.status_code == 400
    assert response.context["form"].errors == {
        "comment": ["Say what the agency has to change."],
        "due_on": ["Give a due date that has not passed."],
    }
    assert "How many?" in text(response)


def test_comments_on_fields_go_with_an_approval(sent, cast, signed_in):
    response = signed_in(cast.coordinator).post(
        page(sent), decision(sent, "approve", comment_done="How many?", suggest_done="Nine.")
    )

    assert response.status_code == 302
    (written,) = Comment.objects.all()
    assert (written.field, written.text, written.suggestion) == ("done", "How many?", "Nine.")


def test_assessing_differently_needs_a_status_and_a_reason(sent, cast, signed_in):
    client = signed_in(cast.coordinator)

    bare = client.post(page(sent), decision(sent, "approve", claim="differ"))
    told = client.post(
        page(sent),
        decision(sent, "approve", claim="differ", status="not_started", reason="No activity."),
    )

    assert bare.context["form"].errors == {
        "status": ["Choose the status that you see, other than the one reported."],
        "reason": ["Say why you assess it differently."],
    }
    assert told.status_code == 302
    assert [(a.status, a.reason) for a in Assessment.objects.all()] == [
        ("not_started", "No activity.")
    ]


def test_neither_button_is_no_decision(sent, cast, signed_in):
    response = signed_in(cast.coordinator).post(page(sent), decision(sent, ""))

    assert response.status_code == 400
    assert "Choose to approve, to return, or to comment." in text(response)


# --- side by side ----------------------------------------------------------------------------


@pytest.fixture
def changed(cast: make.Cast) -> Update:
    """Return an update that changes an approved one."""
    first = make.owed(cast)
    make.sent(first, by=cast.ilo_focal_point, body={"done": "Advice to 6 States."})
    make.approved(first, by=cast.coordinator)
    second = make.update_in(make.open_round(cast, "2026-H2"), first.duty.assignment)
    return make.sent(
        second, by=cast.ilo_focal_point, status="continuing", body={"done": "Advice to 9 States."}
    )


def test_the_approved_text_stands_beside_the_new_one(changed, cast, signed_in):
    response = signed_in(cast.coordinator).get(page(changed))

    assert {row.name: row.change for row in response.context["rows"]} == {
        "status": "changed",
        "done": "changed",
        "challenges": "",
        "next_steps": "",
        "evidence": "",
    }
    assert '<del><span class="visually-hidden">removed: </span>' in text(response)
    assert '<ins><span class="visually-hidden">added: </span>' in text(response)
    assert "Approved, 2026-H1" in text(response)


def test_nothing_new_shows_the_text_that_it_repeats(changed, cast, signed_in):
    make.do("withdraw", changed, by=cast.ilo_focal_point)
    make.sent(
        changed, by=cast.ilo_focal_point, kind="no_change", body={"done": "No budget this year."}
    )

    rows = {
        row.name: (row.change, row.new)
        for row in signed_in(cast.coordinator).get(page(changed)).context["rows"]
    }

    assert rows["done"] == ("", "Advice to 6 States.")
    assert rows["no_change"] == ("added", "No budget this year.")


def test_the_new_text_is_compared_with_the_returned_one_on_demand(sent, cast, signed_in):
    make.do("return", sent, by=cast.coordinator, note="More.", due_on=date(2026, 5, 20))
    make.sent(sent, by=cast.ilo_focal_point, body={"done": "Three seminars."})

    response = signed_in(cast.coordinator).get(page(sent), {"against": "1"})

    assert {row.name: row.change for row in response.context["rows"]}["done"] == "changed"
    assert "More." in text(response)


# --- meanwhile -------------------------------------------------------------------------------


def test_a_second_reviewer_is_told_who_decided_and_keeps_the_comment(sent, cast, signed_in):
    another = make.person("Another coordinator", office="coordinator")
    form = decision(sent, "return", comment="My long comment.", **IN_JUNE)
    make.approved(sent, by=another)

    response = signed_in(cast.coordinator).post(page(sent), form)

    assert response.status_code == 409
    assert "Approved by Another coordinator on" in text(response)
    assert "4 May 2026 09:30 UTC" in text(response)
    assert "My long comment." in text(response)
    assert "Approve and open next" not in text(response)


def test_a_withdrawal_meanwhile_is_said_and_the_comment_is_kept(sent, cast, signed_in):
    form = decision(sent, "return", comment="My long comment.", **IN_JUNE)
    make.do("withdraw", sent, by=cast.ilo_focal_point)

    response = signed_in(cast.coordinator).post(page(sent), form)

    assert response.status_code == 409
    assert "The agency withdrew it on" in text(response)
    assert "My long comment." in text(response)
    assert "Two seminars." not in text(response)


def test_a_new_text_meanwhile_is_shown_before_anything_is_decided(sent, cast, signed_in):
    form = decision(sent, "approve", comment="Well done.")
    make.do("withdraw", sent, by=cast.ilo_focal_point)
    make.sent(sent, by=cast.ilo_focal_point, body={"done": "Another text."})

    response = signed_in(cast.coordinator).post(page(sent), form)

    assert response.status_code == 409
    assert "Changed since you opened it." in text(response)
    assert "Another text." in text(response)
    assert response.context["form"]["comment"].value() == "Well done."
    assert Decision.objects.count() == 0


def test_a_reviewer_of_the_agency_is_told_before_they_start(sent, cast, signed_in):
    response = signed_in(cast.ilo_coordinator).get(page(sent))

    assert "You belong to ILO, so another coordinator decides." in text(response)
    assert "Return for changes" not in text(response)


def test_a_comment_typed_after_the_session_ended_is_back_after_signing_in(sent, cast):
    client = Client(headers={"referer": f"http://testserver{page(sent)}?agency=1"})
    typed = decision(sent, "return", comment="Typed for long.")
    answer = client.post(page(sent), typed | writer(cast.coordinator))
    client.force_login(cast.coordinator)

    back = client.get(page(sent))

    assert answer.headers["Location"] == f"/account/sign-in/?next={page(sent)}"
    assert back.context["form"]["comment"].value() == "Typed for long."


def test_an_update_that_was_never_sent_leads_to_its_page(cast, signed_in):
    owed = make.owed(cast)

    response = signed_in(cast.coordinator).get(page(owed))

    assert response.headers["Location"] == reverse("update", args=[owed.pk])


def test_the_review_page_takes_few_queries(changed, cast, signed_in, django_assert_num_queries):
    client = signed_in(cast.coordinator)

    with django_assert_num_queries(12):
        client.get(page(changed))
