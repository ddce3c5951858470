"""Agencies by actions to ask about: read from an address or a form, shown row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import Agency, WorkingGroup
from recommendations.domain.asking import Ask
from recommendations.models import Action, Assignment, Framework, Role
from recommendations.web.attempts import Refused, version_in
from recommendations.web.forms.assigning import AskForm

MOST_DIGITS = 18
"""What no database refuses as an id."""


@dataclass(frozen=True)
class Pair:
    """An agency that may be asked to take on an action; `held` is its place there already."""

    action: Action
    agency: Agency
    role: str = ""
    through: WorkingGroup | None = None
    ticked: bool = True
    held: Assignment | None = None

    @property
    def key(self) -> str:
        """Return what the row is called in the form."""
        return f"{self.action.pk}.{self.agency.pk}"


def every_pair(
    actions: Sequence[Action], agencies: Sequence[Agency], *, role: str, ticked: bool
) -> list[Pair]:
    """Return each of the agencies on each of the actions, in the order of the source."""
    held = live_places(actions, agencies)
    return [
        Pair(
            action,
            agency,
            role=role,
            ticked=ticked,
            held=held.get((action.pk, agency.pk)),
        )
        for action in actions
        for agency in agencies
    ]


def live_places(
    actions: Iterable[Action], agencies: Iterable[Agency]
) -> dict[tuple[int, int], Assignment]:
    """Return who is where already among these; one query."""
    rows = Assignment.objects.live().filter(action__in=actions, agency__in=agencies)
    return {(row.action_id, row.agency_id): row for row in rows.order_by("id")}


def typed_pairs(request: HttpRequest, framework: Framework) -> list[Pair]:
    """Return the rows of a form that was posted, ticked or not; 404 for rows of elsewhere."""
    keys = [parsed(text) for text in dict.fromkeys(request.POST.getlist("row"))]
    ticked = set(request.POST.getlist("pair"))
    actions = {
        row.pk: row
        for row in Action.objects.select_related("framework").filter(
            framework=framework, pk__in={action for action, _agency in keys}
        )
    }
    agencies = Agency.objects.in_bulk({agency for _action, agency in keys})
    groups = WorkingGroup.objects.in_bulk(
        {number(request.POST.get(f"through-{a}.{b}", "")) for a, b in keys} - {None}
    )
    held = live_places(actions.values(), agencies.values())
    found = []
    for action, agency in keys:
        if action not in actions or agency not in agencies:
            raise Http404
        key = f"{action}.{agency}"
        own, through = request.POST.get(f"role-{key}", ""), request.POST.get(f"through-{key}", "")
        found.append(
            Pair(
                actions[action],
                agencies[agency],
                role=own if own in Role.values else "",
                through=groups.get(number(through) or 0),
                ticked=key in ticked,
                held=held.get((action, agency)),
            )
        )
    return found


def parsed(key: str) -> tuple[int, int]:
    """Return the action and the agency of a row, or 404."""
    action, _dot, agency = key.partition(".")
    pair = number(action), number(agency)
    if pair[0] is None or pair[1] is None:
        raise Http404
    return pair[0], pair[1]


def number(text: str) -> int | None:
    """Return an id, where there is one."""
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else None


def asks_of(pairs: Iterable[Pair], form: AskForm) -> list[Ask]:
    """Return what the ticked rows ask for, each with its own role or the one for all."""
    common = form.cleaned_data["role"]
    return [
        Ask(pair.action, pair.agency, pair.role or common, pair.through)
        for pair in pairs
        if pair.ticked
    ]


def versions_of(request: HttpRequest, action: Action) -> dict[int, int]:
    """Return the version of the action that the form of its page carried."""
    return {action.pk: version_in(request)}


def pairs_page(
    request: HttpRequest,
    framework: Framework,
    pairs: Sequence[Pair],
    *,
    form: AskForm,
    versions: Mapping[int, int],
    remarks: Sequence[str] = (),
    refused: Refused | None = None,
) -> HttpResponse:
    """Return the page that shows whom a form would ask for what, to be confirmed."""
    actions = {pair.action.pk: pair.action for pair in pairs}
    context = {
        "framework": framework,
        "pairs": pairs,
        "to_ask": sum(pair.held is None for pair in pairs),
        "form": form,
        "roles": Role.choices,
        "versions": [(pk, versions.get(pk, row.version)) for pk, row in actions.items()],
        "remarks": remarks,
        "refused": refused,
        "crumbs": crumbs(framework, [*actions.values()]),
    }
    status = refused.status if refused else 200
    return render(request, "recommendations/assignment_pairs.html", context, status=status)


def crumbs(framework: Framework, actions: Sequence[Action]) -> list[tuple[str, str]]:
    """Return the way back: to the action, where there is one only, or to the matrix."""
    if len(actions) == 1:
        place = [framework.slug, actions[0].code]
        back = (actions[0].code, reverse("action-detail", args=place))
    else:
        back = (_("Matrix"), reverse("matrix", args=[framework.slug]))
    return [back, (_("Assign several"), "")]
