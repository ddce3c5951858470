"""What is made in the background, to look into: for whom, how far, and why it failed."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as lazy

from agencies.admin.base import ReadOnlyAdmin
from recommendations.admin.mails import moment
from recommendations.models import Job
from recommendations.notify.reports import title_of


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Reports and checks of files that people asked for. Their files are for their owners alone."""

    framework_path = "framework"
    fields = (
        *("title", "person", "framework", "how_far", "progress", "tries"),
        *("outcome", "asked", "finished", "kept_until", "size"),
    )
    list_display = ("asked", "title", "person", "how_far", "tries", "outcome", "finished")
    list_filter = ("state", "kind")
    search_fields = ("owner__name", "owner__email")
    ordering = ("-made_at", "-id")
    related = ("owner", "framework")

    @admin.display(description=lazy("what"))
    def title(self, obj: Job) -> str:
        """Return the report and its choices, or the file that is checked."""
        return title_of(obj)

    @admin.display(description=lazy("person"), ordering="owner__name")
    def person(self, obj: Job) -> str:
        """Return who asked for it."""
        return str(obj.owner or "")

    @admin.display(description=lazy("state"), ordering="state")
    def how_far(self, obj: Job) -> str:
        """Return whether it waits, is being made, is ready, failed or gone."""
        return obj.get_state_display()

    @admin.display(description=lazy("asked for"), ordering="made_at")
    def asked(self, obj: Job) -> str:
        """Return when it was asked for."""
        return moment(obj.made_at)

    @admin.display(description=lazy("finished"))
    def finished(self, obj: Job) -> str:
        """Return when it was ready or given up."""
        return moment(obj.finished_at)

    @admin.display(description=lazy("kept until"))
    def kept_until(self, obj: Job) -> str:
        """Return until when its file is kept."""
        return moment(obj.expires_at)
