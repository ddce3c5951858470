"""A round of reporting, and the duties it makes."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agencies.models import URL_SAFE, Agency, Fact, User, Versioned, url_safe
from recommendations.models.assignment import Assignment
from recommendations.models.framework import Framework, Question
from recommendations.models.reminding import reminder_problems


def usual_reminders() -> list[int]:
    """Return on which days agencies are reminded, counted from the due date."""
    return [-14, -3, 0, 3, 10]


class Round(Versioned):
    """A period in which agencies report: it opens, updates are due, it closes."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    stated = ("state", "opens_on", "due_on", "closes_on", "held")

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="rounds")
    code = models.CharField(_("code"), max_length=20, validators=[url_safe])
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("updates due on"))
    closes_on = models.DateField(_("closes on"))
    with_supporting = models.BooleanField(
        _("supporting agencies report as well"),
        default=False,
        help_text=_("Leads and co-leads always report."),
    )
    with_questionnaire = models.BooleanField(
        _("every agency answers the questionnaire"),
        default=True,
        help_text=_("With the questions that are asked on the day the round opens."),
    )
    reminder_days = models.JSONField(
        _("reminders"),
        default=usual_reminders,
        blank=True,
        help_text=_("Days before (−) and after the due date on which agencies are reminded."),
    )
    reminder_every = models.PositiveSmallIntegerField(
        _("then every … days"), default=14, help_text=_("After the last of them; 0: not again.")
    )
    reminder_last = models.PositiveSmallIntegerField(
        _("no reminder later than … days after the due date"), default=66
    )
    held = models.BooleanField(_("publication held"), default=False, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State.choices,
        default=State.PLANNED,
        editable=False,
    )

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints: ClassVar = [
            models.UniqueConstraint("framework", Lower("code"), name="round_code_unique"),
            models.CheckConstraint(condition=Q(code__regex=URL_SAFE), name="round_code_url_safe"),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("due_on"), due_on__lte=F("closes_on")),
                name="round_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "open", "closed"]), name="round_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Refuse reminders that could not be sent as they are meant."""
        found = reminder_problems(self.reminder_days, self.reminder_every, self.reminder_last)
        if found:
            raise ValidationError(found)

    @cached_property
    def asked(self) -> list[RoundQuestion]:
        """Return the questions as this round asks them, in order; fixed since it opened."""
        return list(self.questions.order_by("number"))

    def is_closing(self, today: date) -> bool:
        """Say whether the round is open and its due date has passed."""
        return self.state == self.State.OPEN and today > self.due_on

    def restate(self, *, at: datetime, by: User | None) -> None:
        """Record the state and dates that figures print from now on."""
        RoundTerms.objects.create(
            round=self,
            state=self.state,
            opens_on=self.opens_on,
            due_on=self.due_on,
            closes_on=self.closes_on,
            held=self.held,
            recorded_at=at,
            recorded_by=by,
        )


class RoundTerms(Fact):
    """State and dates of a round from a moment on."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="terms")
    state = models.CharField(max_length=10, choices=Round.State.choices)
    opens_on = models.DateField()
    due_on = models.DateField()
    closes_on = models.DateField()
    held = models.BooleanField(default=False)


class RoundQuestion(models.Model):
    """A question as a round asks it: fixed when the round opened, never edited."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="questions")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="asked_in")
    number = models.PositiveIntegerField()
    heading = models.CharField(max_length=80)
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "question"], name="round_question_asked_once"),
            models.UniqueConstraint(fields=["round", "number"], name="round_question_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.heading}"

    @property
    def field(self) -> str:
        """Return the name under which an update keeps the answer."""
        return f"q{self.number}"


class DutyQuerySet(models.QuerySet["Duty"]):
    """Named questions about duties."""

    def with_place(self) -> DutyQuerySet:
        """Load the round, action and agency that every list and notice names."""
        return self.select_related(
            "round__framework", "agency", "assignment__agency", "assignment__action"
        )

    def open(self) -> DutyQuerySet:
        """Keep the duties neither met nor waived."""
        return self.filter(state=Duty.State.OPEN)

    def overdue(self, today: date) -> DutyQuerySet:
        """Keep the open duties whose due date has passed; a voluntary one is never late."""
        return self.open().filter(due_on__lt=today, voluntary=False)


class Duty(Versioned):
    """What an agency owes in a round: an update on an assignment, or the questionnaire."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("Update")
        QUESTIONNAIRE = "questionnaire", _("Questionnaire")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        MET = "met", _("Met")
        WAIVED = "waived", _("Waived")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, null=True, related_name="duties"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="duties")
    voluntary = models.BooleanField(_("voluntary"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPEN, editable=False
    )
    due_on = models.DateField(_("due on"), null=True, editable=False)
    recorded_at = models.DateTimeField(editable=False)
    waived_at = models.DateTimeField(null=True, editable=False)
    waived_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    waived_because = models.TextField(blank=True, editable=False)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "assignment"], name="duty_one_per_assignment"),
            models.UniqueConstraint(fields=["round", "agency"], name="duty_one_questionnaire"),
            models.CheckConstraint(
                condition=Q(kind="progress", assignment__isnull=False, agency__isnull=True)
                | Q(kind="questionnaire", assignment__isnull=True, agency__isnull=False),
                name="duty_kind_has_its_object",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "met", "waived"]), name="duty_state_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(state="waived"),
                    waived_at__isnull=True,
                    waived_by__isnull=True,
                    waived_because="",
                )
                | Q(
                    ~Q(waived_because=""),
                    state="waived",
                    waived_at__isnull=False,
                    waived_by__isnull=False,
                ),
                name="duty_waived_by_whom_when_why",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="duty_open_due")]

    def __str__(self) -> str:
        if self.assignment is None:
            names = {"agency": self.agency, "round": self.round.code}
            return _("Questionnaire, %(agency)s, round %(round)s") % names
        return f"{self.round.code} {self.assignment}"

    @property
    def framework_id(self) -> int:
        """Return the framework of the round."""
        return self.round.framework_id

    @property
    def answerable_id(self) -> int:
        """Return the agency that owes it."""
        if self.assignment is not None:
            return self.assignment.agency_id
        return self.agency_id or 0


class DutyDueDate(Fact):
    """The due date of a duty from a moment on, and why it changed."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="due_dates")
    due_on = models.DateField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["duty", "-recorded_at", "-id"], name="due_date_as_of")
        ]


class TimeRequest(Fact):
    """An agency asks for more time for a duty."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="time_requests")
    until_on = models.DateField(_("new due date"))
    reason = models.TextField(_("reason"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="time_request_says_why")
        ]

    def __str__(self) -> str:
        return f"{self.duty}: {self.until_on}"


class TimeAnswer(Fact):
    """The coordinator granted more time, with the new due date, or refused it, with a reason."""

    request = models.OneToOneField(TimeRequest, on_delete=models.PROTECT, related_name="answer")
    granted = models.BooleanField()
    due_on = models.DateField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(granted=True, due_on__isnull=False)
                | (Q(granted=False, due_on__isnull=True) & ~Q(reason="")),
                name="time_answer_date_or_reason",
            )
        ]
