"""How the content of an update is shown: line by line, in the order of the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.domain.contents import BELONGS, FIELD_WORDS, TEXTS
from recommendations.domain.questionnaires import asked_in
from recommendations.models import (
    Content,
    Draft,
    Evidence,
    RoundQuestion,
    Submission,
    SubmissionKind,
    Update,
)

TEXT_OF = "text_of"
"""The line below which stands what was said earlier, and is repeated."""
LABELS = {
    **FIELD_WORDS,
    "kind": _("Kind"),
    "no_change": _("Why nothing changed"),
    TEXT_OF: _("Text of"),
    "reason": _("Why on hold"),
    "resume_on": _("To be resumed on"),
    "discontinued_because": _("Why discontinued"),
    "superseded_by": _("Action that takes its place"),
    "evidence_waiver": _("Why there is no evidence"),
}


@dataclass(frozen=True)
class Line:
    """One field of an update and what it says; an answer stands under its question."""

    name: str
    value: str
    status: str = ""
    question: str = ""

    @property
    def label(self) -> str | Promise:
        """Return what the field is called."""
        return self.question or LABELS[self.name]

    @property
    def said(self) -> bool:
        """Say whether people wrote it."""
        written = (*TEXTS, "no_change", "reason", "evidence_waiver")
        return bool(self.question) or self.name in written

    @property
    def empty(self) -> str | Promise:
        """Return what stands where nothing was written."""
        return _("Not answered") if self.question else _("Not provided")


def draft_lines(draft: Draft, update: Update) -> list[Line]:
    """Return the lines of a draft: what would be sent of it."""
    assignment = update.duty.assignment
    repeats = assignment.in_force if assignment else None
    return lines(draft, repeats=repeats, questions=asked_in(update))


def labels(update: Update) -> dict[str, str | Promise]:
    """Return what the fields of an update are called, in the order of its form."""
    return labelled(asked_in(update))


def labelled(questions: Sequence[RoundQuestion]) -> dict[str, str | Promise]:
    """Return what the fields are called: the questions, or the parts of a report."""
    if not questions:
        return {**LABELS}
    answers = {one.field: str(one) for one in questions}
    return {"kind": LABELS["kind"], **answers, "evidence": LABELS["evidence"]}


def lines(
    content: Content,
    *,
    repeats: Submission | None = None,
    questions: Sequence[RoundQuestion] = (),
) -> list[Line]:
    """Return the lines of a content; those that its status does not ask for are left out.

    A "nothing new" shows the text that it repeats, and of when that is; what else stands in
    such a draft is not sent. `questions` are those of a questionnaire.
    """
    if content.kind == SubmissionKind.NOTHING_TO_REPORT:
        return [line(content, "kind")]
    if questions:
        return [answer(content, one) for one in questions]
    told: Content = content
    found = [line(content, "kind")]
    if content.kind == SubmissionKind.NO_CHANGE:
        found.append(Line("no_change", str(content.body.get("done", ""))))
        if repeats is None:
            return found
        told = report = repeats.repeats or repeats
        found.append(Line(TEXT_OF, date_format(report.submitted_at, "j M Y")))
    found += [line(told, name) for name in ("status", *TEXTS)]
    asked = [name for name, (status, _empty) in BELONGS.items() if told.status == status]
    return found + [line(told, name) for name in asked if said(told, name)]


def answer(content: Content, question: RoundQuestion) -> Line:
    """Return the line of a question."""
    said = str(content.body.get(question.field, ""))
    return Line(question.field, said, question=str(question))


def line(content: Content, name: str) -> Line:
    """Return one line of a content."""
    if name == "status":
        return Line(name, "", content.status)
    return Line(name, said(content, name))


def said(content: Content, name: str) -> str:
    """Return what a content says in a field, in words."""
    if name in TEXTS:
        return str(content.body.get(name, ""))
    if name in ("kind", "discontinued_because"):
        return str(getattr(content, f"get_{name}_display")())
    value: Any = getattr(content, name)
    if name == "resume_on":
        return date_format(value, "j M Y") if value else ""
    return "" if value is None else str(value)


def titles(evidence: Iterable[Evidence]) -> str:
    """Return pieces of evidence as one text, for a comparison."""
    return "\n".join(shown.title for shown in evidence)
