"""Asking agencies to take on an action: from the page of the action, one or several."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from agencies.models import Agency
from recommendations.domain import access, groups
from recommendations.domain.transition import RequirementMissing
from recommendations.models import LIVE, Action
from recommendations.web import kept
from recommendations.web.attempts import Refused, attempt
from recommendations.web.forms.assigning import AssignForm
from recommendations.web.pairs import Pair, live_places, pairs_page, versions_of
from recommendations.web.views.assignments import shown
from recommendations.web.visitor import Visitor, signed_in


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, framework: str, action: str) -> HttpResponse:
    """Propose an action to an agency, or go on to the list of those that it is proposed to."""
    who = signed_in(request)
    found = action_at(framework, action)
    if not access.may(who.roles, "assign", found, at=who.at):
        raise NotPermitted(_("Only coordinators and administrators assign actions."))
    if request.method == "GET":
        return page(request, found, AssignForm(initial=opening(request)), None)
    form = AssignForm(request.POST)
    try:
        pairs, remarks = asked_for(form, found, who)
    except RequirementMissing as missing:
        form.say(missing.problems)
        return page(request, found, form, Refused(400))
    if len(pairs) > 1 or remarks:
        return pairs_page(
            request,
            found.framework,
            pairs,
            form=form.as_shared(),
            versions=versions_of(request, found),
            remarks=remarks,
        )
    return ask_one(request, found, form, who)


def asked_for(form: AssignForm, action: Action, who: Visitor) -> tuple[list[Pair], list[str]]:
    """Return whom a form asks, and what is to be said about those that it does not.

    A group is always shown first, because who leads it stands nowhere on the form.
    """
    if not form.is_valid():
        return [], []
    role, group = form.cleaned_data["role"], form.cleaned_data["group"]
    agencies = [*form.cleaned_data["agency"]]
    held = live_places([action], agencies) if len(agencies) > 1 else {}
    pairs = [Pair(action, one, role, held=held.get((action.pk, one.pk))) for one in agencies]
    if group is None:
        return pairs, []
    through = groups.through_group(action, group, on=who.today)
    chosen = {pair.agency.pk for pair in pairs}
    pairs += [
        Pair(action, agency, through.leads.role, through=group)
        for agency in through.asked
        if agency.pk not in chosen
    ]
    words = _("Through “%(group)s”, as it is led today.") % {"group": group}
    return pairs, [words, *through.remarks]


def ask_one(request: HttpRequest, found: Action, form: AssignForm, who: Visitor) -> HttpResponse:
    """Propose the action to the one agency that was chosen, or say what is missing."""
    facts: dict[str, Any] = {}
    if form.is_valid():
        agency = form.cleaned_data["agency"].first()
        facts = {"agency": agency, "role": form.cleaned_data["role"], **form.shared()}
    refusal = attempt("assign", found, who=who, request=request, form=form, **facts)
    if refusal is not None:
        return page(request, action_at(found.framework.slug, found.code), form, refusal)
    messages.success(
        request,
        _("%(agency)s is asked to take on %(action)s.")
        % {"agency": facts["agency"], "action": found.code},
    )
    return redirect("thread", found.framework.slug, found.code, facts["agency"].code)


def opening(request: HttpRequest) -> dict[str, Any]:
    """Return what the form opens with: the agencies and role of the address, or what was kept."""
    codes: list[str] = request.GET.getlist("agency")
    typed = kept.kept_for(request, request.path)
    chosen: list[Any] = typed.getlist("agency") if typed else []
    if typed is None and codes:
        chosen = [*Agency.objects.filter(code__in=codes).values_list("pk", flat=True)]
    begin = kept.opening(request, target_precision="day", role=request.GET.get("role", ""))
    return {**begin, "agency": chosen}


def action_at(framework: str, code: str) -> Action:
    """Return an action of a framework, or 404."""
    rows = Action.objects.select_related("framework", "area")
    return get_object_or_404(rows, framework__slug=framework, code__iexact=code)


def page(
    request: HttpRequest, found: Action, form: AssignForm, refusal: Refused | None
) -> HttpResponse:
    """Return the page of the form, with who has the action already."""
    framework = found.framework.slug
    context = {
        "action": found,
        "form": form,
        "refused": shown(refusal),
        "assignments": found.assignments.filter(acceptance__in=LIVE)
        .select_related("agency")
        .order_by("role", "agency__sort_key", "id"),
        "crumbs": [
            (_("Actions"), reverse("action-list", args=[framework])),
            (found.code, reverse("action-detail", args=[framework, found.code])),
            (_("Assign"), ""),
        ],
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/assignment_assign.html", context, status=status)
