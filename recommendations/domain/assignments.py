"""Who does what: proposing an assignment, answering it, ending it, its target date."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from agencies.models import Agency
from recommendations.domain import rounds
from recommendations.domain.transition import Change, NotAllowedNow, Transition, reason_needed
from recommendations.models import (
    ACTIVE,
    AWAITING_ANSWER,
    LEADING,
    LIVE,
    AcceptanceAnswer,
    Action,
    Assignment,
    Duty,
    Precision,
    Role,
    TargetDate,
)
from recommendations.models import Acceptance as A

DAYS_TO_ANSWER = 14
LONGEST_TARGET = 120
"""Characters in a target date in words."""


def assign(change: Change[Action]) -> Assignment:
    """Propose an action to an agency. Facts: agency, role; respond_by, target_*, through."""
    action, agency, role = change.obj, change.fact("agency"), change.fact("role")
    change.need(
        agency=None if agency and takes_on(agency) else _("Choose an agency."),
        role=None if role in Role.values else _("Choose lead, co-lead or supporting."),
        respond_by=respond_problem(change),
        target_on=target_problem(change),
    )
    refuse_second_place(action, agency, role)
    assignment = Assignment(
        action=action,
        agency=agency,
        role=role,
        acceptance=A.PROPOSED,
        respond_by=change.fact("respond_by") or change.at.date() + timedelta(days=DAYS_TO_ANSWER),
        through=change.fact("through"),
        target_on=change.fact("target_on"),
        target_precision=precision(change),
        target_text=change.fact("target_text") or "",
        recorded_at=change.at,
    )
    change.create(
        assignment,
        "proposed",
        changed=("action", "agency", "role", "acceptance", "respond_by", "through", *TARGET),
    )
    answer(change, assignment)
    if assignment.target_on or assignment.target_text:
        record_target(change, assignment)
    return assignment


TARGET = ("target_on", "target_precision", "target_text")


def takes_on(agency: Agency) -> bool:
    """Say whether an agency is active; claimed, so that it does not end meanwhile."""
    claimed = Agency.objects.select_for_update(no_key=True).filter(pk=agency.pk, active=True)
    return agency.active and claimed.first() is not None


def refuse_second_place(action: Action, agency: object, role: str) -> None:
    """Raise NotAllowedNow for a second place of one agency, or a lead beside a co-lead.

    Asked under the claim of the action: no other assignment of it is made meanwhile.
    """
    live = list(Assignment.objects.live().filter(action=action).select_related("agency"))
    for other in live:
        if other.agency == agency:
            raise NotAllowedNow(
                _("%(agency)s already has %(action)s as %(role)s. End that assignment first.")
                % {"agency": other.agency, "action": action.code, "role": other.get_role_display()}
            )
    leads = [other for other in live if other.role == Role.LEAD]
    co_leads = [other for other in live if other.role == Role.CO_LEAD]
    if role in LEADING and leads or role == Role.LEAD and co_leads:
        raise NotAllowedNow(
            _("%(held)s. It has one lead, or several co-leads: end that assignment first.")
            % {"held": held_by(action, leads or co_leads)}
        )


def held_by(action: Action, leads: list[Assignment]) -> str:
    """Return who leads an action; whoever has not taken it on is asked, and leads nothing yet."""
    active = ", ".join(str(one.agency) for one in leads if one.acceptance in ACTIVE)
    asked = ", ".join(str(one.agency) for one in leads if one.acceptance not in ACTIVE)
    names = {"action": action.code, "active": active, "asked": asked}
    if not asked:
        return _("%(action)s is led by %(active)s") % names
    if not active:
        return _("%(action)s is asked of %(asked)s") % names
    return _("%(action)s is led by %(active)s and asked of %(asked)s") % names


def respond_problem(change: Change[Action]) -> str | None:
    """Return what to say where the day to answer by has passed already."""
    respond_by = change.fact("respond_by")
    if respond_by and respond_by < change.at.date():
        return _("Give a day to answer by that has not passed.")
    return None


def target_problem(change: Change[Action] | Change[Assignment]) -> str | None:
    """Return what to say where a target date has no known precision."""
    if change.fact("target_on") and precision(change) not in Precision.values:
        return _("Say how exact the target date is: day, month, quarter or year.")
    if len(change.fact("target_text") or "") > LONGEST_TARGET:
        return _("Shorten the date in words to %(limit)d characters.") % {"limit": LONGEST_TARGET}
    return None


def precision(change: Change[Action] | Change[Assignment]) -> str:
    """Return the precision of the target date that was given; a date alone is a day."""
    if not change.fact("target_on"):
        return ""
    return str(change.fact("target_precision") or Precision.DAY)


def answer(change: Change[Action] | Change[Assignment], assignment: Assignment) -> None:
    """Record where the acceptance stands from now on."""
    AcceptanceAnswer.objects.create(
        assignment=assignment,
        acceptance=assignment.acceptance,
        reason=change.note,
        on_behalf_of=change.on_behalf_of,
        recorded_at=change.at,
        recorded_by=change.by,
    )


def record_target(change: Change[Action] | Change[Assignment], assignment: Assignment) -> None:
    """Record the target date from now on."""
    TargetDate.objects.create(
        assignment=assignment,
        on=assignment.target_on,
        precision=assignment.target_precision,
        text=assignment.target_text,
        reason=change.note,
        recorded_at=change.at,
        recorded_by=change.by,
    )


def respond(change: Change[Assignment]) -> None:
    """Move the acceptance of an assignment; an accepted lead owes an update in an open round."""
    assignment, transition = change.obj, change.transition
    if "reason" in transition.requires:
        change.need(reason=reason_needed(change))
    change.write(assignment, transition.event, acceptance=transition.target)
    answer(change, assignment)
    if assignment.acceptance in ACTIVE:
        rounds.owe_in_open_rounds(change, assignment)


def end(change: Change[Assignment]) -> None:
    """End or withdraw an assignment; its open duties are waived with the reason."""
    respond(change)
    for duty in change.obj.duties.filter(state=Duty.State.OPEN).order_by("id"):
        rounds.waive(change, duty)


def set_target(change: Change[Assignment]) -> None:
    """Set or change the target date. Facts: target_on, target_precision, target_text."""
    change.need(
        reason=reason_needed(change) if change.obj.targets.exists() else None,
        target_on=target_problem(change)
        or (
            None
            if change.fact("target_on") or change.fact("target_text")
            else _("Give a date, or say in words when.")
        ),
    )
    change.write(
        change.obj,
        change.transition.event,
        target_on=change.fact("target_on"),
        target_precision=precision(change),
        target_text=change.fact("target_text") or "",
    )
    record_target(change, change.obj)


def moves(
    verb: str, sources: tuple[A, ...], target: A, event: str, *, reason: bool = False
) -> Transition[Assignment]:
    """Return a transition of the acceptance."""
    return Transition(
        noun="assignment",
        verb=verb,
        sources=sources,
        target=target,
        event=event,
        effect=end if target in (A.WITHDRAWN, A.ENDED) else respond,
        requires=("reason",) if reason else (),
        state_field="acceptance",
    )


TRANSITIONS: tuple[Transition[Action] | Transition[Assignment], ...] = (
    Transition(
        noun="action",
        verb="assign",
        sources=("",),
        target="",
        event="proposed",
        effect=assign,
        requires=("agency", "role"),
        facts=("respond_by", "through", *TARGET),
    ),
    moves("accept", (*AWAITING_ANSWER, A.PARTIALLY_ACCEPTED), A.ACCEPTED, "accepted"),
    moves(
        "accept_partly",
        (*AWAITING_ANSWER, A.ACCEPTED),
        A.PARTIALLY_ACCEPTED,
        "partially_accepted",
        reason=True,
    ),
    moves("consider", (A.PROPOSED,), A.UNDER_CONSIDERATION, "under_consideration"),
    moves("decline", AWAITING_ANSWER, A.DECLINED, "declined", reason=True),
    moves("withdraw", AWAITING_ANSWER, A.WITHDRAWN, "withdrawn", reason=True),
    moves("end", ACTIVE, A.ENDED, "ended", reason=True),
    Transition(
        noun="assignment",
        verb="set_target",
        sources=LIVE,
        target="",
        event="target_date_changed",
        effect=set_target,
        requires=("target_on or target_text", "reason, once there is a date"),
        facts=("target_precision",),
        state_field="acceptance",
    ),
)
