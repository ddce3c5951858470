"""What the framework is, where it comes from, and how its figures are counted."""

from __future__ import annotations

from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agencies.models import GroupMembership, WorkingGroup
from recommendations.models import Action
from recommendations.web import sorting
from recommendations.web.addresses import takes
from recommendations.web.visitor import framework_at

SORTS: sorting.Keys = {"date": lambda milestone: milestone.sort_on}
"""The milestones come oldest first, or newest first."""


@takes("sort")
def about(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the framework, its elements and history, the working groups, and the method."""
    home = framework_at(framework)
    leading = GroupMembership.objects.select_related("agency").order_by(
        F("agency__sort_key").asc(nulls_last=True), "id"
    )
    asked = sorting.chosen(request, SORTS)
    milestones = home.milestones.select_related("passage").order_by("sort_on", "order", "id")
    heads = sorting.heads(request, asked or "date", SORTS, "#milestones")
    context = {
        "framework": home,
        "orders": sorting.named(heads, [_("Date")]),
        "areas": home.areas.order_by("order", "id").prefetch_related(
            Prefetch("actions", queryset=Action.objects.in_order())
        ),
        "elements": home.key_elements.select_related("passage").order_by("order", "id"),
        "milestones": sorting.in_order(milestones, asked, SORTS),
        "groups": [
            described(group)
            for group in WorkingGroup.objects.select_related("parent", "predecessor")
            .prefetch_related(Prefetch("memberships", queryset=leading))
            .order_by("id")
        ],
    }
    return render(request, "recommendations/about.html", context)


def described(group: WorkingGroup) -> dict[str, object]:
    """Return a group with its members by role, those who lead it first."""
    roles = GroupMembership.Role
    held: dict[str, list[str]] = {role: [] for role in roles.values}
    for membership in group.memberships.all():
        if membership.until_on is None:
            agency = membership.agency
            held[membership.role].append(
                agency.acronym if agency else _("not listed in the source")
            )
    return {
        "group": group,
        "held": [(roles(role).label, names) for role, names in held.items() if names],
    }


@takes()
def source(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the source as numbered passages, which citations and actions point to."""
    home = framework_at(framework)
    context = {
        "framework": home,
        "passages": home.passages.prefetch_related("footnotes").order_by("number"),
        "footnotes": home.footnotes.select_related("passage").order_by("number"),
    }
    return render(request, "recommendations/about_source.html", context)
