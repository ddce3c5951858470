"""The thread of an agency on an action: where it stands, on what evidence, and how it came."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.domain import behalf, workflow
from recommendations.models import AWAITING_ANSWER, Assignment
from recommendations.reporting.facts import Scope
from recommendations.reporting.threads import Stand, Thread
from recommendations.reporting.threads import thread as thread_of
from recommendations.web import threads
from recommendations.web.addresses import action_named, agency_named, moved, takes
from recommendations.web.exposures import correctable, with_exposure
from recommendations.web.position import Position, position
from recommendations.web.submissions import Sent
from recommendations.web.visitor import visitor

RESPONDING = frozenset({"accept", "accept_partly", "consider", "decline"})
FOR_THEM = "answer on behalf of the agency"
VERBS = ("set_target", "assess", "withdraw", "end")


@dataclass(frozen=True)
class Part:
    """One assignment of the thread, as the page shows it.

    `stand` is None where figures no longer know it: declined, withdrawn or ended. These are
    ends: what the assignment says of itself then was true at the moment as well.
    """

    assignment: Assignment
    stand: Stand | None
    passed: list[threads.Passed]
    in_force: Sent | None
    through: str
    responding: bool
    for_them: bool
    reporting: bool
    verbs: list[str]


@takes("as_of")
def thread(request: HttpRequest, framework: str, action: str, agency: str) -> HttpResponse:
    """Show all assignments of an agency on an action; 404 where the reader knows of none."""
    assignments = list(
        Assignment.objects.filter(
            action__framework__slug=framework,
            action__code__iexact=action,
            agency__code__iexact=agency,
        )
        .select_related("action__framework", "action__area", "agency", "in_force")
        .order_by("-id")
    )
    if not assignments:
        return elsewhere(request, framework, action, agency)
    about = assignments[0].action
    who = visitor(request)
    shown = position(request, about.framework, assignments[0].agency_id)
    figures = thread_of(about, assignments[0].agency, as_of=shown.as_of, scope=shown.scope)
    known = [one for one in assignments if figures.of(one.pk) or is_past(one, shown)]
    if not known:
        raise Http404
    if (about.code, known[0].agency.code) != (action, agency):
        return moved(request, action=about.code, agency=known[0].agency.code)
    own = who.roles.is_in(known[0].agency_id)
    passed = with_exposure(threads.passed(known, shown, own=own), figures, inside=not shown.public)
    context = {
        "framework": about.framework,
        "position": shown,
        "action": about,
        "agency": known[0].agency,
        "called": figures.called,
        "own": own,
        "parts": [
            part(one, figures, passed.get(one.pk, []), verbs_of(one, shown, request))
            for one in known
        ],
        "correctable": offered(passed, shown, own=own),
    }
    return render(request, "recommendations/thread.html", context)


def offered(passed: dict[int, list[threads.Passed]], shown: Position, *, own: bool) -> set[int]:
    """Return the updates that the reader can correct; none on a page of an earlier moment."""
    if not own or shown.chosen:
        return set()
    return {pk for rows in passed.values() for pk in correctable(rows)}


def is_past(assignment: Assignment, shown: Position) -> bool:
    """Say whether a reader of the inside knows of an assignment that figures know no longer."""
    return shown.scope is Scope.INSIDE and assignment.recorded_at <= shown.as_of


def elsewhere(request: HttpRequest, framework: str, action: str, agency: str) -> HttpResponse:
    """Redirect from a code that an agency had; 404 for what is not there."""
    about = action_named(framework, action)
    present = agency_named(agency)
    if not about.assignments.filter(agency=present).exists() or present.code == agency:
        raise Http404
    return moved(request, action=about.code, agency=present.code)


def verbs_of(assignment: Assignment, shown: Position, request: HttpRequest) -> frozenset[str]:
    """Return what the visitor may do to an assignment; nothing on a page of an earlier moment."""
    who = visitor(request)
    if shown.chosen or who.roles.user_id is None:
        return frozenset()
    found = workflow.available(assignment, who.roles, at=who.at)
    if assignment.acceptance in AWAITING_ANSWER and behalf.may(who.roles, "accept", assignment):
        return found | {FOR_THEM}
    return found


def part(
    assignment: Assignment,
    figures: Thread,
    passed: list[threads.Passed],
    verbs: frozenset[str],
) -> Part:
    """Return one assignment of the thread, with the text in force among those sent."""
    stand = figures.of(assignment.pk)
    texts = [text for update in passed for text in update.sent]
    in_force = next(
        (text for text in texts if stand and text.submission.pk == stand.submission_id), None
    )
    return Part(
        assignment,
        stand,
        passed,
        in_force,
        figures.through.get(assignment.pk, ""),
        bool(verbs & RESPONDING),
        FOR_THEM in verbs,
        "report" in verbs,
        [verb for verb in VERBS if verb in verbs and (verb != "assess" or assignment.in_force_id)],
    )
