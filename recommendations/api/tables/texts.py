"""What agencies write, what they sent, what was decided on it, and what shows it."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from agencies.access import Roles
from recommendations.api.columns import Audience, Column, Filter, Kind
from recommendations.api.resources import (
    Order,
    Resource,
    code,
    day,
    moment,
    number,
    text,
    word,
)
from recommendations.api.tables.reference import in_framework
from recommendations.api.tables.shared import OF_UPDATES, narrow_updates
from recommendations.domain import access
from recommendations.models import (
    Decision,
    DiscontinuedBecause,
    Duty,
    ImplementationStatus,
    ReviewState,
    Submission,
    SubmissionKind,
    Update,
)

INSIDE, AGENCY = Audience.INSIDE, Audience.AGENCY


def placed(rows: QuerySet[Any], path: str = "") -> QuerySet[Any]:
    """Add the agency and the framework of an update, which stands at this path, to each row."""
    duty = f"{path}duty__"
    found: QuerySet[Any] = rows.annotate(
        owes=Coalesce(f"{duty}assignment__agency_id", f"{duty}agency_id"),
        owes_code=Coalesce(f"{duty}assignment__agency__code", f"{duty}agency__code"),
        home=F(f"{duty}round__framework_id"),
    )
    return found


def place_columns(path: str = "") -> tuple[Column, ...]:
    """Return the columns that say where an update, at this path, belongs."""
    duty = f"{path}duty__"
    return (
        code("framework", "address of the framework", f"{duty}round__framework__slug"),
        code("round", "code of the round", f"{duty}round__code"),
        code("agency", "code of the agency", "owes_code"),
        code(
            "action",
            "code of the action; null for a questionnaire",
            f"{duty}assignment__action__code",
            empty=True,
        ),
    )


def place_filters(path: str = "") -> tuple[Filter, ...]:
    """Return the filters by where an update, at this path, belongs."""
    duty = f"{path}duty__"
    return (
        in_framework(f"{duty}round__framework"),
        Filter("round", "of the round with this code", Kind.CODE, f"{duty}round__code"),
        Filter("agency", "of the agency with this code", Kind.CODE, "owes_code"),
        Filter(
            "action", "on the action with this code", Kind.CODE, f"{duty}assignment__action__code"
        ),
    )


def content_columns(path: str = "", **more: Any) -> tuple[Column, ...]:
    """Return the columns of a text: the claim and what is said."""
    given = {"empty": bool(path), **more}
    return (
        word("kind", "what it says", SubmissionKind, f"{path}kind", **given),
        word(
            "status",
            "the claim: how far the action is",
            ImplementationStatus,
            f"{path}status",
            **{**given, "blank": True},
        ),
        text("reason", "why it is on hold", f"{path}reason", **given),
        day("resume_on", "when work is to resume", f"{path}resume_on", **{**given, "empty": True}),
        word(
            "discontinued_because",
            "why it is discontinued",
            DiscontinuedBecause,
            f"{path}discontinued_because",
            **{**given, "blank": True},
        ),
        code(
            "superseded_by",
            "code of the action that takes its place",
            f"{path}superseded_by__code",
            **{**given, "empty": True},
        ),
        text("evidence_waiver", "why there is no evidence", f"{path}evidence_waiver", **given),
        Column(
            "body",
            "the texts by field: done, challenges, next_steps, or q1, q2, …",
            Kind.OBJECT,
            f"{path}body",
            **given,
        ),
    )


def draft_columns() -> tuple[Column, ...]:
    """Return the columns of an unsent text: told to its agency alone."""
    found = (
        moment(
            "draft_begun_at", "since when a text is being written", "draft__begun_at", empty=True
        ),
        number(
            "draft_version",
            "version of the unsent text; null where there is none",
            "draft__version",
            empty=True,
            audience=AGENCY,
        ),
        moment(
            "draft_saved_at",
            "when it was last saved",
            "draft__saved_at",
            empty=True,
            audience=AGENCY,
        ),
    )
    texts = content_columns("draft__", audience=AGENCY)
    return (*found, *(Column(**{**vars(one), "name": f"draft_{one.name}"}) for one in texts))


UPDATES = Resource(
    name="updates",
    title="Updates",
    meaning=(
        "One document of a duty. What was sent of it are its submissions; what is being written "
        "is told to its agency alone, with one update; what writing starts from, at its draft/."
    ),
    rows=lambda roles: placed(access.visible_updates(roles)),
    noun="update",
    agency="owes",
    framework="home",
    tag=("version",),
    own_tag=("draft__version",),
    order="id",
    orders={
        "due_on": Order(("duty__due_on",), "by due date", empty=True),
        "agency": Order(("owes_code",), "by the code of the agency"),
    },
    columns=(
        number("id", "number in addresses"),
        number("duty", "number of the duty", "duty_id"),
        *place_columns(),
        word("kind", "an update, or the questionnaire", Duty.Kind, "duty__kind"),
        word("review_state", "whether the text is agreed", ReviewState),
        number("corrects", "number of the update that it corrects", "corrects_id", empty=True),
        day("due_on", "due date of its duty", "duty__due_on", empty=True),
        word("duty_state", "state of its duty", Duty.State, "duty__state"),
        number("version", "rises with every change of it"),
    ),
    more=draft_columns(),
    filters=(
        *place_filters(),
        *OF_UPDATES,
        Filter("review_state", "in this state", Kind.WORD, choices=ReviewState),
        Filter("duty", "of this duty", Kind.INTEGER, "duty_id"),
        Filter(
            "duty_state", "of duties in this state", Kind.WORD, "duty__state", choices=Duty.State
        ),
        Filter("due_before", "due before this day", Kind.DATE, "duty__due_on", "lt"),
    ),
    narrow=narrow_updates,
)


def named(name: str, meaning: str) -> Column:
    """Return the column of a person's name, which the two sides are told."""
    return text(name, meaning, f"{name}__name", empty=True, audience=INSIDE)


def submissions_of(roles: Roles) -> QuerySet[Any]:
    """Return the submissions that exist for a reader: the public ones, and those of their side.

    What an agency took back before a decision is its own again.
    """
    shown = access.public_now(Submission.objects.all())
    if not roles.has_part:
        return placed(shown, "update__")
    own = Update.objects.filter(access.agency_in(roles.agencies))
    inside = access.visible_updates(roles)
    rows = Submission.objects.filter(
        Q(update__in=own.values("pk"))
        | Q(update__in=inside.values("pk"), withdrawal__isnull=True)
        | Q(pk__in=shown.values("pk"))
    )
    return placed(rows, "update__")


SUBMISSIONS = Resource(
    name="submissions",
    title="Submissions",
    meaning=(
        "A text as it was sent, frozen. Public from its publication on, unless it is retracted. "
        "What an agency took back before a decision is told to itself alone."
    ),
    rows=submissions_of,
    agency="owes",
    framework="home",
    public=True,
    order="id",
    orders={"submitted_at": Order(("submitted_at",), "by the moment of sending")},
    columns=(
        number("id", "number in addresses"),
        number("update", "number of the update", "update_id"),
        number("number", "which text of the update it is, from 1", audience=INSIDE, empty=True),
        *place_columns("update__"),
        *content_columns(),
        number(
            "repeats",
            "number of the submission whose text “nothing new” repeats",
            "repeats_id",
            empty=True,
        ),
        text("content_hash", "SHA-256 of the content"),
        moment("submitted_at", "when it was sent"),
        named("submitted_by", "name of the person who sent it"),
        named("on_behalf_of", "name of the person for whom it was entered"),
        named("cleared_by", "name of the person who cleared it"),
        moment("cleared_at", "when it was cleared", empty=True, audience=INSIDE),
        moment("published_at", "since when it is public", "publication__recorded_at", empty=True),
        moment(
            "withdrawn_at",
            "when the agency took it back",
            "withdrawal__recorded_at",
            empty=True,
            audience=AGENCY,
        ),
    ),
    filters=(
        *place_filters("update__"),
        Filter("update", "of this update", Kind.INTEGER, "update_id"),
        Filter("kind", "of this kind", Kind.WORD, choices=SubmissionKind),
        Filter("status", "that claim this status", Kind.WORD, choices=ImplementationStatus),
        Filter(
            "submitted_since", "sent at this moment or later", Kind.MOMENT, "submitted_at", "gte"
        ),
    ),
)

DECISIONS = Resource(
    name="decisions",
    title="Decisions",
    meaning="What a coordinator decided on a submission, and why. Told to the two sides alone.",
    rows=lambda roles: placed(
        Decision.objects.filter(submission__update__in=access.visible_updates(roles).values("pk")),
        "submission__update__",
    ),
    agency="owes",
    framework="home",
    order="id",
    orders={"decided_at": Order(("decided_at",), "by moment")},
    columns=(
        number("id", "number in addresses"),
        number("update", "number of the update", "submission__update_id"),
        number("submission", "number of the submission", "submission_id"),
        *place_columns("submission__update__"),
        word("verb", "what was decided", Decision.Verb),
        text("comment", "what the coordinator says"),
        day("due_on", "new due date", empty=True),
        moment("decided_at", "when"),
        text("decided_by", "name of the person", "decided_by__name"),
    ),
    filters=(
        *place_filters("submission__update__"),
        Filter("update", "on this update", Kind.INTEGER, "submission__update_id"),
        Filter("submission", "on this submission", Kind.INTEGER, "submission_id"),
        Filter("verb", "of this kind", Kind.WORD, choices=Decision.Verb),
    ),
)
