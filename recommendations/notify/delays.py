"""Whether mail is late: readers are told while the sender does not run or the server is away."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Min

from agencies.models import Cursor, Event
from recommendations.models import Delivery, MailServer, Message
from recommendations.notify import fan_out, positions

LATE = timedelta(minutes=10)
KEPT_SECONDS = 30.0


def delayed_since(at: datetime) -> datetime | None:
    """Return since when something waits that should have been told more than ten minutes ago.

    That is a mail, an event that nobody has read yet because no worker runs, or the pause of
    a mail server that does not answer. Five queries, one more while no worker runs.
    """
    late = at - LATE
    deliveries = Delivery.objects.filter(
        state=Delivery.State.WAITING,
        channel=Delivery.Channel.MAIL,
        message__isnull=True,
        ready_at__lt=late,
    )
    mails = Message.objects.filter(state=Message.State.WAITING, due_at__lt=late)
    paused = MailServer.objects.filter(paused_since__lt=late)
    found = [
        deliveries.aggregate(since=Min("ready_at"))["since"],
        mails.aggregate(since=Min("due_at"))["since"],
        paused.aggregate(since=Min("paused_since"))["since"],
        *unread_since(late),
    ]
    return min((since for since in found if since is not None), default=None)


def unread_since(late: datetime) -> list[datetime | None]:
    """Return when the first event happened that has no position, or a position but no reader.

    The numberer passes each minute and says so, whether or not something happened.
    """
    cursors = {cursor.name: cursor for cursor in Cursor.objects.all()}
    numberer, reader = cursors.get(positions.NUMBERER), cursors.get(fan_out.READER)
    found = []
    if numberer and numberer.moved_at and numberer.moved_at < late:
        later = Event.objects.filter(at__gt=numberer.moved_at, at__lt=late)
        found.append(later.aggregate(since=Min("at"))["since"])
    if reader:
        unread = Event.objects.filter(place__position__gt=reader.position)
        first = unread.order_by("place__position").first()
        found.append(first.at if first and first.at < late else None)
    return found


@dataclass
class Known:
    """What this process found the last time that it asked, for half a minute."""

    until: float = 0.0
    since: datetime | None = field(default=None)


KNOWN = Known()


def known_delay(at: datetime) -> datetime | None:
    """Return what `delayed_since` does, at most half a minute old: pages do not pay for it.

    Kept in the process and not in the shared cache, which may be the database itself: asking
    that would cost a page as much, and keeping it would let a page that is read write.
    """
    if time.monotonic() >= KNOWN.until:
        KNOWN.since = delayed_since(at)
        KNOWN.until = time.monotonic() + KEPT_SECONDS
    return KNOWN.since
