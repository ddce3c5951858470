"""The answer of an agency to an assignment, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from recommendations.domain import access, behalf, workflow
from recommendations.domain.transition import NotAllowedNow
from recommendations.models import Assignment
from recommendations.web import kept
from recommendations.web.attempts import Refused, attempt, check_offered, check_permitted
from recommendations.web.forms.assignments import (
    ANSWERS,
    AssessForm,
    ReasonForm,
    ResponseForm,
    TargetFields,
    TargetForm,
)
from recommendations.web.forms.entering import AnswerForThem
from recommendations.web.forms.fields import Facts
from recommendations.web.visitor import Visitor, signed_in


@dataclass(frozen=True)
class Step:
    """A change of an assignment that has a page of its own."""

    form: type[Facts]
    title: Promise
    button: Promise
    done: Promise
    meaning: Promise


EVERY_ANSWER = frozenset(verb for verb, _label in ANSWERS)

STEPS = {
    "withdraw": Step(
        ReasonForm,
        gettext_lazy("Withdraw the assignment"),
        gettext_lazy("Withdraw"),
        gettext_lazy("The assignment is withdrawn."),
        gettext_lazy("The agency is not asked any more. The history stays."),
    ),
    "end": Step(
        ReasonForm,
        gettext_lazy("End the assignment"),
        gettext_lazy("End"),
        gettext_lazy("The assignment has ended."),
        gettext_lazy("Updates that are still open are no longer due. What was approved stays."),
    ),
    "set_target": Step(
        TargetForm,
        gettext_lazy("Set the target date"),
        gettext_lazy("Set the target date"),
        gettext_lazy("The target date is set."),
        gettext_lazy("Earlier target dates stay in the history."),
    ),
    "assess": Step(
        AssessForm,
        gettext_lazy("Assess the reported status"),
        gettext_lazy("Save the assessment"),
        gettext_lazy("The assessment is saved."),
        gettext_lazy("It stands beside the agency's claim, with your reason."),
    ),
}


def shown(refusal: Refused | None) -> Refused | None:
    """Return a refusal that needs a notice; what is missing is said at the fields."""
    return refusal if refusal and refusal.is_notice else None


def assignment_at(pk: int, who: Visitor) -> Assignment:
    """Return an assignment that exists for this person."""
    rows = access.visible_assignments(who.roles).select_related(
        "action__framework", "action__area", "agency", "in_force", "through"
    )
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
def respond(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an assignment: accept, accept in part, consider, decline."""
    who = signed_in(request)
    found = assignment_at(pk, who)
    if behalf.may(who.roles, "accept", found):
        return respond_for_them(request, found, who)
    check_permitted("accept", found, who)
    refusal = None
    if request.method == "POST":
        form = ResponseForm(request.POST, possible=EVERY_ANSWER)
        verb = request.POST.get("answer", "")
        if verb not in dict(ANSWERS):
            form.add_error("answer", _("Choose your answer."))
            verb = "accept"
        note = form.cleaned_data.get("reason", "") if form.is_valid() else ""
        refusal = attempt(verb, found, who=who, request=request, form=form, note=note)
        if refusal is None:
            messages.success(request, _("Your answer is saved."))
            return redirect("work")
        found = assignment_at(pk, who)
    else:
        answers_offered(found, who)
        possible = workflow.available(found, who.roles, at=who.at)
        form = ResponseForm(initial=kept.opening(request), possible=possible)
    return page(request, found, form, refusal, "recommendations/assignment_respond.html")


def respond_for_them(request: HttpRequest, found: Assignment, who: Visitor) -> HttpResponse:
    """Enter the agency's answer on behalf of a person of the agency."""
    people = behalf.people_of(found.agency_id, day=who.today)
    refusal = None
    if request.method == "POST":
        form = AnswerForThem(request.POST, possible=EVERY_ANSWER, people=people)
        verb = request.POST.get("answer", "")
        facts: dict[str, Any] = {}
        if form.is_valid():
            facts = {"note": form.cleaned_data["reason"], "on_behalf_of": form.named()}
            if facts["on_behalf_of"] is None:
                form.add_error("on_behalf_of", _("Choose on whose behalf you enter it."))
        if verb not in EVERY_ANSWER:
            form.add_error("answer", _("Choose the answer."))
        refusal = attempt(verb, found, who=who, request=request, form=form, **facts)
        if refusal is None:
            messages.success(request, _("The answer is saved, with both names."))
            place = (found.action.framework.slug, found.action.code, found.agency.code)
            return redirect("thread", *place)
        found = assignment_at(pk=found.pk, who=who)
    else:
        possible = workflow.legal(found) & EVERY_ANSWER
        if not possible:
            raise NotAllowedNow(
                _("This is not possible in the present state."),
                possible=workflow.possible_now(found),
            )
        form = AnswerForThem(initial=kept.opening(request), possible=possible, people=people)
    template = "recommendations/assignment_respond.html"
    return page(request, found, form, refusal, template, for_them=True)


def answers_offered(found: Assignment, who: Visitor) -> None:
    """Raise what an answer would raise, where none of them is possible."""
    if not workflow.available(found, who.roles, at=who.at) & set(dict(ANSWERS)):
        check_offered("accept", found, who)
        raise NotPermitted(_("Only a focal point or alternate of the agency answers."))


@require_http_methods(["GET", "POST"])
def assignment_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Withdraw or end an assignment, set its target date, or assess its status."""
    step = STEPS.get(verb)
    if step is None:
        raise Http404
    who = signed_in(request)
    found = assignment_at(pk, who)
    check_permitted(verb, found, who)
    refusal = None
    if request.method == "POST":
        form = step.form(request.POST)
        refusal = attempt(verb, found, who=who, request=request, form=form, **facts_of(form))
        if refusal is None:
            messages.success(request, str(step.done))
            framework = found.action.framework.slug
            return redirect("thread", framework, found.action.code, found.agency.code)
        found = assignment_at(pk, who)
    else:
        check_offered(verb, found, who)
        form = step.form(initial=kept.opening(request, **initial_of(found)))
    template = "recommendations/assignment_step.html"
    return page(request, found, form, refusal, template, step=step, verb=verb)


def facts_of(form: Facts) -> dict[str, Any]:
    """Return what a form says, as the transitions read it."""
    if not form.is_valid():
        return {}
    facts: dict[str, Any] = {"note": form.cleaned_data["reason"]}
    if "status" in form.cleaned_data:
        facts["status"] = form.cleaned_data["status"]
    return facts | (form.target() if isinstance(form, TargetFields) else {})


def initial_of(found: Assignment) -> dict[str, Any]:
    """Return what the forms of an assignment open with: the present target and status."""
    return {
        "target_on": found.target_on,
        "target_precision": found.target_precision or "day",
        "target_text": found.target_text,
        "status": found.effective_status,
    }


def page(
    request: HttpRequest,
    found: Assignment,
    form: Facts,
    refusal: Refused | None,
    template: str,
    **more: Any,
) -> HttpResponse:
    """Return a page with the facts of an assignment and a form below."""
    framework = found.action.framework.slug
    place = [framework, found.action.code]
    context = {
        "assignment": found,
        "form": form,
        "refused": shown(refusal),
        "possible": workflow.possible_now(found),
        "targets": found.targets.select_related("recorded_by").order_by("recorded_at", "id"),
        "crumbs": [
            (found.action.code, reverse("action-detail", args=place)),
            (found.agency.acronym, reverse("thread", args=[*place, found.agency.code])),
            (more["step"].title if "step" in more else _("Answer"), ""),
        ],
        **more,
    }
    status = refusal.status if refusal else 200
    return render(request, template, context, status=status)
