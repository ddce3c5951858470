"""An agency asks for more time for a duty; a coordinator grants it, refuses it, or waives."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from recommendations.domain import rounds
from recommendations.domain.transition import Change, Transition, reason_needed
from recommendations.domain.updates import WRITABLE, why_closed
from recommendations.models import Duty, TimeRequest


def open_request(duty: Duty) -> TimeRequest | None:
    """Return the request for more time that waits for an answer."""
    return duty.time_requests.filter(answer__isnull=True).order_by("id").last()


def why_not_ask(duty: Duty) -> str | None:
    """Return why more time cannot be asked for now, or None."""
    if duty.voluntary:
        return _("This report is voluntary: it has no due date that could pass.")
    update = duty.updates.filter(review_state__in=WRITABLE).first()
    if update is None:
        return _("This update is sent; nothing is due from the agency now.")
    closed = why_closed(update)
    if closed:
        return closed
    if open_request(duty):
        return _("More time is asked for already. A coordinator answers that request first.")
    return None


def why_no_answer(duty: Duty) -> str | None:
    """Return why there is nothing to grant or refuse, or None."""
    return None if open_request(duty) else _("No request for more time waits for an answer.")


def ask(change: Change[Duty]) -> None:
    """Ask for more time. Facts: until_on; the reason."""
    until_on = change.fact("until_on")
    change.need(
        until_on=later_problem(change, until_on) or rounds.day_problem(change, until_on),
        reason=reason_needed(change),
    )
    TimeRequest.objects.create(
        duty=change.obj,
        until_on=until_on,
        reason=change.note,
        recorded_at=change.at,
        recorded_by=change.by,
    )
    change.write(change.obj, change.transition.event, content={"until_on": until_on.isoformat()})


def grant(change: Change[Duty]) -> None:
    """Grant more time: the date asked for, or another one. Facts: due_on, if another."""
    request = open_request(change.obj)
    assert request is not None  # noqa: S101 - the guard has asked
    due_on = change.fact("due_on") or request.until_on
    change.need(due_on=later_problem(change, due_on) or rounds.day_problem(change, due_on))
    rounds.answer_request(change, request, due_on=due_on, reason=change.note)
    change.write(change.obj, change.transition.event, due_on=due_on)
    rounds.record_due_date(change, change.obj, reason=change.note or request.reason)


def refuse(change: Change[Duty]) -> None:
    """Refuse more time, with a reason; the due date stays."""
    change.need(reason=reason_needed(change))
    request = open_request(change.obj)
    assert request is not None  # noqa: S101 - the guard has asked
    rounds.answer_request(change, request, due_on=None, reason=change.note)
    change.write(change.obj, change.transition.event)


def later_problem(change: Change[Duty], day: object) -> str | None:
    """Return what to say where a date gives no more time than there is."""
    due_on = change.obj.due_on
    if isinstance(day, date) and due_on is not None and day <= due_on:
        return _("Give a date after %(due_on)s, the present due date.") % {
            "due_on": due_on.isoformat()
        }
    return None


def waive(change: Change[Duty]) -> None:
    """Release an agency from a duty, with a reason that it reads."""
    change.need(reason=reason_needed(change))
    rounds.waive(change, change.obj)


TRANSITIONS: tuple[Transition[Duty], ...] = (
    Transition(
        noun="duty",
        verb="ask",
        sources=(Duty.State.OPEN,),
        target="",
        event="time_asked",
        effect=ask,
        requires=("until_on", "reason"),
        state_field="state",
        guard=why_not_ask,
    ),
    Transition(
        noun="duty",
        verb="grant",
        sources=(Duty.State.OPEN,),
        target="",
        event="time_granted",
        effect=grant,
        facts=("due_on",),
        state_field="state",
        guard=why_no_answer,
    ),
    Transition(
        noun="duty",
        verb="refuse",
        sources=(Duty.State.OPEN,),
        target="",
        event="time_refused",
        effect=refuse,
        requires=("reason",),
        state_field="state",
        guard=why_no_answer,
    ),
    Transition(
        noun="duty",
        verb="waive",
        sources=(Duty.State.OPEN,),
        target=Duty.State.WAIVED,
        event="waived",
        effect=waive,
        requires=("reason",),
        state_field="state",
    ),
)
