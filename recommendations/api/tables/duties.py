"""Rounds of reporting, and what agencies owe in them."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from agencies.access import Roles
from recommendations.api.columns import Audience, Filter, Kind
from recommendations.api.resources import (
    Order,
    Resource,
    code,
    day,
    listed,
    moment,
    number,
    text,
    word,
    yes,
)
from recommendations.api.tables.reference import in_framework
from recommendations.api.tables.shared import OF_DUTIES, narrow_duties
from recommendations.domain import access
from recommendations.models import Duty, Round, RoundQuestion

INSIDE = Audience.INSIDE


def rounds_of(roles: Roles) -> QuerySet[Any]:
    """Return the rounds that exist for a reader: for people with a role, as on the pages."""
    rounds = access.visible_rounds(roles)
    if roles.agencies:
        return rounds
    offices = roles.coordinates | roles.administers | roles.observes
    return rounds.filter(access.reaches(offices, "framework") if offices else Q(pk__in=[]))


ROUNDS = Resource(
    name="rounds",
    title="Rounds",
    meaning="A period in which agencies report: it opens, updates are due, it closes.",
    rows=rounds_of,
    noun="round",
    framework="framework_id",
    tag=("version",),
    order="opens_on",
    orders={
        "opens_on": Order(("opens_on",), "by the day on which they open"),
        "due_on": Order(("due_on",), "by due date"),
    },
    columns=(
        number("id", "number in addresses"),
        code("framework", "address of the framework", "framework__slug"),
        code("code", "code, unique in its framework"),
        word("state", "planned, open or closed", Round.State),
        day("opens_on", "day on which it opens"),
        day("due_on", "day on which updates are due"),
        day("closes_on", "day on which it closes"),
        yes("with_supporting", "supporting agencies report as well"),
        yes("with_questionnaire", "every agency answers the questionnaire"),
        listed("reminder_days", "days before (−) and after the due date to remind on"),
        number("reminder_every", "then every so many days; 0: not again"),
        number("reminder_last", "no later than so many days after the due date"),
        yes("held", "publication is held", audience=INSIDE, empty=True),
        number("version", "rises with every change of it", audience=INSIDE, empty=True),
    ),
    filters=(
        in_framework("framework"),
        Filter("code", "with this code", Kind.CODE),
        Filter("state", "in this state", Kind.WORD, choices=Round.State),
    ),
)


ROUND_QUESTIONS = Resource(
    name="round-questions",
    title="Questions of a round",
    meaning="A question as a round asks it: fixed when the round opened.",
    rows=lambda roles: RoundQuestion.objects.filter(round__in=rounds_of(roles).values("pk")),
    framework="round__framework_id",
    order="place",
    orders={"place": Order(("round_id", "number"), "as they are asked")},
    columns=(
        number("id", "number in addresses"),
        code("framework", "address of the framework", "round__framework__slug"),
        code("round", "code of the round", "round__code"),
        number("question", "number of the question in addresses", "question_id"),
        number("number", "number; the answer is kept as q and this number"),
        text("heading", "heading"),
        text("text", "the question as it was asked"),
    ),
    filters=(
        in_framework("round__framework"),
        Filter("round", "of the round with this code", Kind.CODE, "round__code"),
    ),
)


def duties_of(roles: Roles) -> QuerySet[Any]:
    """Return the duties that exist for a reader, with the agency that owes each."""
    return access.visible_duties(roles).annotate(
        owes=Coalesce("assignment__agency_id", "agency_id"),
        owes_code=Coalesce("assignment__agency__code", "agency__code"),
        home=F("round__framework_id"),
    )


DUTIES = Resource(
    name="duties",
    title="Duties",
    meaning="What an agency owes in a round: an update on an action, or the questionnaire.",
    rows=duties_of,
    noun="duty",
    agency="owes",
    framework="home",
    tag=("version",),
    order="due_on",
    orders={"due_on": Order(("due_on",), "by due date", empty=True)},
    columns=(
        number("id", "number in addresses"),
        code("framework", "address of the framework", "round__framework__slug"),
        code("round", "code of the round", "round__code"),
        word("kind", "an update, or the questionnaire", Duty.Kind),
        code("agency", "code of the agency that owes it", "owes_code"),
        code(
            "action",
            "code of the action; null for a questionnaire",
            "assignment__action__code",
            empty=True,
        ),
        number(
            "assignment",
            "number of the assignment; null for a questionnaire",
            "assignment_id",
            empty=True,
        ),
        yes("voluntary", "nobody asked for it, so it is never late"),
        word("state", "open, met or waived", Duty.State),
        day("due_on", "due date", empty=True),
        text("waived_because", "why it is no longer owed"),
        moment("waived_at", "since when it is no longer owed", empty=True),
        text("waived_by", "name of the person who waived it", "waived_by__name", empty=True),
        moment("recorded_at", "when it began"),
        number("version", "rises with every change of it"),
    ),
    filters=(
        in_framework("round__framework"),
        Filter("round", "of the round with this code", Kind.CODE, "round__code"),
        Filter("agency", "of the agency with this code", Kind.CODE, "owes_code"),
        Filter("action", "on the action with this code", Kind.CODE, "assignment__action__code"),
        Filter("kind", "of this kind", Kind.WORD, choices=Duty.Kind),
        Filter("state", "in this state", Kind.WORD, choices=Duty.State),
        Filter("due_before", "due before this day", Kind.DATE, "due_on", "lt"),
        *OF_DUTIES,
    ),
    narrow=narrow_duties,
)
