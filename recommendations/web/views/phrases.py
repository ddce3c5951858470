"""The phrases that a coordinator keeps for comments."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from recommendations.domain import reading
from recommendations.models import SavedPhrase
from recommendations.web import kept
from recommendations.web.forms.comments import PhraseForm
from recommendations.web.visitor import Visitor, signed_in


def coordinator(request: HttpRequest) -> Visitor:
    """Return the visitor, a coordinator somewhere; raises NotPermitted for anybody else."""
    who = signed_in(request)
    if not who.roles.coordinates:
        raise NotPermitted(_("Only coordinators keep phrases for their comments."))
    return who


@require_http_methods(["GET", "POST"])
def phrase_list(request: HttpRequest) -> HttpResponse:
    """Show one's own phrases, and add one."""
    who = coordinator(request)
    form = PhraseForm(initial=kept.opening(request))
    if request.method == "POST":
        form = PhraseForm(request.POST)
        if form.is_valid():
            SavedPhrase.objects.create(user=who.user, text=form.cleaned_data["text"])
            kept.forget(request)
            messages.success(request, _("Phrase saved."))
            return redirect("phrase-list")
    context = {
        "form": form,
        "phrases": list(reading.saved_phrases(who.user)),
        "crumbs": [(_("Review queue"), reverse("queue")), (_("Saved phrases"), "")],
    }
    status = 400 if form.errors else 200
    return render(request, "recommendations/phrase_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
def phrase(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a phrase of one's own, or delete it; another's does not exist."""
    who = coordinator(request)
    found = get_object_or_404(reading.saved_phrases(who.user), pk=pk)
    form = PhraseForm(initial=kept.opening(request, text=found.text))
    if request.method == "POST" and request.POST.get("do") == "delete":
        found.delete()
        messages.success(request, _("Phrase deleted."))
        return redirect("phrase-list")
    if request.method == "POST":
        form = PhraseForm(request.POST)
        if form.is_valid():
            found.text = form.cleaned_data["text"]
            found.save(update_fields=["text"])
            kept.forget(request)
            messages.success(request, _("Phrase saved."))
            return redirect("phrase-list")
    context = {
        "form": form,
        "crumbs": [(_("Saved phrases"), reverse("phrase-list")), (_("Change a phrase"), "")],
    }
    status = 400 if form.errors else 200
    return render(request, "recommendations/phrase_change.html", context, status=status)
