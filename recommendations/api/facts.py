"""What the verbs take beside the object: one table of facts, their kinds and their meanings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices, TextChoices

from agencies.models import Agency, WorkingGroup
from recommendations.api.columns import Kind
from recommendations.api.reader import Reader
from recommendations.domain import access, behalf
from recommendations.domain.assessments import AGREE, DIFFER, LEAVE_OPEN
from recommendations.models import ImplementationStatus, Precision, Role


def words(name: str, choices: Iterable[tuple[str, Any]]) -> Any:
    """Return choices as a class, as bodies and the schema want them: each word with its meaning."""
    made: Any = TextChoices
    return made(name, [(value.upper(), (value, label)) for value, label in choices])


class Claim(TextChoices):
    """What a coordinator says about the claim of a text that they approve."""

    AGREE = AGREE, "the status is as it was reported"
    DIFFER = DIFFER, "it is another one: give status and reason"
    LEAVE_OPEN = LEAVE_OPEN, "nothing is said about it"


@dataclass(frozen=True)
class Fact:
    """A field of the body of a verb. `found` turns what it names into a row, if there is one."""

    name: str
    meaning: str
    kind: Kind = Kind.TEXT
    choices: type[Choices] | None = None
    found: Callable[[Reader, Any, Any], Any] | None = None


def agency(reader: Reader, obj: Any, code: str) -> Agency | None:
    """Return the agency with a code."""
    return Agency.objects.filter(code__iexact=code).first()


def group(reader: Reader, obj: Any, code: str) -> WorkingGroup | None:
    """Return the group with a code."""
    return WorkingGroup.objects.filter(code__iexact=code).first()


def assignment(reader: Reader, obj: Any, pk: int) -> Any:
    """Return an assignment that exists for the reader."""
    rows = access.visible_assignments(reader.roles).select_related("agency__merged_into")
    return rows.filter(pk=pk).first()


def round_in(reader: Reader, obj: Any, code: str) -> Any:
    """Return a round of the framework of an object that exists for the reader."""
    rounds = access.visible_rounds(reader.roles)
    return rounds.filter(framework=obj.framework_id, code__iexact=code).first()


TARGET = (
    Fact("target_on", "target date", Kind.DATE),
    Fact("target_precision", "how exactly it is known; without it, a day", Kind.WORD, Precision),
    Fact("target_text", "target date in words"),
)
DUE_ON = Fact("due_on", "new due date", Kind.DATE)
CLOSES_ON = Fact("closes_on", "new closing day", Kind.DATE)
COMMENTS = (
    Fact("field_comments", "what is said about single fields: field and text", Kind.OBJECT),
    Fact("suggestions", "texts that the agency can take over: field and text", Kind.OBJECT),
)
COMMENT = Fact("comment", "number of the comment", Kind.INTEGER)
DRAFT_VERSION = Fact(
    "draft_version", "version of the unsent text; without it, that of If-Match", Kind.INTEGER
)
CONTENT = Fact("content", "the text, as PATCH …/draft/ takes it", Kind.OBJECT)
STATUS = Fact("status", "the status that you see", Kind.WORD, ImplementationStatus)

FACTS: Mapping[tuple[str, str], tuple[Fact, ...]] = {
    ("action", "assign"): (
        Fact("agency", "code of the agency", Kind.CODE, found=agency),
        Fact("role", "who is answerable", Kind.WORD, Role),
        Fact("respond_by", "day to answer by; without it, in 14 days", Kind.DATE),
        Fact("through", "code of the group by which it comes", Kind.CODE, found=group),
        *TARGET,
    ),
    ("action", "take_over"): (
        Fact("assignment", "number of the assignment that ended", Kind.INTEGER, found=assignment),
    ),
    ("assignment", "set_target"): TARGET,
    ("assignment", "assess"): (STATUS,),
    ("assignment", "report"): (
        Fact("round", "code of a round that is open", Kind.CODE, found=round_in),
    ),
    ("round", "extend"): (DUE_ON, CLOSES_ON),
    ("round", "reopen"): (DUE_ON, CLOSES_ON),
    ("duty", "set_due"): (DUE_ON,),
    ("duty", "ask"): (Fact("until_on", "the due date that you ask for", Kind.DATE),),
    ("duty", "grant"): (DUE_ON,),
    ("update", "clear"): (DRAFT_VERSION,),
    ("update", "submit"): (DRAFT_VERSION, CONTENT),
    ("update", "comment"): COMMENTS,
    ("update", "answer_comment"): (COMMENT, Fact("text", "the answer")),
    ("update", "close_comment"): (COMMENT,),
    ("update", "take_suggestion"): (
        COMMENT,
        CONTENT,
        DRAFT_VERSION,
        Fact("replace", "also where the text changed since", Kind.BOOLEAN),
    ),
    ("update", "return"): (DUE_ON, *COMMENTS),
    ("update", "approve"): (
        Fact("claim", "what you say about the reported status", Kind.WORD, Claim),
        STATUS,
        Fact("reason", "why you see another status"),
        *COMMENTS,
    ),
    ("update", "reopen"): (DUE_ON,),
    ("update", "retract"): (DUE_ON,),
}
"""The facts of each verb, by (noun, verb); a verb that is not here takes a note alone."""

NOTE = Fact("note", "the reason, or what is said with it; kept in the history")
ON_BEHALF_OF = Fact(
    "on_behalf_of",
    "number of the focal point or alternate for whom a coordinator or administrator enters it, as "
    "it came by mail or telephone; without it, you act in your own name. Any other number is "
    "refused with the numbers and names of those who can be named, under “people”",
    Kind.INTEGER,
)


def taken_by(noun: str, verb: str) -> tuple[Fact, ...]:
    """Return the fields that the body of a verb takes."""
    named = (ON_BEHALF_OF,) if (noun, verb) in behalf.ON_BEHALF else ()
    return (NOTE, *FACTS.get((noun, verb), ()), *named)
