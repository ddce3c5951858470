"""Rounds to plan, and who owes what in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies.admin.base import ReadOnlyAdmin, RevisedAdmin
from agencies.admin.confirmed import confirmed
from agencies.forms import DayList, RevisionForm
from agencies.models import User
from recommendations.admin.transitions import (
    NewDueDate,
    NewTerms,
    performing,
    what_a_release_publishes,
    what_a_waiver_leaves,
    what_closing_leaves,
    what_holding_does,
    what_moves,
    what_opening_does,
)
from recommendations.domain import planning
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Assignment, Duty, Round


class RoundForm(RevisionForm):
    """The dates of a round, until it opens."""

    reminder_days = DayList(
        label=lazy("Reminders"),
        required=False,
        help_text=lazy(
            "Days before (−) and after the due date on which agencies are reminded, "
            "with commas between them."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse what planning refuses, and to change a round that has opened."""
        cleaned = super().clean()
        if self.instance.state != Round.State.PLANNED:
            raise ValidationError(
                _("This round is no longer planned. Extend it, or move single duties.")
            )
        new = self.instance.pk is None
        if new and "framework" not in cleaned:
            return cleaned
        framework = cleaned["framework"] if new else None
        today = timezone.now().date()
        for name, text in planning.problems(cleaned, today=today, framework=framework).items():
            if text and name not in self.errors:
                self.add_error(name, text)
        return cleaned


@admin.register(Round)
class RoundAdmin(RevisedAdmin):
    """Rounds: planned here; everything after that is done by the workflow."""

    form = RoundForm
    framework_path = "framework"
    fields = (
        *("framework", "code", "opens_on", "due_on", "closes_on"),
        *("with_supporting", "with_questionnaire"),
        *("reminder_days", "reminder_every", "reminder_last", "state"),
    )
    readonly_fields = ("state",)
    fixed = ("framework", "code")
    list_display = ("code", "framework", "state", "opens_on", "due_on", "closes_on")
    list_filter = ("state",)
    search_fields = ("code",)
    ordering = ("-opens_on", "id")
    related = ("framework",)
    actions = (
        confirmed("open", lazy("Open rounds"), performing("open"), explains=what_opening_does),
        confirmed("close", lazy("Close rounds"), performing("close"), explains=what_closing_leaves),
        confirmed(
            "extend",
            lazy("Extend rounds"),
            performing("extend"),
            form=NewTerms,
            explains=what_moves,
        ),
        confirmed(
            "reopen",
            lazy("Reopen rounds"),
            performing("reopen"),
            form=NewTerms,
            explains=what_moves,
        ),
        confirmed(
            "hold",
            lazy("Hold publication of rounds"),
            performing("hold"),
            explains=what_holding_does,
        ),
        confirmed(
            "release",
            lazy("Release rounds"),
            performing("release"),
            explains=what_a_release_publishes,
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say yes while the round is planned.

        What somebody typed while it opened is not thrown away: their form comes back with
        both versions, and can no longer be saved.
        """
        typing = request.method == "POST"
        planned = obj is None or typing or obj.state == Round.State.PLANNED
        return planned and super().has_change_permission(request, obj)

    def changeform_view(
        self, request: Any, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show or save the form; once more where the domain found what somebody did meanwhile."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (NotAllowedNow, RequirementMissing):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def enter(self, obj: Any, *, by: User, at: datetime, note: str) -> None:
        """Plan the round as the page of rounds does."""
        values = {name: getattr(obj, name) for name in planning.FIELDS}
        made = planning.plan_round(obj.framework, values=values, by=by, at=at, note=note)
        obj.pk = made.pk
        obj.refresh_from_db()

    def revise(
        self,
        obj: Any,
        *,
        values: Mapping[str, Any],
        by: User,
        at: datetime,
        note: str,
        version: int,
    ) -> None:
        """Change the round as the page of rounds does."""
        planning.replan_round(obj, values=values, by=by, at=at, note=note, version=version)

    def show(self, obj: Any) -> None:
        """Do nothing: planning did it."""

    def view_on_site(self, obj: Round) -> str:
        """Return where its page is."""
        return reverse("round-detail", args=[obj.framework.slug, obj.code])


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    """Who does what. Coordinators assign on the pages; here an assignment can be ended."""

    framework_path = "action__framework"
    fields = (
        "action",
        "agency",
        "role",
        "acceptance",
        "respond_by",
        "through",
        "target_on",
        "target_precision",
        "target_text",
        "effective_status",
        "verified",
        "recorded_at",
    )
    list_display = ("action", "agency", "role", "acceptance", "effective_status", "verified")
    list_display_links = ("action", "agency")
    list_filter = ("acceptance", "role", "effective_status")
    search_fields = ("action__code", "action__short_title", "agency__acronym")
    ordering = ("action__area__order", "action__order", "agency__sort_key", "id")
    related = ("action__framework", "agency", "through")
    actions = (
        confirmed("withdraw", lazy("Withdraw assignments"), performing("withdraw")),
        confirmed("end", lazy("End assignments"), performing("end")),
    )

    def view_on_site(self, obj: Assignment) -> str:
        """Return where its thread is."""
        place = (obj.action.framework.slug, obj.action.code, obj.agency.code)
        return reverse("thread", args=place)


@admin.register(Duty)
class DutyAdmin(ReadOnlyAdmin):
    """What agencies owe in a round; for many at once a due date is set, or the duty is waived."""

    framework_path = "round__framework"
    fields = (
        "round",
        "kind",
        "assignment",
        "agency",
        "voluntary",
        "state",
        "due_on",
        "recorded_at",
        "waived_at",
        "waived_by",
        "waived_because",
    )
    list_display = ("owed", "round", "kind", "state", "due_on")
    list_filter = ("state", "kind", ("round", admin.RelatedOnlyFieldListFilter))
    search_fields = ("round__code", "assignment__action__code", "assignment__agency__acronym")
    ordering = ("-round__opens_on", "due_on", "id")
    related = ("round", "assignment__action", "assignment__agency", "agency", "waived_by")
    actions = (
        confirmed(
            "set_due", lazy("Set the due date of duties"), performing("set_due"), form=NewDueDate
        ),
        confirmed(
            "waive", lazy("Waive duties"), performing("waive"), explains=what_a_waiver_leaves
        ),
    )

    @admin.display(description=lazy("duty"))
    def owed(self, obj: Duty) -> str:
        """Return what is owed by whom."""
        return str(obj.assignment or obj.agency)
