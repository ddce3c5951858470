"""What an agency owes: its due date, more time for it, or no longer owing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from recommendations.domain import access, more_time
from recommendations.models import Duty
from recommendations.web import kept
from recommendations.web.attempts import Refused, attempt, check_offered, check_permitted
from recommendations.web.crumbs import round_crumbs
from recommendations.web.forms.fields import Facts
from recommendations.web.forms.rounds import DueForm, MoreTimeForm, TimeAnswerForm, WaiveForm
from recommendations.web.visitor import Visitor, signed_in


@dataclass(frozen=True)
class Step:
    """A change of a duty that has a page with a form of its own."""

    form: type[Facts]
    title: Promise
    button: Promise
    meaning: Promise


ASK = Step(
    MoreTimeForm,
    gettext_lazy("Ask for more time"),
    gettext_lazy("Ask for more time"),
    gettext_lazy("A coordinator grants or refuses it. Until then the present due date holds."),
)
WAIVE = Step(
    WaiveForm,
    gettext_lazy("Waive the update"),
    gettext_lazy("Waive the update"),
    gettext_lazy(
        "The agency owes this update no longer and cannot send it. A draft is kept. "
        "It counts as waived, not as missing. This cannot be taken back."
    ),
)


def duty_at(pk: int, who: Visitor) -> Duty:
    """Return a duty that exists for this person."""
    return get_object_or_404(access.visible_duties(who.roles).with_place(), pk=pk)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an agency ask for more time."""
    who = signed_in(request)
    duty = duty_at(pk, who)
    check_permitted("ask", duty, who)
    if request.method != "POST":
        check_offered("ask", duty, who)
        return step_page(request, duty, ASK, MoreTimeForm(initial=kept.opening(request)))
    form = MoreTimeForm(request.POST)
    form.is_valid()
    facts = {"note": form.cleaned_data["reason"], "until_on": form.cleaned_data.get("until_on")}
    refusal = attempt("ask", duty, who=who, request=request, form=form, **facts)
    if refusal is None:
        messages.success(request, _("You asked for more time. A coordinator answers."))
        return redirect("update", pk=duty.updates.order_by("-id")[0].pk)
    return step_page(request, duty_at(pk, who), ASK, form, refusal)


@require_http_methods(["GET", "POST"])
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Release an agency from a duty."""
    who = signed_in(request)
    duty = duty_at(pk, who)
    check_permitted("waive", duty, who)
    if request.method != "POST":
        check_offered("waive", duty, who)
        return step_page(request, duty, WAIVE, WaiveForm(initial=kept.opening(request)))
    form = WaiveForm(request.POST)
    form.is_valid()
    note = form.cleaned_data["reason"]
    refusal = attempt("waive", duty, who=who, request=request, form=form, note=note)
    if refusal is None:
        messages.success(request, _("%(duty)s is waived.") % {"duty": duty})
        return to_round(duty)
    return step_page(request, duty_at(pk, who), WAIVE, form, refusal)


def step_page(
    request: HttpRequest, duty: Duty, step: Step, form: Facts, refusal: Refused | None = None
) -> HttpResponse:
    """Return the page of a step, with what was typed and why it was refused."""
    context = {
        "duty": duty,
        "step": step,
        "form": form,
        "refused": refusal if refusal and refusal.is_notice else None,
        "today": signed_in(request).today,
        "crumbs": round_crumbs(duty.round, here=str(step.title)),
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/duty_step.html", context, status=status)


@require_http_methods(["GET", "POST"])
def time_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or refuse more time, in one form with a button for each."""
    who = signed_in(request)
    duty = duty_at(pk, who)
    check_permitted("grant", duty, who)
    asked = more_time.open_request(duty)
    refusal = None
    if request.method == "POST":
        form = TimeAnswerForm(request.POST)
        form.is_valid()
        verb = "refuse" if request.POST.get("answer") == "refuse" else "grant"
        facts: dict[str, Any] = {"note": form.cleaned_data["reason"]}
        if verb == "grant":
            facts["due_on"] = form.cleaned_data.get("due_on")
        refusal = attempt(verb, duty, who=who, request=request, form=form, **facts)
        if refusal is None:
            granted = _("More time is granted."), _("More time is refused.")
            messages.success(request, granted[verb == "refuse"])
            return to_round(duty)
        duty = duty_at(pk, who)
    else:
        check_offered("grant", duty, who)
        initial = {"due_on": asked.until_on if asked else None}
        form = TimeAnswerForm(initial=kept.opening(request, **initial))
    context = {
        "duty": duty,
        "asked": asked,
        "form": form,
        "refused": refusal if refusal and refusal.is_notice else None,
        "today": who.today,
        "crumbs": round_crumbs(duty.round, here=_("More time")),
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/duty_time.html", context, status=status)


def to_round(duty: Duty) -> HttpResponse:
    """Lead back to the round of a duty."""
    return redirect("round-detail", framework=duty.round.framework.slug, code=duty.round.code)


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
            return to_round(duty)
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
