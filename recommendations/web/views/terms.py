"""A coordinator extends a round that is open, or opens it again after it has closed."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.domain import rounds
from recommendations.models import Duty, Round
from recommendations.web import kept
from recommendations.web.attempts import attempt, check_offered, check_permitted
from recommendations.web.crumbs import round_crumbs
from recommendations.web.forms.rounds import TermsForm
from recommendations.web.views.rounds import reader, round_at
from recommendations.web.visitor import signed_in


@require_http_methods(["GET", "POST"])
def round_extend(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Give everybody in an open round more time."""
    return move(request, framework, code, "extend")


@require_http_methods(["GET", "POST"])
def round_reopen(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Open a closed round again."""
    return move(request, framework, code, "reopen")


def move(request: HttpRequest, framework: str, code: str, verb: str) -> HttpResponse:
    """Say what new dates of a round mean, and set them."""
    who = signed_in(request)
    found = round_at(framework, code, reader(request, framework))
    check_permitted(verb, found, who)
    refusal = None
    if request.method == "POST":
        form = TermsForm(request.POST)
        form.is_valid()
        facts = {name: form.cleaned_data.get(name) for name in ("due_on", "closes_on")}
        note = form.cleaned_data["reason"]
        refusal = attempt(verb, found, who=who, request=request, form=form, note=note, **facts)
        if refusal is None:
            done = {"extend": _("Round %s is extended."), "reopen": _("Round %s is open again.")}
            messages.success(request, done[verb] % found.code)
            return redirect("round-detail", framework=framework, code=found.code)
        found = round_at(framework, code, who)
    else:
        check_offered(verb, found, who)
        form = TermsForm(initial=kept.opening(request, **suggested(found, verb, who.today)))
    title = _("Extend") if verb == "extend" else _("Reopen")
    context = {
        "framework": framework,
        "round": found,
        "verb": verb,
        "step": _("Extend round") if verb == "extend" else _("Reopen round"),
        "form": form,
        "refused": refusal if refusal and refusal.is_notice else None,
        "open_duties": Duty.objects.open().filter(round=found, voluntary=False).count(),
        "today": who.today,
        "crumbs": round_crumbs(found, here=title),
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/round_move.html", context, status=status)


def suggested(round: Round, verb: str, today: date) -> dict[str, date]:
    """Return the dates that a form starts with: as they are, or two weeks for a reopened round."""
    if verb == "extend":
        return {"due_on": round.due_on, "closes_on": round.closes_on}
    due_on = rounds.due_when_late(round, on=today)
    return {"due_on": due_on, "closes_on": max(round.closes_on, due_on + timedelta(days=14))}
