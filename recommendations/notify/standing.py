"""Whether a reminder still holds: what is no longer open is not mailed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TypeAlias

from django.utils.translation import gettext as _

from recommendations.models import (
    AWAITING_ANSWER,
    Assignment,
    Delivery,
    Duty,
    Round,
)
from recommendations.notify import owing
from recommendations.notify.acting import acting_for_each

Reasons: TypeAlias = dict[int, str]
"""By the id of a delivery: why it is not sent."""


def still_stands(deliveries: Iterable[Delivery], *, at: datetime) -> Reasons:
    """Return, for those of these reminders that no longer hold, the reason in words.

    The number of queries depends on how many kinds there are, not on how many deliveries.
    """
    by_kind: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        by_kind[delivery.kind].append(delivery)
    return {
        **overtaken(by_kind["due"]),
        **updates_no_longer_owed([*by_kind["due"], *by_kind["chased"]]),
        **answers_no_longer_owed(by_kind["answer_owed"]),
        **no_longer_vacant(by_kind["vacant"], at.date()),
        **no_longer_read(by_kind["claimed_long"]),
        **no_longer_closing(by_kind["closing"]),
    }


def ids(deliveries: Iterable[Delivery]) -> set[int]:
    """Return the ids of what these deliveries are about."""
    return {one.subject_id for one in deliveries if one.subject_id is not None}


def day_in(delivery: Delivery, name: str) -> date | None:
    """Return a day among the facts of a delivery."""
    written = delivery.facts.get(name)
    return date.fromisoformat(written) if written else None


def updates_no_longer_owed(deliveries: Sequence[Delivery]) -> Reasons:
    """Return why an update is not owed any more, or not on that day; one query."""
    if not deliveries:
        return {}
    rows = Duty.objects.filter(pk__in=ids(deliveries)).annotate(is_sent=owing.in_review())
    duties = {duty.pk: duty for duty in rows.select_related("round")}
    found = {}
    for one in deliveries:
        duty = duties.get(one.subject_id or 0)
        reason = why_not_owed(duty) if duty else _("It is not owed any more.")
        if not reason and duty and day_in(one, "due_on") != duty.due_on:
            reason = _("It has another due date now.")
        if reason:
            found[one.pk] = reason
    return found


def why_not_owed(duty: Duty) -> str:
    """Return why nobody is reminded of a duty, "" where somebody is."""
    if duty.state == Duty.State.MET:
        return _("The update was approved.")
    if duty.state == Duty.State.WAIVED:
        return _("The update was waived.")
    if getattr(duty, "is_sent", False):
        return _("The update was sent.")
    if duty.round.state != Round.State.OPEN:
        return _("The round is closed.")
    return ""


def overtaken(deliveries: Sequence[Delivery]) -> Reasons:
    """Return which rungs were followed by a newer one for the same person; one query."""
    if not deliveries:
        return {}
    told = Delivery.objects.filter(
        kind="due",
        channel=Delivery.Channel.MAIL,
        subject_type="duty",
        subject_id__in=ids(deliveries),
        user__in={one.user_id for one in deliveries},
    ).exclude(state__in=Delivery.UNTOLD)
    newest: dict[tuple[object, ...], int] = {}
    for user, duty, facts in told.values_list("user_id", "subject_id", "facts"):
        place = (user, duty, facts["due_on"])
        newest[place] = max(facts["rung"], newest.get(place, facts["rung"]))
    return {
        one.pk: _("A newer reminder took its place.")
        for one in deliveries
        if newest.get((one.user_id, one.subject_id, one.facts["due_on"]), one.facts["rung"])
        > one.facts["rung"]
    }


def answers_no_longer_owed(deliveries: Sequence[Delivery]) -> Reasons:
    """Return why an answer to a proposal is not owed any more; one query."""
    if not deliveries:
        return {}
    assignments = Assignment.objects.in_bulk(ids(deliveries))
    found = {}
    for one in deliveries:
        assignment = assignments.get(one.subject_id or 0)
        if assignment is None or assignment.acceptance not in AWAITING_ANSWER:
            found[one.pk] = _("The proposal waits for no answer any more.")
        elif day_in(one, "respond_by") != assignment.respond_by:
            found[one.pk] = _("The answer is due on another day now.")
    return found


def no_longer_vacant(deliveries: Sequence[Delivery], day: date) -> Reasons:
    """Return for which agencies somebody acts by now; two queries."""
    if not deliveries:
        return {}
    acting = acting_for_each(ids(deliveries), day)
    return {
        one.pk: _("Somebody acts for the agency now.")
        for one in deliveries
        if acting[one.subject_id or 0]
    }


def no_longer_read(deliveries: Sequence[Delivery]) -> Reasons:
    """Return which updates were decided on, given back, or are read anew; one query."""
    if not deliveries:
        return {}
    claims = owing.read_and_left().filter(update__in=ids(deliveries))
    since = {claim.update_id: claim.claimed_at.date() for claim in claims}
    return {
        one.pk: _("It was decided on, or is read anew.")
        for one in deliveries
        if since.get(one.subject_id or 0) != day_in(one, "since")
    }


def no_longer_closing(deliveries: Sequence[Delivery]) -> Reasons:
    """Return which rounds are closed, or close on another day; one query."""
    if not deliveries:
        return {}
    rounds = Round.objects.in_bulk(ids(deliveries))
    found = {}
    for one in deliveries:
        round = rounds.get(one.subject_id or 0)
        if round is None or round.state != Round.State.OPEN:
            found[one.pk] = _("The round is closed.")
        elif day_in(one, "closes_on") != round.closes_on:
            found[one.pk] = _("The round closes on another day now.")
    return found
