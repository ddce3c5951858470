"""Saved views: keep a page with its filters under a name, find it again, rename, delete."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recommendations.domain import saved
from recommendations.domain.transition import RequirementMissing
from recommendations.models import SavedView
from recommendations.web import kept
from recommendations.web.forms.saved import ViewForm
from recommendations.web.saved import NoView, view_of
from recommendations.web.visitor import Visitor, signed_in


@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """Show a person's saved views."""
    who = signed_in(request)
    found = saved.views_of(who.roles.user_id)
    return render(request, "recommendations/view_list.html", {"views": found})


@require_http_methods(["GET", "POST"])
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep a page with its filters; a name that is taken is asked about, nothing lost."""
    who = signed_in(request, page=request.path)
    if request.method != "POST":
        return opened(request)
    form = ViewForm(request.POST)
    form.is_valid()
    try:
        address = view_of(form.cleaned_data.get("address", ""))
    except NoView as problem:
        form.add_error(None, str(problem))
        return save_page(request, form, "", status=400)
    replacing = request.POST.get("replacing") if "replace" in request.POST else None
    name = form.cleaned_data.get("name", "")
    try:
        made = saved.save(who.user, name=name, address=address, at=who.at, replacing=replacing)
    except RequirementMissing as missing:
        form.say(missing.problems)
        return save_page(request, form, address, status=400)
    except saved.NameTaken as taken:
        return save_page(request, form, address, taken=taken, status=409)
    kept.forget(request)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": made.name})
    return redirect(made.address)


def opened(request: HttpRequest) -> HttpResponse:
    """Show what was typed before signing in again, or how a view is saved."""
    opening = kept.opening(request)
    try:
        address = view_of(str(opening.get("address", "")))
    except NoView:
        address = ""
    return save_page(request, ViewForm(initial=opening), address)


def save_page(
    request: HttpRequest,
    form: ViewForm,
    address: str,
    *,
    taken: saved.NameTaken | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form of a view that is not saved yet, with what was typed."""
    context = {
        "form": form,
        "address": address,
        "taken": taken,
        "crumbs": crumbs(_("Save a view")),
    }
    return render(request, "recommendations/view_save.html", context, status=status)


@require_http_methods(["GET", "POST"])
def view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view of one's own, or delete it."""
    who = signed_in(request, page=request.path)
    found = view_at(pk, who)
    form, status = ViewForm(initial=kept.opening(request, name=found.name)), 200
    if request.method == "POST":
        form = ViewForm(request.POST)
        form.is_valid()
        try:
            saved.rename(found, name=form.cleaned_data.get("name", ""))
        except RequirementMissing as missing:
            form.say(missing.problems)
            status = 400
        except saved.NameTaken as taken:
            form.add_error("name", _("%(taken)s Enter another name.") % {"taken": taken})
            status = 409
        else:
            kept.forget(request)
            messages.success(request, _("Renamed to “%(name)s”.") % {"name": found.name})
            return redirect("views")
    context: dict[str, Any] = {"form": form, "view": found, "crumbs": crumbs(found.name)}
    return render(request, "recommendations/view_edit.html", context, status=status)


@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view of one's own."""
    who = signed_in(request, page=reverse("view-edit", args=[pk]))
    found = view_at(pk, who)
    saved.remove(found)
    messages.success(request, _("Deleted: “%(name)s”.") % {"name": found.name})
    return redirect("views")


def view_at(pk: int, who: Visitor) -> SavedView:
    """Return a view of this person; anybody else's does not exist for them."""
    return get_object_or_404(saved.views_of(who.roles.user_id), pk=pk)


def crumbs(here: str) -> list[tuple[str, str]]:
    """Return the way to a page about a view."""
    return [(_("Saved views"), reverse("views")), (here, "")]
