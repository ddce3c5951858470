"""Asking several agencies about several actions: chosen in the matrix, done row by row."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agencies.access import NotPermitted
from agencies.models import Agency
from recommendations.domain import access
from recommendations.domain.asking import Outcome, ask_each
from recommendations.domain.transition import RequirementMissing
from recommendations.models import Action, Framework
from recommendations.web.attempts import Refused, version_in
from recommendations.web.forms.assigning import AskForm
from recommendations.web.pairs import Pair, asks_of, crumbs, every_pair, pairs_page, typed_pairs
from recommendations.web.visitor import Visitor, framework_at, signed_in


@require_http_methods(["GET", "POST"])
def assign_many(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the chosen agencies on the chosen actions, and ask those that are ticked."""
    who = signed_in(request)
    home = framework_at(framework)
    if not access.sees_inside(who.roles, home.pk):
        raise NotPermitted(_("Only coordinators and administrators assign actions."))
    if request.method == "POST":
        return ask(request, home, who)
    chosen = chosen_in(request, home)
    if chosen is None:
        messages.warning(request, _("Tick agencies and actions in the matrix, then assign."))
        return redirect("matrix", framework)
    form = AskForm(initial={"target_precision": "day", "role": request.GET.get("role", "")})
    versions = {pair.action.pk: pair.action.version for pair in chosen}
    return pairs_page(request, home, chosen, form=form, versions=versions)


def chosen_in(request: HttpRequest, home: Framework) -> list[Pair] | None:
    """Return what an address chooses; agencies or actions alone are offered with all others.

    404 for a code that is none.
    """
    agency_codes, action_codes = (set(request.GET.getlist(name)) for name in ("agency", "action"))
    if not agency_codes and not action_codes:
        return None
    actions = Action.objects.select_related("framework").filter(framework=home)
    agencies = Agency.objects.filter(active=True).in_order()
    if action_codes:
        actions = actions.filter(code__in=action_codes)
    if agency_codes:
        agencies = agencies.filter(code__in=agency_codes)
    rows, columns = [*agencies], [*actions.order_by("area__order", "order", "id")]
    found = {agency.code for agency in rows}, {action.code for action in columns}
    if agency_codes - found[0] or action_codes - found[1]:
        raise Http404
    both = bool(agency_codes and action_codes)
    return every_pair(columns, rows, role="", ticked=both)


def ask(request: HttpRequest, home: Framework, who: Visitor) -> HttpResponse:
    """Ask those that are ticked, each on its own, and say what became of it."""
    pairs = typed_pairs(request, home)
    form = AskForm(request.POST)
    versions = {pair.action.pk: version_in(request, f"version-{pair.action.pk}") for pair in pairs}
    try:
        if not form.is_valid():
            raise RequirementMissing({})
        outcomes = ask_each(
            asks_of(pairs, form), by=who.user, at=who.at, versions=versions, **form.shared()
        )
    except RequirementMissing as missing:
        form.say(missing.problems)
        return pairs_page(request, home, pairs, form=form, versions=versions, refused=Refused(400))
    return told(request, home, pairs, outcomes)


def told(
    request: HttpRequest, home: Framework, pairs: Sequence[Pair], outcomes: Sequence[Outcome]
) -> HttpResponse:
    """Say what became of each; where some were refused, on a page with the reasons."""
    done = [one for one in outcomes if not one.refusal]
    refused = [one for one in outcomes if one.refusal]
    actions = {pair.action.pk: pair.action for pair in pairs if pair.ticked}
    if not refused:
        words = ngettext(
            "%(count)d assignment is proposed: %(names)s.",
            "%(count)d assignments are proposed: %(names)s.",
            len(done),
        )
        names = ", ".join(one.about for one in done)
        messages.success(request, words % {"count": len(done), "names": names})
        if len(actions) == 1:
            return redirect("action-detail", home.slug, next(iter(actions.values())).code)
        return redirect("matrix", home.slug)
    context = {
        "title": _("Assign several"),
        "done": done,
        "refused": refused,
        "crumbs": crumbs(home, [*actions.values()]),
    }
    status = 200 if done else 409
    return render(request, "recommendations/outcomes.html", context, status=status)
