"""What runs by the timetable runs once, also where two timetables run beside each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from recommendations.models import ScheduledRun

KEPT = timedelta(days=30)


def once(name: str, due_at: datetime, *, at: datetime) -> bool:
    """Say whether this run is ours to do: nobody else has begun it.

    Asked in the transaction that does the work, a run that fails is free again.
    """
    _run, new = ScheduledRun.objects.get_or_create(
        name=name, due_at=due_at, defaults={"begun_at": at}
    )
    if new:
        ScheduledRun.objects.filter(name=name, due_at__lt=due_at - KEPT).delete()
    return new
