"""Rounds of reporting: who owes what, opening and closing, due dates."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.domain import access, logs, planning, questionnaires, rounds, workflow
from recommendations.models import Framework, Round
from recommendations.notify.rungs import ladder_of
from recommendations.reporting.attention import Concern
from recommendations.reporting.charts import Picture, histogram
from recommendations.reporting.duties import expected
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.movements import Movement, total_movement
from recommendations.reporting.review_times import ReviewTimes, review_times
from recommendations.reporting.round_progress import RoundProgress, round_progress
from recommendations.web import sorting
from recommendations.web.addresses import takes
from recommendations.web.attempts import attempt, check_offered, check_permitted
from recommendations.web.crumbs import round_crumbs
from recommendations.web.forms.fields import Facts
from recommendations.web.standings import SORTS, Row, chosen, listed, rows_of
from recommendations.web.visitor import Visitor, framework_at, signed_in, visitor


def reader(request: HttpRequest, framework: str) -> Visitor:
    """Return a visitor who works with rounds: a person with a role. Everybody else gets 404."""
    who = visitor(request)
    refuse_strangers(who, framework_at(framework))
    return who


def refuse_strangers(who: Visitor, framework: Framework) -> None:
    """Raise Http404 for a person without a role: for them there are no rounds."""
    pk, roles = framework.pk, who.roles
    if not (roles.agencies or access.sees_inside(roles, pk) or roles.is_observer(pk)):
        raise Http404


def round_at(framework: str, code: str, who: Visitor) -> Round:
    """Return a round that exists for this person."""
    visible = access.visible_rounds(who.roles).select_related("framework")
    return get_object_or_404(visible, framework__slug=framework, code__iexact=code)


@require_safe
def round_list(request: HttpRequest, framework: str) -> HttpResponse:
    """Show the rounds of a framework, newest first."""
    who = reader(request, framework)
    visible = access.visible_rounds(who.roles).filter(framework__slug=framework)
    home = framework_at(framework)
    inside = access.sees_inside(who.roles, home.pk)
    duties = expected(Basis(home, who.at, Scope.INSIDE)) if inside else {}
    context = {
        "framework": framework,
        "rounds": [(one, duties.get(one.pk, 0)) for one in visible.order_by("-opens_on", "-id")],
        "inside": inside,
        "today": who.today,
    }
    return render(request, "recommendations/round_list.html", context)


@takes("standing", "agency", "sort", "page")
def round_detail(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Show who owes what in a round: all agencies to those who oversee it, else one's own.

    Those who oversee it see first what they have to look after.
    """
    who = visitor(request)
    found = round_at(framework, code, who)
    refuse_strangers(who, found.framework)
    inside = access.sees_inside(who.roles, found.framework_id)
    progress = round_progress(found, as_of=who.at)
    shown = progress if inside else progress.of(who.roles.agencies)
    rows = rows_of(shown, day=who.today)
    choice = chosen(request, shown.agencies, Concern.NEEDS if inside else Concern.ALL)
    context = {
        "framework": framework,
        "round": found,
        "standing": progress,
        "moved": moved(found, progress) if inside else None,
        "questions": found.asked if asks(progress) else [],
        "agencies": shown.agencies,
        "heads": sorting.heads(request, choice.sort, SORTS, "#duties"),
        "listed": listed(rows, choice, request.GET.get("page")),
        **(review_of(found, who) if inside else {}),
        "chasing": found.state == Round.State.OPEN and who.roles.is_coordinator(found.framework_id),
        "overdue": sum(row.duty.is_overdue for row in rows),
        "inside": inside,
        "vacant": vacant_among(rows) if inside else [],
        "possible": workflow.available(found, who.roles, at=who.at),
        "own_agencies": who.roles.agencies,
        "today": who.today,
        "closing": found.is_closing(who.today),
        "reads_history": logs.reads_events(who.roles, found),
        "crumbs": round_crumbs(found),
    }
    return render(request, "recommendations/round_detail.html", context)


def review_of(round: Round, who: Visitor) -> dict[str, object]:
    """Return how long review takes in a round that has opened, with its picture; one query."""
    if round.state == Round.State.PLANNED:
        return {}
    times = review_times(round, as_of=who.at)
    return {"times": times, "histogram": drawn(times) if times.decided else None}


def drawn(times: ReviewTimes) -> Picture:
    """Return the texts of a round by the days that they waited, as columns."""
    return histogram(_("How long does review take?"), times.sentence, times.classes)


def moved(round: Round, progress: RoundProgress) -> Movement | None:
    """Return what moved since a round opened, until now or until it closed; 2 queries."""
    if progress.opened_at is None:
        return None
    until = progress.closed_at or progress.as_of
    return total_movement(
        round.framework, since=progress.opened_at, as_of=until, scope=Scope.INSIDE
    )


def vacant_among(rows: list[Row]) -> list[str]:
    """Return the acronyms of the agencies that owe something and for which nobody can act."""
    return sorted({row.agency.agency for row in rows if Concern.VACANT in row.concerns})


def asks(standing: RoundProgress) -> bool:
    """Say whether a round asks anybody for a questionnaire."""
    return any(agency.questionnaire for agency in standing.agencies)


@require_http_methods(["GET", "POST"])
def round_open(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Say whom a round will ask for what, and open it."""
    return change_round(request, framework, code, "open", _("Round %(round)s is open."))


@require_http_methods(["GET", "POST"])
def round_close(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Say what a close leaves behind, and close the round."""
    return change_round(request, framework, code, "close", _("Round %(round)s is closed."))


def change_round(
    request: HttpRequest, framework: str, code: str, verb: str, done: str
) -> HttpResponse:
    """Show what opening or closing means, and do it."""
    who = signed_in(request)
    found = round_at(framework, code, reader(request, framework))
    check_permitted(verb, found, who)
    refusal = None
    if request.method == "POST":
        form = Facts(request.POST)
        refusal = attempt(verb, found, who=who, request=request, form=form)
        if refusal is None:
            messages.success(request, done % {"round": found.code})
            return redirect("round-detail", framework=framework, code=found.code)
        found = round_at(framework, code, who)
    else:
        check_offered(verb, found, who)
    context = {
        "framework": framework,
        "round": found,
        "step": _("Open round") if verb == "open" else _("Close round"),
        "refused": refusal,
        "asking": planning.asking(found, at=who.at) if verb == "open" else None,
        "questions": questionnaires.to_ask(found.framework) if verb == "open" else [],
        "questionnaires": questionnaires.answering(found).count(),
        "first_reminder": ladder_of(found).first_on(found.due_on, today=who.today),
        "left": rounds.at_closing(found) if verb == "close" else None,
        "today": who.today,
        "crumbs": round_crumbs(found, here=_("Open") if verb == "open" else _("Close")),
    }
    status = refusal.status if refusal else 200
    return render(request, f"recommendations/round_{verb}.html", context, status=status)
