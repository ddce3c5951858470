"""What a reader can do about each gap: links to where it is put right, for those who may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import Versioned
from recommendations.domain import access, workflow
from recommendations.models import Assignment, Duty, Framework, Round
from recommendations.reporting.gaps import Gaps
from recommendations.reporting.moments import precisely
from recommendations.web.visitor import Visitor


@dataclass(frozen=True)
class Move:
    """A link that leads to putting something right."""

    words: str
    url: str


@dataclass
class Moves:
    """The moves for each assignment, by the gap that it has."""

    answer: dict[int, list[Move]] = field(default_factory=lambda: defaultdict(list))
    report: dict[int, list[Move]] = field(default_factory=lambda: defaultdict(list))
    date: dict[int, list[Move]] = field(default_factory=lambda: defaultdict(list))
    may_assign: bool = False


def moves_for(figures: Gaps, framework: Framework, who: Visitor) -> Moves:
    """Return what a person may do about these gaps now; two queries."""
    found = Moves(may_assign=access.sees_inside(who.roles, framework.pk))
    silent = {one.assignment_id for one in (*figures.never_reported, *figures.stale)}
    asked = {gap.standing.assignment_id for gap in figures.not_answered}
    dateless = {one.assignment_id for one in figures.no_target_date}
    rows = Assignment.objects.filter(pk__in=silent | asked | dateless)
    assignments = {row.pk: row for row in rows.select_related("action", "agency")}
    for pk in asked & assignments.keys():
        found.answer[pk] = about_answer(assignments[pk], who)
    for pk in dateless & assignments.keys():
        found.date[pk] = about_date(assignments[pk], who)
    owed = owed_now(who, silent)
    for pk in silent & assignments.keys():
        found.report[pk] = about_report(assignments[pk], owed, framework, who)
    return found


def possible(verb: str, obj: Versioned, who: Visitor) -> bool:
    """Say whether a person may do this to an object in its present state."""
    row = workflow.ROWS.get((access.noun_of(obj), verb))
    return row is not None and row.is_legal(obj) and access.may(who.roles, verb, obj, at=who.at)


def about_answer(assignment: Assignment, who: Visitor) -> list[Move]:
    """Return what to do about an agency that has not answered."""
    found = []
    if possible("accept", assignment, who):
        found.append(Move(_("Answer"), reverse("respond", args=[assignment.pk])))
    if possible("withdraw", assignment, who):
        words = _("Withdraw the assignment")
        found.append(Move(words, reverse("assignment-verb", args=[assignment.pk, "withdraw"])))
    return found


def about_date(assignment: Assignment, who: Visitor) -> list[Move]:
    """Return where a target date is set."""
    if not possible("set_target", assignment, who):
        return []
    return [Move(_("Set a date"), reverse("assignment-verb", args=[assignment.pk, "set_target"]))]


def about_report(
    assignment: Assignment, owed: list[Any], framework: Framework, who: Visitor
) -> list[Move]:
    """Return what to do about a lead that is silent."""
    duties = [duty for duty in owed if duty.assignment_id == assignment.pk]
    found = [
        Move(_("Review what was sent"), reverse("review", args=[duty.waiting]))
        for duty in duties
        if duty.waiting
    ]
    running = [duty for duty in duties if duty.round.state == Round.State.OPEN]
    for duty in running:
        found += about_duty(duty, who)
    if not running:
        found += about_rounds(framework)
    return [*found, *about_end(assignment, who)]


def about_end(assignment: Assignment, who: Visitor) -> list[Move]:
    """Return where an assignment ends of which nothing is to be expected any more."""
    if not possible("end", assignment, who):
        return []
    return [Move(_("End the assignment"), reverse("assignment-verb", args=[assignment.pk, "end"]))]


def about_duty(duty: Duty, who: Visitor) -> list[Move]:
    """Return what to do about a report that is owed: more time, or none owed."""
    found = []
    if possible("set_due", duty, who):
        due = precisely(duty.due_on, "day") if duty.due_on else _("no date")
        words = _("Change the due date (%(due)s)") % {"due": due}
        found.append(Move(words, reverse("duty-due", args=[duty.pk])))
    if possible("waive", duty, who):
        found.append(Move(_("Waive"), reverse("duty-waive", args=[duty.pk])))
    return found


def about_rounds(framework: Framework) -> list[Move]:
    """Return where a report is asked for that nobody owes now."""
    url = reverse("round-list", args=[framework.slug])
    return [Move(_("Nothing is owed now: see the rounds"), url)]


def owed_now(who: Visitor, assignments: Iterable[int]) -> list[Any]:
    """Return the open duties of these assignments; one query.

    `waiting` is the update of the duty on which the person decides now, if there is one.
    """
    decidable = access.decidable_updates(who.roles, at=who.at).filter(duty=OuterRef("pk"))
    rows = Duty.objects.open().filter(assignment__in=assignments)
    rows = rows.annotate(waiting=Subquery(decidable.order_by("id").values("pk")[:1]))
    return list(
        rows.select_related("round", "assignment__action", "assignment__agency").order_by("id")
    )
