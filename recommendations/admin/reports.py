"""What agencies reported and what was decided, to read. No text of a draft comes here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies.admin.base import ReadOnlyAdmin
from recommendations.models import Assessment, Decision, Submission, SubmissionPerson, Update

PLACE = (
    "duty__round",
    "duty__agency",
    "duty__assignment__action",
    "duty__assignment__agency",
)


def through(*steps: str) -> tuple[str, ...]:
    """Return the relations that name the round, action and agency, seen from further off."""
    return tuple(f"{step}__{place}" for step in steps for place in PLACE)


@admin.register(Update)
class UpdateAdmin(ReadOnlyAdmin):
    """Updates: where each one is. A draft is its agency's: only that there is one, since when."""

    framework_path = "duty__round__framework"
    fields = ("duty", "corrects", "review_state", "draft_since")
    list_display = ("duty", "review_state", "draft_since")
    list_filter = ("review_state", ("duty__round", admin.RelatedOnlyFieldListFilter))
    search_fields = ("duty__assignment__action__code", "duty__assignment__agency__acronym")
    ordering = ("-id",)
    related = PLACE

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the updates with the moment their draft was begun, and nothing else of it."""
        rows: QuerySet[Any] = super().get_queryset(request)
        begun: QuerySet[Any] = rows.annotate(begun=F("draft__begun_at"))
        return begun

    @admin.display(description=lazy("draft since"), ordering="draft__begun_at")
    def draft_since(self, obj: Any) -> str:
        """Return since when there is a draft."""
        return date_format(obj.begun, "j M Y H:i") if obj.begun else ""


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """Submissions: which, when, by whom. Their text stands on the pages of the update."""

    framework_path = "update__duty__round__framework"
    fields = (
        "update",
        "number",
        "claim",
        "submitted_at",
        "submitted_by",
        "written_by",
        "content_hash",
    )
    list_display = ("update", "number", "claim", "submitted_at", "submitted_by")
    search_fields = (
        "update__duty__assignment__action__code",
        "update__duty__assignment__agency__acronym",
    )
    ordering = ("-submitted_at", "-id")
    related = ("submitted_by", "withdrawal", *through("update"))

    @admin.display(description=lazy("reported status"))
    def claim(self, obj: Submission) -> str:
        """Return what it claims; what the agency took back is its draft again."""
        if getattr(obj, "withdrawal", None) is not None:
            return _("Withdrawn by the agency")
        return obj.get_status_display() or obj.get_kind_display()

    @admin.display(description=lazy("written by"))
    def written_by(self, obj: Submission) -> str:
        """Return everybody who saved text in it, and so never decides on it."""
        wrote = obj.people.filter(how=SubmissionPerson.How.WROTE)
        authors = wrote.select_related("user").order_by("user__name", "id")
        return ", ".join(str(author.user) for author in authors)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Decisions. An administrator takes none: a coordinator of another agency does."""

    framework_path = "submission__update__duty__round__framework"
    fields = ("submission", "verb", "comment", "due_on", "decided_at", "decided_by")
    list_display = ("submission", "verb", "due_on", "decided_at", "decided_by")
    list_filter = ("verb",)
    search_fields = (
        "submission__update__duty__assignment__action__code",
        "submission__update__duty__assignment__agency__acronym",
    )
    ordering = ("-decided_at", "-id")
    related = ("decided_by", *through("submission__update"))


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    """Assessments: where coordinators see an assignment."""

    framework_path = "assignment__action__framework"
    fields = ("assignment", "submission", "status", "reason", "recorded_at", "recorded_by")
    list_display = ("assignment", "status", "recorded_at", "recorded_by")
    list_filter = ("status",)
    search_fields = ("assignment__action__code", "assignment__agency__acronym")
    ordering = ("-recorded_at", "-id")
    related = (
        "assignment__action",
        "assignment__agency",
        "recorded_by",
        *through("submission__update"),
    )
