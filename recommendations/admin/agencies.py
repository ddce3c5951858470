"""Agencies, with what follows when one is renamed, closes or becomes part of another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies import succession
from agencies.access import NotPermitted
from agencies.admin.agencies import AgencyAdmin
from agencies.admin.confirmed import Refused, confirmed
from agencies.counters import renew
from agencies.models import Agency
from agencies.revisions import Conflict
from recommendations.admin.succession_forms import IntoForm, RenameForm, SeenForm
from recommendations.domain import closures, mergers
from recommendations.domain.holdings import Holdings, fingerprint, holdings
from recommendations.domain.transition import NotAllowedNow, RequirementMissing


def reopen(obj: Agency, **facts: Any) -> None:
    """Let a closed agency be active again; what was merged stays so."""
    if obj.active:
        raise Refused(_("This agency is active already."))
    if obj.merged_into_id is not None:
        raise Refused(_("This agency is part of another one for good."))
    succession.reopen(obj, **facts)
    renew(None, public=True)


@admin.register(Agency)
class EndingAgencyAdmin(AgencyAdmin):
    """Agencies; renaming, closing and merging have pages that first show what would happen."""

    change_form_template = "admin/agency_change_form.html"
    actions = (
        confirmed("reopen", lazy("Open closed agencies again"), reopen, permissions=("change",)),
    )

    def get_urls(self) -> list[Any]:
        """Return the pages of an agency, with those by which it changes for good."""
        pages: tuple[tuple[str, Callable[..., HttpResponse]], ...] = (
            ("rename", self.rename_view),
            ("close", self.close_view),
            ("merge", self.merge_view),
        )
        more: list[URLPattern] = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"agencies_agency_{name}",
            )
            for name, view in pages
        ]
        return [*more, *super().get_urls()]

    def agency_at(self, request: HttpRequest, pk: int) -> Agency:
        """Return an agency to a person who administers all frameworks; others are refused."""
        found: Agency = self.get_object(request, str(pk))
        if not self.has_change_permission(request, found):
            raise PermissionDenied
        return found

    def rename_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give an agency another name, and perhaps another code."""
        found = self.agency_at(request, pk)
        names = ("code", "acronym", "name", "version")
        form = RenameForm(initial={name: getattr(found, name) for name in names})
        status = 200
        if request.method == "POST":
            form = RenameForm(request.POST)
            if form.is_valid() and self.renamed(request, found, form):
                return self.done(request, found, _("%(agency)s is renamed."))
            status = 400
        context = {"form": form, "title": _("Rename %(agency)s") % {"agency": found}}
        return self.page(request, found, "agency_rename", context, status)

    def renamed(self, request: HttpRequest, found: Agency, form: RenameForm) -> bool:
        """Rename the agency, or say at the form why not."""
        asking, typed = self.asking(request), dict(form.cleaned_data)
        note = typed.pop("reason")
        try:
            succession.rename(found, by=asking.user, at=asking.at, note=note, **typed)
        except (Conflict, IntegrityError):
            form.add_error(None, stale())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            renew(None, public=True)
            return True
        return False

    def close_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what an agency holds, and close it."""
        found = self.agency_at(request, pk)
        asking = self.asking(request)

        def close(note: str, seen: str) -> None:
            closures.close(found, seen=seen, by=asking.user, at=asking.at, note=note)

        form, done = self.tried(request, close)
        if done:
            return self.done(request, found, _("%(agency)s is closed."))
        held = holdings(found, on=asking.at.date())
        context = {"title": _("Close %(agency)s") % {"agency": found}, "may_join": ()}
        return self.preview(request, held, form, fingerprint(held.rows), context)

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose which agency takes over, show what that means, and do it."""
        found = self.agency_at(request, pk)
        asking = self.asking(request)
        choice = IntoForm(request.GET or None, agency=found)
        title = _("Merge %(agency)s") % {"agency": found}
        if not choice.is_valid():
            context = {"form": choice, "title": title}
            return self.page(request, found, "agency_merge", context, 400 if request.GET else 200)
        into: Agency = choice.cleaned_data["into"]
        joining = [int(pk) for pk in request.POST.getlist("joining") if pk.isdecimal()]
        merger = mergers.preview(found, into, on=asking.at.date())

        def merge(note: str, seen: str) -> None:
            mergers.merge(
                found, into, seen=seen, joining=joining, by=asking.user, at=asking.at, note=note
            )

        form, done = self.tried(request, merge)
        if done:
            return self.done(request, found, _("%(agency)s is merged."))
        context = {
            "title": _("Merge %(agency)s into %(into)s") % {"agency": found, "into": into},
            "into": into,
            "passings": merger.passings,
            "may_join": [
                row.pk for row in merger.held.memberships if mergers.may_join(row, asking.user)
            ],
            "joining": joining if form.is_bound else None,
        }
        return self.preview(request, merger.held, form, merger.seen, context)

    def tried(self, request: HttpRequest, act: Callable[[str, str], None]) -> tuple[SeenForm, bool]:
        """Do what a form asks for; say at the form why it was refused."""
        if request.method != "POST":
            return SeenForm(), False
        form = SeenForm(request.POST)
        if not form.is_valid():
            return form, False
        try:
            act(form.cleaned_data["reason"], form.cleaned_data["seen"])
        except Conflict:
            form.add_error(None, stale())
        except (NotAllowedNow, NotPermitted, RequirementMissing) as refusal:
            form.add_error(None, str(refusal))
        else:
            renew(None, public=True)
            return form, True
        return form, False

    def preview(
        self,
        request: HttpRequest,
        held: Holdings,
        form: SeenForm,
        seen: str,
        context: dict[str, Any],
    ) -> HttpResponse:
        """Return the page that shows what would happen; it is confirmed as it is shown."""
        status = 400 if form.is_bound else 200
        context = {"held": held, "form": form, "seen": seen, **context}
        return self.page(request, held.agency, "agency_end", context, status)

    def page(
        self,
        request: HttpRequest,
        found: Agency,
        template: str,
        context: dict[str, Any],
        status: int,
    ) -> HttpResponse:
        """Return a page about an agency, in the frame of the admin."""
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "agency": found}
        return TemplateResponse(request, f"admin/{template}.html", frame | context, status=status)

    def done(self, request: HttpRequest, found: Agency, words: str) -> HttpResponse:
        """Lead back to the agency, saying what was done."""
        self.message_user(request, words % {"agency": found}, messages.SUCCESS)
        return redirect(reverse("admin:agencies_agency_change", args=[found.pk]))


def stale() -> str:
    """Return what to say where somebody changed something since the page was shown."""
    return _("Something changed while you had this page open. Look at it again; nothing was done.")
