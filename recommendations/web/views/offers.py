"""What a coordinator is offered when the leads of a group change."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from recommendations.domain import access
from recommendations.domain.asking import Outcome
from recommendations.domain.offers import Offer, offers, take_up
from recommendations.models import Framework
from recommendations.web.attempts import version_in
from recommendations.web.visitor import Visitor, framework_at, signed_in


@require_http_methods(["GET", "POST"])
def offer_list(request: HttpRequest, framework: str) -> HttpResponse:
    """Show what the present leads of groups suggest, and do what is ticked.

    For those who oversee the framework; for anybody else there is no such page.
    """
    who = signed_in(request)
    home = framework_at(framework)
    if not access.sees_inside(who.roles, home.pk):
        raise Http404
    found = offers(home, on=who.today)
    if request.method == "POST":
        return do(request, home, found, who)
    return page(request, home, found)


def do(request: HttpRequest, home: Framework, found: Sequence[Offer], who: Visitor) -> HttpResponse:
    """Do what is ticked; what is not offered any more is said to be so."""
    offered = {offer.key: offer for offer in found}
    ticked = list(dict.fromkeys(request.POST.getlist("offer")))
    reasons = {key: request.POST.get(f"reason-{key}", "").strip() for key in ticked}
    without = [key for key in ticked if key in offered and not reasons[key]]
    if not ticked or without:
        problem = _("Give the reason of each.") if without else _("Tick what is to be done.")
        return page(request, home, found, problem=problem)
    outcomes = take_up(
        [offered[key] for key in ticked if key in offered],
        by=who.user,
        at=who.at,
        versions={key: version_in(request, f"version-{key}") for key in ticked},
        reasons=reasons,
    )
    outcomes += [
        Outcome(request.POST.get(f"name-{key}", "")[:80], _("It is not offered any more."))
        for key in ticked
        if key not in offered
    ]
    return told(request, home, outcomes)


def told(request: HttpRequest, home: Framework, outcomes: Sequence[Outcome]) -> HttpResponse:
    """Say what became of each; where some were refused, on a page with the reasons."""
    done = [one for one in outcomes if not one.refusal]
    refused = [one for one in outcomes if one.refusal]
    if not refused:
        words = ngettext("%(count)d change is made.", "%(count)d changes are made.", len(done))
        messages.success(request, words % {"count": len(done)})
        return redirect("offers", home.slug)
    context = {"title": _("Offers"), "done": done, "refused": refused, "crumbs": crumbs(home)}
    status = 200 if done else 409
    return render(request, "recommendations/outcomes.html", context, status=status)


def page(
    request: HttpRequest, home: Framework, found: Sequence[Offer], *, problem: str = ""
) -> HttpResponse:
    """Return the page of the offers, with what was typed."""
    typed = request.POST
    ticked = typed.getlist("offer")
    rows = [
        (offer, offer.key in ticked, typed.get(f"reason-{offer.key}", offer.reason))
        for offer in found
    ]
    context = {
        "framework": home,
        "rows": rows,
        "problem": problem,
        "crumbs": crumbs(home)[:1] + [(_("Offers"), "")],
    }
    return render(request, "recommendations/offers.html", context, status=400 if problem else 200)


def crumbs(home: Framework) -> list[tuple[str, str]]:
    """Return the way back."""
    return [
        (_("Gaps"), reverse("gaps", args=[home.slug])),
        (_("Offers"), reverse("offers", args=[home.slug])),
    ]
