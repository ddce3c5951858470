"""A round opens, makes duties, and closes; duties fall due, are met or waived."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.models import Agency
from recommendations.domain import questionnaires
from recommendations.domain.transition import Change, Transition, reason_needed
from recommendations.domain.updates import came_back
from recommendations.models import (
    Assignment,
    Duty,
    DutyDueDate,
    ReviewState,
    Role,
    Round,
    TimeAnswer,
    TimeRequest,
    Update,
)
from recommendations.models.assignment import AssignmentQuerySet

DAYS_FOR_A_LATE_LEAD = 14


def open_round(change: Change[Round]) -> None:
    """Open a round: each active lead and co-lead owes an update, supporting ones by choice.

    Every agency owes the questionnaire, with the questions as they are worded now. Every duty
    gets its first update at once, so that it has an address and no GET writes.
    """
    change.write(change.obj, change.transition.event, state=Round.State.OPEN)
    change.obj.restate(at=change.at, by=change.by)
    ask(change, change.obj, due_on=change.obj.due_on)


def ask(change: Change[Round], round: Round, *, due_on: date) -> None:
    """Make the duties that a round asks for and does not have yet: once each, however often.

    Of each assignment that owes an update, and of each agency the questionnaire.
    """
    known = [*round.duties.values_list("assignment_id", "agency_id")]
    owed, asked = ({pair[place] for pair in known} for place in (0, 1))
    for assignment in owing(round).select_related("action", "agency").order_by("id"):
        if assignment.pk not in owed:
            owe(change, round, assignment, due_on=due_on)
    if questionnaires.freeze(round):
        for agency in questionnaires.answering(round).order_by("id"):
            if agency.pk not in asked:
                owe(change, round, agency, due_on=due_on)


def owing(round: Round) -> AssignmentQuerySet:
    """Return the assignments that owe an update when this round opens."""
    active = Assignment.objects.active().filter(action__framework=round.framework_id)
    return active if round.with_supporting else active.exclude(role=Role.SUPPORTING)


def owe(
    change: Change[Any],
    round: Round,
    owes: Assignment | Agency,
    *,
    due_on: date | None,
    voluntary: bool = False,
) -> Duty:
    """Make a duty in a round with its first update: of an assignment, or the questionnaire.

    A voluntary one has no due date: nobody waits for it, so it is never late.
    """
    duty = Duty(round=round, due_on=due_on, voluntary=voluntary, recorded_at=change.at)
    if isinstance(owes, Agency):
        duty.kind, duty.agency = Duty.Kind.QUESTIONNAIRE, owes
    else:
        duty.kind, duty.assignment = Duty.Kind.PROGRESS, owes
    whose = "agency" if duty.agency else "assignment"
    fields = ("round", "kind", whose, "voluntary", "state", "due_on")
    change.create(duty, "offered" if voluntary else "owed", changed=fields, note="")
    record_due_date(change, duty, reason="")
    update = Update(duty=duty)
    change.create(update, "begun", changed=("duty", "review_state"), note="")
    return duty


def owe_in_open_rounds(change: Change[Any], assignment: Assignment) -> None:
    """Let an assignment that was taken on in mid-round report in it, 14 days at least."""
    rounds = Round.objects.filter(
        framework=assignment.framework_id, state=Round.State.OPEN
    ).exclude(duties__assignment=assignment)
    for round in rounds.order_by("id"):
        if assignment.role != Role.SUPPORTING or round.with_supporting:
            owe(change, round, assignment, due_on=due_when_late(round, on=change.at.date()))


def due_when_late(round: Round, *, on: date) -> date:
    """Return when an assignment that is asked in mid-round reports: 14 days at least."""
    return max(round.due_on, on + timedelta(days=DAYS_FOR_A_LATE_LEAD))


def close_round(change: Change[Round]) -> None:
    """Close a round: nothing is deleted, missing updates stay missing, late stays late."""
    change.write(change.obj, change.transition.event, state=Round.State.CLOSED)
    change.obj.restate(at=change.at, by=change.by)


def at_closing(round: Round) -> dict[str, int]:
    """Count what a close leaves behind: drafts kept, updates missing, in review, returned.

    A voluntary report that nobody began is not missing; one that was begun is a draft.
    """
    open_updates = Update.objects.filter(duty__round=round, duty__state=Duty.State.OPEN)
    returned = Q(review_state=ReviewState.RETURNED) | Q(came_back(), review_state=ReviewState.DRAFT)
    draft = open_updates.filter(~came_back(), review_state=ReviewState.DRAFT)
    return {
        "drafts": draft.filter(draft__isnull=False).count(),
        "missing": draft.filter(draft__isnull=True, duty__voluntary=False).count(),
        "in_review": open_updates.filter(review_state=ReviewState.SUBMITTED).count(),
        "returned": open_updates.filter(returned).count(),
    }


def set_due(change: Change[Duty]) -> None:
    """Set or change the due date of a duty, with a reason. Facts: due_on."""
    change.need(due_on=due_problem(change), reason=reason_needed(change))
    change_due_date(change, change.obj, event=change.transition.event)


def due_problem(change: Change[Any]) -> str | None:
    """Return what to say where the new due date is missing or has passed."""
    return day_problem(change, change.fact("due_on"))


def day_problem(change: Change[Any], day: object) -> str | None:
    """Return what to say where a day on which something is to be due is missing or has passed."""
    if not isinstance(day, date):
        return _("Give the new due date.")
    if day < change.at.date():
        return _("Give a due date that has not passed.")
    return None


def change_due_date(
    change: Change[Any], duty: Duty, *, event: str, reason: str | None = None, **values: Any
) -> None:
    """Write the due date, its row for the figures, and the duty's event.

    Without a reason of its own it takes the note of the change. A reviewer's comment is no
    such note: it is between the two sides, and stands in the decision alone. A request for
    more time that the new date covers is granted with it.
    """
    note = None if reason is None else ""
    change.write(duty, event, note=note, due_on=change.fact("due_on"), **values)
    reason = change.note if reason is None else reason
    record_due_date(change, duty, reason=reason)
    waiting = TimeRequest.objects.filter(duty=duty, answer__isnull=True)
    asked = waiting.filter(until_on__lte=duty.due_on).order_by("id").first()
    if asked is not None:
        answer_request(change, asked, due_on=duty.due_on, reason=reason)


def record_due_date(change: Change[Any], duty: Duty, *, reason: str) -> None:
    """Record the due date from now on."""
    DutyDueDate.objects.create(
        duty=duty,
        due_on=duty.due_on,
        reason=reason,
        recorded_at=change.at,
        recorded_by=change.by,
    )


def answer_request(
    change: Change[Any], request: TimeRequest, *, due_on: date | None, reason: str
) -> None:
    """Record the answer to a request for more time: granted until a day, or refused."""
    TimeAnswer.objects.create(
        request=request,
        granted=due_on is not None,
        due_on=due_on,
        reason=reason,
        recorded_at=change.at,
        recorded_by=change.by,
    )


def waive(change: Change[Any], duty: Duty) -> None:
    """Release an agency from a duty, with the reason of the change that does so."""
    change.write(
        duty,
        "waived",
        state=Duty.State.WAIVED,
        waived_at=change.at,
        waived_by=change.by,
        waived_because=change.note,
    )


def meet(change: Change[Any], duty: Duty) -> None:
    """Mark a duty as met: an update of it is approved."""
    if duty.state == Duty.State.OPEN:
        change.write(duty, "met", state=Duty.State.MET, note="")


TRANSITIONS: tuple[Transition[Round] | Transition[Duty], ...] = (
    Transition(
        noun="round",
        verb="open",
        sources=(Round.State.PLANNED,),
        target=Round.State.OPEN,
        event="opened",
        effect=open_round,
        state_field="state",
    ),
    Transition(
        noun="round",
        verb="close",
        sources=(Round.State.OPEN,),
        target=Round.State.CLOSED,
        event="closed",
        effect=close_round,
        state_field="state",
    ),
    Transition(
        noun="duty",
        verb="set_due",
        sources=(Duty.State.OPEN,),
        target="",
        event="due_date_changed",
        effect=set_due,
        requires=("due_on", "reason"),
        state_field="state",
    ),
)
