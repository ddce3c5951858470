"""Requests of the API that may come twice: the answer that the first got."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Repeat(models.Model):
    """A request with a key of the sender's, and its answer: sent again, it changes nothing again.

    `owner` is the token or the person. While it is being answered, `lease` names who does so
    until `lease_until`; a process that died loses it. Kept for 24 hours.
    """

    owner = models.CharField(max_length=40)
    key = models.CharField(max_length=280)
    request_hash = models.CharField(max_length=64)
    claimed_at = models.DateTimeField(db_index=True)
    lease = models.CharField(max_length=32)
    lease_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "key"], name="repeat_one_per_key"),
            models.CheckConstraint(
                condition=Q(status__isnull=False) | Q(body=""), name="repeat_answered_with_a_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner}, {self.key}"
