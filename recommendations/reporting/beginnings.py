"""Since when there is a framework, and what it was called at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from recommendations.models import Framework, FrameworkWording
from recommendations.reporting.facts import Basis, DidNotExist
from recommendations.reporting.moments import UnusableMoment, minute_of, written


class NothingYet(UnusableMoment):
    """The moment lies before the framework was recorded (HTTP 404). Says what range there is."""


def with_beginning(frameworks: QuerySet[Any]) -> QuerySet[Any]:
    """Read frameworks with the moment at which each was recorded, so that `begins` asks nothing."""
    rows = FrameworkWording.objects.filter(framework=OuterRef("pk")).order_by("recorded_at", "id")
    found: QuerySet[Any] = frameworks.annotate(recorded=Subquery(rows.values("recorded_at")[:1]))
    return found


def begins(framework: Framework) -> datetime:
    """Return the first whole minute at which a framework was recorded.

    There is no figure of an earlier moment. One query, unless it was read with the framework.
    """
    known: datetime | None = getattr(framework, "recorded", None)
    found: datetime = known or first_recorded(framework)
    minute = found.replace(second=0, microsecond=0)
    return minute if minute == found else minute + timedelta(minutes=1)


def first_recorded(framework: Framework) -> Any:
    """Return the moment at which a framework was recorded; one query."""
    rows = FrameworkWording.objects.filter(framework=framework)
    return rows.aggregate(first=Min("recorded_at"))["first"]


@dataclass(frozen=True)
class Titled:
    """What a framework was called, and since when there is one."""

    title: str
    since: datetime


def titled(basis: Basis) -> Titled:
    """Return the title that the framework had at the moment; one query.

    Raises DidNotExist for a moment before it was recorded.
    """
    rows = FrameworkWording.objects.filter(
        framework=basis.framework, recorded_at__lte=basis.as_of
    ).order_by("recorded_at", "id")
    found = list(rows.values_list("title", "recorded_at"))
    if not found:
        raise DidNotExist
    return Titled(title=found[-1][0], since=found[0][1])


def title_then(framework: str, as_of: datetime) -> Subquery:
    """Return what the framework at this path was called at a moment, as part of a query."""
    rows = FrameworkWording.objects.filter(framework=OuterRef(framework), recorded_at__lte=as_of)
    return Subquery(rows.order_by("-recorded_at", "-id").values("title")[:1])


def moment_in(framework: Framework, text: str | None, now: datetime) -> datetime:
    """Return the minute that a text names, of those in which the framework has figures.

    Raises UnusableMoment, which says the range, for the future, and NothingYet, which does so
    too, for what came before it.
    """
    first = begins(framework)
    try:
        moment = minute_of(text, now)
    except UnusableMoment as problem:
        between = _("There are figures from %(first)s to %(now)s UTC.")
        told = between % {"first": written(first), "now": written(now)}
        raise UnusableMoment(f"{problem} {told}") from problem
    if moment < first:
        raise NothingYet(
            _("Nothing was recorded yet at that moment. Choose one from %(first)s to %(now)s UTC.")
            % {"first": written(first), "now": written(now)}
        )
    return moment
