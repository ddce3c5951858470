"""What becomes of an approved update: the agency corrects it; a coordinator reopens or retracts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recommendations.domain.transition import NotAllowedNow
from recommendations.domain.workflow import perform
from recommendations.models import OPEN_REVIEW_STATES, Update
from recommendations.web.attempts import attempt, check_permitted, version_in
from recommendations.web.forms.reviews import ReopenForm
from recommendations.web.views.updates import read_page, update_at
from recommendations.web.visitor import signed_in


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a correction and open its form; where one is under way, open that."""
    who = signed_in(request, page=reverse("update", args=[pk]))
    found = update_at(pk, who)
    check_permitted("correct", found, who)
    try:
        begun = perform("correct", found, by=who.user, at=who.at, version=version_in(request))
    except NotAllowedNow:
        under_way = correction_of(found)
        if under_way is None:
            raise
        return redirect("update", pk=under_way.pk)
    return redirect("update", pk=begun.pk)


def correction_of(update: Update) -> Update | None:
    """Return the correction of an update that is under way."""
    return update.corrections.filter(review_state__in=OPEN_REVIEW_STATES).first()


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen an approved update: the agency answers again, the approved text stays in force."""
    done = _("Reopened. The approved text stays in force until the next.")
    return give_back(request, pk, "reopen", done)


@require_POST
def retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Retract an approved update: its text leaves force and the public view at once."""
    done = _("Retracted. The text is no longer in force, and no longer public.")
    return give_back(request, pk, "retract", done)


def give_back(request: HttpRequest, pk: int, verb: str, done: str) -> HttpResponse:
    """Reopen or retract; whatever stands in the way, what was typed stays on the page."""
    who = signed_in(request, page=reverse("update", args=[pk]))
    found = update_at(pk, who)
    form = ReopenForm(request.POST)
    facts: dict[str, Any] = {}
    if form.is_valid():
        facts = {"note": form.cleaned_data["comment"], "due_on": form.cleaned_data["due_on"]}
    refusal = attempt(verb, found, who=who, request=request, form=form, **facts)
    if refusal is None:
        messages.success(request, done)
        return HttpResponseRedirect(reverse("update", args=[pk]))
    return read_page(
        request,
        update_at(pk, who),
        who,
        form=form,
        refused=refusal if refusal.is_notice else None,
        status=refusal.status,
    )
