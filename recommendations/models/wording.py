"""How a framework, its areas and its actions were worded, moment by moment."""

from __future__ import annotations

from django.db import models

from agencies.models import Fact
from recommendations.models.framework import Action, Framework, PriorityArea


class FrameworkWording(Fact):
    """How a framework was titled from a moment on; the first says since when there is one."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="wordings")
    title = models.CharField(max_length=300)
    short_title = models.CharField(max_length=80)


class AreaWording(Fact):
    """How a priority area was worded from a moment on."""

    area = models.ForeignKey(PriorityArea, on_delete=models.PROTECT, related_name="wordings")
    title = models.CharField(max_length=300)
    statement = models.TextField()


class ActionWording(Fact):
    """How an action was worded from a moment on."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="wordings")
    official_text = models.TextField()
    short_title = models.CharField(max_length=80)
