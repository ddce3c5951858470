"""What is written field by field: reference data and planned rounds, and by which names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agencies.access import Roles
from agencies.models import Agency, GroupMembership, Versioned, WorkingGroup
from recommendations.api import facts
from recommendations.api.columns import Kind
from recommendations.api.facts import Fact
from recommendations.api.reader import Reader
from recommendations.api.resources import Resource
from recommendations.api.tables import BY_NAME
from recommendations.domain import access
from recommendations.models import (
    Action,
    Framework,
    KeyElement,
    Milestone,
    Passage,
    PriorityArea,
    Question,
    Round,
)


@dataclass(frozen=True)
class Plain:
    """A resource whose rows are written field by field: which fields, and which stay."""

    name: str
    model: type[Versioned]
    facts: tuple[Fact, ...]

    @property
    def resource(self) -> Resource:
        """Return it as it is read."""
        return BY_NAME[self.name]

    @property
    def needed(self) -> tuple[Fact, ...]:
        """Return the fields without which there is no new row: the model has nothing for them."""
        fields = {one.name: self.model._meta.get_field(one.name) for one in self.facts}
        found = tuple(one for one in self.facts if must_be_given(fields[one.name]))
        return found if self.model is Round else (*found, REASON)

    @property
    def changed(self) -> tuple[Fact, ...]:
        """Return the fields that can be changed once a row exists."""
        fixed = (*self.model.fixed, *(("framework", "code") if self.model is Round else ()))
        return tuple(one for one in self.facts if one.name not in fixed)


def must_be_given(field: Any) -> bool:
    """Say whether a field of a model can neither be empty nor say something by itself."""
    return not (field.blank or field.null or field.has_default())


def framework(reader: Reader, obj: Any, slug: str) -> Framework | None:
    """Return a framework that the person edits; others fail as if they were unknown."""
    found = Framework.objects.filter(slug__iexact=slug).first()
    if found is None:
        return None
    edits = access.sees_inside if isinstance(obj, Round) else Roles.is_administrator
    return found if edits(reader.acting, found.pk) else None


def area(reader: Reader, obj: Any, code: str) -> PriorityArea | None:
    """Return an area of the framework of a row."""
    return PriorityArea.objects.filter(framework=obj.framework_id, code__iexact=code).first()


def passage(reader: Reader, obj: Any, number: int) -> Passage | None:
    """Return a passage of the source of the framework of a row."""
    return Passage.objects.filter(framework=obj.framework_id, number=number).first()


ITS_FRAMEWORK = Fact("framework", "address of the framework", Kind.CODE, found=framework)
CODE = Fact("code", "code; it stays", Kind.CODE)
PLACE = Fact("order", "place in the source, from 1", Kind.INTEGER)
PASSAGE = Fact("passage", "number of the passage of the source", Kind.INTEGER, found=passage)
REASON = Fact("reason", "why; it is kept in the history")
GROUP = Fact("group", "code of the group", Kind.CODE, found=facts.group)
TITLE, TEXT = Fact("title", "title"), Fact("text", "text")

REFERENCE = (
    Plain(
        "frameworks",
        Framework,
        (
            Fact("slug", "its address; it stays", Kind.CODE),
            TITLE,
            Fact("short_title", "short title"),
            Fact("source", "document in which it stands"),
            Fact("mandate", "mandate on which it rests"),
            Fact("endorsement", "who endorsed it"),
            Fact("endorsed_on", "day of the endorsement", Kind.DATE),
            Fact("is_default", "shown where no framework is named", Kind.BOOLEAN),
        ),
    ),
    Plain(
        "areas",
        PriorityArea,
        (ITS_FRAMEWORK, CODE, TITLE, Fact("statement", "statement"), PLACE, PASSAGE),
    ),
    Plain(
        "actions",
        Action,
        (
            ITS_FRAMEWORK,
            Fact("area", "code of its priority area; it stays", Kind.CODE, found=area),
            CODE,
            Fact("kind", "action or issue; it stays", Kind.WORD, Action.Kind),
            Fact("official_text", "text of the source, to the letter"),
            Fact("short_title", "short title"),
            PLACE,
            PASSAGE,
        ),
    ),
    Plain("key-elements", KeyElement, (ITS_FRAMEWORK, CODE, TEXT, PLACE, PASSAGE)),
    Plain(
        "milestones",
        Milestone,
        (
            ITS_FRAMEWORK,
            CODE,
            Fact("date_text", "date as written"),
            Fact("sort_on", "its first day", Kind.DATE),
            TITLE,
            TEXT,
            PLACE,
            PASSAGE,
        ),
    ),
    Plain(
        "questions",
        Question,
        (
            ITS_FRAMEWORK,
            Fact("number", "number; it stays", Kind.INTEGER),
            Fact("heading", "heading"),
            Fact("text", "the question"),
            Fact("asked", "asked in coming rounds", Kind.BOOLEAN),
            PASSAGE,
        ),
    ),
    Plain(
        "agencies",
        Agency,
        (
            CODE,
            Fact("acronym", "acronym"),
            Fact("name", "full name"),
            Fact("aliases", "other names"),
            Fact("category", "what it is to the group; it stays", Kind.WORD, Agency.Category),
            Fact("counted", "stands in the denominators; it stays", Kind.BOOLEAN),
            Fact(
                "clears_before_sending",
                "a clearing officer reads each text before it is sent",
                Kind.BOOLEAN,
            ),
        ),
    ),
    Plain(
        "groups",
        WorkingGroup,
        (
            CODE,
            Fact("name", "name"),
            Fact("kind", "kind", Kind.WORD, WorkingGroup.Kind),
            Fact("parent", "code of the group to which it belongs", Kind.CODE, found=facts.group),
            Fact("predecessor", "code of the group before it", Kind.CODE, found=facts.group),
            Fact("since", "since when, as the source says"),
            Fact("until", "until when, as the source says"),
            Fact("note", "note"),
            Fact("source", "where the source says so"),
        ),
    ),
    Plain(
        "group-memberships",
        GroupMembership,
        (
            GROUP,
            Fact("agency", "code of the agency", Kind.CODE, found=facts.agency),
            Fact("role", "role; it stays", Kind.WORD, GroupMembership.Role),
            Fact("from_on", "first day", Kind.DATE),
            Fact("until_on", "last day", Kind.DATE),
        ),
    ),
)
ROUND = Plain(
    "rounds",
    Round,
    (
        ITS_FRAMEWORK,
        CODE,
        Fact("opens_on", "day on which it opens", Kind.DATE),
        Fact("due_on", "day on which updates are due", Kind.DATE),
        Fact("closes_on", "day on which it closes", Kind.DATE),
        Fact("with_supporting", "supporting agencies report as well", Kind.BOOLEAN),
        Fact("with_questionnaire", "every agency answers the questionnaire", Kind.BOOLEAN),
        Fact("reminder_days", "days before (−) and after the due date to remind on", Kind.NUMBERS),
        Fact("reminder_every", "then every so many days; 0: not again", Kind.INTEGER),
        Fact("reminder_last", "no later than so many days after it", Kind.INTEGER),
    ),
)
"""Written by coordinators and administrators, by the functions of the page of rounds."""
WRITTEN = {one.name: one for one in (*REFERENCE, ROUND)}
