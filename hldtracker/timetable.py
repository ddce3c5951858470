"""When the worker does what: each line names a task, and how often."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

TIMETABLE: dict[str, dict[str, Any]] = {
    name: {
        "task": f"recommendations.tasks.{task}",
        "schedule": schedule,
        # a wake-up call that nobody heard in time is not worth hearing late
        "options": {"expires": 50},
    }
    for name, task, schedule in (
        ("deliver", "deliver", 60.0),
        ("run-jobs", "run_jobs", 60.0),
        ("expire-jobs", "expire_jobs", crontab(hour="2", minute="45")),
        ("forget-repeats", "forget_repeats", crontab(hour="2", minute="50")),
        ("number-all-events", "number_all_events", crontab(hour="2", minute="30")),
        ("remind", "remind", crontab(minute="5")),
    )
}
