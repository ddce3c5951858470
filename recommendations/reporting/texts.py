"""Whole texts as they were sent, with the evidence that went with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recommendations.models import Submission, SubmissionEvidence, SubmissionKind
from recommendations.reporting.facts import Basis, Scope


@dataclass(frozen=True, kw_only=True)
class FullText:
    """A text in full. A "nothing new" says the text that it repeats; `unchanged` says why."""

    submission_id: int
    repeats_id: int | None
    round_code: str
    number: int
    kind: str
    claim: str
    done: str
    challenges: str
    next_steps: str
    unchanged: str
    reason: str
    resume_on: date | None
    discontinued_because: str
    superseded_by: str
    evidence_waiver: str
    content_hash: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A link or a file that went with a text; `erased` where its bytes were removed by then."""

    evidence_id: int
    kind: str
    title: str
    url: str
    file_name: str
    size: int | None
    sha256: str
    public: bool
    erased: bool


NAMED = {
    "submission_id": "id",
    "repeats_id": "repeats_id",
    "round_code": "update__duty__round__code",
    "number": "number",
    "kind": "kind",
    "claim": "status",
    "reason": "reason",
    "resume_on": "resume_on",
    "discontinued_because": "discontinued_because",
    "superseded_by": "superseded_by__code",
    "evidence_waiver": "evidence_waiver",
    "content_hash": "content_hash",
    "sent_at": "submitted_at",
}


def full_texts(submission_ids: Collection[int]) -> dict[int, FullText]:
    """Return these texts in full; one query."""
    rows = Submission.objects.filter(pk__in=submission_ids).order_by("id")
    found = {}
    for body, repeated, *values in rows.values_list("body", "repeats__body", *NAMED.values()):
        fields: dict[str, Any] = dict(zip(NAMED, values, strict=True))
        fields["superseded_by"] = fields["superseded_by"] or ""
        said = repeated or body
        texts: dict[str, Any] = {
            name: str(said.get(name, "")) for name in ("done", "challenges", "next_steps")
        }
        again = fields["kind"] == SubmissionKind.NO_CHANGE
        unchanged = str(body.get("done", "")) if again else ""
        found[fields["submission_id"]] = FullText(**fields, **texts, unchanged=unchanged)
    return found


def evidence_of(basis: Basis, texts: Collection[FullText]) -> dict[int, list[Piece]]:
    """Return the evidence of these texts that the scope may see; one query.

    A "nothing new" shows that of the text it repeats as well.
    """
    wanted = {one.submission_id for one in texts} | {one.repeats_id for one in texts}
    rows = SubmissionEvidence.objects.filter(submission__in=wanted - {None})
    if basis.scope is Scope.PUBLIC:
        rows = rows.filter(evidence__public=True)
    fields = ("id", "kind", "title", "url", "original_name", "size", "sha256", "public")
    pieces: dict[int, list[Piece]] = defaultdict(list)
    for submission, erased_at, *values in rows.order_by("evidence_id", "id").values_list(
        "submission_id", "evidence__erased_at", *(f"evidence__{name}" for name in fields)
    ):
        pk, kind, title, url, name, size, sha256, public = values
        pieces[submission].append(
            Piece(
                evidence_id=pk,
                kind=kind,
                title=title,
                url=url,
                file_name=name,
                size=size,
                sha256=sha256,
                public=public,
                erased=erased_at is not None and erased_at <= basis.as_of,
            )
        )
    return {
        one.submission_id: [*pieces[one.submission_id], *pieces[one.repeats_id or 0]]
        for one in texts
    }
