"""What was told about a duty, to whom, when, and what became of the mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from recommendations.models import Delivery, Duty, Message
from recommendations.notify.notices import words_of

REMINDING = ("due", "chased")


@dataclass(frozen=True)
class Told:
    """One thing that one person was told: when, of what, and what became of it."""

    at: datetime
    words: str
    name: str
    inbox: bool
    mail: str
    note: str = ""


@dataclass(frozen=True)
class LastReminder:
    """When an agency was last reminded of a duty, by hand or by the timetable, and how."""

    at: datetime
    by_hand: bool
    how: str


def fate(row: Delivery) -> str:
    """Return in words what became of what goes by mail."""
    mail = row.message
    return in_words(
        state=row.state,
        because=row.because,
        in_digest=row.in_digest,
        mail=mail.state if mail else "",
        answer=mail.answer if mail else "",
    )


def in_words(*, state: str, because: str, in_digest: bool, mail: str, answer: str) -> str:
    """Return in words what became of a delivery, and of the mail that holds it, if one does."""
    if state == Delivery.State.SUPPRESSED:
        return _("not sent: %(reason)s") % {"reason": because}
    if state == Delivery.State.FAILED:
        return _("could not be written")
    if mail == Message.State.SENT:
        return _("mail sent")
    if mail == Message.State.DEAD:
        return _("mail refused: %(answer)s") % {"answer": answer}
    if mail == Message.State.SUPPRESSED:
        return _("not sent: %(reason)s") % {"reason": answer}
    return _("with the next digest") if in_digest else _("mail on its way")


def told_about(duty: Duty) -> list[Told]:
    """Return what was told about a duty and its updates, newest first; 2 queries."""
    updates = list(duty.updates.values_list("pk", flat=True))
    about = Q(subject_type="duty", subject_id=duty.pk)
    about |= Q(subject_type="update", subject_id__in=updates)
    rows = Delivery.objects.filter(about).select_related("user", "message", "event")
    found: dict[tuple[str, int], dict[str, Delivery]] = {}
    for row in rows.order_by("-made_at", "-id"):
        found.setdefault((row.cause, row.user_id), {})[row.channel] = row
    return [told(by_channel) for by_channel in found.values()]


def told(by_channel: dict[str, Delivery]) -> Told:
    """Return what one person was told, in the inbox and by mail."""
    row = next(iter(by_channel.values()))
    mail = by_channel.get(Delivery.Channel.MAIL)
    return Told(
        at=row.made_at,
        words=words_of(row.kind),
        name=row.user.name,
        inbox=Delivery.Channel.INBOX in by_channel,
        mail=fate(mail) if mail else "",
        note=str(row.facts.get("note") or ""),
    )


def last_of(duty: str) -> Subquery:
    """Return the newest reminder of a duty, within a query about duties; `duty` leads to its id.

    A mail that was not sent reminded nobody.
    """
    rows = Delivery.objects.filter(
        kind__in=REMINDING,
        channel=Delivery.Channel.MAIL,
        subject_type="duty",
        subject_id=OuterRef(duty),
    ).exclude(state__in=Delivery.UNTOLD)
    said = JSONObject(
        at=Cast("made_at", CharField()),
        kind="kind",
        state="state",
        because="because",
        in_digest="in_digest",
        mail=Coalesce("message__state", Value("")),
        answer=Coalesce("message__answer", Value("")),
    )
    return Subquery(rows.order_by("-made_at", "-id").values(said=said)[:1])


def last_reminder(said: dict[str, Any] | None) -> LastReminder | None:
    """Return what `last_of` found."""
    if said is None:
        return None
    said = dict(said)
    at, kind = parse_datetime(said.pop("at")), said.pop("kind")
    if at is None:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return LastReminder(
        at, kind == "chased", in_words(**said | {"in_digest": bool(said["in_digest"])})
    )
