"""What the worker does: each task calls one function, holds no rule, and may run twice."""

from celery import shared_task
from django.utils import timezone

from recommendations.background import files, limits, running
from recommendations.domain import repeats
from recommendations.notify import nudge, passes, positions, reminders

LONGEST_PASS = (limits.PASS + limits.LEASE).seconds


@shared_task
def deliver() -> None:
    """Tell what happened and send what is due; each minute, and after each commit."""
    passes.deliver(clock=timezone.now, call_help=nudge.nudge)


@shared_task
def number_all_events() -> None:
    """Give positions to events that every earlier pass missed; nightly."""
    positions.number_events(at=timezone.now(), everything=True)


@shared_task
def remind() -> None:
    """Tell people what is due, overdue and unanswered; hourly."""
    reminders.remind_hourly(at=timezone.now())


@shared_task(soft_time_limit=LONGEST_PASS, time_limit=LONGEST_PASS + 15)
def run_jobs() -> None:
    """Make what people asked for; each minute, and when somebody asks."""
    running.run_jobs(clock=timezone.now, begins_for=limits.PASS)


@shared_task
def expire_jobs() -> None:
    """Remove the files that were kept long enough; nightly."""
    files.expire(at=timezone.now())


@shared_task
def forget_repeats() -> None:
    """Drop the answers of the API that were kept for requests that come twice; nightly."""
    repeats.forget(at=timezone.now())
