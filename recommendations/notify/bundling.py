"""From deliveries to mails: neighbours merge into one, and a person gets one digest a day."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from agencies.models import Cursor
from recommendations.models import Delivery, Message
from recommendations.notify import clock, failures, subjects
from recommendations.notify.deliveries import Wishes
from recommendations.notify.notices import BY_KIND, To

READER = "bundler"
PEOPLE = 500
"""People whose mails one pass makes: a pass stays short."""


def waiting() -> QuerySet[Delivery]:
    """Return the deliveries by mail that no mail holds yet."""
    return Delivery.objects.filter(
        channel=Delivery.Channel.MAIL, state=Delivery.State.WAITING, message=None
    )


def bundle(*, at: datetime) -> int:
    """Make the mails that are ready; return how many, and what failed. Constant queries.

    With the first delivery that is ready, the others of that person that would leave at
    once go along. Mails about the account are never bundled.
    """
    Cursor.objects.get_or_create(name=READER)
    with transaction.atomic():
        # One at a time: two bundlers would make two digests of one day.
        Cursor.objects.filter(name=READER).update(position=F("position"), moved_at=at)
        ready = waiting().filter(ready_at__lte=at)
        people = list(
            ready.order_by("user_id").values_list("user_id", flat=True).distinct()[:PEOPLE]
        )
        if not people:
            return 0
        going = waiting().filter(Q(in_digest=False) | Q(ready_at__lte=at), user__in=people)
        made, errors = failures.apart(
            lambda rows: bundles_of(rows, at=at), list(going.order_by("id"))
        )
        failures.fail(errors)
        bundles = made or []
        messages = [message for message, _held in bundles]
        Message.objects.bulk_create(messages)
        held = [row for _message, rows in bundles for row in rows]
        for message, rows in bundles:
            for row in rows:
                row.message = message
        Delivery.objects.bulk_update(held, ["message"], batch_size=500)
    return len(messages) + len(errors)


def bundles_of(rows: Sequence[Delivery], *, at: datetime) -> list[tuple[Message, list[Delivery]]]:
    """Return each mail to make with the deliveries that it holds."""
    alone: list[Delivery] = []
    at_once: dict[int, list[Delivery]] = defaultdict(list)
    digests: dict[int, list[Delivery]] = defaultdict(list)
    for row in rows:
        if BY_KIND[row.kind].to is To.PERSON:
            alone.append(row)
        else:
            (digests if row.in_digest else at_once)[row.user_id].append(row)
    ready = [held for held in at_once.values() if any(row.ready_at <= at for row in held)]
    threads = threads_of([row for held in ready for row in held])
    made = [(mail(row.user_id, Message.Kind.SIGN_IN, at), [row]) for row in alone]
    for held in ready:
        message = mail(held[0].user_id, Message.Kind.AT_ONCE, at)
        topics = {threads[row.pk] for row in held}
        message.thread = topics.pop() if len(topics) == 1 else ""
        made.append((message, held))
    return made + digests_of(list(digests.values()), at=at)


def digests_of(
    digests: Sequence[list[Delivery]], *, at: datetime
) -> list[tuple[Message, list[Delivery]]]:
    """Return the digests of today; who has had theirs gets the rest with the next one."""
    people = {held[0].user_id for held in digests}
    wishes = Wishes(people)
    had = set(
        Message.objects.filter(user__in=people, digest_on__isnull=False)
        .filter(made_at__gte=at - timedelta(days=2))
        .values_list("user_id", "digest_on")
    )
    made, later = [], []
    for held in digests:
        user_id = held[0].user_id
        wanted = wishes.settings_of(user_id)
        day: date = clock.local_day(wanted, at)
        if (user_id, day) in had:
            for row in held:
                row.ready_at = clock.next_digest(wanted, after=at)
            later += held
            continue
        message = mail(user_id, Message.Kind.DIGEST, at)
        message.digest_on = day
        made.append((message, held))
    if later:
        Delivery.objects.bulk_update(later, ["ready_at"], batch_size=500)
    return made


def threads_of(rows: Sequence[Delivery]) -> dict[int, str]:
    """Return by delivery the assignment under which a mail program files it."""
    found = subjects.load((row.subject_type, row.subject_id or 0) for row in rows)
    threads = {}
    for row in rows:
        assignment = subjects.assignment_of(found.get((row.subject_type, row.subject_id or 0)))
        threads[row.pk] = f"assignment-{assignment.pk}" if assignment else ""
    return threads


def mail(user_id: int, kind: str, at: datetime) -> Message:
    """Return a new mail; its Message-ID is made here, so that a second copy carries the same."""
    return Message(
        user_id=user_id,
        kind=kind,
        message_id=f"<{uuid.uuid4().hex}@{host()}>",
        made_at=at,
        due_at=at,
    )


def host() -> str:
    """Return the name of this site in mail headers."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"
