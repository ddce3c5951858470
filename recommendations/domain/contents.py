"""What an update must say before it can be sent: the rules of its fields, by kind.

A questionnaire answers the questions of its round and claims nothing; where `questions` are
given, its rules hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.models import (
    Content,
    DiscontinuedBecause,
    ImplementationStatus,
    RoundQuestion,
    Submission,
    SubmissionKind,
)

TEXTS = ("done", "challenges", "next_steps")
"""The fields of the body: what was done, challenges and gaps, next steps."""

FIELD_WORDS = {
    "status": gettext_lazy("Status"),
    "done": gettext_lazy("What was done"),
    "challenges": gettext_lazy("Challenges and gaps"),
    "next_steps": gettext_lazy("Next steps"),
    "evidence": gettext_lazy("Evidence"),
}
"""The fields that a reviewer comments on, as every page and mail calls them."""

LONGEST = 2000
"""Characters in one text; the form counts them down, and never cuts."""


Questions = Sequence[RoundQuestion]
"""The questions of a questionnaire's round; none where an update reports on an action."""


def problems(
    content: Content,
    *,
    evidence: Sequence[object],
    in_force: Submission | None,
    questions: Questions = (),
) -> dict[str, str]:
    """Return what keeps this content from being sent: field → what to do. Empty: nothing."""
    found = {
        name: _("Shorten this text to %(limit)d characters.") % {"limit": LONGEST}
        for name, text in texts(content, questions).items()
        if len(text) > LONGEST
    }
    if questions:
        return found | answer_problems(content, questions)
    if content.kind == SubmissionKind.NO_CHANGE:
        found |= no_change_problems(content, in_force)
    elif content.kind == SubmissionKind.REPORT:
        found |= report_problems(content, evidence)
    elif content.kind != SubmissionKind.NOTHING_TO_REPORT:
        found["kind"] = _("Choose a report, nothing new, or nothing to report.")
    return found


def texts(content: Content, questions: Questions = ()) -> dict[str, str]:
    """Return every text that people write in an update, by the name of its field."""
    if questions:
        return {one.field: str(content.body.get(one.field, "")) for one in questions}
    body = {name: str(content.body.get(name, "")) for name in TEXTS}
    return body | {"reason": content.reason, "evidence_waiver": content.evidence_waiver}


def commented(questions: Questions = ()) -> tuple[str, ...]:
    """Return the fields on which a reviewer can comment: each answer, or each text and more."""
    if questions:
        return (*(one.field for one in questions), "evidence")
    return (*TEXTS, "status", "evidence")


def answer_problems(content: Content, questions: Questions) -> dict[str, str]:
    """Return what keeps a questionnaire from being sent: one answer at least says something.

    Questions may stay unanswered; they are shown so.
    """
    if content.kind == SubmissionKind.NOTHING_TO_REPORT:
        return {}
    if content.kind != SubmissionKind.REPORT:
        return {"kind": _("Choose your answers, or nothing to report.")}
    if not any(said(content, one.field) for one in questions):
        return {
            questions[0].field: _("Answer one question at least, or choose “Nothing to report”.")
        }
    return {}


def no_change_problems(content: Content, in_force: Submission | None) -> dict[str, str]:
    """Return what keeps a "nothing new" from being sent."""
    if in_force is None:
        return {"kind": _("Nothing is approved yet that could stay as it is. Write a report.")}
    if not said(content, "done"):
        return {"done": _("Say in one sentence why nothing changed.")}
    return {}


def report_problems(content: Content, evidence: Sequence[object]) -> dict[str, str]:
    """Return what keeps a report from being sent."""
    found: dict[str, str] = {}
    if content.status not in ImplementationStatus.values:
        found["status"] = _("Choose the status of the action.")
    if not said(content, "done"):
        found["done"] = _("Say what was done in this round.")
    if content.status == ImplementationStatus.ON_HOLD:
        if not content.reason.strip():
            found["reason"] = _("Say why the action is on hold.")
        if content.resume_on is None:
            found["resume_on"] = _("Give the date on which work is to resume.")
    if content.status == ImplementationStatus.IMPLEMENTED and not (
        evidence or content.evidence_waiver.strip()
    ):
        found["evidence_waiver"] = _("Add evidence, or say why there is none.")
    if content.status == ImplementationStatus.DISCONTINUED:
        found |= discontinued_problems(content)
    return found


def discontinued_problems(content: Content) -> dict[str, str]:
    """Return what a discontinued action still has to say."""
    if content.discontinued_because not in DiscontinuedBecause.values:
        return {"discontinued_because": _("Choose why the action is discontinued.")}
    superseded = content.discontinued_because == DiscontinuedBecause.SUPERSEDED
    if superseded and content.superseded_by is None:
        return {"superseded_by": _("Choose the action that takes its place.")}
    return {}


BELONGS: dict[str, tuple[ImplementationStatus, Any]] = {
    "reason": (ImplementationStatus.ON_HOLD, ""),
    "resume_on": (ImplementationStatus.ON_HOLD, None),
    "evidence_waiver": (ImplementationStatus.IMPLEMENTED, ""),
    "discontinued_because": (ImplementationStatus.DISCONTINUED, ""),
    "superseded_by": (ImplementationStatus.DISCONTINUED, None),
}
"""What is asked with one status only, and its empty value."""


def out_of_place(content: Content, questions: Questions = ()) -> dict[str, Any]:
    """Return the empty values of what a draft holds and its status does not ask for.

    A draft keeps them, for whoever changes the status back; they are not sent. So are the
    texts that its kind does not show: nobody sends what neither side can read. A
    questionnaire claims no status.
    """
    claims_nothing = questions or content.kind == SubmissionKind.NOTHING_TO_REPORT
    status = "" if claims_nothing else content.status
    empty = {name: nothing for name, (asked, nothing) in BELONGS.items() if status != asked}
    if content.discontinued_because != DiscontinuedBecause.SUPERSEDED:
        empty["superseded_by"] = None
    return empty | {"status": status, "body": shown_body(content, questions)}


def shown_body(content: Content, questions: Questions = ()) -> dict[str, Any]:
    """Return the texts of the body that the kind shows to its sender and to the reviewer."""
    if questions:
        answered = content.kind == SubmissionKind.REPORT
        return {name: text for name, text in texts(content, questions).items() if answered}
    if content.kind == SubmissionKind.REPORT:
        return dict(content.body)
    shown = ("done",) if content.kind == SubmissionKind.NO_CHANGE else ()
    return {name: content.body[name] for name in shown if name in content.body}


def said(content: Content, name: str) -> bool:
    """Say whether a text of the body holds more than white space."""
    return bool(str(content.body.get(name, "")).strip())
