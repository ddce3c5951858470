"""An agency reports in a round that does not ask it to: welcome, and never late."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from recommendations.domain import rounds
from recommendations.domain.transition import Change, Transition
from recommendations.models import ACTIVE, Assignment, Duty, Round


def rounds_to_report_in(assignment: Assignment) -> QuerySet[Round]:
    """Return the open rounds in which an assignment has no update yet."""
    running = Round.objects.filter(framework=assignment.framework_id, state=Round.State.OPEN)
    return running.exclude(duties__assignment=assignment).order_by("due_on", "id")


def why_no_report(assignment: Assignment) -> str | None:
    """Return why nothing can be reported beside what is asked for, or None."""
    if rounds_to_report_in(assignment).exists():
        return None
    return _("No round is open in which %(assignment)s has no update yet.") % {
        "assignment": assignment
    }


def report(change: Change[Assignment]) -> Duty:
    """Begin a voluntary report in a round; return its duty. Facts: round."""
    round = change.fact("round")
    known = isinstance(round, Round) and rounds_to_report_in(change.obj).filter(pk=round.pk)
    change.need(round=None if known else _("Choose a round that is open."))
    return rounds.owe(change, round, change.obj, due_on=None, voluntary=True)


TRANSITIONS: tuple[Transition[Assignment], ...] = (
    Transition(
        noun="assignment",
        verb="report",
        sources=ACTIVE,
        target="",
        event="offered",
        effect=report,
        requires=("round",),
        state_field="acceptance",
        guard=why_no_report,
    ),
)
