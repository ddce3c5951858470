"""Who does what, and how the coordinator sees it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.access import Roles
from recommendations.api.columns import Audience, Filter, Kind
from recommendations.api.resources import Order, Resource, code, day, moment, number, text, word
from recommendations.api.tables.reference import in_framework
from recommendations.domain import access
from recommendations.models import (
    Acceptance,
    Assessment,
    ImplementationStatus,
    Precision,
    Role,
    Submission,
)

INSIDE = Audience.INSIDE

ASSIGNMENTS = Resource(
    name="assignments",
    title="Assignments",
    meaning=(
        "An agency is lead, co-lead or supporting on an action. What it has not taken on is told "
        "to itself and to those who oversee the framework. Its status is told by the figures."
    ),
    rows=lambda roles: access.visible_assignments(roles),
    noun="assignment",
    agency="agency_id",
    framework="action__framework_id",
    public=True,
    tag=("version",),
    order="place",
    orders={
        "place": Order(
            ("action__framework_id", "action__area__order", "action__order", "agency__sort_key"),
            "as the source sorts the actions, then by agency",
        ),
        "target_on": Order(("target_on",), "by target date", empty=True),
    },
    columns=(
        number("id", "number in addresses"),
        code("framework", "address of the framework", "action__framework__slug"),
        code("action", "code of the action", "action__code"),
        code("agency", "code of the agency", "agency__code"),
        word("role", "who is answerable", Role),
        word("acceptance", "whether it is taken on", Acceptance),
        day("respond_by", "day to answer by", empty=True, audience=INSIDE),
        code(
            "through",
            "code of the group by which it came",
            "through__code",
            empty=True,
            audience=INSIDE,
        ),
        day("target_on", "target date", empty=True),
        word("target_precision", "how exactly the date is known", Precision, blank=True),
        text("target_text", "target date as written"),
        moment("recorded_at", "when it was assigned", audience=INSIDE, empty=True),
        number("version", "rises with every change of it", audience=INSIDE, empty=True),
    ),
    filters=(
        in_framework("action__framework"),
        Filter("area", "on actions of this area", Kind.CODE, "action__area__code"),
        Filter("action", "on the action with this code", Kind.CODE, "action__code"),
        Filter("agency", "of the agency with this code", Kind.CODE, "agency__code"),
        Filter("role", "in this role", Kind.WORD, choices=Role),
        Filter("acceptance", "in this state", Kind.WORD, choices=Acceptance),
        Filter("target_before", "due before this day", Kind.DATE, "target_on", "lt"),
    ),
)


def visible_assessments(roles: Roles) -> QuerySet[Any]:
    """Return the assessments that exist for a reader: of published texts, and of their own side."""
    shown = access.public_now(Submission.objects.filter(pk=OuterRef("submission")))
    return Assessment.objects.filter(
        Exists(shown)
        | Q(assignment__agency__in=roles.agencies)
        | access.oversees_or_none(roles, "assignment__action__framework")
    )


ASSESSMENTS = Resource(
    name="assessments",
    title="Assessments",
    meaning="How far a coordinator sees an assignment, resting on one submission. Never changed.",
    rows=visible_assessments,
    agency="assignment__agency_id",
    framework="assignment__action__framework_id",
    public=True,
    order="id",
    orders={"recorded_at": Order(("recorded_at",), "by moment")},
    columns=(
        number("id", "number in addresses"),
        number("assignment", "number of the assignment", "assignment_id"),
        code("framework", "address of the framework", "assignment__action__framework__slug"),
        code("action", "code of the action", "assignment__action__code"),
        code("agency", "code of the agency", "assignment__agency__code"),
        number("submission", "number of the submission on which it rests", "submission_id"),
        word("status", "the status that the coordinator sees", ImplementationStatus),
        text("reason", "why it differs from the claim", audience=INSIDE, empty=True),
        moment("recorded_at", "when it was written"),
        text(
            "recorded_by",
            "name of the person",
            "recorded_by__name",
            audience=INSIDE,
            empty=True,
        ),
    ),
    filters=(
        in_framework("assignment__action__framework"),
        Filter("assignment", "of this assignment", Kind.INTEGER, "assignment_id"),
        Filter("action", "on the action with this code", Kind.CODE, "assignment__action__code"),
        Filter("agency", "of the agency with this code", Kind.CODE, "assignment__agency__code"),
        Filter("status", "with this status", Kind.WORD, choices=ImplementationStatus),
    ),
)
