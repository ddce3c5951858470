"""The newest texts: what was approved last, or for the public published last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Left

from recommendations.models import (
    ACTIVE,
    LIVE,
    AcceptanceAnswer,
    Framework,
    Submission,
    SubmissionEvidence,
)
from recommendations.reporting import facts
from recommendations.reporting.facts import ASSIGNMENT, ActionFact, AgencyFact, Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.wordings import worded

EXCERPT = 120
"""Characters of a text that a list shows."""

BEGINNING = ("beginning", "pieces")


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


def beginning(of: str, basis: Basis) -> dict[str, Any]:
    """Return what a query asks of the submission that a field names: never a whole text.

    A "nothing new" begins as the report that it repeats.
    """
    pieces = pieces_of(basis).filter(submission=OuterRef(of))
    count = pieces.order_by().values("submission").annotate(n=Count("id")).values("n")
    path = "" if of == "id" else f"{of}__"
    bodies = (KeyTextTransform("done", F(f"{path}{name}")) for name in ("repeats__body", "body"))
    return {
        "beginning": Left(Coalesce(*bodies), EXCERPT + 1),
        "pieces": Coalesce(Subquery(count), 0),
    }


def pieces_of(basis: Basis) -> QuerySet[SubmissionEvidence]:
    """Return the pieces of evidence that the scope may open: none that was erased by the moment."""
    erased = {"evidence__erased_at__lte": basis.as_of}
    pieces = SubmissionEvidence.objects.exclude(**erased)
    return pieces.filter(evidence__public=True) if basis.scope is Scope.PUBLIC else pieces


def excerpts(basis: Basis, submission_ids: Sequence[int]) -> dict[int, Excerpt]:
    """Return the beginnings of these submissions; one query."""
    rows = (
        Submission.objects.filter(pk__in=submission_ids)
        .annotate(**beginning("id", basis))
        .values("id", *BEGINNING)
    )
    return {row["id"]: excerpt(row["beginning"], row["pieces"]) for row in rows}


def excerpt(text: str | None, pieces: int) -> Excerpt:
    """Return an excerpt that ends with a whole word where the text goes on."""
    text = text or ""
    if len(text) <= EXCERPT:
        return Excerpt(text, False, pieces)
    return Excerpt(text.rsplit(None, 1)[0][:EXCERPT], True, pieces)


def latest_published(
    framework: Framework, *, as_of: datetime, scope: Scope, limit: int = 5
) -> Latest:
    """Return the newest texts of a framework that counted at a moment; 3 queries.

    Of the assignments that the scope knows at that moment, without retracted texts and
    without "nothing to report", which says nothing to read.
    """
    basis = Basis(framework, as_of, scope)
    (_areas, actions), agencies = worded(basis), facts.agencies(basis)
    return Latest(**stamp(basis), texts=latest_texts(basis, actions, agencies, limit))


def latest_texts(
    basis: Basis,
    actions: dict[int, ActionFact],
    agencies: dict[int, AgencyFact],
    limit: int,
) -> tuple[LatestText, ...]:
    """Return the newest texts under the names that their actions and agencies had."""
    names = {
        "of_action": F(f"{ASSIGNMENT}__action_id"),
        "of_agency": F(f"{ASSIGNMENT}__agency_id"),
        "update_id": F("submission__update_id"),
        "claim": F("submission__status"),
        "said": F("submission__kind"),
        "sent_at": F("submission__submitted_at"),
    }
    rows = (
        of_known_assignments(basis)
        .annotate(**names, **beginning("submission", basis))
        .filter(of_action__in=actions, of_agency__in=agencies)
        .order_by("-moment", "-id")
        .values("submission_id", "moment", *BEGINNING, *names)[:limit]
    )
    return tuple(
        latest_text(row, actions[row["of_action"]], agencies[row["of_agency"]]) for row in rows
    )


def latest_text(row: dict[str, Any], action: ActionFact, agency: AgencyFact) -> LatestText:
    """Return one text of the list."""
    return LatestText(
        submission_id=row["submission_id"],
        update_id=row["update_id"],
        action_code=action.code,
        action_title=action.short_title,
        agency_code=agency.code,
        agency=agency.acronym,
        claim=row["claim"],
        kind=row["said"],
        at=row["moment"],
        sent_at=row["sent_at"],
        excerpt=excerpt(row["beginning"], row["pieces"]),
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
