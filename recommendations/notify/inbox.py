"""A person's inbox: which lines wait where, and what the person does with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible, Roles
from agencies.models import User
from recommendations.models import Delivery, Round
from recommendations.notify import clock, failures, preferences
from recommendations.notify.audiences import may_be_told
from recommendations.notify.known import Known, look_up
from recommendations.notify.lines import Line, line
from recommendations.notify.notices import BY_KIND, words_of

PAGE = 25


class Tab(TextChoices):
    """The three parts of the inbox."""

    ACTION = "action", _("Needs action")
    INFORMATION = "information", _("For information")
    DONE = "done", _("Done and later")


class Verb(TextChoices):
    """What a person does with lines."""

    READ = "read"
    DONE = "done"
    TOMORROW = "tomorrow"
    WEEK = "week"
    ROUND = "round"
    UNDO = "undo"


@dataclass(frozen=True)
class Page:
    """The lines of a page; `older` and `newer` are lines to go on from, None at the ends."""

    deliveries: list[Delivery]
    older: int | None = None
    newer: int | None = None


def is_there(
    later_until: date | None, later_rounds: int | None, *, today: date, opened: int
) -> bool:
    """Say whether a line that was put off is back: on its day, or when another round has opened."""
    if later_rounds is not None:
        return opened > later_rounds
    return later_until is None or later_until <= today


def put_off(today: date) -> Q:
    """Return `is_there`, turned round, as a condition."""
    waits = Q(later_rounds__isnull=False, later_rounds__gte=rounds_opened("framework"))
    return waits | Q(later_until__isnull=False, later_until__gt=today)


def rounds_opened(framework: str) -> Subquery:
    """Return how many rounds of a line's framework ever opened; of all, where it is about none.

    It never shrinks, so a line that waits for the next comes back without anybody's doing.
    """
    rounds = Round.objects.exclude(state=Round.State.PLANNED).order_by()
    rounds = rounds.filter(framework=Coalesce(OuterRef(framework), F("framework")))
    counted = rounds.annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Subquery(counted, output_field=IntegerField())


def all_of(user: User) -> QuerySet[Delivery]:
    """Return every line that a person ever got: their own, and nobody else's."""
    return Delivery.objects.filter(user=user, channel=Delivery.Channel.INBOX)


def lines_of(user: User, tab: str, *, today: date) -> QuerySet[Delivery]:
    """Return the lines of a part of the inbox, on the day that it is where the person is."""
    away = Q(settled_at__isnull=False) | put_off(today)
    if tab == Tab.DONE:
        return all_of(user).filter(away)
    return all_of(user).filter(~away, needs_action=tab == Tab.ACTION)


def unread_of(user: User, *, today: date) -> dict[str, int]:
    """Return how many lines wait unread, by the part of the inbox."""
    waiting = all_of(user).filter(read_at__isnull=True, settled_at__isnull=True)
    waiting = waiting.exclude(put_off(today))
    counted = waiting.aggregate(
        action=Count("pk", filter=Q(needs_action=True)),
        information=Count("pk", filter=Q(needs_action=False)),
    )
    return {Tab.ACTION: counted["action"], Tab.INFORMATION: counted["information"]}


def today_of(user: User, at: datetime) -> date:
    """Return the day that it is where the person is."""
    return clock.local_day(preferences.settings_of(user), at)


def page_of(
    lines: QuerySet[Delivery], *, after: Delivery | None = None, before: Delivery | None = None
) -> Page:
    """Return the page of lines older than `after`, or newer than `before`; else the newest."""
    if before is not None:
        newer = Q(made_at__gt=before.made_at) | Q(made_at=before.made_at, pk__gt=before.pk)
        rows = list(lines.filter(newer).order_by("made_at", "pk")[: PAGE + 1])
        more_newer, more_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        if after is not None:
            lines = lines.filter(
                Q(made_at__lt=after.made_at) | Q(made_at=after.made_at, pk__lt=after.pk)
            )
        rows = list(lines.order_by("-made_at", "-pk")[: PAGE + 1])
        more_newer, more_older = after is not None, len(rows) > PAGE
        rows = rows[:PAGE]
    return Page(
        rows,
        older=rows[-1].pk if rows and more_older else None,
        newer=rows[0].pk if rows and more_newer else None,
    )


def said(rows: Sequence[Delivery], user: User, roles: Roles) -> list[Line]:
    """Return what lines say to a person today: of what they may not see any more, only its kind."""

    def worded(some: Sequence[Delivery]) -> dict[int, Line]:
        known = look_up(some)
        return {row.pk: line_for(row, known, user, roles) for row in some}

    found, errors = failures.apart(worded, rows)
    broken = gettext(
        "This cannot be shown. Nothing is lost: it stands on the page that it is about."
    )
    return [bare(row, broken) if row.pk in errors else (found or {})[row.pk] for row in rows]


def line_for(row: Delivery, known: Known, user: User, roles: Roles) -> Line:
    """Return what a line says to a person today."""
    subject = known.subjects.get((row.subject_type, row.subject_id or 0))
    if may_be_told(BY_KIND[row.kind], subject, user, roles):
        return line(row, known)
    return bare(row, gettext("You may not see this any more."))


def bare(row: Delivery, words: str) -> Line:
    """Return a line that says its kind alone, and why."""
    return Line(delivery_id=row.pk, kind=row.kind, heading=words_of(row.kind), detail=words)


def opened(user: User, pk: int, *, at: datetime) -> Delivery:
    """Note that a person opens a line. Raises NotVisible for a line that is not theirs."""
    found = all_of(user).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    all_of(user).filter(pk=pk, read_at__isnull=True).update(read_at=at)
    return found


def change(user: User, verb: str, pks: Collection[int], *, at: datetime) -> int:
    """Do something with lines of a person, with all or none, and return how many they are.

    What is put off comes back unread. What is undone is as it was before. Raises NotVisible
    where one of them is not theirs.
    """
    lines = all_of(user).filter(pk__in=pks)
    if lines.count() != len(set(pks)):
        raise NotVisible
    today = today_of(user, at)
    if verb == Verb.READ:
        lines.filter(read_at__isnull=True).update(read_at=at)
    elif verb == Verb.DONE:
        lines.update(settled_at=at, later_until=None, later_rounds=None)
    elif verb == Verb.UNDO:
        lines.update(settled_at=None, later_until=None, later_rounds=None)
    else:
        lines.update(settled_at=None, read_at=None, **until(verb, today))
    return len(set(pks))


def until(verb: str, today: date) -> dict[str, Any]:
    """Return until when a line is put off, as its row keeps it."""
    if verb == Verb.ROUND:
        return {"later_until": None, "later_rounds": rounds_opened("framework")}
    days = timedelta(days=1 if verb == Verb.TOMORROW else 7)
    return {"later_until": today + days, "later_rounds": None}
