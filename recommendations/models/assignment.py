"""Who does what: an agency's place on an action, its answer, its target date."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Fact, User, Versioned, WorkingGroup
from recommendations.models.framework import Action
from recommendations.models.vocabulary import (
    ACTIVE,
    LEADING,
    LIVE,
    WITH_REASON,
    Acceptance,
    ImplementationStatus,
    Precision,
    Role,
)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Named questions about assignments."""

    def live(self) -> AssignmentQuerySet:
        """Keep those not declined, withdrawn or ended."""
        return self.filter(acceptance__in=LIVE)

    def active(self) -> AssignmentQuerySet:
        """Keep those taken on in full or in part."""
        return self.filter(acceptance__in=ACTIVE)

    def leading(self) -> AssignmentQuerySet:
        """Keep leads and co-leads, who decide where the action stands."""
        return self.filter(role__in=LEADING)

    def in_order(self) -> AssignmentQuerySet:
        """Sort as the source sorts the actions, then by agency."""
        return self.order_by("action__area__order", "action__order", "agency__sort_key", "id")


class Assignment(Versioned):
    """An agency is lead, co-lead or supporting on an action.

    `in_force`, `effective_status` and `verified` are stored copies of what the rows say;
    figures read the rows, and `recount` compares.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="assignments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, editable=False)
    acceptance = models.CharField(
        _("acceptance"),
        max_length=24,
        choices=Acceptance.choices,
        default=Acceptance.PROPOSED,
        editable=False,
    )
    respond_by = models.DateField(_("answer due on"), null=True, blank=True)
    through = models.ForeignKey(
        WorkingGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    target_on = models.DateField(_("target date"), null=True, blank=True, editable=False)
    target_precision = models.CharField(
        _("precision"), max_length=10, choices=Precision.choices, blank=True, editable=False
    )
    target_text = models.CharField(
        _("target date as written"), max_length=120, blank=True, editable=False
    )
    recorded_at = models.DateTimeField(_("assigned at"), editable=False)
    in_force = models.ForeignKey(
        "recommendations.Submission",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    effective_status = models.CharField(
        max_length=20, choices=ImplementationStatus.choices, blank=True, editable=False
    )
    verified = models.BooleanField(default=False, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["action", "agency"],
                condition=Q(acceptance__in=LIVE),
                name="assignment_one_live_per_agency",
            ),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(acceptance__in=LIVE, role=Role.LEAD),
                name="assignment_one_live_lead",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="assignment_role_known"),
            models.CheckConstraint(
                condition=Q(acceptance__in=Acceptance.values), name="assignment_acceptance_known"
            ),
            models.CheckConstraint(
                condition=Q(target_on__isnull=True, target_precision="")
                | Q(target_on__isnull=False, target_precision__in=Precision.values),
                name="assignment_target_precision",
            ),
            models.CheckConstraint(
                condition=Q(effective_status__in=["", *ImplementationStatus.values]),
                name="assignment_status_known",
            ),
            models.CheckConstraint(
                condition=Q(in_force__isnull=False) | Q(effective_status="", verified=False),
                name="assignment_status_rests_on_submission",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "acceptance"], name="assignment_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.action.code} {self.agency}"

    @property
    def framework_id(self) -> int:
        """Return the framework of the action."""
        return self.action.framework_id

    @property
    def is_active(self) -> bool:
        """Say whether the assignment is taken on in full or in part."""
        return self.acceptance in ACTIVE


class AcceptanceAnswer(Fact):
    """Where the acceptance of an assignment stood from a moment on, and why."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="answers")
    acceptance = models.CharField(max_length=24, choices=Acceptance.choices)
    reason = models.TextField(blank=True)
    on_behalf_of = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="answers_on_behalf"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(acceptance__in=Acceptance.values), name="answer_acceptance_known"
            ),
            models.CheckConstraint(
                condition=~Q(acceptance__in=WITH_REASON) | ~Q(reason=""), name="answer_with_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["assignment", "-recorded_at", "-id"], name="answer_as_of")
        ]


class TargetDate(Fact):
    """The target date of an assignment from a moment on; the first row is the original."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="targets")
    on = models.DateField(null=True)
    precision = models.CharField(max_length=10, choices=Precision.choices, blank=True)
    text = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(on__isnull=True, precision="")
                | Q(on__isnull=False, precision__in=Precision.values),
                name="target_precision",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["assignment", "-recorded_at", "-id"], name="target_as_of")
        ]
