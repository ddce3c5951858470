"""Rounds of reporting: who owes what, opening and closing, due dates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.domain import access, logs, questionnaires, rounds, workflow
from recommendations.domain.vacancies import vacant
from recommendations.models import Duty, Round
from recommendations.reporting.round_progress import RoundProgress, round_progress
from recommendations.web import kept
from recommendations.web.attempts import attempt, check_offered, check_permitted
from recommendations.web.crumbs import round_crumbs
from recommendations.web.forms.fields import Facts
from recommendations.web.forms.rounds import DueForm
from recommendations.web.visitor import Visitor, framework_at, signed_in, visitor


def reader(request: HttpRequest, framework: str) -> Visitor:
    """Return a visitor who works with rounds: a person with a role. Everybody else gets 404."""
    who = visitor(request)
    pk = framework_at(framework).pk
    roles = who.roles
    if not (roles.agencies or access.sees_inside(roles, pk) or roles.is_observer(pk)):
        raise Http404
    return who


def round_at(framework: str, code: str, who: Visitor) -> Round:
    """Return a round that exists for this person."""
    visible = access.visible_rounds(who.roles).select_related("framework")
    return get_object_or_404(visible, framework__slug=framework, code__iexact=code)


@require_safe
def round_list(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the rounds of a framework, newest first."""
    who = reader(request, framework)
    visible = access.visible_rounds(who.roles).filter(framework__slug=framework)
    found = visible.annotate(duty_count=Count("duties")).order_by("-opens_on", "-id")
    inside = access.sees_inside(who.roles, framework_at(framework).pk)
    context = {
        "framework": framework,
        "rounds": found,
        "inside": inside,
        "today": who.today,
    }
    return render(request, "recommendations/round_list.html", context)


@require_safe
def round_detail(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Show who owes what in a round: all agencies to those who oversee it, else one's own."""
    who = reader(request, framework)
    found = round_at(framework, code, who)
    inside = access.sees_inside(who.roles, found.framework_id)
    standing = round_progress(found, as_of=who.at)
    own = {line.duty_id for line in duties_of(standing) if line.agency_id in who.roles.agencies}
    agencies = [
        agency
        for agency in standing.agencies
        if inside or any(line.duty_id in own for line in agency.duties)
    ]
    possible = workflow.available(found, who.roles, at=who.at)
    context = {
        "framework": framework,
        "round": found,
        "standing": standing,
        "questions": found.asked if asks(standing) else [],
        "agencies": agencies,
        "inside": inside,
        "vacant": vacant(found.framework, day=who.today) if inside else (),
        "own": own,
        "possible": possible,
        "today": who.today,
        "closing": found.is_closing(who.today),
        "reads_history": logs.reads_events(who.roles, found),
        "crumbs": round_crumbs(found),
    }
    return render(request, "recommendations/round_detail.html", context)


def asks(standing: RoundProgress) -> bool:
    """Say whether a round asks anybody for a questionnaire."""
    return any(agency.questionnaire for agency in standing.agencies)


def duties_of(standing: RoundProgress) -> list[Any]:
    """Return the duties of all agencies in a round."""
    return [line for agency in standing.agencies for line in agency.duties]


@require_http_methods(["GET", "POST"])
def round_open(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Say whom a round will ask for what, and open it."""
    return change_round(request, framework, code, "open", _("Round %(round)s is open."))


@require_http_methods(["GET", "POST"])
def round_close(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Say what a close leaves behind, and close the round."""
    return change_round(request, framework, code, "close", _("Round %(round)s is closed."))


def change_round(
    request: HttpRequest, framework: str, code: str, verb: str, done: str
) -> HttpResponse:
    """Show what opening or closing means, and do it."""
    who = signed_in(request)
    found = round_at(framework, code, reader(request, framework))
    check_permitted(verb, found, who)
    refusal = None
    if request.method == "POST":
        form = Facts(request.POST)
        refusal = attempt(verb, found, who=who, request=request, form=form)
        if refusal is None:
            messages.success(request, done % {"round": found.code})
            return redirect("round-detail", framework=framework, code=found.code)
        found = round_at(framework, code, who)
    else:
        check_offered(verb, found, who)
    owing = rounds.owing(found)
    context = {
        "framework": framework,
        "round": found,
        "refused": refusal,
        "updates": owing.count(),
        "agencies": owing.values("agency").distinct().count(),
        "questions": questionnaires.to_ask(found.framework) if verb == "open" else [],
        "questionnaires": questionnaires.answering(found).count(),
        "left": rounds.at_closing(found),
        "today": who.today,
        "crumbs": round_crumbs(found, here=_("Open") if verb == "open" else _("Close")),
    }
    status = refusal.status if refusal else 200
    return render(request, f"recommendations/round_{verb}.html", context, status=status)


@require_http_methods(["GET", "POST"])
def duty_due(request: HttpRequest, pk: int) -> HttpResponse:
    """Set or change the due date of a duty, with a reason."""
    who = signed_in(request)
    duty = duty_at(pk, who)
    check_permitted("set_due", duty, who)
    refusal = None
    if request.method == "POST":
        form = DueForm(request.POST)
        facts: dict[str, Any] = {}
        if form.is_valid():
            facts = {"note": form.cleaned_data["reason"], "due_on": form.cleaned_data["due_on"]}
        refusal = attempt("set_due", duty, who=who, request=request, form=form, **facts)
        if refusal is None:
            messages.success(request, _("The due date is changed."))
            round = duty.round
            return redirect("round-detail", framework=round.framework.slug, code=round.code)
        duty = duty_at(pk, who)
    else:
        check_offered("set_due", duty, who)
        form = DueForm(initial=kept.opening(request))
    context = {
        "duty": duty,
        "form": form,
        "refused": refusal if refusal and refusal.is_notice else None,
        "dates": duty.due_dates.select_related("recorded_by").order_by("recorded_at", "id"),
        "today": who.today,
        "crumbs": round_crumbs(duty.round, here=_("Due date")),
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/duty_due.html", context, status=status)


def duty_at(pk: int, who: Visitor) -> Duty:
    """Return a duty that exists for this person."""
    rows = access.visible_duties(who.roles).select_related(
        "round__framework", "assignment__action", "assignment__agency", "agency"
    )
    return get_object_or_404(rows, pk=pk)
