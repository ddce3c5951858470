"""The newest texts: what was approved last, or for the public published last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Left

from recommendations.models import ACTIVE, LIVE, AcceptanceAnswer, Framework, Submission
from recommendations.reporting import facts
from recommendations.reporting.facts import ASSIGNMENT, ActionFact, AgencyFact, Basis, Scope
from recommendations.reporting.figures import Figure, stamp

EXCERPT = 120
"""Characters of a text that a list shows."""


@dataclass(frozen=True)
class Excerpt:
    """The beginning of a submission, and how many pieces of evidence the scope may open."""

    text: str
    is_cut: bool
    evidence: int


@dataclass(frozen=True, kw_only=True)
class LatestText:
    """A text that counts: whose it is, what it claims, since when it counts."""

    submission_id: int
    update_id: int
    action_code: str
    action_title: str
    agency_code: str
    agency: str
    claim: str
    kind: str
    at: datetime
    sent_at: datetime
    excerpt: Excerpt


@dataclass(frozen=True, kw_only=True)
class Latest(Figure):
    """The newest texts of a framework, newest first."""

    texts: tuple[LatestText, ...]


def excerpts(basis: Basis, submission_ids: Sequence[int]) -> dict[int, Excerpt]:
    """Return the beginnings of these submissions; one query, and never a whole text.

    The public counts public evidence only, of which nothing was erased.
    """
    shown = Q(evidence__erased_at__isnull=True)
    if basis.scope is Scope.PUBLIC:
        shown &= Q(evidence__public=True)
    rows = (
        Submission.objects.filter(pk__in=submission_ids)
        .annotate(
            beginning=Left(KT("body__done"), EXCERPT + 1), pieces=Count("evidence", filter=shown)
        )
        .values_list("id", "beginning", "pieces")
    )
    return {pk: excerpt(beginning or "", pieces) for pk, beginning, pieces in rows}


def excerpt(beginning: str, pieces: int) -> Excerpt:
    """Return an excerpt that ends with a whole word where the text goes on."""
    if len(beginning) <= EXCERPT:
        return Excerpt(beginning, False, pieces)
    whole = beginning[:EXCERPT].rsplit(None, 1)[0]
    return Excerpt(whole, True, pieces)


def latest_published(
    framework: Framework, *, as_of: datetime, scope: Scope, limit: int = 5
) -> Latest:
    """Return the newest texts of a framework that counted at a moment; 4 queries.

    Of the assignments that the scope knows at that moment, without retracted texts and
    without "nothing to report", which says nothing to read.
    """
    basis = Basis(framework, as_of, scope)
    actions, agencies = facts.actions(basis), facts.agencies(basis)
    return Latest(**stamp(basis), texts=latest_texts(basis, actions, agencies, limit))


def latest_texts(
    basis: Basis,
    actions: dict[int, ActionFact],
    agencies: dict[int, AgencyFact],
    limit: int,
) -> tuple[LatestText, ...]:
    """Return the newest texts under the names that their actions and agencies had; 2 queries."""
    fields = ("submission_id", "submission__update_id", "submission__status", "submission__kind")
    rows = list(
        of_known_assignments(basis)
        .filter(**{f"{ASSIGNMENT}__action__in": actions, f"{ASSIGNMENT}__agency__in": agencies})
        .order_by("-moment", "-id")
        .values(
            *fields,
            "submission__submitted_at",
            "moment",
            f"{ASSIGNMENT}__action_id",
            f"{ASSIGNMENT}__agency_id",
        )[:limit]
    )
    beginnings = excerpts(basis, [row["submission_id"] for row in rows])
    return tuple(
        latest_text(
            row,
            actions[row[f"{ASSIGNMENT}__action_id"]],
            agencies[row[f"{ASSIGNMENT}__agency_id"]],
            beginnings[row["submission_id"]],
        )
        for row in rows
    )


def latest_text(
    row: dict[str, Any], action: ActionFact, agency: AgencyFact, beginning: Excerpt
) -> LatestText:
    """Return one text of the list."""
    return LatestText(
        submission_id=row["submission_id"],
        update_id=row["submission__update_id"],
        action_code=action.code,
        action_title=action.short_title,
        agency_code=agency.code,
        agency=agency.acronym,
        claim=row["submission__status"],
        kind=row["submission__kind"],
        at=row["moment"],
        sent_at=row["submission__submitted_at"],
        excerpt=beginning,
    )


def of_known_assignments(basis: Basis) -> Any:
    """Return what took effect on the assignments that the scope knows at the moment."""
    answer = AcceptanceAnswer.objects.filter(
        assignment=OuterRef(ASSIGNMENT), recorded_at__lte=basis.as_of
    ).order_by("-recorded_at", "-id")
    known = ACTIVE if basis.scope is Scope.PUBLIC else LIVE
    return (
        facts.took_effect(basis)
        .annotate(acceptance=Subquery(answer.values("acceptance")[:1]))
        .filter(acceptance__in=known)
    )
