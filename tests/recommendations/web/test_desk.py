"""What a reviewer has on the review page: drafts of decisions, phrases, claims, bulk approval."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.models import (
    Comment,
    Decision,
    DecisionDraft,
    ReviewClaim,
    SavedPhrase,
    Update,
)
from tests import make
from tests.recommendations.web.pages import text_of
from tests.recommendations.web.test_queue import decision, page

LIST = "/queue/nothing-new/"


@pytest.fixture
def sent(cast: make.Cast) -> Update:
    """Return an update that waits for a decision."""
    return make.sent(make.owed(cast), by=cast.ilo_focal_point)


# --- unsent decisions --------------------------------------------------------------------------


def test_a_decision_is_saved_for_later_and_the_page_opens_with_it(sent, cast, signed_in):
    client = signed_in(cast.coordinator)
    typed = decision(
        sent, "later", comment="Hm.", comment_done="When?", suggest_done="In May.", claim="differ"
    )
    answer = client.post(f"{page(sent)}?sent=first", typed)
    back = client.get(page(sent))

    assert answer.headers["Location"] == "/queue/?sent=first"
    names = ("comment", "comment_done", "suggest_done", "claim")
    assert [back.context["form"][name].value() for name in names] == [
        "Hm.",
        "When?",
        "In May.",
        "differ",
    ]
    assert "You saved what stands here on 4 May 2026 09:30 UTC." in text_of(back)
    other = signed_in(make.person("Second coordinator", office="coordinator")).get(page(sent))
    assert "Hm." not in text_of(other)
    assert Decision.objects.count() == 0


def test_what_was_saved_is_thrown_away_on_demand_or_by_emptying_the_form(sent, cast, signed_in):
    client = signed_in(cast.coordinator)
    second = make.person("Second coordinator", office="coordinator")
    signed_in(second).post(page(sent), decision(sent, "later", comment="Mine."))
    for throwing in (decision(sent, "discard", comment="Hm."), decision(sent, "later")):
        client.post(page(sent), decision(sent, "later", comment="Hm."))
        assert DecisionDraft.objects.count() == 2
        client.post(page(sent), throwing)
        assert [draft.user for draft in DecisionDraft.objects.all()] == [second]


@pytest.mark.parametrize(("stale", "status"), [(1, 409), (0, 400)])
def test_a_refused_decision_is_kept(stale, status, sent, cast, signed_in):
    client = signed_in(cast.coordinator)
    typed = decision(sent, "return", comment="  ", comment_done="When?")
    answer = client.post(page(sent), typed | {"version": typed["version"] - stale})

    assert answer.status_code == status
    assert DecisionDraft.objects.get().typed["comment_done"] == "When?"
    assert client.get(page(sent)).context["form"]["comment_done"].value() == "When?"


def test_what_was_kept_is_not_lost_when_somebody_else_decides(sent, cast, signed_in):
    client = signed_in(cast.coordinator)
    client.post(page(sent), decision(sent, "later", comment="My long comment."))
    make.approved(sent, by=make.person("Second coordinator", office="coordinator"))
    shown = text_of(client.get(page(sent)))

    assert "Approved by Second coordinator on 4 May 2026 09:30 UTC." in shown
    assert "My long comment." in shown
    client.post(page(sent), {"decision": "discard"})
    assert "My long comment." not in text_of(client.get(page(sent)))


def test_a_comment_alone_is_sent_and_forgets_what_was_kept(sent, cast, signed_in):
    client = signed_in(cast.coordinator)
    client.post(page(sent), decision(sent, "later", comment="Since when?"))
    answer = client.post(page(sent), decision(sent, "comment", comment="Since when?"))
    sent.refresh_from_db()

    assert answer.headers["Location"] == page(sent)
    assert [(row.field, row.text) for row in Comment.objects.all()] == [("", "Since when?")]
    assert (sent.review_state, DecisionDraft.objects.count()) == ("submitted", 0)
    empty = client.post(page(sent), decision(sent, "comment"))
    assert empty.context["form"].errors == {"comment": ["Write a comment."]}


def test_closing_and_answering_a_comment_keep_what_is_typed_below_it(sent, cast, signed_in):
    make.do("comment", sent, by=cast.coordinator, field_comments={"done": "When?"})
    comment, client = Comment.objects.get().pk, signed_in(cast.coordinator)
    talk = client.post(page(sent), decision(sent, f"talk-{comment}", comment="Half a sen"))
    assert talk.headers["Location"] == f"/comments/{comment}/"
    closed = client.post(page(sent), decision(sent, f"close-{comment}", comment="Half a sen"))

    assert closed.headers["Location"] == page(sent)
    assert Comment.objects.get().closed_by == cast.coordinator
    assert client.get(page(sent)).context["form"]["comment"].value() == "Half a sen"


def test_a_comment_is_closed_after_the_decision_as_well(sent, cast, signed_in):
    make.do("comment", sent, by=cast.coordinator, field_comments={"done": "When?"})
    make.approved(sent, by=cast.coordinator)
    sent.refresh_from_db()
    client, comment = signed_in(cast.coordinator), Comment.objects.get().pk
    client.post(page(sent), {"version": sent.version, "decision": f"close-{comment}"})

    assert Comment.objects.get().closed_at == make.NOW
    assert "Closed comments (1)" in text_of(client.get(page(sent)))


# --- phrases -----------------------------------------------------------------------------------


def test_a_phrase_is_put_into_the_comment_and_nothing_typed_is_lost(sent, cast, signed_in):
    mine = SavedPhrase.objects.create(user=cast.coordinator, text="Please give a figure.")
    theirs = SavedPhrase.objects.create(user=cast.ilo_coordinator, text="Secret.")
    client = signed_in(cast.coordinator)
    typed = decision(sent, f"phrase-{mine.pk}", comment="Thank you.", comment_done="When?")
    answer = client.post(page(sent), typed)
    refused = client.post(page(sent), typed | {"decision": f"phrase-{theirs.pk}"})

    form = answer.context["form"]
    assert form["comment"].value() == "Thank you.\nPlease give a figure."
    assert form["comment_done"].value() == "When?"
    assert (answer.status_code, refused.status_code) == (200, 400)
    assert "Secret." not in text_of(refused)


def test_a_suggestion_starts_from_the_agencys_text(sent, cast, signed_in):
    typed = decision(sent, "start-done", comment="Thank you.")
    form = signed_in(cast.coordinator).post(page(sent), typed).context["form"]

    assert (form["suggest_done"].value(), form["comment"].value()) == (
        "Two seminars.",
        "Thank you.",
    )


def test_phrases_are_added_changed_and_deleted_by_their_writer(cast, signed_in):
    client, listed = signed_in(cast.coordinator), reverse("phrase-list")
    assert client.post(listed, {"text": "  "}).status_code == 400
    client.post(listed, {"text": "Please give a figure."})
    one = reverse("phrase", args=[SavedPhrase.objects.get().pk])
    client.post(one, {"text": "Please give two figures."})
    assert "Please give two figures." in text_of(client.get(listed))
    assert signed_in(cast.ilo_coordinator).post(one, {"do": "delete"}).status_code == 404
    client.post(one, {"do": "delete"})

    assert SavedPhrase.objects.count() == 0


# --- claims ------------------------------------------------------------------------------------


def test_reading_claims_nothing_and_the_button_does_until_the_clock_ends_it(
    sent, cast, signed_in, clock
):
    client = signed_in(cast.coordinator)
    other = signed_in(make.person("Second coordinator", office="coordinator"))
    client.get(page(sent))
    assert ReviewClaim.objects.count() == 0
    client.post(page(sent), decision(sent, "claim", comment="Half a sen"))

    said = "Coordinator reads this since 09:30."
    assert "You read this since 09:30." in text_of(client.get(page(sent)))
    assert client.get(page(sent)).context["form"]["comment"].value() == "Half a sen"
    assert [said in text_of(other.get(where)) for where in (page(sent), "/queue/")] == [True] * 2
    agency = text_of(signed_in(cast.ilo_focal_point).get(f"/updates/{sent.pk}/"))
    assert "A coordinator reads this since 09:30." in agency
    assert "Withdraw" in agency
    clock.now = make.later(minutes=30)
    assert said not in text_of(other.get("/queue/"))


def test_a_claim_is_released_and_hinders_nobody(sent, cast, signed_in):
    client = signed_in(cast.coordinator)
    client.post(page(sent), decision(sent, "claim"))
    client.post(page(sent), decision(sent, "release"))
    assert ReviewClaim.objects.count() == 0
    client.post(page(sent), decision(sent, "claim"))
    second = signed_in(make.person("Second coordinator", office="coordinator"))
    second.post(page(sent), decision(sent, "approve"))

    sent.refresh_from_db()
    assert sent.review_state == "approved"


# --- nothing new ---------------------------------------------------------------------------------


def repeating(cast: make.Cast, count: int) -> list[Update]:
    """Return updates of a second round that say that nothing changed."""
    actions = [make.action(cast.area, f"B{n}", order=n) for n in range(count)]
    assignments = [make.accepted(cast, action=action) for action in actions]
    first, by = make.open_round(cast, "2025-H2"), cast.ilo_focal_point
    for one in assignments:
        make.approved(make.sent(make.update_in(first, one), by=by), by=cast.coordinator)
    second = make.open_round(cast)
    body = {"done": "No budget this year."}
    return [
        make.sent(make.update_in(second, one), by=by, kind="no_change", body=body)
        for one in assignments
    ]


def ticked(*updates: Update) -> dict[str, Any]:
    """Return the list with these ticked, as a browser posts it."""
    for update in updates:
        update.refresh_from_db()
    versions = {f"version_{update.pk}": update.version for update in updates}
    return {"update": [update.pk for update in updates], **versions}


def results(answer: Any) -> list[tuple[int, str]]:
    """Return what came of each row."""
    return [(result.update.pk, result.why_not) for result in answer.context["results"]]


def test_the_list_shows_what_each_repeats_and_how_old_that_is(cast, signed_in, clock):
    report, update = repeating(cast, 2)
    make.do("withdraw", report, by=cast.ilo_focal_point)
    make.sent(report, by=cast.ilo_focal_point)
    clock.now = datetime(2026, 5, 24, 9, tzinfo=make.NOW.tzinfo)
    answer = signed_in(cast.coordinator).get(LIST)

    assert [row.update.pk for row in answer.context["rows"]] == [update.pk]
    shown = text_of(answer)
    assert "No budget this year." in shown
    assert "It repeats the text of round 2025-H2, sent on 4 May 2026" in shown
    assert ": 20 days old." in shown
    assert 'name="update" value="' in answer.content.decode()
    assert " checked" not in answer.content.decode()
    assert " checked" in signed_in(cast.coordinator).get(LIST, {"all": "1"}).content.decode()


def test_the_ticked_ones_are_approved_each_on_its_own_with_the_claim_agreed(cast, signed_in):
    one, two, three = repeating(cast, 3)
    form = ticked(one, two, three)
    make.do("withdraw", two, by=cast.ilo_focal_point)
    answer = signed_in(cast.coordinator).post(LIST, form | {"update": [one.pk, two.pk]})

    assert results(answer) == [
        (one.pk, ""),
        (two.pk, "Not possible now: the state is “Draft”."),
    ]
    assert [row.update.pk for row in answer.context["rows"]] == [three.pk]
    one.refresh_from_db()
    assignment = one.duty.assignment
    assignment.refresh_from_db()
    assert (one.review_state, assignment.verified) == ("approved", True)


def test_a_row_that_changed_since_or_is_a_report_is_not_approved(cast, signed_in):
    one, two = repeating(cast, 2)
    form = ticked(one, two)
    make.do("comment", one, by=cast.coordinator, note="Since when?")
    make.do("withdraw", two, by=cast.ilo_focal_point)
    make.sent(two, by=cast.ilo_focal_point)
    answer = signed_in(cast.coordinator).post(LIST, form)

    assert results(answer) == [
        (one.pk, "It has changed since the list was shown. Open it to decide."),
        (two.pk, "It is not a “nothing new”. Open it to decide."),
    ]
    assert Decision.objects.filter(submission__update__in=[one, two]).count() == 0


def test_nobody_approves_their_own_agencys_from_the_list(cast, signed_in):
    (one,) = repeating(cast, 1)
    client: Client = signed_in(cast.ilo_coordinator)
    answer = client.post(LIST, ticked(one))

    assert results(answer) == [
        (
            one.pk,
            "Only a coordinator who is not of the agency and wrote none of the text can do this.",
        )
    ]
    assert client.get(LIST).context["rows"] == []


def test_nothing_ticked_says_so(cast, signed_in):
    repeating(cast, 1)
    answer = signed_in(cast.coordinator).post(LIST, {})

    assert answer.status_code == 400
    assert "Choose at least one update." in text_of(answer)


def test_the_queue_is_narrowed_to_nothing_new(cast, signed_in):
    one, report = repeating(cast, 2)
    make.do("withdraw", report, by=cast.ilo_focal_point)
    make.sent(report, by=cast.ilo_focal_point)
    answer = signed_in(cast.coordinator).get("/queue/", {"kind": "no_change"})

    assert [row.update.pk for row in answer.context["rows"]] == [one.pk]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_asks_the_database_as_often_for_one_row_as_for_thirty(
    count, cast, signed_in, django_assert_num_queries
):
    repeating(cast, count)
    client = signed_in(cast.coordinator)

    with django_assert_num_queries(7):
        client.get(LIST)
