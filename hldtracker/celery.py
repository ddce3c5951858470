"""The background worker: finds the tasks of the applications and runs the timetable."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

from hldtracker import broker

broker.install()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hldtracker.settings")

app = Celery("hldtracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["recommendations"])


@worker_ready.connect
def sweep(sender: Any, **kwargs: Any) -> None:
    """Deliver what was left while no worker ran, as soon as one does."""
    sender.app.send_task("recommendations.tasks.deliver")
