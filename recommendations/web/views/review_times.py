"""How long review takes in a round: text by text, as a picture, as a table."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.domain import access
from recommendations.models import Round
from recommendations.reporting.reports.shape import Value
from recommendations.reporting.review_times import STEPS, WAITING, ReviewTimes, named
from recommendations.reporting.review_times import review_times as times_of
from recommendations.web import files, sorting
from recommendations.web.addresses import UnusableAddress, takes, with_query
from recommendations.web.crumbs import round_crumbs
from recommendations.web.moves import Move
from recommendations.web.paging import paged
from recommendations.web.position import Position, position
from recommendations.web.views.rounds import drawn, round_at
from recommendations.web.visitor import framework_at, visitor

PAGE = 50
SORTS: sorting.Keys = {
    "update": lambda text: (text.agency.casefold(), text.action_code.casefold(), text.number),
    "sent": lambda text: text.sent_at,
    "decided": lambda text: text.decided_at,
    "days": lambda text: text.days,
}
"""By what the texts sort; usually what was sent first comes first."""
CLASSES = (*(named(low, high) for low, high in STEPS), WAITING)


@takes("as_of", "days", "sort", "page")
def review_times(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Show the texts of a round and how long each waited, to those who oversee it."""
    round, shown = overseen(request, framework, code)
    figures = times_of(round, as_of=shown.as_of)
    step, asked = chosen(request), sorting.chosen(request, SORTS)
    texts = [one for one in figures.texts if not step or one.is_in(step)]
    kept = [(name, request.GET[name]) for name in ("days", "sort") if request.GET.get(name)]
    context = {
        "framework": round.framework,
        "round": round,
        "position": shown,
        "times": figures,
        "histogram": drawn(figures),
        "classes": classes(figures, round, shown),
        "step": step,
        "heads": sorting.heads(request, asked, SORTS, "#texts"),
        "paged": paged(request, sorting.in_order(texts, asked, SORTS), PAGE, "#texts"),
        "kept": kept,
        "crumbs": round_crumbs(round, here=_("Review times")),
    }
    return render(request, "recommendations/review_times.html", context)


@takes("as_of")
def review_times_svg(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Return the texts by days as a picture."""
    round, shown = overseen(request, framework, code)
    figures = times_of(round, as_of=shown.as_of)
    return files.drawing(figures, f"review-times-{round.code}", drawn(figures))


@takes("as_of")
def review_times_csv(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Return a line for each text of a round: when it was sent, when it was decided on."""
    round, shown = overseen(request, framework, code)
    figures = times_of(round, as_of=shown.as_of)
    head = ["agency", "action", "submission", "sent_at", "first_decided_at", "days"]
    lines: list[list[Value]] = [
        [one.agency, one.action_code, one.number, one.sent_at, one.decided_at, one.days]
        for one in figures.texts
    ]
    return files.table(figures, f"review-times-{round.code}", [head, *lines])


def overseen(request: HttpRequest, framework: str, code: str) -> tuple[Round, Position]:
    """Return the round and the moment; for who does not oversee the framework there is none."""
    who, home = visitor(request), framework_at(framework)
    if not access.sees_inside(who.roles, home.pk):
        raise Http404
    return round_at(framework, code, who), position(request, home)


def classes(figures: ReviewTimes, round: Round, shown: Position) -> list[tuple[Move, int]]:
    """Return each class of days with its number, which leads to the texts that it counts."""
    page = reverse("round-review-times", args=[round.framework.slug, round.code])
    moment = [("as_of", shown.local)] if shown.chosen else []
    found = [*figures.classes, (WAITING, figures.waiting)]
    words = {WAITING: _("Still waiting")}
    return [
        (
            Move(words.get(name, name), f"{with_query(page, [('days', name), *moment])}#texts"),
            count,
        )
        for name, count in found
    ]


def chosen(request: HttpRequest) -> str:
    """Return the class of days that the address names, "" for all; 400 for one there is not."""
    step = request.GET.get("days", "")
    if step and step not in CLASSES:
        known = ", ".join(CLASSES)
        message = _("There is no such number of days. There are: %(known)s.") % {"known": known}
        raise UnusableAddress(message, name="days")
    return step
