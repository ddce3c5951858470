"""An agency reports where nobody asks it to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.domain import access, voluntary
from recommendations.models import Round, Update
from recommendations.web.attempts import attempt, check_offered, check_permitted
from recommendations.web.forms.fields import Facts
from recommendations.web.unasked import unasked
from recommendations.web.visitor import signed_in


@require_safe
def unasked_list(request: HttpRequest) -> HttpResponse:
    """Show where a person's agencies may report though no open round asks them to."""
    who = signed_in(request)
    context = {
        "assignments": unasked(who),
        "several": len(who.roles.agencies) > 1,
        "crumbs": [(_("My work"), reverse("work")), (_("Report unasked"), "")],
    }
    return render(request, "recommendations/unasked_list.html", context)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a voluntary report is, and begin it in a round."""
    who = signed_in(request)
    rows = access.visible_assignments(who.roles).select_related("action__framework", "agency")
    assignment = get_object_or_404(rows, pk=pk)
    check_permitted("report", assignment, who)
    refusal = None
    if request.method == "POST":
        chosen = request.POST.get("round", "")
        round = Round.objects.filter(pk=int(chosen) if chosen.isdecimal() else 0).first()
        form = Facts(request.POST)
        refusal = attempt("report", assignment, who=who, request=request, form=form, round=round)
        if refusal is None:
            begun = Update.objects.filter(duty__assignment=assignment, duty__round=round)
            return redirect("update", pk=begun.order_by("id")[0].pk)
        assignment = get_object_or_404(rows, pk=pk)
    else:
        check_offered("report", assignment, who)
        form = Facts()
    context = {
        "assignment": assignment,
        "rounds": voluntary.rounds_to_report_in(assignment),
        "form": form,
        "refused": refusal if refusal and refusal.is_notice else None,
        "today": who.today,
        "crumbs": [(_("My work"), reverse("work")), (str(assignment), "")],
    }
    status = refusal.status if refusal else 200
    return render(request, "recommendations/assignment_report.html", context, status=status)
