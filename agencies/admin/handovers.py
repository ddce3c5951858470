"""Hand-overs: people make them themselves; an administrator reads and ends them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies import handovers
from agencies.admin.base import ReadOnlyAdmin
from agencies.admin.confirmed import confirmed
from agencies.models import Handover


def end(obj: Handover, **facts: Any) -> None:
    """End a hand-over at once, or take it back before its first day."""
    handovers.end(obj, **facts)


@admin.register(Handover)
class HandoverAdmin(ReadOnlyAdmin):
    """Who acts for whom between two days."""

    fields = (
        *("from_user", "to_user", "agency", "framework", "from_on", "until_on"),
        *("note", "ended_at", "ended_by"),
    )
    readonly_fields = fields
    list_display = ("from_user", "to_user", "of_what", "from_on", "until_on", "ended_at")
    list_display_links = ("from_user", "to_user")
    search_fields = ("from_user__name", "to_user__name", "agency__acronym")
    ordering = ("-from_on", "-id")
    related = ("from_user", "to_user", "agency", "framework", "ended_by")
    actions = (confirmed("end", lazy("End hand-overs"), end),)

    @admin.display(description=lazy("of what"))
    def of_what(self, obj: Handover) -> str:
        """Return the agency, or the office, that is handed over."""
        if obj.agency is not None:
            return str(obj.agency)
        return _("Coordinator, %(framework)s") % {"framework": obj.framework or _("all frameworks")}
