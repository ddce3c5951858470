"""What happened: the append-only log, its one order, and its readers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models.person import User


class Event(models.Model):
    """One change of one object: who did what, when, why. Append-only, by trigger.

    Holds no names, addresses or long texts: those sit in their own rows, and the
    content carries their hash. Object and framework are plain ids, so that history
    neither blocks nor follows a deletion.
    """

    object_type = models.CharField(max_length=40)
    object_id = models.PositiveBigIntegerField()
    framework_id = models.PositiveBigIntegerField(null=True)
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    content = models.TextField(default="{}")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["object_type", "object_id", "number"], name="event_number_unique"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="event_number_from_one"),
        ]
        indexes: ClassVar = [models.Index(fields=["at", "id"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}, {self.number}: {self.verb}"


class EventPosition(models.Model):
    """The place of an event in the one order that feeds and deliveries read.

    Given after commit: ids skip transactions that commit late.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="place")
    position = models.PositiveBigIntegerField(unique=True)


class Cursor(models.Model):
    """How far a reader of the event log has come."""

    name = models.CharField(max_length=40, unique=True)
    position = models.PositiveBigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
