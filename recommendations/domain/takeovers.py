"""An agency takes over what another one had taken on, because that one became part of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from recommendations.domain import rounds
from recommendations.domain.assignments import TARGET, answer, record_target, refuse_second_place
from recommendations.domain.transition import Change, NotAllowedNow, Transition, reason_needed
from recommendations.models import ACTIVE, Acceptance, Action, Assignment


def take_over(change: Change[Action]) -> Assignment:
    """Give an action to the agency that another one became part of, taken on as that one had it.

    Facts: assignment, the one that ended. Role, group and target stay; in an open round it is
    due as for a lead accepted in mid-round. What was reported stays where it was reported.
    """
    before = change.fact("assignment")
    change.need(assignment=problem_with(change, before), reason=reason_needed(change))
    agency = before.agency.merged_into
    refuse_second_place(change.obj, agency, before.role)
    had = before.answers.filter(acceptance__in=ACTIVE).order_by("-recorded_at", "-id").first()
    if had is None:
        raise NotAllowedNow(_("%(agency)s had not taken it on.") % {"agency": before.agency})
    assignment = Assignment(
        action=change.obj,
        agency=agency,
        role=before.role,
        acceptance=had.acceptance,
        respond_by=change.at.date(),
        through=before.through,
        target_on=before.target_on,
        target_precision=before.target_precision,
        target_text=before.target_text,
        recorded_at=change.at,
    )
    change.create(
        assignment,
        change.transition.event,
        changed=("action", "agency", "role", "acceptance", "respond_by", "through", *TARGET),
    )
    answer(change, assignment)
    if assignment.target_on or assignment.target_text:
        record_target(change, assignment)
    rounds.owe_in_open_rounds(change, assignment)
    return assignment


def problem_with(change: Change[Action], before: object) -> str | None:
    """Return what to say where this is no assignment of this action that a merger ended."""
    if (
        isinstance(before, Assignment)
        and before.action_id == change.obj.pk
        and before.acceptance == Acceptance.ENDED
        and before.agency.merged_into is not None
    ):
        return None
    return _("Choose an assignment of this action that ended with the merger of its agency.")


TRANSITIONS: tuple[Transition[Action], ...] = (
    Transition(
        noun="action",
        verb="take_over",
        sources=("",),
        target="",
        event="taken_over",
        effect=take_over,
        requires=("assignment", "reason"),
    ),
)
