"""Making deliveries: the one place that writes them, each cause once for a person and channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from agencies import history
from agencies.models import Event, User
from recommendations.models import Delivery, MailSettings, NoticeChoice
from recommendations.notify import clock
from recommendations.notify.notices import BY_KIND, How, Notice, To
from recommendations.notify.subjects import Subject


@dataclass(frozen=True)
class Cause:
    """Why somebody is told something: its key, its kind, what it is about."""

    key: str
    kind: str
    framework_id: int | None = None
    event: Event | None = None
    subject: Subject | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def notice(self) -> Notice:
        """Return the row of the table of notices."""
        return BY_KIND[self.kind]


class Wishes:
    """How people want to hear of things: asked once for everybody a pass tells something."""

    def __init__(self, users: Iterable[int]) -> None:
        wanted = set(users)
        self.settings = {row.user_id: row for row in MailSettings.objects.filter(user__in=wanted)}
        self.choices = {
            (row.user_id, row.kind): row.how for row in NoticeChoice.objects.filter(user__in=wanted)
        }

    def settings_of(self, user_id: int) -> MailSettings:
        """Return a person's settings, or the usual ones."""
        return self.settings.get(user_id) or MailSettings(user_id=user_id)

    def how(self, user_id: int, notice: Notice) -> str:
        """Return how a person wants to hear of it; a duty is never off."""
        if notice.to is To.PERSON:
            return How.AT_ONCE
        how = self.choices.get((user_id, notice.kind), notice.how)
        return notice.how if how == How.OFF and notice.duty else how


def tell(pairs: Iterable[tuple[Cause, Iterable[User]]], *, at: datetime) -> None:
    """Write the deliveries of causes to people, in the mail and in the inbox.

    Told again, nothing happens: each cause is told once to a person on a channel. An inbox
    delivery is delivered by being there. Runs in the caller's transaction.
    """
    told = [(cause, list(users)) for cause, users in pairs]
    wishes = Wishes(user.pk for _cause, users in told for user in users)
    rows = [row for cause, users in told for user in users for row in both(cause, user, wishes, at)]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def both(cause: Cause, user: User, wishes: Wishes, at: datetime) -> list[Delivery]:
    """Return what goes into a person's inbox, and what is mailed unless they switched it off."""
    notice, how = cause.notice, wishes.how(user.pk, cause.notice)
    shared: dict[str, Any] = {
        "cause": cause.key,
        "kind": cause.kind,
        "user": user,
        "framework_id": cause.framework_id,
        "event": cause.event,
        "subject_type": history.kind_of(cause.subject) if cause.subject else "",
        "subject_id": cause.subject.pk if cause.subject else None,
        "facts": dict(cause.facts),
        "made_at": at,
        "needs_action": notice.duty,
    }
    rows = []
    if notice.to is not To.PERSON:
        rows.append(Delivery(**shared, channel=Delivery.Channel.INBOX, ready_at=at, state="done"))
    if how != How.OFF:
        rows.append(Delivery(**shared, channel=Delivery.Channel.MAIL))
        time_mail(rows[-1], how, wishes.settings_of(user.pk), at=at)
    return rows


def time_mail(row: Delivery, how: str, wanted: MailSettings, *, at: datetime) -> None:
    """Set from when on a mail may leave, and whether it goes with a digest, as seen at a moment."""
    if BY_KIND[row.kind].to is To.PERSON:
        row.ready_at = at
    else:
        share = row.made_at + timedelta(seconds=settings.DELIVERY_WAIT_SECONDS)
        wait = max(share - at, timedelta())
        row.ready_at = clock.ready_at(how, wanted, at=at, wait=wait)
    row.in_digest = how != How.AT_ONCE


def time_again(user: User, *, at: datetime) -> None:
    """Let the mails of a person that still wait follow what the person wishes now.

    What is due already leaves as it was to. What is switched off stays as it is: before it leaves
    it is looked at once more, and not sent. Runs in the caller's transaction.
    """
    wishes = Wishes([user.pk])
    rows = Delivery.objects.filter(
        user=user,
        channel=Delivery.Channel.MAIL,
        state=Delivery.State.WAITING,
        message=None,
        ready_at__gt=at,
    )
    moved = []
    for row in rows.order_by("id"):
        notice = BY_KIND.get(row.kind)
        if notice is None or notice.to is To.PERSON:
            continue
        how = wishes.how(user.pk, notice)
        if how != How.OFF:
            time_mail(row, how, wishes.settings_of(user.pk), at=at)
            moved.append(row)
    Delivery.objects.bulk_update(moved, ["ready_at", "in_digest"], batch_size=500)
