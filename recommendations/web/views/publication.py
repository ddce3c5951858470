"""What of a round becomes public when: holding it, releasing it, and the checks before."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.domain import access, publication
from recommendations.reporting.checks import checks
from recommendations.web import kept
from recommendations.web.addresses import takes
from recommendations.web.attempts import attempt, check_offered, check_permitted
from recommendations.web.crumbs import round_crumbs
from recommendations.web.forms.fields import Facts
from recommendations.web.forms.publication import HoldForm
from recommendations.web.position import position
from recommendations.web.views.rounds import reader, round_at
from recommendations.web.visitor import framework_at, signed_in, visitor


@require_http_methods(["GET", "POST"])
def round_hold(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Ask why, and hold back from the public what is approved in a round from now on."""
    who = signed_in(request)
    found = round_at(framework, code, reader(request, framework))
    check_permitted("hold", found, who)
    refusal = None
    if request.method == "POST":
        form = HoldForm(request.POST)
        note = form.cleaned_data["reason"] if form.is_valid() else ""
        refusal = attempt("hold", found, who=who, request=request, form=form, note=note)
        if refusal is None:
            done = _("Publication of round %(round)s is held. What is public already stays public.")
            messages.success(request, done % {"round": found.code})
            return redirect("round-detail", framework=framework, code=found.code)
        found = round_at(framework, code, who)
    else:
        check_offered("hold", found, who)
        form = HoldForm(initial=kept.opening(request))
    context = {
        "framework": framework,
        "round": found,
        "step": _("Hold publication: round"),
        "form": form,
        "refused": refusal if refusal and refusal.is_notice else None,
        "crumbs": round_crumbs(found, here=_("Hold publication")),
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/round_hold.html", context, status=status)


@require_http_methods(["GET", "POST"])
def round_release(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Say what becomes public, and publish it at one moment."""
    who = signed_in(request)
    found = round_at(framework, code, reader(request, framework))
    check_permitted("release", found, who)
    refusal = None
    if request.method == "POST":
        form = Facts(request.POST)
        refusal = attempt("release", found, who=who, request=request, form=form)
        if refusal is None:
            done = _("Round %(round)s is released: what is approved is public.")
            messages.success(request, done % {"round": found.code})
            return redirect("round-detail", framework=framework, code=found.code)
        found = round_at(framework, code, who)
    else:
        check_offered("release", found, who)
    context = {
        "framework": framework,
        "round": found,
        "step": _("Release round"),
        "refused": refusal,
        "waiting": publication.unpublished(found).count(),
        "crumbs": round_crumbs(found, here=_("Release")),
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/round_release.html", context, status=status)


@takes("as_of")
def round_checks(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Show what to look at before a round is released or closed, to those who oversee it."""
    who = visitor(request)
    home = framework_at(framework)
    if not access.sees_inside(who.roles, home.pk):
        raise Http404
    found = round_at(framework, code, who)
    shown = position(request, home)
    context = {
        "framework": home,
        "position": shown,
        "round": found,
        "figures": checks(found, as_of=shown.as_of),
        "crumbs": round_crumbs(found, here=_("Checks")),
    }
    return render(request, "recommendations/round_checks.html", context)
