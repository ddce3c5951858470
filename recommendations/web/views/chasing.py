"""A coordinator reminds late agencies by hand, and reads what was told about a duty."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from agencies.access import NotPermitted
from recommendations.domain import access
from recommendations.models import Round
from recommendations.notify import chasing, trail
from recommendations.notify.chasing import Chase
from recommendations.reporting.round_progress import round_progress
from recommendations.web import kept
from recommendations.web.crumbs import round_crumbs
from recommendations.web.forms.rounds import ChaseForm
from recommendations.web.views.duties import duty_at
from recommendations.web.views.rounds import refuse_strangers, round_at
from recommendations.web.visitor import Visitor, signed_in


@require_http_methods(["GET", "POST"])
def round_chase(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Show whom a reminder goes to and its very words; then send it."""
    who = signed_in(request)
    found = round_at(framework, code, who)
    refuse_strangers(who, found.framework)
    check_coordinates(found, who)
    chosen = chosen_duties(request, found, who)
    if request.method == "POST":
        form = ChaseForm(request.POST)
        if form.is_valid() and chosen and "send" in request.POST:
            note = form.cleaned_data["note"]
            done = chasing.send(chosen, by=who.user, note=note, at=who.at)
            kept.forget(request)
            say(request, done)
            return redirect("round-detail", framework=framework, code=found.code)
    else:
        form = ChaseForm(initial=kept.opening(request))
    typed = form.cleaned_data.get("note", "") if form.is_bound and form.is_valid() else ""
    chases = chasing.chases(chosen, at=who.at)
    context = {
        "framework": framework,
        "round": found,
        "form": form,
        "chases": chases,
        "preview": chasing.preview(chases, by=who.user, note=typed, at=who.at),
        "people": len({person.pk for one in chases for person in one.people}),
        "today": who.today,
        "crumbs": round_crumbs(found, here=_("Send a reminder")),
    }
    return render(request, "recommendations/round_chase.html", context)


def check_coordinates(round: Round, who: Visitor) -> None:
    """Raise NotPermitted for whoever does not coordinate the framework."""
    if not chasing.may(who.roles, round):
        raise NotPermitted(_("Only a coordinator can do this."))


def chosen_duties(request: HttpRequest, round: Round, who: Visitor) -> list[int]:
    """Return the duties of a round that were ticked, or all that are overdue."""
    given = request.POST if request.method == "POST" else request.GET
    if given.get("all") == "overdue":
        progress = round_progress(round, as_of=who.at)
        lines = [line for agency in progress.agencies for line in agency.duties]
        return [line.duty_id for line in lines if line.is_overdue]
    ticked = [int(one) for one in given.getlist("duty") if one.isdecimal() and len(one) < 10]
    return list(round.duties.filter(pk__in=ticked).order_by("id").values_list("pk", flat=True))


def say(request: HttpRequest, done: list[Chase]) -> None:
    """Say how many were reminded, and of each other one why not."""
    sent = sum(not one.why_not for one in done)
    words = ngettext(
        "A reminder of %(count)d update is on its way.",
        "A reminder of %(count)d updates is on its way.",
        sent,
    )
    if sent:
        messages.success(request, words % {"count": sent})
    for one in done:
        if one.why_not:
            messages.warning(request, f"{one.duty}: {one.why_not}")


@require_safe
def duty_notices(request: HttpRequest, pk: int) -> HttpResponse:
    """Show to those who oversee a duty what was told about it, to whom and when."""
    who = signed_in(request)
    duty = duty_at(pk, who)
    if not access.sees_inside(who.roles, duty.round.framework_id):
        words = access.Who.STEERING.words
        raise NotPermitted(_("Only %(who)s can do this.") % {"who": words})
    context = {
        "duty": duty,
        "told": trail.told_about(duty),
        "crumbs": round_crumbs(duty.round, here=_("What was told")),
    }
    return render(request, "recommendations/duty_notices.html", context)
