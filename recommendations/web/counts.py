"""What the header shows a person of their own: asked for once a request, in one query."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Func, IntegerField, Q, Subquery, Value
from django.http import HttpRequest

from agencies.models import User
from recommendations.domain import access
from recommendations.models import Delivery, Framework, MailSettings
from recommendations.notify import clock, inbox
from recommendations.web.visitor import Visitor, first_framework, in_order, visitor

MOST = 100


@dataclass(frozen=True)
class Counts:
    """The default framework's slug, the updates to decide on, the unread lines to act on.

    `unread` stops at 100: the header says "99+" then.
    """

    slug: str = ""
    queue: int = 0
    unread: int = 0

    @property
    def unread_words(self) -> str:
        """Return the number as the header shows it."""
        return f"{MOST - 1}+" if self.unread >= MOST else str(self.unread)


def counts_of(request: HttpRequest) -> Counts:
    """Return what the header shows; for a stranger nothing is counted."""
    known: Counts | None = getattr(request, "_counts", None)
    if known is None:
        who = visitor(request)
        known = counted_for(who) if who.roles.user_id is not None else for_a_stranger(request)
        request._counts = known  # type: ignore[attr-defined]
    return known


def stays_in(request: HttpRequest) -> str:
    """Return the framework that the navigation stays in: the address's, else the default."""
    return named_in(request) or counts_of(request).slug


def named_in(request: HttpRequest) -> str:
    """Return the framework that the address names, "" where it names none."""
    match = request.resolver_match
    return str(match.kwargs.get("framework", "")) if match else ""


def for_a_stranger(request: HttpRequest) -> Counts:
    """Return the framework alone, and that only where the address names none."""
    found = None if named_in(request) else first_framework()
    return Counts(found.slug if found else "")


def counted_for(who: Visitor) -> Counts:
    """Return the counts of a person who is signed in; one query."""
    unread = Q(
        deliveries__channel=Delivery.Channel.INBOX,
        deliveries__needs_action=True,
        deliveries__read_at__isnull=True,
        deliveries__settled_at__isnull=True,
    )
    rows = (
        User.objects.filter(pk=who.user.pk)
        .annotate(
            line=FilteredRelation("deliveries", condition=unread),
            framework=Subquery(in_order(Framework.objects.all()).values("slug")[:1]),
            queue=waiting(who) if who.roles.coordinates else Value(0),
            opened=inbox.rounds_opened("line__framework"),
        )
        .values_list(
            "framework",
            "queue",
            "mail_settings__time_zone",
            "line__pk",
            "line__later_until",
            "line__later_rounds",
            "opened",
        )
    )
    found = list(rows[:MOST])
    slug, queue, zone, *_line = found[0]
    today = clock.local_day(MailSettings(time_zone=zone or "UTC"), who.at)
    there = [
        pk
        for *_shared, pk, day, rounds, opened in found
        if pk and inbox.is_there(day, rounds, today=today, opened=opened)
    ]
    return Counts(slug or "", queue, len(there))


def waiting(who: Visitor) -> Subquery:
    """Return how many updates wait for the person's decision, to be asked with something else."""
    updates = access.decidable_updates(who.roles, at=who.at).order_by()
    counted = updates.annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Subquery(counted, output_field=IntegerField())
