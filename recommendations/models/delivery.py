"""What people are told: deliveries, the mails that carry them, and how each person wants them."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Event, User
from recommendations.models.framework import Framework


class Delivery(models.Model):
    """One cause for one person on one channel, told once: the unique constraint sees to it.

    `cause` is `event:<id>`, `rung:<duty or assignment>:<date>:<rung>`,
    `summary:<framework>:<ISO week>`, `job:<id>` or `sign-in:<request>`. `kind` names a row of
    the table of notices. `subject_type` and `subject_id` are the object that its link opens.
    A line was put off until a day (`later_until`), or until the next round opens: `later_rounds`
    is how many rounds had opened then.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        INBOX = "inbox", _("Inbox")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Delivered")
        SUPPRESSED = "suppressed", _("Not sent")
        FAILED = "failed", _("Could not be written")

    UNTOLD = (State.SUPPRESSED, State.FAILED)
    """The states of what reached nobody."""

    cause = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="deliveries")
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.PositiveBigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    ready_at = models.DateTimeField()
    in_digest = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    because = models.TextField(blank=True)
    message = models.ForeignKey(
        "recommendations.Message", on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    needs_action = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    later_until = models.DateField(null=True)
    later_rounds = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cause", "user", "channel"], name="delivery_each_cause_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["suppressed", "failed"]) | ~Q(because=""),
                name="delivery_not_sent_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ready_at"],
                condition=Q(state="waiting", channel="mail", message__isnull=True),
                name="delivery_waiting",
            ),
            models.Index(fields=["user", "channel", "-made_at", "-id"], name="delivery_inbox"),
            models.Index(fields=["subject_type", "subject_id"], name="delivery_subject"),
            models.Index(fields=["made_at"], condition=Q(state="failed"), name="delivery_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.cause}"


class Message(models.Model):
    """One mail to one person, holding one or more deliveries.

    `lease` names the sender that holds it until `lease_until`; a sender that died loses it.
    Only an answer of the server about this recipient or message counts as a try.
    """

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", _("About the account")
        AT_ONCE = "at_once", _("At once")
        DIGEST = "digest", _("Digest")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        SUPPRESSED = "suppressed", _("Not sent")
        DEAD = "dead", _("Given up")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mails")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    message_id = models.CharField(max_length=200, unique=True)
    thread = models.CharField(max_length=80, blank=True)
    digest_on = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "digest_on"],
                condition=Q(digest_on__isnull=False),
                name="message_one_digest_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["suppressed", "dead"]) | ~Q(answer=""),
                name="message_not_sent_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="waiting"), name="message_waiting"
            ),
            models.Index(fields=["state", "-settled_at"], name="message_settled"),
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id


class Untold(models.Model):
    """An event that could not be told to anybody: kept with the error until it is told after all.

    `told_by` is the administrator who had it told, with their reason in `note`.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="untold")
    failed_at = models.DateTimeField(_("failed at"))
    because = models.TextField(_("error"))
    told_at = models.DateTimeField(_("told at"), null=True)
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("event that was not told")
        verbose_name_plural = _("events that were not told")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_by__isnull=True)
                | Q(told_at__isnull=False, told_by__isnull=False),
                name="untold_told_by_whom_when",
            )
        ]

    def __str__(self) -> str:
        return str(self.event)


class MailServer(models.Model):
    """Whether mail can be handed on: one row. A server that is away pauses it for everybody."""

    name = models.CharField(max_length=10, unique=True, default="mail")
    paused_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    because = models.TextField(blank=True)


class ScheduledRun(models.Model):
    """A run of the timetable that somebody has begun: a second timetable finds it taken."""

    name = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "due_at"], name="scheduled_run_once")
        ]


class NoticeChoice(models.Model):
    """How a person wants to hear of one kind of notice, where they chose."""

    class How(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly")
        OFF = "off", _("Off")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notice_choices")
    kind = models.CharField(max_length=40)
    how = models.CharField(max_length=10, choices=How.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind"], name="notice_choice_one_a_kind"),
            models.CheckConstraint(
                condition=Q(how__in=["at_once", "daily", "weekly", "off"]),
                name="notice_choice_known",
            ),
        ]


class MailSettings(models.Model):
    """When and how mail reaches a person: their time zone, quiet hours, digest, calendar.

    `calendar_key` opens the private calendar of due dates; a new one revokes the old.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="mail_settings")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    digest_at = models.TimeField(_("time of the digest"), default=time(7, 0))
    digest_weekday = models.PositiveSmallIntegerField(_("day of the weekly digest"), default=0)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    text_only = models.BooleanField(_("text without HTML"), default=False)
    calendar_key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["calendar_key"],
                condition=~Q(calendar_key=""),
                name="mail_settings_calendar_key_unique",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="mail_settings_quiet_from_until",
            ),
        ]
