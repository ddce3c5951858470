"""Comments, answers and suggested texts: what each side may, and what stays whatever happens."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agencies import history
from agencies.access import NotVisible, roles_of
from agencies.models import Event, User
from agencies.revisions import Conflict
from recommendations.domain import access
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Comment, CommentAnswer, Draft, Submission, Update
from tests import make

DUE = date(2026, 6, 15)
SUGGESTED = "Two seminars in May."


def submitted(cast: make.Cast) -> Update:
    """Return an update that waits for a decision."""
    return make.sent(make.owed(cast), by=cast.ilo_focal_point)


def returned(cast: make.Cast, **facts: Any) -> Update:
    """Return an update that went back with a suggested text for what was done."""
    more = {"note": "Say when.", "due_on": DUE, "suggestions": {"done": SUGGESTED}, **facts}
    return make.do("return", submitted(cast), by=cast.coordinator, **more)  # type: ignore[no-any-return]


def take(update: Update, by: User, *, done: str = "Two seminars.", **facts: Any) -> Any:
    """Take the suggested text over, with this text in the field and the draft that is there."""
    draft = Draft.objects.filter(update=update).first()
    content = {**make.REPORT, "body": {"done": done, "next_steps": "A third one."}}
    return make.do(
        "take_suggestion",
        update,
        by=by,
        comment=Comment.objects.get().pk,
        content=content,
        draft_version=draft.version if draft else 0,
        **facts,
    )


def test_a_comment_alone_changes_no_state_and_is_about_the_text_that_was_sent(
    cast: make.Cast,
) -> None:
    update = submitted(cast)
    make.do(
        "comment",
        update,
        by=cast.coordinator,
        note=" Thank you. ",
        field_comments={"done": "When?", "status": " "},
        suggestions={"done": SUGGESTED},
    )

    written = [(row.field, row.text, row.suggestion) for row in Comment.objects.order_by("id")]
    assert written == [("done", "When?", SUGGESTED), ("", "Thank you.", "")]
    assert Comment.objects.get(field="done").on_text == history.sha256("Two seminars.")
    assert {row.submission for row in Comment.objects.all()} == {Submission.objects.get()}
    update.refresh_from_db()
    assert (update.review_state, update.version) == ("submitted", 3)


@pytest.mark.parametrize(
    "said", [{"field_comments": {"colour": "Red"}}, {"suggestions": {"status": "On hold"}}]
)
def test_what_is_said_of_a_field_that_there_is_not_is_not_lost_in_silence(
    said: dict[str, dict[str, str]], cast: make.Cast
) -> None:
    update = submitted(cast)
    with pytest.raises(ValueError, match="of a field that there is not"):
        make.do("comment", update, by=cast.coordinator, note="Thank you.", **said)

    assert Comment.objects.count() == 0


def test_comments_and_suggestions_go_with_an_approval(cast: make.Cast) -> None:
    make.do(
        "approve",
        submitted(cast),
        by=cast.coordinator,
        claim="agree",
        field_comments={"evidence": "A link, next time."},
        suggestions={"next_steps": "A third seminar."},
    )

    assert [(row.field, row.text, row.suggestion) for row in Comment.objects.order_by("id")] == [
        ("next_steps", "", "A third seminar."),
        ("evidence", "A link, next time.", ""),
    ]


@pytest.mark.parametrize(
    ("verb", "facts"),
    [
        ("comment", {}),
        ("return", {"note": "Say when.", "due_on": DUE}),
        ("approve", {"claim": "agree"}),
    ],
)
def test_a_suggestion_is_another_text_and_not_a_longer_one_than_can_be_sent(
    cast: make.Cast, verb: str, facts: Any
) -> None:
    update = submitted(cast)
    for suggestion, told in (
        ("Two seminars.", "This is the agency's text as it stands. Change it, or leave"),
        ("x" * 2001, "Shorten this text to 2000 characters."),
    ):
        with pytest.raises(RequirementMissing) as raised:
            make.do(verb, update, by=cast.coordinator, suggestions={"done": suggestion}, **facts)
        assert [*raised.value.problems] == ["suggest_done"]
        assert raised.value.problems["suggest_done"].startswith(told)
    assert Comment.objects.count() == 0


def test_no_text_of_a_conversation_is_in_an_event(cast: make.Cast) -> None:
    update = returned(cast, field_comments={"done": "Private question."})
    comment = Comment.objects.get().pk
    make.do("answer_comment", update, by=cast.ilo_focal_point, comment=comment, text="Private.")
    take(update, cast.ilo_focal_point)
    make.do("close_comment", update, by=cast.coordinator, comment=comment)

    said = " ".join(event.note + event.content for event in Event.objects.all())
    assert "Private" not in said
    assert SUGGESTED not in said
    assert [event.verb for event in history.of(update)] == [
        "begun",
        "submitted",
        "returned",
        "comment_answered",
        "suggestion_taken",
        "comment_closed",
    ]


def test_a_suggestion_is_taken_over_with_everything_else_that_was_typed(cast: make.Cast) -> None:
    update = returned(cast)
    take(update, cast.ilo_alternate)

    draft = Draft.objects.get()
    assert draft.body == {"done": SUGGESTED, "next_steps": "A third one."}
    assert (draft.saved_by, draft.version) == (cast.ilo_alternate, 2)
    (answer,) = CommentAnswer.objects.all()
    assert (answer.took_suggestion, answer.text, answer.written_by) == (
        True,
        "",
        cast.ilo_alternate,
    )
    assert update.authors.filter(user=cast.ilo_alternate).exists()


def test_a_text_that_changed_since_is_replaced_only_when_the_agency_says_so(
    cast: make.Cast,
) -> None:
    update = returned(cast)
    make.drafted(update, by=cast.ilo_focal_point, body={"done": "Three seminars."})
    events = Event.objects.count()
    with pytest.raises(RequirementMissing) as raised:
        take(update, cast.ilo_focal_point, done="Three seminars.")
    told = "Your text has changed since the comment was written. Nothing was replaced."
    assert raised.value.problems == {"suggestion": told}
    assert Draft.objects.get().body == {"done": "Three seminars."}
    assert (CommentAnswer.objects.count(), Event.objects.count()) == (0, events)

    take(update, cast.ilo_focal_point, done="Three seminars.", replace=True)
    assert Draft.objects.get().body["done"] == SUGGESTED


def test_a_suggestion_on_a_draft_that_a_colleague_saved_is_a_conflict(cast: make.Cast) -> None:
    update = returned(cast)
    make.drafted(update, by=cast.ilo_alternate, body={"done": "Theirs."})
    facts = {"comment": Comment.objects.get().pk, "content": make.REPORT, "draft_version": 0}
    with pytest.raises(Conflict) as raised:
        make.do("take_suggestion", update, by=cast.ilo_focal_point, **facts)

    assert raised.value.current == Draft.objects.get()
    assert Draft.objects.get().body == {"done": "Theirs."}
    assert CommentAnswer.objects.count() == 0


def test_only_a_comment_with_a_suggestion_can_be_taken_over(cast: make.Cast) -> None:
    update = returned(cast)
    Comment.objects.create(
        submission=Submission.objects.get(),
        text="When?",
        field="done",
        written_at=make.NOW,
        written_by=cast.coordinator,
    )
    question = Comment.objects.get(text="When?")
    with pytest.raises(NotAllowedNow, match="This comment suggests no text."):
        make.do(
            "take_suggestion",
            update,
            by=cast.ilo_focal_point,
            comment=question.pk,
            content=make.REPORT,
            draft_version=0,
        )


def test_a_comment_stays_open_when_the_text_changes_until_its_reviewer_closes_it(
    cast: make.Cast,
) -> None:
    update = returned(cast)
    make.sent(update, by=cast.ilo_focal_point, body={"done": "Another text."})
    make.approved(update, by=cast.coordinator)
    assert access.open_comments(update).count() == 1

    comment = Comment.objects.get()
    make.do("close_comment", update, by=cast.coordinator, comment=comment.pk)
    comment.refresh_from_db()
    assert (comment.closed_by, comment.closed_at) == (cast.coordinator, make.NOW)
    assert access.open_comments(update).count() == 0


def test_both_sides_answer_again_and_again_and_nobody_after_it_is_closed(cast: make.Cast) -> None:
    update = returned(cast, field_comments={"done": "When?", "status": "Why?"})
    first, second = Comment.objects.order_by("id")
    for by, text in ((cast.ilo_focal_point, " In May. "), (cast.coordinator, "Which day?")):
        make.do("answer_comment", update, by=by, comment=first.pk, text=text)
    make.do("close_comment", update, by=cast.coordinator, comment=first.pk)

    assert [*first.answers.order_by("id").values_list("text", flat=True)] == [
        "In May.",
        "Which day?",
    ]
    closed = "This comment is closed: it can be read, and not answered."
    for verb in ("answer_comment", "close_comment"):
        with pytest.raises(NotAllowedNow, match=closed):
            make.do(verb, update, by=cast.coordinator, comment=first.pk, text="The 3rd.")
    with pytest.raises(RequirementMissing) as raised:
        make.do("answer_comment", update, by=cast.ilo_focal_point, comment=second.pk, text="  ")
    assert raised.value.problems == {"text": "Write your answer."}


def test_a_comment_of_another_update_does_not_exist_here(cast: make.Cast) -> None:
    returned(cast)
    elsewhere = Comment.objects.get()
    action = make.action(cast.area, "A2", order=2)
    make.accepted(cast, action=action)
    other = make.sent(Update.objects.order_by("-id")[0], by=cast.ilo_focal_point)
    make.do("comment", other, by=cast.coordinator, note="Hello.")
    with pytest.raises(NotVisible):
        make.do("close_comment", other, by=cast.coordinator, comment=elsewhere.pk)


def test_comments_exist_for_the_two_sides_only(cast: make.Cast) -> None:
    make.approved(returned_and_sent(cast), by=cast.coordinator)
    people = [name for name, who in vars(cast).items() if isinstance(who, User)]
    seen = {
        name
        for name in people
        if access.visible_comments(roles_of(getattr(cast, name), at=make.NOW)).exists()
    }

    assert seen == {
        "ilo_focal_point",
        "ilo_alternate",
        "coordinator",
        "ilo_coordinator",
        "administrator",
    }


def returned_and_sent(cast: make.Cast) -> Update:
    """Return an update that was sent again with its comment open."""
    return make.sent(returned(cast), by=cast.ilo_focal_point, body={"done": "Another."})
