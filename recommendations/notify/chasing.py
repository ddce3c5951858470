"""A coordinator reminds agencies by hand: shown first as it will be read, then sent, once a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import Roles
from agencies.models import Agency, User
from recommendations.models import Delivery, Duty, Message, Round
from recommendations.notify import bundling, deliveries, mails, owing, standing
from recommendations.notify.acting import acting_for_each
from recommendations.notify.deliveries import Cause, Wishes
from recommendations.notify.owing import answerable


@dataclass(frozen=True)
class Chase:
    """An update to be reminded of: who would be told, or why nobody is."""

    duty: Duty
    agency: Agency
    people: list[User] = field(default_factory=list)
    why_not: str = ""


@dataclass(frozen=True)
class Preview:
    """The mail that one of them would get: to whom, and its very words."""

    to: User
    subject: str
    text: str


def may(roles: Roles, round: Round) -> bool:
    """Say whether somebody may remind of what is owed in a round: a coordinator."""
    return roles.is_coordinator(round.framework_id)


def chases(duties: Iterable[int], *, at: datetime, locked: bool = False) -> list[Chase]:
    """Return what a reminder of these duties would do; 4 queries.

    `locked`: nobody else reminds of them before the transaction is over.
    """
    rows = Duty.objects.filter(pk__in=list(duties)).annotate(is_sent=owing.in_review())
    # In the order in which all claim duties, not in that of the answer: none waits for another.
    rows = rows.with_place().order_by("id")
    if locked:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = sorted(rows, key=lambda duty: (duty.due_on is None, duty.due_on, duty.pk))
    acting = acting_for_each({answerable(duty).pk for duty in found}, at.date())
    done = set(
        Delivery.objects.filter(cause__in=[key_of(duty, at) for duty in found]).values_list(
            "cause", flat=True
        )
    )
    return [chase(duty, acting[answerable(duty).pk], key_of(duty, at) in done) for duty in found]


def key_of(duty: Duty, at: datetime) -> str:
    """Return the cause of a reminder by hand: one a day."""
    return f"chase:{duty.pk}:{at.date().isoformat()}"


def chase(duty: Duty, people: list[User], done_today: bool) -> Chase:
    """Return what a reminder of one duty would do."""
    why_not = standing.why_not_owed(duty)
    if not why_not and (duty.voluntary or duty.due_on is None):
        why_not = _("It has no due date.")
    elif not why_not and done_today:
        why_not = _("A coordinator reminded them today already.")
    elif not why_not and not people:
        why_not = _("Nobody can act for this agency.")
    return Chase(duty, answerable(duty), [] if why_not else people, why_not)


def cause_of(chase: Chase, *, by: User, note: str, at: datetime) -> Cause:
    """Return why people are told: a coordinator reminds them, perhaps with a word of their own."""
    due_on = chase.duty.due_on
    return Cause(
        key=key_of(chase.duty, at),
        kind="chased",
        framework_id=chase.duty.round.framework_id,
        subject=chase.duty,
        facts={"due_on": due_on.isoformat() if due_on else None, "note": note, "by": by.pk},
    )


def send(duties: Iterable[int], *, by: User, note: str, at: datetime) -> list[Chase]:
    """Remind of these duties and return what was done; those with a reason were left alone.

    The mails leave by the way of all others: the rows are written here, and the next pass
    sends them.
    """
    with transaction.atomic():
        found = chases(duties, at=at, locked=True)
        pairs = [
            (cause_of(one, by=by, note=note, at=at), one.people) for one in found if not one.why_not
        ]
        deliveries.tell(pairs, at=at)
    return found


def preview(found: Sequence[Chase], *, by: User, note: str, at: datetime) -> Preview | None:
    """Return the mail to the first person who would be told; the others' say the same of theirs."""
    going = [one for one in found if one.people]
    if not going:
        return None
    reader = going[0].people[0]
    wishes = Wishes([reader.pk])
    rows: list[Delivery] = []
    for one in going:
        if reader not in one.people:
            continue
        cause = cause_of(one, by=by, note=note, at=at)
        row = deliveries.both(cause, reader, wishes, at)[-1]
        row.pk, row.framework = len(rows) + 1, one.duty.round.framework
        rows.append(row)
    message = bundling.mail(reader.pk, Message.Kind.AT_ONCE, at)
    message.user = reader
    mail = mails.write(message, rows, at=at)
    return Preview(reader, str(mail.subject), str(mail.body))
