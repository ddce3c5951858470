"""The text of an update as a request carries it, and as the domain takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from recommendations.api.asked import wrong
from recommendations.api.bodies import read, refuse_unknown, texts
from recommendations.api.columns import Kind
from recommendations.api.facts import Fact
from recommendations.api.problems import Refused
from recommendations.domain import updates
from recommendations.domain.contents import TEXTS
from recommendations.domain.questionnaires import asked_in
from recommendations.models import (
    Action,
    DiscontinuedBecause,
    Draft,
    ImplementationStatus,
    SubmissionKind,
    Update,
)

CONTENT: tuple[Fact, ...] = (
    Fact("kind", "what it says", Kind.WORD, SubmissionKind),
    Fact("status", "how far the action is", Kind.WORD, ImplementationStatus),
    Fact("reason", "why it is on hold"),
    Fact("resume_on", "when work is to resume", Kind.DATE),
    Fact("discontinued_because", "why it is discontinued", Kind.WORD, DiscontinuedBecause),
    Fact("superseded_by", "code of the action that takes its place", Kind.CODE),
    Fact("evidence_waiver", "why there is no evidence"),
    Fact("body", "texts by field: done, challenges, next_steps, or q1, q2, …", Kind.OBJECT),
)
BLANK = ("status", "discontinued_because")
"""Words that may be taken back: an empty text, or null."""
NULL = ("resume_on", "superseded_by")
"""What is null where nothing is said; everything else is an empty text."""


def told(update: Update) -> dict[str, Any]:
    """Return the text that `patched` starts from, in the words in which it takes fields."""
    start = Draft(**updates.starting_content(update))
    fields = {fact.name: getattr(start, fact.name) for fact in CONTENT}
    return {**fields, "superseded_by": start.superseded_by and start.superseded_by.code}


def patched(update: Update, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of an update with these fields changed; its texts are changed by name.

    It starts from what is being written, else from what was last sent. Raises Refused.
    """
    content = updates.starting_content(update)
    changed = content_in(update, given)
    body = {**content.get("body", {}), **changed.pop("body", {})}
    return {**content, **changed, "body": {name: text for name, text in body.items() if text}}


def content_in(update: Update, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a content that a request gives. Raises Refused."""
    refuse_unknown(given, [fact.name for fact in CONTENT])
    found: dict[str, Any] = {}
    for fact in CONTENT:
        if fact.name not in given:
            continue
        value = given[fact.name]
        blank = value in ("", None) and fact.name in BLANK
        read_as: Any = "" if blank else read(fact, value)
        if fact.name == "superseded_by" and read_as is not None:
            read_as = action_in(update, read_as)
        if fact.name == "body":
            read_as = body_in(update, read_as or {})
        if fact.name == "kind" and read_as is None:
            raise wrong("kind", _("Choose a report, nothing new, or nothing to report."))
        found[fact.name] = "" if read_as is None and fact.name not in NULL else read_as
    return found


def within_it(refused: Refused) -> Refused:
    """Return a refusal of a content as that of a body that has it under its name."""
    fields = refused.more.get("fields")
    inside = {"fields": {f"content.{name}": fields[name] for name in fields}} if fields else {}
    return Refused(refused.slug, str(refused), **{**refused.more, **inside})


def action_in(update: Update, code: str) -> Action:
    """Return the action of the update's framework with a code; an unknown one is refused as
    one of another framework is."""
    action = Action.objects.filter(framework=update.framework_id, code__iexact=code).first()
    if action is None:
        raise wrong("superseded_by", _("Choose another action of the same framework."))
    return action


def body_in(update: Update, given: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a body, each of a field that the update has."""
    questions = asked_in(update)
    refuse_unknown(given, [one.field for one in questions] if questions else TEXTS)
    return texts("body", given)
