"""The project: how the parts are wired together. No business rule lives here."""

from hldtracker.celery import app as celery_app

__all__ = ["celery_app"]
