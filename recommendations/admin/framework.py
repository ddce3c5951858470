"""The framework and its wording. Every wording it had stays, for reports of earlier days."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as lazy

from agencies.admin.base import ReferenceAdmin
from agencies.forms import RevisionForm
from recommendations.models import (
    Action,
    Framework,
    KeyElement,
    Milestone,
    Passage,
    PriorityArea,
    Question,
)


@admin.register(Framework)
class FrameworkAdmin(ReferenceAdmin):
    """Frameworks. An administrator of all frameworks enters a new one."""

    framework_path = "pk"
    fields = (
        "slug",
        "title",
        "short_title",
        "source",
        "mandate",
        "endorsement",
        "endorsed_on",
        "is_default",
    )
    list_display = ("short_title", "title", "slug", "is_default", "endorsed_on")
    search_fields = ("slug", "title", "short_title")
    ordering = ("short_title", "id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say whether the person administers all frameworks, those to come included."""
        return self.reaches(request, None)

    def view_on_site(self, obj: Framework) -> str:
        """Return where its overview is."""
        return reverse("overview", args=[obj.slug])


class WordingForm(RevisionForm):
    """A row of a framework; of its passages the form offers those of the same one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "passage" in self.fields:
            passages: Any = self.fields["passage"]
            passages.queryset = passages.queryset.filter(framework=self.instance.framework_id)


class WordingAdmin(ReferenceAdmin):
    """Rows of a framework whose code stands in addresses, citations and files."""

    framework_path = "framework"
    form = WordingForm
    related: ClassVar[tuple[str, ...]] = ("framework",)
    ordering: ClassVar[tuple[str, ...]] = ("framework__short_title", "order", "id")
    list_filter: ClassVar[tuple[Any, ...]] = (("framework", admin.RelatedOnlyFieldListFilter),)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer the passages of the frameworks that the person administers."""
        if db_field.name == "passage":
            passages = Passage.objects.order_by("framework", "number")
            if None not in self.offices(request):
                passages = passages.filter(framework__in=self.offices(request))
            kwargs["queryset"] = passages
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def wordings(rows: Any, *names: str) -> str:
    """Return the wordings that a row had, newest first, as lines of a page."""
    shown = [
        (f"{row.recorded_at:%Y-%m-%d}", " · ".join(getattr(row, name) for name in names))
        for row in rows.order_by("-recorded_at", "-id")
    ]
    return format_html_join("", "<p>{}<br>{}</p>", shown)


@admin.register(PriorityArea)
class PriorityAreaAdmin(WordingAdmin):
    """Priority areas."""

    fields = ("framework", "code", "title", "statement", "order", "passage", "wordings_had")
    readonly_fields = ("wordings_had",)
    list_display = ("code", "title", "framework", "order")
    list_display_links = ("code", "title")
    search_fields = ("code", "title")

    @admin.display(description=lazy("wordings it had"))
    def wordings_had(self, obj: PriorityArea) -> str:
        """Return how the area was worded, newest first."""
        return wordings(obj.wordings, "title", "statement")


class ActionForm(WordingForm):
    """An action; its framework is that of its area."""

    def clean(self) -> dict[str, Any]:
        """Take the framework from the area."""
        area = self.cleaned_data.get("area")
        if not self.instance.pk and area:
            self.instance.framework = area.framework
        return super().clean()


@admin.register(Action)
class ActionAdmin(WordingAdmin):
    """Actions: their wording. Where one stands follows from what agencies report."""

    form = ActionForm
    fields = (
        "area",
        "code",
        "kind",
        "official_text",
        "short_title",
        "order",
        "passage",
        "standing",
        "wordings_had",
    )
    readonly_fields = ("standing", "wordings_had")
    list_display = ("code", "short_title", "area", "kind", "standing")
    list_display_links = ("code", "short_title")
    list_filter = (("framework", admin.RelatedOnlyFieldListFilter), "kind", "standing")
    search_fields = ("code", "short_title", "official_text")
    ordering = ("framework__short_title", "area__order", "order", "id")
    related = ("framework", "area")

    def view_on_site(self, obj: Action) -> str:
        """Return where its page is."""
        return reverse("action-detail", args=[obj.framework.slug, obj.code])

    @admin.display(description=lazy("wordings it had"))
    def wordings_had(self, obj: Action) -> str:
        """Return how the action was worded, newest first."""
        return wordings(obj.wordings, "short_title", "official_text")


@admin.register(KeyElement)
class KeyElementAdmin(WordingAdmin):
    """Key elements."""

    fields = ("framework", "code", "text", "order", "passage")
    list_display = ("code", "text", "framework", "order")
    list_display_links = ("code", "text")
    search_fields = ("code", "text")


@admin.register(Milestone)
class MilestoneAdmin(WordingAdmin):
    """Milestones of the history."""

    fields = ("framework", "code", "date_text", "sort_on", "title", "text", "order", "passage")
    list_display = ("date_text", "title", "framework", "order")
    list_display_links = ("date_text", "title")
    search_fields = ("title", "text", "date_text")


@admin.register(Question)
class QuestionAdmin(WordingAdmin):
    """Questions of the questionnaire: added, reworded or retired for coming rounds.

    A round that is open, and every answer, keeps the question as it was asked.
    """

    fields = ("framework", "number", "heading", "text", "asked", "passage")
    list_display = ("number", "heading", "framework", "asked")
    list_display_links = ("number", "heading")
    list_filter = (*WordingAdmin.list_filter, "asked")
    search_fields = ("heading", "text")
    ordering = ("framework__short_title", "number", "id")
