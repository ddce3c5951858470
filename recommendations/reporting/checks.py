"""What to look at before a round becomes public or closes: a list of what may be wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.domain.rollup import newest_first
from recommendations.models import (
    ACTIVE,
    AWAITING_ANSWER,
    LEADING,
    Decision,
    Duty,
    ImplementationStatus,
    Round,
    RoundQuestion,
    Submission,
    SubmissionKind,
)
from recommendations.reporting import facts
from recommendations.reporting.facts import (
    ActionFact,
    AgencyFact,
    AssignmentFact,
    Basis,
    Scope,
)
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.latest import pieces_of
from recommendations.reporting.wordings import worded

SILENT_ROUNDS = 2


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to look at: whose it is, and the update or thread where it is put right.

    `action` is None for a questionnaire; `update_id` is None where nothing was ever sent.
    """

    agency: AgencyFact
    action: ActionFact | None = None
    update_id: int | None = None
    resume_on: date | None = None
    has_waiver: bool = False
    empty: int = 0
    questions: int = 0


@dataclass(frozen=True, kw_only=True)
class Checks(Figure):
    """The findings of a round, by what is the matter."""

    no_evidence: tuple[Finding, ...]
    past_resume: tuple[Finding, ...]
    not_accepted: tuple[Finding, ...]
    silent: tuple[Finding, ...]
    empty_answers: tuple[Finding, ...]

    @property
    def total(self) -> int:
        """Return how many findings there are."""
        kinds = (self.no_evidence, self.past_resume, self.not_accepted, self.silent)
        return sum(map(len, (*kinds, self.empty_answers)))

    @property
    def sentence(self) -> str:
        """Return "3 things to look at." or that there is nothing."""
        if not self.total:
            return _("The checks found nothing to look at.")
        return ngettext(
            "%(count)d thing to look at.", "%(count)d things to look at.", self.total
        ) % {"count": self.total}


@dataclass(frozen=True)
class Known:
    """The names and the assignments at the moment, read once."""

    actions: dict[int, ActionFact]
    agencies: dict[int, AgencyFact]
    assignments: dict[int, AssignmentFact]

    def finding(self, assignment_id: int, **more: Any) -> Finding:
        """Return a finding about an assignment."""
        one = self.assignments[assignment_id]
        return Finding(
            agency=self.agencies[one.agency_id],
            action=self.actions[one.action_id],
            **more,
        )


def checks(round: Round, *, as_of: datetime) -> Checks:
    """Return what to look at before a round is published or closed; 8 queries.

    Implemented without evidence: a claim in force, sent in this round, with no evidence that
    was still there at the moment, with or without a waiver. On hold past its date: any claim
    in force. Not accepted: asked to lead, and not answered. Silent: an active lead that owed
    an update in this round and the one before and sent neither. Empty: a questionnaire of this
    round that was sent with answers missing.
    """
    basis = Basis(round.framework, as_of, Scope.INSIDE)
    known = Known(
        worded(basis)[1],
        facts.agencies(basis),
        {one.id: one for one in facts.assignments(basis)},
    )
    claims = claims_in_force(basis, known)
    return Checks(
        **stamp(basis),
        no_evidence=without_evidence(claims, known, round),
        past_resume=tuple(
            known.finding(row["of"], update_id=row["update_id"], resume_on=row["resume_on"])
            for row in claims
            if row["status"] == ImplementationStatus.ON_HOLD
            and row["resume_on"] is not None
            and row["resume_on"] < as_of.date()
        ),
        not_accepted=tuple(
            known.finding(one.id)
            for one in in_order(known)
            if one.role in LEADING and one.acceptance in AWAITING_ANSWER
        ),
        silent=silent(round, known, as_of),
        empty_answers=empty_answers(round, known, as_of),
    )


def in_order(known: Known) -> list[AssignmentFact]:
    """Return the assignments in the order of the actions, then of the agencies."""
    places = {pk: place for place, pk in enumerate(known.actions)}
    return sorted(
        known.assignments.values(),
        key=lambda one: (places[one.action_id], *known.agencies[one.agency_id].place),
    )


def claims_in_force(basis: Basis, known: Known) -> list[dict[str, Any]]:
    """Return the claims in force of active assignments, in their order; one query."""
    of = facts.ASSIGNMENT
    shown = pieces_of(basis).filter(submission=OuterRef("submission")).order_by()
    pieces = shown.values("submission").annotate(n=Count("id")).values("n")
    rows = (
        facts.newest(facts.took_effect(basis), of, "approved")
        .annotate(
            of=F(f"{of}_id"),
            status=F("submission__status"),
            waiver=F("submission__evidence_waiver"),
            resume_on=F("submission__resume_on"),
            update_id=F("submission__update_id"),
            of_round=F("submission__update__duty__round_id"),
            pieces=Subquery(pieces),
        )
        .values("of", "status", "waiver", "resume_on", "update_id", "of_round", "pieces")
    )
    found = {row["of"]: row for row in rows}
    return [
        found[one.id] for one in in_order(known) if one.acceptance in ACTIVE and one.id in found
    ]


def without_evidence(
    claims: list[dict[str, Any]], known: Known, round: Round
) -> tuple[Finding, ...]:
    """Return the claims of a round that say implemented and show nothing."""
    return tuple(
        known.finding(row["of"], update_id=row["update_id"], has_waiver=bool(row["waiver"]))
        for row in claims
        if row["status"] == ImplementationStatus.IMPLEMENTED
        and row["of_round"] == round.pk
        and not row["pieces"]
    )


def silent(round: Round, known: Known, as_of: datetime) -> tuple[Finding, ...]:
    """Return the leads that sent nothing in this round and in the one before; two queries."""
    opening = {"terms__state": Round.State.OPEN, "terms__recorded_at__lte": as_of}
    opened = round.framework.rounds.filter(opens_on__lte=round.opens_on, **opening).distinct()
    last = list(opened.order_by("-opens_on", "-id").values_list("pk", flat=True)[:SILENT_ROUNDS])
    if len(last) < SILENT_ROUNDS:
        return ()
    sent = Submission.objects.filter(
        not_taken_back(as_of), update__duty=OuterRef("pk"), submitted_at__lte=as_of
    )
    quiet = Duty.objects.filter(
        ~Exists(sent), round__in=last, voluntary=False, recorded_at__lte=as_of
    ).exclude(state=Duty.State.WAIVED, waived_at__lte=as_of)
    missing: dict[int, int] = defaultdict(int)
    for assignment_id in quiet.values_list("assignment_id", flat=True):
        missing[assignment_id or 0] += 1
    return tuple(
        known.finding(one.id)
        for one in in_order(known)
        if one.role in LEADING and one.acceptance in ACTIVE and missing[one.id] == SILENT_ROUNDS
    )


def not_taken_back(as_of: datetime) -> Q:
    """Return the condition that the agency had not taken a text back by the moment."""
    return Q(withdrawal__isnull=True) | Q(withdrawal__recorded_at__gt=as_of)


def empty_answers(round: Round, known: Known, as_of: datetime) -> tuple[Finding, ...]:
    """Return the questionnaires that were sent with answers missing; two queries.

    Of each the text sent last, unless the agency took it back, or said it had nothing.
    """
    fields = [
        question.field for question in RoundQuestion.objects.filter(round=round).order_by("number")
    ]
    returned = Decision.objects.filter(
        submission=OuterRef("pk"), verb=Decision.Verb.RETURN, decided_at__lte=as_of
    )
    rows = (
        Submission.objects.filter(
            ~Exists(returned),
            not_taken_back(as_of),
            update__duty__round=round,
            update__duty__kind=Duty.Kind.QUESTIONNAIRE,
            submitted_at__lte=as_of,
        )
        .annotate(
            of=F("update__duty__agency_id"), place=newest_first("update__duty", "submitted_at")
        )
        .filter(place=1)
        .exclude(kind=SubmissionKind.NOTHING_TO_REPORT)
    )
    empty = {
        agency: (update, sum(not str(body.get(field, "")).strip() for field in fields))
        for agency, update, body in rows.values_list("of", "update_id", "body")
    }
    return tuple(
        Finding(agency=agency, update_id=empty[pk][0], empty=empty[pk][1], questions=len(fields))
        for pk, agency in known.agencies.items()
        if pk in empty and empty[pk][1]
    )
