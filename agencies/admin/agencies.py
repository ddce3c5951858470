"""Agencies and the groups they form."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies.admin.base import ReferenceAdmin
from agencies.models import Agency, GroupMembership, WorkingGroup


class AgencyAdmin(ReferenceAdmin):
    """Agencies. The code stays, because addresses and citations carry it.

    Registered where it is known what follows when an agency is renamed, ends or is merged.
    """

    fields = (
        *("code", "acronym", "name", "aliases", "category", "counted", "active"),
        *("clears_before_sending", "names_had"),
    )
    readonly_fields = ("active", "names_had")
    list_display = ("acronym", "name", "category", "counted", "active")
    list_filter = ("category", "counted", "active")
    search_fields = ("code", "acronym", "name", "aliases")
    ordering = ("sort_key", "id")

    @admin.display(description=lazy("names it had"))
    def names_had(self, obj: Agency) -> str:
        """Return what the agency was called, newest first."""
        names = obj.names.order_by("-recorded_at", "-id")
        return lines((f"{row.recorded_at:%Y-%m-%d}", row.acronym, row.name) for row in names)


@admin.register(WorkingGroup)
class WorkingGroupAdmin(ReferenceAdmin):
    """Groups of agencies, with the places in them."""

    fields = (
        "code",
        "name",
        "kind",
        "parent",
        "predecessor",
        "since",
        "until",
        "note",
        "source",
        "places",
    )
    readonly_fields = ("places",)
    list_display = ("name", "kind", "parent")
    list_filter = ("kind",)
    search_fields = ("code", "name")
    ordering = ("name", "id")
    related = ("parent",)

    @admin.display(description=lazy("agencies in it"))
    def places(self, obj: WorkingGroup) -> str:
        """Return who is in the group, and as what."""
        rows = obj.memberships.select_related("agency").order_by("agency__sort_key", "id")
        return lines(
            (str(row.agency or _("not listed")), row.get_role_display(), period(row))
            for row in rows
        )


@admin.register(GroupMembership)
class GroupMembershipAdmin(ReferenceAdmin):
    """Places of agencies in groups. A change of role ends one place and begins another."""

    fields = ("group", "agency", "role", "from_on", "until_on")
    list_display = ("group", "agency", "role", "from_on", "until_on")
    list_display_links = ("group", "agency")
    list_filter = ("role",)
    search_fields = ("group__name", "agency__acronym")
    ordering = ("group__name", "agency__sort_key", "id")
    related = ("group", "agency")


def period(row: Any) -> str:
    """Return from when until when a row holds."""
    if row.from_on is None and row.until_on is None:
        return ""
    return _("from %(from)s until %(until)s") % {
        "from": row.from_on or _("no date"),
        "until": row.until_on or _("no date"),
    }


def lines(rows: Any) -> str:
    """Return rows of words as lines of a page."""
    return format_html_join("", "<p>{}</p>", ((" · ".join(filter(None, row)),) for row in rows))
