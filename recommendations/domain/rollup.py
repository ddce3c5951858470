"""Where an action stands: the one rule that sums up its leads, and the stored copies of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber

from recommendations.models import (
    ACTIVE,
    CLOSED_STATUSES,
    LEADING,
    Action,
    Assessment,
    Assignment,
    Decision,
    ImplementationStatus,
    RollUp,
    SubmissionKind,
)

ACTIVITY = frozenset(
    {
        ImplementationStatus.IN_PROGRESS,
        ImplementationStatus.CONTINUING,
        ImplementationStatus.ON_HOLD,
        ImplementationStatus.IMPLEMENTED,
    }
)
"""The statuses of a lead for whom work has begun."""


@dataclass(frozen=True)
class LeadStanding:
    """Where one lead stands: its effective status ("" = no report yet), and who says so."""

    status: str
    verified: bool


NO_REPORT = LeadStanding("", False)


def effective(claim: str | None, assessment: str | None) -> LeadStanding:
    """Return the effective status of an assignment.

    `claim` is the status in the submission in force (None: none is in force), `assessment`
    the status of the newest assessment where that rests on the same submission. The
    coordinator's word stands over the agency's and makes the status verified; a claim alone
    is unverified.
    """
    if claim is None:
        return NO_REPORT
    if assessment:
        return LeadStanding(assessment, True)
    return LeadStanding(claim, False)


def roll_up(leads: Iterable[LeadStanding]) -> RollUp:
    """Return where an action stands, over its active leads and co-leads.

    Supporting agencies are shown beside it and never decide, so they are not passed in. In
    this order, the first that fits:

    1. no active lead or co-lead: *no lead*;
    2. none of them has reported: *no report yet*;
    3. every lead is closed, that is implemented or discontinued: all implemented and
       verified is *implemented*; all implemented, at least one unverified, is *reported
       implemented, to be verified*, and counts as open; some implemented and some
       discontinued is *partly implemented*, verified or not; all discontinued is *closed,
       not implemented*;
    4. every lead continuing: *continuing*; every lead on hold: *on hold*;
    5. at least one lead in progress, continuing, on hold or implemented: *in progress*;
    6. else *not started*.

    A lead without a report is neither closed nor active: one implemented beside one without
    a report is *in progress*, one discontinued beside one without a report *not started*.
    The order of the leads makes no difference.
    """
    leads = tuple(leads)
    statuses = {lead.status for lead in leads}
    if not leads:
        return RollUp.NO_LEAD
    if statuses == {""}:
        return RollUp.NO_INFORMATION
    if statuses <= {*CLOSED_STATUSES}:
        return closed(statuses, all_verified=all(lead.verified for lead in leads))
    if statuses == {ImplementationStatus.CONTINUING}:
        return RollUp.CONTINUING
    if statuses == {ImplementationStatus.ON_HOLD}:
        return RollUp.ON_HOLD
    return RollUp.IN_PROGRESS if statuses & ACTIVITY else RollUp.NOT_STARTED


def closed(statuses: Collection[str], *, all_verified: bool) -> RollUp:
    """Return how an action ended, every lead of which is implemented or discontinued."""
    if ImplementationStatus.IMPLEMENTED not in statuses:
        return RollUp.CLOSED_NOT_IMPLEMENTED
    if ImplementationStatus.DISCONTINUED in statuses:
        return RollUp.PARTLY_IMPLEMENTED
    return RollUp.IMPLEMENTED if all_verified else RollUp.REPORTED_IMPLEMENTED


def refresh(action_ids: Collection[int]) -> None:
    """Rewrite the stored copies of these actions and of their assignments from the rows.

    `workflow.perform` calls it in the transaction of each change. Four queries that read,
    and at most two that write: rows whose copy is right already are not touched.
    """
    if not action_ids:
        return
    claims, assessed = claims_in_force(action_ids), newest_assessments(action_ids)
    leads: dict[int, list[LeadStanding]] = {pk: [] for pk in action_ids}
    moved = []
    for row in Assignment.objects.filter(action__in=action_ids).order_by("id"):
        submission, claim = claims.get(row.pk, (None, None))
        rests_on, status = assessed.get(row.pk, (None, None))
        standing = effective(claim, status if rests_on == submission else None)
        wanted = (submission, standing.status, standing.verified)
        if wanted != (row.in_force_id, row.effective_status, row.verified):
            row.in_force_id, row.effective_status, row.verified = wanted
            moved.append(row)
        if row.acceptance in ACTIVE and row.role in LEADING:
            leads[row.action_id].append(standing)
    if moved:
        Assignment.objects.bulk_update(moved, ["in_force", "effective_status", "verified"])
    store(leads)


def store(leads: dict[int, list[LeadStanding]]) -> None:
    """Rewrite the stored roll-up of the actions where it has moved."""
    moved = []
    for action in Action.objects.filter(pk__in=leads).only("standing").order_by("id"):
        standing = roll_up(leads[action.pk])
        if action.standing != standing:
            action.standing = standing
            moved.append(action)
    if moved:
        Action.objects.bulk_update(moved, ["standing"])


def claims_in_force(action_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return the submission in force of each assignment, and its claim; one query.

    In force is the newest approved submission that was not retracted, over all rounds of
    the assignment. "Nothing to report" claims nothing and never comes in force.
    """
    retracted = Decision.objects.filter(
        submission=OuterRef("submission"), verb=Decision.Verb.RETRACT
    )
    assignment = "submission__update__duty__assignment"
    approvals = (
        Decision.objects.filter(
            ~Exists(retracted),
            verb=Decision.Verb.APPROVE,
            **{f"{assignment}__action__in": action_ids},
        )
        .exclude(submission__kind=SubmissionKind.NOTHING_TO_REPORT)
        .annotate(place=newest_first(assignment, "decided_at"))
        .filter(place=1)
    )
    rows = approvals.values_list(f"{assignment}_id", "submission_id", "submission__status")
    return {pk: (submission, status) for pk, submission, status in rows}


def newest_assessments(action_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return the newest assessment of each assignment: what it rests on, and its status."""
    newest = (
        Assessment.objects.filter(assignment__action__in=action_ids)
        .annotate(place=newest_first("assignment", "recorded_at"))
        .filter(place=1)
    )
    rows = newest.values_list("assignment_id", "submission_id", "status")
    return {pk: (submission, status) for pk, submission, status in rows}


def newest_first(of: str, moment: str) -> Window:
    """Return the place of each row among those of the same object, the newest being 1.

    Rows of one moment stand in the order in which they were written.
    """
    return Window(
        RowNumber(), partition_by=[F(f"{of}_id")], order_by=[F(moment).desc(), F("id").desc()]
    )
