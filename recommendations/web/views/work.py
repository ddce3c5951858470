"""Where people land after signing in, and the work list of a focal point."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from agencies.handovers import concerning
from agencies.models import Agency
from recommendations.domain import access
from recommendations.domain.offers import offers
from recommendations.models import Framework
from recommendations.web.counts import stays_in
from recommendations.web.saved import short_list
from recommendations.web.visitor import Visitor, default_framework, signed_in, visitor
from recommendations.web.workload import Task, standings, tasks, unanswered


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to where a person's work is: the queue, their work list, or the overview."""
    roles = visitor(request).roles
    if roles.coordinates:
        return redirect("queue")
    if roles.agencies:
        return redirect("work")
    return redirect("overview", framework=default_framework().slug)


@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Show what needs a person's action, worst first, and what waits for others."""
    who = signed_in(request)
    open_tasks, submitted = tasks(who)
    mine = [task for task in open_tasks if not task.is_idle]
    asked = unanswered(who)
    by_agency = sorted(mine, key=lambda task: (task.agency.sort_key, task.agency.pk))
    groups: list[tuple[Agency | None, list[Task]]] = [(None, mine)] if mine else []
    if len(who.roles.agencies) > 1:
        groups = [(agency, [*rows]) for agency, rows in groupby(by_agency, lambda t: t.agency)]
    context = {
        "who": who,
        "agencies": Agency.objects.filter(pk__in=who.roles.agencies).in_order(),
        "groups": groups,
        "count": len(mine) + len(asked),
        "asked": asked,
        "to_clear": [
            task for task in mine if task.to_clear and who.roles.clears_for(task.agency.pk)
        ],
        "submitted": submitted,
        "idle": [task for task in open_tasks if task.is_idle],
        "standings": standings(who),
        "offered": offered_to(who),
        "saved_views": short_list(who),
        "handovers": concerning(who.user, day=who.today),
        "today": who.today,
        "framework_slug": stays_in(request),
    }
    return render(request, "recommendations/work.html", context)


def offered_to(who: Visitor) -> list[tuple[Framework, int]]:
    """Return the frameworks where the leads of groups suggest changes to a coordinator."""
    if not who.roles.coordinates:
        return []
    within = Framework.objects.filter(access.reaches(who.roles.coordinates, "pk"))
    counted = [(one, len(offers(one, on=who.today))) for one in within.order_by("slug")]
    return [(one, count) for one, count in counted if count]
