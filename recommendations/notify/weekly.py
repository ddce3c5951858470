"""The week in numbers, for those who coordinate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies.models import User
from recommendations.models import Delivery, Framework, Round, Update
from recommendations.notify.deliveries import Cause
from recommendations.reporting.facts import Scope
from recommendations.reporting.gaps import gaps
from recommendations.reporting.round_progress import Progress, round_progress

AHEAD = timedelta(days=1)
"""The week begins a day early: on Monday morning it is counted wherever the sun rises first."""

Office = Callable[[int], Sequence[User]]
"""Who coordinates a framework, by its id."""


def week_of(day: date) -> str:
    """Return the week of a day, such as 2026-W19."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def summaries(
    frameworks: Iterable[Framework], office: Office, at: datetime
) -> Iterator[tuple[Cause, list[User]]]:
    """Yield the numbers of this week for those who coordinate and did not get them yet.

    Nothing about a framework in which nothing runs and nothing waits.
    """
    for framework in frameworks:
        key = f"summary:{framework.pk}:{week_of((at + AHEAD).date())}"
        told = set(Delivery.objects.filter(cause=key).values_list("user_id", flat=True))
        left = [user for user in office(framework.pk) if user.pk not in told]
        facts = numbers(framework, at=at) if left else None
        if facts:
            yield (
                Cause(key=key, kind="summary", framework_id=framework.pk, facts=facts),
                left,
            )


def numbers(framework: Framework, *, at: datetime) -> dict[str, Any] | None:
    """Return what is due, overdue, in review and without a lead; None where all is quiet.

    The same figures as on the pages, inside: agencies that are not counted are in none.
    """
    rounds = Round.objects.filter(framework=framework, state=Round.State.OPEN)
    found = [round_progress(round, as_of=at) for round in rounds.select_related("framework")]
    counts = [count for one in found for count in (one.total, one.questionnaires)]
    in_review = Update.objects.awaiting_review().filter(duty__round__framework=framework).count()
    if not found and not in_review:
        return None
    return {
        "as_of": at.isoformat(),
        "due": sum(still_due(count) for count in counts),
        "overdue": sum(count.overdue for count in counts),
        "in_review": in_review,
        "without_lead": len(gaps(framework, as_of=at, scope=Scope.INSIDE).no_lead),
    }


def still_due(count: Progress) -> int:
    """Return how many are with their agencies and not overdue."""
    return count.missing + count.returned - count.overdue


COUNTS = {
    "due": lazy("Due and not overdue: %(n)s"),
    "overdue": lazy("Overdue: %(n)s"),
    "in_review": lazy("To review: %(n)s"),
    "without_lead": lazy("Actions without a lead: %(n)s"),
}


def in_words(facts: Mapping[str, Any]) -> str:
    """Return the numbers of a week as a mail prints them, with the moment they are of."""
    said = [words % {"n": facts.get(name, "–")} for name, words in COUNTS.items()]
    counted = parse_datetime(str(facts.get("as_of", "")))
    if counted is not None:
        moment = date_format(counted.astimezone(UTC), "j M Y H:i")
        said.append(_("Counted on %(moment)s UTC.") % {"moment": moment})
    return "\n".join(said)
