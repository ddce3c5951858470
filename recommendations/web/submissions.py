"""What was sent of an update and what was decided about it, for the pages that show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.domain.questionnaires import asked_in
from recommendations.models import (
    Decision,
    Evidence,
    RoundQuestion,
    Submission,
    Update,
    Withdrawal,
)
from recommendations.reporting import shown
from recommendations.web.comments import Said, said, with_answers


@dataclass(frozen=True)
class Sent:
    """A submission with all that belongs to it.

    `lines` and `evidence` are empty where the agency took it back and the reader is not of
    the agency: what was withdrawn is the agency's draft again. `exposure` says when the
    public saw it.
    """

    submission: Submission
    lines: list[shown.Line]
    evidence: list[Evidence]
    decisions: list[Decision]
    comments: list[Said]
    withdrawal: Withdrawal | None
    exposure: Sequence[str] = ()

    @property
    def decision(self) -> Decision | None:
        """Return what was decided last."""
        return self.decisions[-1] if self.decisions else None


Beside: TypeAlias = Callable[[list[Submission]], Submission | None]
"""Finds, of what was sent, the other text that a page compares it with."""


def submissions_of(update: Update, *, own: bool, beside: Beside | None = None) -> list[Sent]:
    """Return the submissions of an update, oldest first; four queries, of answers five;
    one more where comments were answered.

    The evidence of the text `beside` them comes along.
    """
    rows = list(
        update.submissions.select_related(
            "submitted_by",
            "on_behalf_of",
            "cleared_by",
            "withdrawal__recorded_by",
            "superseded_by",
            "repeats",
            "publication",
        )
        .prefetch_related(
            Prefetch(
                "decisions",
                Decision.objects.select_related("decided_by").order_by("decided_at", "id"),
            ),
            Prefetch("comments", with_answers()),
        )
        .order_by("number")
    )
    other = beside(rows) if beside and rows else None
    prefetch_related_objects(
        [*rows, *([other] if other else [])], Prefetch("evidence", Evidence.objects.order_by("id"))
    )
    questions = asked_in(update)
    return [sent(submission, own=own, questions=questions) for submission in rows]


def sent(
    submission: Submission,
    *,
    own: bool,
    questions: Sequence[RoundQuestion] = (),
    as_of: datetime | None = None,
) -> Sent:
    """Return one submission as its pages show it; as of a moment, what came later is not told.

    A text that was taken back later is nobody else's to read all the same.
    """
    withdrawal = getattr(submission, "withdrawal", None)
    readable = own or withdrawal is None
    if withdrawal is not None and as_of is not None and withdrawal.recorded_at > as_of:
        withdrawal = None
    labels = shown.labelled(questions)
    return Sent(
        submission,
        shown.lines(submission, repeats=submission.repeats, questions=questions)
        if readable
        else [],
        list(submission.evidence.all()) if readable else [],
        list(submission.decisions.all()),
        [said(comment, own=own, labels=labels) for comment in submission.comments.all()],
        withdrawal,
    )


def history_of(submissions: list[Sent]) -> list[dict[str, Any]]:
    """Return the steps of an update for a timeline, oldest first."""
    steps: list[dict[str, Any]] = []
    for each in submissions:
        submission = each.submission
        steps.append(
            {
                "title": _("Sent, submission %(number)d") % {"number": submission.number},
                "at": submission.submitted_at,
                "by": submission.sender,
            }
        )
        if each.withdrawal:
            steps.append(
                {
                    "title": _("Withdrawn by the agency"),
                    "at": each.withdrawal.recorded_at,
                    "by": str(each.withdrawal.recorded_by),
                }
            )
        steps += [decided(decision) for decision in each.decisions]
    return steps


def decided(decision: Decision) -> dict[str, Any]:
    """Return a decision as a step of a timeline."""
    title = decision.get_verb_display()
    if decision.due_on:
        due = date_format(decision.due_on, "j M Y")
        title = _("%(decision)s, due on %(due)s") % {"decision": title, "due": due}
    return {
        "title": title,
        "at": decision.decided_at,
        "by": str(decision.decided_by),
        "text": decision.comment,
    }
