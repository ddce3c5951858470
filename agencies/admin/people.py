"""People, the agencies they act for, the offices they hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies import people
from agencies.admin.agencies import lines, period
from agencies.admin.base import RevisedAdmin
from agencies.admin.confirmed import Refused, confirmed
from agencies.counters import renew
from agencies.forms import RevisionForm
from agencies.models import Appointment, Membership, User


class PersonForm(RevisionForm):
    """A person: name and address. Nobody but they themselves ever types their password."""

    def clean_email(self) -> str:
        """Keep addresses in small letters, as sign-in compares them."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """Give a new person a password that opens nothing, until they set their own."""
        if not self.instance.pk:
            self.instance.set_unusable_password()
        return super().clean()


def activate(obj: User, **facts: Any) -> None:
    """Let a person sign in again."""
    if obj.is_active:
        raise Refused(_("This person is active already."))
    people.revise(obj, values={"is_active": True}, verb="activated", **facts)
    renew(None, public=False)


def deactivate(obj: User, **facts: Any) -> None:
    """End a person's access at their next request; memberships and history stay."""
    if obj == facts["by"]:
        raise Refused(_("Another administrator has to do this, so that one always remains."))
    if not obj.is_active:
        raise Refused(_("This person is deactivated already."))
    people.revise(obj, values={"is_active": False}, verb="deactivated", **facts)
    renew(None, public=False)


@admin.register(User)
class PersonAdmin(RevisedAdmin):
    """People who sign in. They are deactivated, never deleted."""

    form = PersonForm
    fields = (
        *("name", "email", "is_active", "agencies_acted_for", "offices_held", "last_login"),
        "leaving",
    )
    readonly_fields = ("is_active", "agencies_acted_for", "offices_held", "last_login", "leaving")
    list_display = ("name", "email", "is_active", "is_demo", "last_login")
    list_filter = ("is_active", "appointments__office")
    search_fields = ("name", "email")
    ordering = ("name", "id")
    actions = (
        confirmed("deactivate", lazy("Deactivate people"), deactivate, permissions=("change",)),
        confirmed("activate", lazy("Activate people again"), activate, permissions=("change",)),
    )

    def enter(self, obj: User, *, by: User, at: datetime, note: str) -> None:
        """Save a new person with an address that can sign in."""
        people.enter(obj, by=by, at=at, note=note)

    def revise(
        self,
        obj: User,
        *,
        values: Mapping[str, Any],
        by: User,
        at: datetime,
        note: str,
        version: int,
    ) -> None:
        """Save a person; sign-in follows a new address."""
        people.revise(obj, values=values, by=by, at=at, note=note, version=version)

    @admin.display(description=lazy("acts for"))
    def agencies_acted_for(self, obj: User) -> str:
        """Return the agencies of a person, and when."""
        rows = obj.memberships.select_related("agency").order_by("-from_on", "-id")
        return lines((str(row.agency), row.get_capacity_display(), period(row)) for row in rows)

    @admin.display(description=lazy("leaving"))
    def leaving(self, obj: User) -> str:
        """Return the way to the page on which a person leaves with all that they hold."""
        return format_html('<a href="{}">{}</a>', reverse("leaves", args=[obj.pk]), _("Leaves …"))

    @admin.display(description=lazy("offices"))
    def offices_held(self, obj: User) -> str:
        """Return the offices of a person, and when."""
        rows = obj.appointments.select_related("framework").order_by("-from_on", "-id")
        return lines(
            (row.get_office_display(), str(row.framework or _("all frameworks")), period(row))
            for row in rows
        )


class OthersAdmin(RevisedAdmin):
    """Rows about a person: another administrator enters and changes those about oneself."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no for a row about oneself."""
        own = obj is not None and obj.user_id == self.asking(request).user.pk
        return not own and super().has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer other people only."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "user":
            field.queryset = field.queryset.exclude(pk=self.asking(request).user.pk)
        return field


@admin.register(Membership)
class MembershipAdmin(OthersAdmin):
    """Who acts for which agency. Another agency or capacity is another row.

    Nobody enters or changes a membership of their own: it would show an administrator the
    drafts of an agency, and let a coordinator decide on what their own agency sent.
    """

    fields = ("user", "agency", "capacity", "from_on", "until_on")
    fixed = ("user", "agency", "capacity", "from_on")
    list_display = ("user", "agency", "capacity", "from_on", "until_on")
    list_display_links = ("user", "agency")
    list_filter = ("capacity",)
    search_fields = ("user__name", "user__email", "agency__acronym")
    ordering = ("agency__sort_key", "user__name", "id")
    related = ("user", "agency")


@admin.register(Appointment)
class AppointmentAdmin(OthersAdmin):
    """Offices. Nobody gives one to themselves, nor changes or ends their own."""

    framework_path = "framework"
    fields = ("user", "office", "framework", "from_on", "until_on")
    fixed = ("user", "office", "framework")
    list_display = ("user", "office", "for_framework", "from_on", "until_on")
    list_display_links = ("user", "office")
    list_filter = ("office",)
    search_fields = ("user__name", "user__email")
    ordering = ("user__name", "id")
    related = ("user", "framework")

    @admin.display(description=lazy("framework"))
    def for_framework(self, obj: Appointment) -> str:
        """Return the framework of an office, or that it is for all."""
        return str(obj.framework or _("all frameworks"))

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer other people, and only frameworks that the person administers."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "framework" and None not in self.offices(request):
            field.required, field.empty_label = True, None
        return field
