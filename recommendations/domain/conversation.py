"""What a reviewer and an agency say to each other about a text: comments, suggestions, answers.

It stays between the two sides: never public, never shown to another agency or an observer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from agencies import history
from agencies.access import NotVisible
from recommendations.domain import access, updates
from recommendations.domain.contents import LONGEST, commented
from recommendations.domain.questionnaires import asked_in
from recommendations.domain.transition import Change, NotAllowedNow, Transition
from recommendations.models import (
    Comment,
    CommentAnswer,
    Content,
    ReviewState,
    Submission,
    Update,
)

ANY = tuple(ReviewState.values)


def suggested(fields: Iterable[str]) -> tuple[str, ...]:
    """Return those of these fields for which a reviewer can suggest a text: people write them."""
    return tuple(field for field in fields if field not in ("status", "evidence"))


def text_of(content: Content, field: str) -> str:
    """Return what a content says in a field on which one can comment; "" where it is no text."""
    return str(content.body.get(field, ""))


def sayable(update: Update) -> dict[str, tuple[str, ...]]:
    """Return the fields of an update that the facts field_comments and suggestions can name."""
    fields = commented(asked_in(update))
    return {"field_comments": fields, "suggestions": suggested(fields)}


def said_about(change: Change[Update]) -> dict[str, tuple[str, str]]:
    """Return field → (comment, suggested text) from the facts field_comments and suggestions.

    Raises ValueError for a field that the update has not: what is said of it would be lost.
    """
    known = sayable(change.obj)
    said: dict[str, Mapping[str, str]] = {name: change.fact(name) or {} for name in known}
    for name, fields in known.items():
        strange = set(said[name]) - set(fields)
        if strange:
            raise ValueError(f"{name} of a field that there is not: {sorted(strange)}")
    found = {}
    for field in known["field_comments"]:
        comment = said["field_comments"].get(field, "").strip()
        suggestion = said["suggestions"].get(field, "").rstrip()
        if comment or suggestion.strip():
            found[field] = (comment, suggestion if suggestion.strip() else "")
    return found


def suggestion_problems(change: Change[Update], submission: Submission) -> dict[str, str]:
    """Return what is wrong with the suggested texts: fact → what to do."""
    found = {}
    for field, (_comment, suggestion) in said_about(change).items():
        if len(suggestion) > LONGEST:
            told = _("Shorten this text to %(limit)d characters.") % {"limit": LONGEST}
            found[f"suggest_{field}"] = told
        elif suggestion and suggestion == text_of(submission, field):
            told = _("This is the agency's text as it stands. Change it, or leave this empty.")
            found[f"suggest_{field}"] = told
    return found


def write_comments(change: Change[Update], submission: Submission) -> list[Comment]:
    """Write what a reviewer says about single fields. Facts: field_comments, suggestions."""
    return [
        Comment.objects.create(
            submission=submission,
            field=field,
            text=text,
            suggestion=suggestion,
            on_text=history.sha256(text_of(submission, field)) if suggestion else "",
            written_at=change.at,
            written_by=change.by,
        )
        for field, (text, suggestion) in said_about(change).items()
    ]


def comment(change: Change[Update]) -> None:
    """Comment on what was sent without deciding. Facts: field_comments, suggestions."""
    submission = updates.newest_submission(change.obj)
    if submission is None:
        raise NotAllowedNow(_("Nothing was sent yet."))
    note = change.note.strip()
    told = None if note or said_about(change) else _("Write a comment.")
    change.need(comment=told, **suggestion_problems(change, submission))
    written = write_comments(change, submission)
    if note:
        general = Comment(submission=submission, text=note)
        general.written_at, general.written_by = change.at, change.by
        general.save(force_insert=True)
        written.append(general)
    change.write(
        change.obj,
        change.transition.event,
        note="",
        content={
            "submission": submission.number,
            "comments": {str(one.pk): history.sha256(one.text) for one in written},
        },
    )


def open_comment(change: Change[Update]) -> Comment:
    """Return the comment that the fact `comment` names, claimed.

    Raises RequirementMissing without one, NotVisible for one of another update, NotAllowedNow
    for a closed one.
    """
    change.need(comment=unnamed(change))
    rows = Comment.objects.filter(submission__update=change.obj, pk=change.fact("comment"))
    found = rows.select_related("submission").select_for_update(of=("self",)).first()
    if found is None:
        raise NotVisible
    if found.closed_at is not None:
        raise NotAllowedNow(_("This comment is closed: it can be read, and not answered."))
    return found


def unnamed(change: Change[Update]) -> str | None:
    """Return what to say where no comment is named."""
    return _("Name the comment.") if change.fact("comment") is None else None


def answer(change: Change[Update]) -> None:
    """Answer a comment in words. Facts: comment (its id), text."""
    text = str(change.fact("text") or "").strip()
    change.need(comment=unnamed(change), text=None if text else _("Write your answer."))
    about = open_comment(change)
    write_answer(change, about, text=text)


def write_answer(
    change: Change[Update], about: Comment, *, text: str = "", took_suggestion: bool = False
) -> None:
    """Write an answer with the event of the update; the log holds its hash only."""
    CommentAnswer.objects.create(
        comment=about,
        text=text,
        took_suggestion=took_suggestion,
        written_at=change.at,
        written_by=change.by,
    )
    said = about.suggestion if took_suggestion else text
    change.write(
        change.obj,
        change.transition.event,
        note="",
        content={"comment": about.pk, "text": history.sha256(said)},
    )


def close(change: Change[Update]) -> None:
    """Close a comment: it is settled. Facts: comment (its id). What was said stays to read."""
    about = open_comment(change)
    about.closed_at, about.closed_by = change.at, change.by
    about.save(update_fields=["closed_at", "closed_by"])
    change.write(change.obj, change.transition.event, content={"comment": about.pk})


def take_suggestion(change: Change[Update]) -> None:
    """Save the draft with the suggested text in its field, and say so to the reviewer.

    Facts: comment (its id), content and draft_version as `updates.save_draft` takes them,
    replace. A text that is neither the one commented on nor the suggestion is replaced only
    where `replace` says so; else the answer names the fact `suggestion` and nothing changes.
    """
    about = open_comment(change)
    if not about.suggestion:
        raise NotAllowedNow(_("This comment suggests no text."))
    content = dict(change.fact("content") or {})
    body = dict(content.get("body") or {})
    mine = str(body.get(about.field, ""))
    is_known = mine == about.suggestion or history.sha256(mine) == about.on_text
    changed = _("Your text has changed since the comment was written. Nothing was replaced.")
    change.need(suggestion=None if is_known or change.fact("replace") else changed)
    content["body"] = body | {about.field: about.suggestion}
    updates.save_draft(
        change.obj,
        content=content,
        by=change.by,
        at=change.at,
        version=change.fact("draft_version"),
    )
    write_answer(change, about, took_suggestion=True)


def nothing_open(update: Update) -> str | None:
    """Return what to say where no comment on an update is open."""
    return None if access.open_comments(update).exists() else _("No comment on it is open.")


def nothing_to_take(update: Update) -> str | None:
    """Return why no suggested text can be taken over now."""
    closed = updates.why_closed(update)
    if closed:
        return closed
    if access.open_comments(update).exclude(suggestion="").exists():
        return None
    return _("No open comment suggests a text.")


def conversing(
    verb: str, sources: tuple[str, ...], event: str, effect: Any, **more: Any
) -> Transition[Update]:
    """Return a transition that says something and leaves the state as it is."""
    return Transition(
        noun="update",
        verb=verb,
        sources=sources,
        target="",
        event=event,
        effect=effect,
        state_field="review_state",
        **more,
    )


TRANSITIONS: tuple[Transition[Update], ...] = (
    conversing(
        "comment",
        (ReviewState.SUBMITTED,),
        "commented",
        comment,
        requires=("comment or field_comments or suggestions",),
    ),
    conversing(
        "answer_comment",
        ANY,
        "comment_answered",
        answer,
        requires=("comment", "text"),
        about="comment",
        guard=nothing_open,
    ),
    conversing(
        "close_comment",
        ANY,
        "comment_closed",
        close,
        requires=("comment",),
        about="comment",
        guard=nothing_open,
    ),
    conversing(
        "take_suggestion",
        updates.WRITABLE,
        "suggestion_taken",
        take_suggestion,
        requires=("comment", "content", "draft_version"),
        facts=("replace",),
        about="comment",
        guard=nothing_to_take,
    ),
)
