"""Work in the background that somebody waits for: a report that is made, a file that is checked."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from recommendations.models.framework import Framework

LONGEST_NAME = 120


class Job(models.Model):
    """One thing to make for a person; `owner` is empty where the site asked itself.

    `parameters` is canonical JSON and `request` its hash: while a job is under way or its file is
    kept, the same request by the same person finds it. `lease` names the worker that holds it
    until `lease_until`; a worker that died loses it. `progress` is in percent. `outcome` says in
    words what a check found, or why nothing was made. The file goes after `expires_at`; the row
    stays.
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("Report")
        CHECK = "check", _("Check of a file")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("No longer kept")

    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="jobs")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parameters = models.TextField()
    request = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    stored_as = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=LONGEST_NAME, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    outcome = models.TextField(blank=True)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "request"],
                condition=Q(state__in=["waiting", "running", "ready"]),
                name="job_same_request_once",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_percent"),
            models.CheckConstraint(
                condition=Q(lease="", lease_until__isnull=True)
                | ~Q(lease="") & Q(lease_until__isnull=False, state="running"),
                name="job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | Q(
                    state__in=["ready", "failed", "expired"],
                    finished_at__isnull=False,
                    expires_at__isnull=False,
                ),
                name="job_finished_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready", kind="report") | ~Q(stored_as=""),
                name="job_ready_has_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(outcome=""), name="job_failed_says_why"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["made_at", "id"],
                condition=Q(state__in=["waiting", "running"]),
                name="job_under_way",
            ),
            models.Index(fields=["state", "expires_at"], name="job_expiring"),
            models.Index(fields=["owner", "framework", "-id"], name="job_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def asked_for(self) -> dict[str, Any]:
        """Return the parameters by name."""
        found: dict[str, Any] = json.loads(self.parameters)
        return found
