"""What the two sides of an update say to each other: comments, answers, requests for more time."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from agencies.access import Roles
from recommendations.api.columns import Filter, Kind
from recommendations.api.resources import Order, Resource, day, moment, number, text, yes
from recommendations.api.tables.reference import in_framework
from recommendations.api.tables.texts import place_columns, place_filters, placed
from recommendations.domain import access
from recommendations.models import CommentAnswer, TimeRequest

COMMENTS = Resource(
    name="comments",
    title="Comments",
    meaning=(
        "What a coordinator says about a text or one field of it, perhaps with a text to take "
        "over. Told to the two sides alone. The verbs of updates answer and close it."
    ),
    rows=lambda roles: placed(access.visible_comments(roles), "submission__update__"),
    agency="owes",
    framework="home",
    orders={"written_at": Order(("written_at",), "by moment")},
    columns=(
        number("id", "its number, which the verbs call comment"),
        number("update", "number of the update", "submission__update_id"),
        number("submission", "number of the submission", "submission_id"),
        *place_columns("submission__update__"),
        text("field", "the field that it is about; empty for the whole"),
        text("text", "what is said"),
        text("suggestion", "the text that can be taken over"),
        text("on_text", "SHA-256 of the text that it was written about"),
        moment("written_at", "when"),
        text("written_by", "name of the person", "written_by__name"),
        moment("closed_at", "when it was closed", empty=True),
        text("closed_by", "name of the person", "closed_by__name", empty=True),
    ),
    filters=(
        *place_filters("submission__update__"),
        Filter("update", "on this update", Kind.INTEGER, "submission__update_id"),
        Filter("submission", "on this submission", Kind.INTEGER, "submission_id"),
        Filter("open", "that nobody has closed", Kind.BOOLEAN, "closed_at", "isnull"),
    ),
)


def answers_of(roles: Roles) -> QuerySet[Any]:
    """Return the answers that exist for a reader, with the agency whose text they are about."""
    known = access.visible_comments(roles)
    rows = CommentAnswer.objects.filter(comment__in=known.values("pk"))
    return placed(rows, "comment__submission__update__")


COMMENT_ANSWERS = Resource(
    name="comment-answers",
    title="Answers to comments",
    meaning="What the agency, or the coordinator again, says to a comment.",
    rows=answers_of,
    agency="owes",
    framework="home",
    orders={"written_at": Order(("written_at",), "by moment")},
    columns=(
        number("id", "number in addresses"),
        number("comment", "number of the comment", "comment_id"),
        number("update", "number of the update", "comment__submission__update_id"),
        text("text", "what is said"),
        yes("took_suggestion", "the suggested text was taken over"),
        moment("written_at", "when"),
        text("written_by", "name of the person", "written_by__name"),
    ),
    filters=(
        Filter("comment", "to this comment", Kind.INTEGER, "comment_id"),
        Filter("update", "on this update", Kind.INTEGER, "comment__submission__update_id"),
    ),
)


def requests_of(roles: Roles) -> QuerySet[Any]:
    """Return the requests for time that exist for a reader, with the agency that asks."""
    known = access.visible_duties(roles)
    return TimeRequest.objects.filter(duty__in=known.values("pk")).annotate(
        owes=Coalesce("duty__assignment__agency_id", "duty__agency_id"),
        owes_code=Coalesce("duty__assignment__agency__code", "duty__agency__code"),
        home=F("duty__round__framework_id"),
    )


TIME_REQUESTS = Resource(
    name="time-requests",
    title="Requests for time",
    meaning="An agency asks for more time for a duty; a coordinator grants it or refuses.",
    rows=requests_of,
    agency="owes",
    framework="home",
    columns=(
        number("id", "number in addresses"),
        number("duty", "number of the duty", "duty_id"),
        *place_columns(),
        day("until_on", "the due date that is asked for"),
        text("reason", "why"),
        moment("recorded_at", "when it was asked"),
        text("recorded_by", "name of the person", "recorded_by__name", empty=True),
        yes(
            "granted", "whether it was granted; null while it waits", "answer__granted", empty=True
        ),
        day("due_on", "the new due date", "answer__due_on", empty=True),
        text("answer", "what the coordinator says", "answer__reason", empty=True),
        moment("answered_at", "when", "answer__recorded_at", empty=True),
        text("answered_by", "name of the person", "answer__recorded_by__name", empty=True),
    ),
    filters=(
        in_framework("duty__round__framework"),
        Filter("duty", "of this duty", Kind.INTEGER, "duty_id"),
        Filter("agency", "of the agency with this code", Kind.CODE, "owes_code"),
        Filter("open", "that wait for an answer", Kind.BOOLEAN, "answer", "isnull"),
    ),
)
