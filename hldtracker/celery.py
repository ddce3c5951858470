"""The background worker: finds the tasks of the applications and runs the timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hldtracker.settings")

app = Celery("hldtracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["recommendations"])
