"""The log of what happened, to read."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as lazy

from agencies import chronicle
from agencies.admin.base import ReadOnlyAdmin
from agencies.models import Event, Versioned


class KindFilter(admin.SimpleListFilter):
    """Events about one kind of rows; the kinds are known, so the log is not read for them."""

    title = lazy("about")
    parameter_name = "object_type"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """Return every kind of rows that has events."""
        return sorted(
            (str(model._meta.model_name), capfirst(str(model._meta.verbose_name)))
            for model in apps.get_models()
            if issubclass(model, Versioned)
        )

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Keep the events about the chosen kind."""
        return queryset.filter(object_type=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The event log. Nobody changes it: the database refuses, too."""

    framework_path = "framework_id"
    fields = (
        "about",
        "number",
        "done",
        "at",
        "who",
        "note",
        "content",
        "previous_hash",
        "hash",
    )
    list_display = ("at", "about", "number", "done", "who", "note")
    list_display_links = ("at",)
    list_filter = (KindFilter, "at")
    ordering = ("-at", "-id")
    related = ("actor", "on_behalf_of")

    def framework_of(self, obj: Event) -> int | None:
        """Return where it happened; the log keeps a plain number."""
        return obj.framework_id

    @admin.display(description=lazy("what was done"))
    def done(self, obj: Event) -> str:
        """Return the verb, in words."""
        return chronicle.in_words(obj.verb, obj.object_type)

    @admin.display(description=lazy("by"))
    def who(self, obj: Event) -> str:
        """Return who did it, and for whom."""
        return chronicle.actor_of(obj)

    @admin.display(description=lazy("about"))
    def about(self, obj: Event) -> str:
        """Return which row the event is about, with a link where the admin shows it."""
        for label in ("agencies", "recommendations"):
            try:
                address = reverse(f"admin:{label}_{obj.object_type}_change", args=[obj.object_id])
            except NoReverseMatch:
                continue
            model = apps.get_model(label, obj.object_type)
            words = f"{capfirst(str(model._meta.verbose_name))} {obj.object_id}"
            return format_html('<a href="{}">{}</a>', address, words)
        return f"{obj.object_type} {obj.object_id}"
