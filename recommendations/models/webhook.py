"""Webhooks: addresses of other systems that are called when something happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Event, User, Versioned
from recommendations.models.framework import Framework

OLD_SECRET_HOLDS = timedelta(hours=24)
"""How long the secret before the newest one goes on signing beside it."""


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Named questions about webhooks."""

    def live(self) -> WebhookQuerySet:
        """Keep those that are called: allowed, switched on, of an agency that is active."""
        ours = Q(agency__isnull=True) | Q(agency__active=True)
        return self.filter(ours, allowed_at__isnull=False, disabled_at__isnull=True)


class Webhook(Versioned):
    """An address that is called with what happens in a framework.

    It belongs to an agency, or without one to the secretariat of the framework. `events` names
    the kinds of events that it asks for; an empty list means all. No secret is kept here: it is
    made from `seed` and the key of the site. `failing_since` is when the first of the calls failed
    that no accepted one has followed; `quiet_until` is until when the address is left alone.
    """

    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="webhooks", verbose_name=_("framework")
    )
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        related_name="webhooks",
        verbose_name=_("agency"),
    )
    address = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    seed = models.CharField(max_length=64)
    old_seed = models.CharField(max_length=64, blank=True)
    old_until = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(_("registered at"))
    allowed_at = models.DateTimeField(_("allowed at"), null=True)
    allowed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("allowed by")
    )
    disabled_at = models.DateTimeField(_("switched off at"), null=True)
    disabled_because = models.TextField(_("switched off because"), blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    quiet_until = models.DateTimeField(null=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["framework", "agency", "address"],
                condition=Q(agency__isnull=False),
                name="webhook_agency_address_once",
            ),
            models.UniqueConstraint(
                fields=["framework", "address"],
                condition=Q(agency__isnull=True),
                name="webhook_secretariat_address_once",
            ),
            models.CheckConstraint(
                condition=Q(address__startswith="https://"), name="webhook_address_is_https"
            ),
            models.CheckConstraint(
                condition=Q(allowed_at__isnull=True, allowed_by__isnull=True)
                | Q(allowed_at__isnull=False, allowed_by__isnull=False),
                name="webhook_allowed_at_by",
            ),
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True, disabled_because="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_because="")),
                name="webhook_disabled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(old_until__isnull=True, old_seed="")
                | (Q(old_until__isnull=False) & ~Q(old_seed="")),
                name="webhook_old_secret_until",
            ),
        ]

    def __str__(self) -> str:
        return urlsplit(self.address).hostname or self.address

    @property
    def is_live(self) -> bool:
        """Say whether it is called: `live` about one of them."""
        ours = self.agency is None or self.agency.active
        return ours and self.allowed_at is not None and self.disabled_at is None

    def seeds(self, at: datetime) -> list[str]:
        """Return what the secrets that hold at a moment are made from, the newest first."""
        old = [self.old_seed] if self.old_until is not None and at < self.old_until else []
        return [self.seed, *old]


class WebhookCall(models.Model):
    """One event for one webhook, or a test without an event; its id in the header is `name`.

    `lease` names the sender that holds it until `lease_until`; a sender that died loses it.
    `status` is the HTTP status of the last answer, `answer` its beginning or why there is none,
    `took_ms` how long it took in milliseconds.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Accepted")
        SUPPRESSED = "suppressed", _("Not sent")
        DEAD = "dead", _("Given up")

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="calls")
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, related_name="webhook_calls"
    )
    name = models.CharField(max_length=40, unique=True)
    kind = models.CharField(_("event"), max_length=60)
    made_at = models.DateTimeField(_("made at"))
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    next_at = models.DateTimeField(_("next try"))
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    took_ms = models.PositiveIntegerField(_("milliseconds"), null=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        verbose_name = _("call of a webhook")
        verbose_name_plural = _("calls of webhooks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["webhook", "event"], name="webhook_call_each_event_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["suppressed", "dead"]) | ~Q(answer=""),
                name="webhook_call_not_sent_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at", "id"], condition=Q(state="waiting"), name="webhook_call_waiting"
            ),
            models.Index(fields=["webhook", "-id"], name="webhook_call_log"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.name}"
