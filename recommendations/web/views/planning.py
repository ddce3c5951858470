"""A coordinator plans a round, and moves its dates: by a form, and with a preview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from agencies.revisions import Conflict
from recommendations.domain import access, planning
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Framework, Round
from recommendations.web import kept
from recommendations.web.attempts import Refused, refused, version_in
from recommendations.web.crumbs import list_crumbs, round_crumbs
from recommendations.web.forms.rounds import (
    DatesForm,
    ReminderChangeForm,
    RemindersForm,
    ReplanForm,
    RoundForm,
)
from recommendations.web.views.rounds import refuse_strangers, round_at
from recommendations.web.visitor import Visitor, framework_at, signed_in

BOXES = ("with_supporting", "with_questionnaire")


def planner(request: HttpRequest, slug: str) -> tuple[Visitor, Framework]:
    """Return a visitor who steers the framework; raises NotPermitted for others with a role."""
    who, framework = signed_in(request), framework_at(slug)
    refuse_strangers(who, framework)
    if not access.sees_inside(who.roles, framework.pk):
        words = access.Who.STEERING.words
        raise NotPermitted(_("Only %(who)s can do this.") % {"who": words})
    return who, framework


@require_http_methods(["GET", "POST"])
def round_new(request: HttpRequest, framework: str) -> HttpResponse:
    """Plan a round, from the last one or from the one in the address; then show its preview."""
    who, home = planner(request, framework)
    like = request.GET.get("copy")
    model = round_at(framework, like, who) if like else None
    if request.method == "POST":
        form = RoundForm(request.POST)
        if form.is_valid():
            try:
                made = planning.plan_round(home, values=form.plan(), by=who.user, at=who.at)
            except RequirementMissing as missing:
                form.say(missing.problems)
            else:
                kept.forget(request)
                messages.success(request, _("Round %(round)s is planned.") % {"round": made})
                return redirect("round-open", framework=framework, code=made.code)
    else:
        start = planning.suggestion(home, today=who.today, like=model)
        form = RoundForm(initial=opened_with(request, start))
    context = {
        "framework": framework,
        "form": form,
        "model": model or home.rounds.order_by("-opens_on", "-id").first(),
        "crumbs": list_crumbs(home, here=_("New round")),
    }
    status = 400 if form.errors else 200
    return render(request, "recommendations/round_new.html", context, status=status)


def opened_with(request: HttpRequest, start: dict[str, Any]) -> dict[str, Any]:
    """Return what a form of dates opens with: what was typed before signing in goes first.

    A browser posts nothing for an empty box: what is not there was not ticked.
    """
    typed = kept.kept_for(request, request.path)
    if typed is not None:
        start = start | {name: name in typed for name in BOXES}
    return kept.opening(request, **start)


@require_http_methods(["GET", "POST"])
def round_change(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Change the dates of a round that has not opened, with a reason."""
    who, _home = planner(request, framework)
    found = round_at(framework, code, who)
    refusal = None
    if request.method == "POST":
        form = ReplanForm(request.POST)
        refusal = change(found, form, who, request)
        if refusal is None and not form.errors:
            kept.forget(request)
            messages.success(request, _("The dates are changed."))
            return redirect("round-detail", framework=framework, code=found.code)
        found = round_at(framework, code, who)
    elif found.state != Round.State.PLANNED:
        raise NotAllowedNow(_("This round is no longer planned. Extend it instead."))
    else:
        start = {name: getattr(found, name) for name in DatesForm.base_fields}
        form = ReplanForm(initial=opened_with(request, start))
    context = {
        "framework": framework,
        "round": found,
        "form": form,
        "refused": refusal,
        "crumbs": round_crumbs(found, here=_("Change the dates")),
    }
    status = refusal.status if refusal else 400 if form.errors else 200
    return render(request, "recommendations/round_change.html", context, status=status)


@require_http_methods(["GET", "POST"])
def round_reminders(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Change on which days an open round reminds, with a reason."""
    who, _home = planner(request, framework)
    found = round_at(framework, code, who)
    refusal = None
    if request.method == "POST":
        form = ReminderChangeForm(request.POST)
        refusal = change(found, form, who, request, through=planning.change_reminders)
        if refusal is None and not form.errors:
            kept.forget(request)
            messages.success(request, _("The days of reminders are changed."))
            return redirect("round-detail", framework=framework, code=found.code)
        found = round_at(framework, code, who)
    elif found.state == Round.State.CLOSED:
        raise NotAllowedNow(_("This round is closed: it reminds nobody any more."))
    else:
        start = {name: getattr(found, name) for name in RemindersForm.base_fields}
        form = ReminderChangeForm(initial=kept.opening(request, **start))
    title = _("Change the reminders")
    context = {
        "framework": framework,
        "round": found,
        "step": _("Change the reminders of round"),
        "form": form,
        "refused": refusal,
        "crumbs": round_crumbs(found, here=title),
    }
    status = refusal.status if refusal else 400 if form.errors else 200
    return render(request, "recommendations/round_reminders.html", context, status=status)


def change(
    found: Round,
    form: RemindersForm,
    who: Visitor,
    request: HttpRequest,
    *,
    through: Callable[..., None] = planning.replan_round,
) -> Refused | None:
    """Change a round by a form; what is missing is said at its fields."""
    if not form.is_valid():
        return None
    try:
        through(
            found,
            values=form.plan(),
            by=who.user,
            at=who.at,
            note=form.cleaned_data["reason"],
            version=version_in(request),
        )
    except RequirementMissing as missing:
        form.say(missing.problems)
    except (NotAllowedNow, Conflict) as error:
        return refused(error)
    return None
