"""What all pages of the admin keep to: who sees what, nothing deleted, every save an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from agencies import chronicle, reference, revisions
from agencies.access import Roles
from agencies.counters import renew
from agencies.forms import OURS, RevisionForm
from agencies.models import User, Versioned

LOOKUPS = ("", "__exact", "__isnull", "__id__exact", "__gte", "__lt", "__in")
"""How the filters beside a list end in its address."""

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class Asking(Protocol):
    """The administrator behind a request, what they are today, and the moment."""

    @property
    def user(self) -> User: ...
    @property
    def roles(self) -> Roles: ...
    @property
    def at(self) -> datetime: ...


class ScopedAdmin(ModelAdmin):
    """Rows of the frameworks that a person administers; nobody deletes any.

    `framework_path` leads from a row to its framework; rows without one are shared by all
    frameworks: every administrator reads them, an administrator of all changes them.
    """

    framework_path = ""
    related: ClassVar[tuple[str, ...]] = ()
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    save_on_top = False
    view_on_site: Any = False
    object_history_template = "admin/object_history.html"

    def asking(self, request: HttpRequest) -> Asking:
        """Return who asks."""
        return cast(Asking, cast(Any, self.admin_site).visitor(request))

    def offices(self, request: HttpRequest) -> frozenset[int | None]:
        """Return the frameworks that the person administers; None in it stands for all."""
        return self.asking(request).roles.administers

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return the rows within the person's frameworks, with what each line names."""
        rows = super().get_queryset(request).select_related(*self.related)
        if self.framework_path and None not in self.offices(request):
            rows = rows.filter(**{f"{self.framework_path}__in": self.offices(request)})
        return rows

    def reaches(self, request: HttpRequest, obj: Any) -> bool:
        """Say whether a row is within what the person administers."""
        return self.asking(request).roles.is_administrator(self.framework_of(obj))

    def framework_of(self, obj: Any) -> int | None:
        """Return the framework of a row; None where all share it."""
        if obj is None or not self.framework_path:
            return None
        *steps, last = self.framework_path.split("__")
        for step in steps:
            obj = getattr(obj, step)
        framework_id: int | None = getattr(obj, last if last == "pk" else f"{last}_id")
        return framework_id

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show every list to every administrator."""
        return bool(self.offices(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the person may read a row; shared ones are for every administrator."""
        if obj is None or not self.framework_path:
            return bool(self.offices(request))
        return self.reaches(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no, unless a page says otherwise."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no, unless a page says otherwise."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: people and agencies are deactivated, everything else stays."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Filter by what the page offers and by nothing else.

        Django filters by any field of the row; asking whether a password's hash, or a text
        that the agency took back, begins with this or that would read it letter by letter.
        """
        entries: Any = self.list_filter
        offered = [
            entry if isinstance(entry, str) else getattr(entry, "parameter_name", None) or entry[0]
            for entry in entries
        ]
        return lookup in {f"{name}{ending}" for name in offered for ending in LOOKUPS}

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer only rows that the person administers: others fail as if they were unknown."""
        desk = self.admin_site._registry.get(db_field.remote_field.model)
        if desk is not None and "queryset" not in kwargs:
            kwargs["queryset"] = desk.get_queryset(request).order_by(*desk.get_ordering(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_object(self, request: Any, object_id: str, from_field: str | None = None) -> Any:
        """Return a row; one that the person does not administer does not exist."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None:
            raise Http404
        return obj

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show the events of a row: who did what, when, and why."""
        obj = self.get_object(request, unquote(object_id))
        if not isinstance(obj, Versioned):
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page = self.get_paginator(request, chronicle.events_of(obj), 50).get_page(
            request.GET.get("p")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % obj,
            "object": obj,
            "opts": self.opts,
            "page": page,
            "steps": [chronicle.step(event, obj) for event in page],
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        """Write nothing: the event says it."""

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        """Write nothing: the event says it."""

    def construct_change_message(self, *args: Any, **kwargs: Any) -> Any:
        """Return nothing: the event says it."""
        return []


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that only the workflow writes."""


class RevisedAdmin(ScopedAdmin):
    """Rows that are edited by hand: with a reason, on the version that the person saw."""

    form = RevisionForm
    fixed: ClassVar[tuple[str, ...]] = ()
    """Fields that are stated once: what they say would otherwise be rewritten backwards."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may enter rows of this kind at all."""
        return bool(self.framework_path) or self.reaches(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the person may change a row."""
        if obj is None and self.framework_path:
            return True
        return self.reaches(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields that are shown; once a row exists, also those that are fixed."""
        fixed = (*self.fixed, *self.model.fixed) if obj is not None else ()
        return tuple(dict.fromkeys((*self.readonly_fields, *fixed)))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields of the form, then the reason; a row that is only read has none."""
        fields = super().get_fields(request, obj)
        shown = [name for name in fields if name not in OURS]
        if obj is None:
            return [*(name for name in shown if name not in self.readonly_fields), "reason"]
        return [*shown, "reason"] if self.has_change_permission(request, obj) else shown

    def changeform_view(
        self, request: Any, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show or save the form; where somebody saved in the same instant, show it again.

        The second pass finds what the other one wrote, and says so in words.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (revisions.Conflict, IntegrityError):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save a row with its event, and let the pages of its framework be made anew.

        The form has refused a save in which nothing is different.
        """
        if not self.reaches(request, obj):
            raise PermissionDenied
        asking, note = self.asking(request), form.cleaned_data["reason"]
        if change:
            version = form.cleaned_data["version"]
            self.revise(
                obj, values=form.values, by=asking.user, at=asking.at, note=note, version=version
            )
        else:
            self.enter(obj, by=asking.user, at=asking.at, note=note)
        self.show(obj)

    def show(self, obj: Any) -> None:
        """Let the pages of those inside be made anew."""
        renew(self.framework_of(obj), public=False)

    def enter(self, obj: Any, *, by: User, at: datetime, note: str) -> None:
        """Save a new row."""
        revisions.create(obj, by=by, at=at, note=note)

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
        """Save what was changed of a row."""
        revisions.revise(obj, values=values, by=by, at=at, note=note, version=version)

    def render_change_form(
        self,
        request: Any,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Show the form; a stale one with both versions, as a conflict (HTTP 409)."""
        form = context["adminform"].form
        # Django's own note says what it should not; ours stands in `problems`.
        context |= {"problems": bool(context["errors"]), "errors": ()}
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if form.is_bound and form.newest is not None:
            response.status_code = 409
        return response


class ReferenceAdmin(RevisedAdmin):
    """Reference data: edited by the one way that the API takes as well."""

    def enter(self, obj: Any, *, by: User, at: datetime, note: str) -> None:
        """Save a new row; its framework's pages are made anew."""
        reference.enter(obj, by=by, at=at, note=note)

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
        """Save what was changed of a row; its framework's pages are made anew."""
        reference.change(obj, values=values, by=by, at=at, note=note, version=version)

    def show(self, obj: Any) -> None:
        """Do nothing: saving did it."""
