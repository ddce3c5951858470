"""Asked again before a mail leaves: may this person still be told it, and does it still hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.access import roles_of_each
from agencies.models import Event
from recommendations.models import Delivery, Message
from recommendations.notify import failures, subjects
from recommendations.notify.audiences import may_be_told
from recommendations.notify.deliveries import Wishes
from recommendations.notify.notices import BY_KIND, ENDING, How
from recommendations.notify.standing import still_stands
from recommendations.notify.subjects import Key

Held = list[tuple[Message, list[Delivery]]]


def still_going(messages: Sequence[Message], *, at: datetime) -> Held:
    """Return the mails that are still to be sent, each with what it still has to say.

    What is not told any more is suppressed, with the reason; what cannot be asked about fails,
    and the others go on. A mail with nothing left is not sent.
    """
    rows = list(
        Delivery.objects.filter(message__in=messages, state=Delivery.State.WAITING)
        .select_related("event", "framework")
        .order_by("id")
    )
    asked, errors = failures.apart(lambda some: why_not(some, messages, at=at), rows)
    failures.fail(errors)
    rows, reasons = [row for row in rows if row.pk not in errors], asked or {}
    for row in rows:
        if row.pk in reasons:
            row.state, row.because = Delivery.State.SUPPRESSED, reasons[row.pk]
    Delivery.objects.bulk_update([row for row in rows if row.pk in reasons], ["state", "because"])
    left: dict[int | None, list[Delivery]] = defaultdict(list)
    said: dict[int | None, str] = {}
    for row in rows:
        if row.pk in reasons:
            said[row.message_id] = reasons[row.pk]
        else:
            left[row.message_id].append(row)
    for message in messages:
        if message.pk not in left:
            suppress(message, said.get(message.pk) or _("Nothing is left to say."), at=at)
    return [(message, left[message.pk]) for message in messages if message.pk in left]


def suppress(message: Message, because: str, *, at: datetime) -> None:
    """Settle a mail that is not sent, with the reason, unless its lease was lost meanwhile."""
    Message.objects.filter(pk=message.pk, lease=message.lease).update(
        state=Message.State.SUPPRESSED, answer=because, settled_at=at, lease="", lease_until=None
    )


def why_not(
    rows: Sequence[Delivery], messages: Sequence[Message], *, at: datetime
) -> dict[int, str]:
    """Return by delivery why it is not told any more."""
    found = subjects.load((row.subject_type, row.subject_id or 0) for row in rows)
    later = later_verbs(rows)
    people = {message.user_id: message.user for message in messages}
    roles = roles_of_each(people.values(), at=at)
    wishes = Wishes(people)
    reasons = still_stands(rows, at=at)
    for row in rows:
        notice = BY_KIND[row.kind]
        subject = found.get((row.subject_type, row.subject_id or 0))
        if not may_be_told(notice, subject, people[row.user_id], roles[row.user_id]):
            reasons[row.pk] = _("This person may not see it any more.")
        elif wishes.how(row.user_id, notice) == How.OFF:
            reasons[row.pk] = _("The person switched it off before the mail left.")
        elif later[row.pk] & set(notice.undone_by):
            reasons[row.pk] = _("It was undone before the mail left.")
        elif later[row.pk] & set(notice.answers):
            reasons[row.pk] = _("It was dealt with before the mail left.")
    return reasons


def later_verbs(rows: Sequence[Delivery]) -> dict[int, set[str]]:
    """Return by delivery what happened to its object after its event; one query."""
    about = {row.pk: row.event for row in rows if row.event is not None}
    objects: dict[str, set[int]] = defaultdict(set)
    for event in about.values():
        objects[event.object_type].add(event.object_id)
    found: dict[Key, list[tuple[int, str]]] = defaultdict(list)
    if objects:
        theirs = Q()
        for kind, pks in objects.items():
            theirs |= Q(object_type=kind, object_id__in=pks)
        for kind, pk, number, verb in Event.objects.filter(theirs, verb__in=ENDING).values_list(
            "object_type", "object_id", "number", "verb"
        ):
            found[kind, pk].append((number, verb))
    return {
        row.pk: {
            verb
            for number, verb in found[about[row.pk].object_type, about[row.pk].object_id]
            if number > about[row.pk].number
        }
        if row.pk in about
        else set()
        for row in rows
    }
