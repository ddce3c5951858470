"""The dates of a round that runs: it is extended, or reopened after it has closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from agencies import history
from agencies.models import Event
from recommendations.domain import rounds
from recommendations.domain.transition import Change, Transition, reason_needed
from recommendations.models import Duty, Round


def extend(change: Change[Round]) -> None:
    """Give everybody in an open round more time. Facts: due_on, closes_on; the reason.

    Open duties that are due earlier move along; those that have a later date keep it.
    """
    round, due_on, closes_on = change.obj, change.fact("due_on"), change.fact("closes_on")
    unchanged = (due_on, closes_on) == (round.due_on, round.closes_on)
    change.need(
        due_on=_("Give a later due date, or a later closing day.")
        if unchanged
        else shorter_problem(due_on, round.due_on)
        or (None if due_on == round.due_on else rounds.day_problem(change, due_on)),
        closes_on=closing_problem(change),
        reason=reason_needed(change),
    )
    move(change)


def reopen(change: Change[Round]) -> None:
    """Open a closed round again. Facts: due_on, closes_on; the reason.

    It asks what opening it now would ask, of whom it has not asked yet, with 14 days at least:
    assignments that were taken on since, agencies that were entered since.
    """
    round, due_on = change.obj, change.fact("due_on")
    change.need(
        due_on=rounds.day_problem(change, due_on) or shorter_problem(due_on, round.due_on),
        closes_on=closing_problem(change),
        reason=reason_needed(change),
    )
    move(change, state=Round.State.OPEN)
    late = rounds.due_when_late(round, on=change.at.date())
    rounds.ask(change, round, due_on=late)


def shorter_problem(day: object, before: date) -> str | None:
    """Return what to say where a date would be earlier than it was: agencies rely on it."""
    if not isinstance(day, date):
        return _("Give the new date.")
    if day < before:
        return _("Give %(day)s or later: agencies rely on that date.") % {"day": before}
    return None


def closing_problem(change: Change[Round]) -> str | None:
    """Return what to say where the closing day is missing, earlier, passed or before the due
    date."""
    round, due_on, closes_on = change.obj, change.fact("due_on"), change.fact("closes_on")
    problem = shorter_problem(closes_on, round.closes_on)
    if problem:
        return problem
    if closes_on < change.at.date():
        return _("Give a closing day that has not passed.")
    if isinstance(due_on, date) and closes_on < due_on:
        return _("Give a closing day on or after the due date.")
    return None


def move(change: Change[Round], **values: Any) -> None:
    """Write the dates of a round, and move its open duties that are due earlier."""
    duties = open_duties(change)
    due_on, closes_on = change.fact("due_on"), change.fact("closes_on")
    change.write(change.obj, change.transition.event, due_on=due_on, closes_on=closes_on, **values)
    change.obj.restate(at=change.at, by=change.by)
    for duty in duties:
        if duty.due_on is not None and not duty.voluntary and duty.due_on < due_on:
            rounds.change_due_date(change, duty, event="due_date_changed")


def open_duties(change: Change[Round]) -> list[Duty]:
    """Claim the open duties of a round, in one query, after the round itself.

    The moment of the change is not before the newest event of any of them: recorded time
    never runs backwards on one object.
    """
    claimed = Duty.objects.select_for_update(no_key=True, of=("self",)).select_related("round")
    duties = list(claimed.filter(round=change.obj, state=Duty.State.OPEN).order_by("id"))
    events = Event.objects.filter(
        object_type=history.kind_of(Duty()), object_id__in=change.obj.duties.values("pk")
    )
    newest = events.aggregate(at=Max("at"))["at"]
    change.at = max(change.at, newest or change.at)
    return duties


TRANSITIONS: tuple[Transition[Round], ...] = (
    Transition(
        noun="round",
        verb="extend",
        sources=(Round.State.OPEN,),
        target="",
        event="extended",
        effect=extend,
        requires=("due_on", "closes_on", "reason"),
        state_field="state",
    ),
    Transition(
        noun="round",
        verb="reopen",
        sources=(Round.State.CLOSED,),
        target=Round.State.OPEN,
        event="reopened",
        effect=reopen,
        requires=("due_on", "closes_on", "reason"),
        state_field="state",
    ),
)
