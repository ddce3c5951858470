"""What a reviewer compares: the newest text, and the one in force or sent before it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from recommendations.domain import questionnaires
from recommendations.domain.questionnaires import asked_in
from recommendations.models import Decision, Submission, Update
from recommendations.web import comparison
from recommendations.web.submissions import Sent, submissions_of


def side_by_side(
    request: HttpRequest, found: Update, *, own: bool
) -> tuple[list[Sent], dict[str, Any]]:
    """Return what was sent, and the newest text beside the one that it is compared with.

    Nothing is compared where the newest was taken back.
    """
    old: Submission | None = None

    def beside(texts: list[Submission]) -> Submission | None:
        nonlocal old
        old = compared(request, found, texts, own=own)
        return old

    sent = submissions_of(found, own=own, beside=beside)
    return sent, columns(found, sent[-1], old) if sent else {}


def columns(found: Update, newest: Sent, old: Submission | None) -> dict[str, Any]:
    """Return the two columns of the comparison, with their headings."""
    rows = comparison.rows(
        old,
        newest.submission,
        old_evidence=old.evidence.all() if old else (),
        new_evidence=newest.evidence,
        questions=asked_in(found),
    )
    return {
        "old": old,
        "old_label": called(old, found),
        "new_label": called(newest.submission, found),
        "rows": rows if newest.lines else [],
    }


def called(submission: Submission | None, found: Update) -> str:
    """Return the heading of a column in the comparison."""
    if submission is None:
        return ""
    if submission.update_id == found.pk:
        return _("Submission %(number)d") % {"number": submission.number}
    return _("Approved, %(round)s") % {"round": submission.update.duty.round.code}


def compared(
    request: HttpRequest, found: Update, texts: list[Submission], *, own: bool
) -> Submission | None:
    """Return what the newest text is compared with: the approved one, or one sent before it.

    For an update that is decided that is the text that was approved before it.
    """
    chosen = request.GET.get("against", "")
    newest = texts[-1]
    readable = [one for one in texts[:-1] if own or not hasattr(one, "withdrawal")]
    earlier = {str(one.number): one for one in readable}
    if chosen in earlier:
        return earlier[chosen]
    assignment = found.duty.assignment
    if assignment is None:
        before = questionnaires.approved(found).exclude(pk=newest.pk).first()
        return before or next(reversed(earlier.values()), None)
    if assignment.in_force is None:
        return [*earlier.values()][-1] if earlier else None
    if assignment.in_force.pk != newest.pk:
        return assignment.in_force
    decided = Submission.objects.filter(
        update__duty__assignment=assignment, decisions__verb=Decision.Verb.APPROVE
    ).exclude(pk=newest.pk)
    return decided.order_by("-decisions__decided_at", "-id").first()
