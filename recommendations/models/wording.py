"""What a framework was called, moment by moment."""

from __future__ import annotations

from django.db import models

from agencies.models import Fact
from recommendations.models.framework import Framework


class FrameworkWording(Fact):
    """How a framework was titled from a moment on; the first says since when there is one."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="wordings")
    title = models.CharField(max_length=300)
    short_title = models.CharField(max_length=80)
