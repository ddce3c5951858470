"""How the status of an assignment moved: every change up to a moment, and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from recommendations.domain.rollup import NO_REPORT, LeadStanding, effective
from recommendations.models import Decision
from recommendations.reporting import facts
from recommendations.reporting.facts import ASSIGNMENT, Basis, Scope


@dataclass(frozen=True)
class Text:
    """A submission that counted from a moment on, perhaps until it was retracted."""

    at: datetime
    row_id: int
    submission_id: int
    claim: str
    retracted_at: datetime | None


@dataclass(frozen=True)
class View:
    """An assessment: when it was made, and from when on the scope knows it."""

    known_at: datetime
    recorded_at: datetime
    row_id: int
    submission_id: int
    status: str


@dataclass(frozen=True)
class Step:
    """From this moment on an assignment stands so."""

    at: datetime
    standing: LeadStanding


def replay(texts: Sequence[Text], views: Sequence[View]) -> list[Step]:
    """Return each change of an assignment's standing, oldest first.

    What happens at one moment, an approval with its assessment, is one change.
    """
    moments = {text.at for text in texts} | {view.known_at for view in views}
    moments |= {text.retracted_at for text in texts if text.retracted_at}
    steps: list[Step] = []
    before = NO_REPORT
    for moment in sorted(moments):
        standing = standing_at(moment, texts, views)
        if standing != before:
            steps.append(Step(moment, standing))
            before = standing
    return steps


def standing_at(moment: datetime, texts: Iterable[Text], views: Iterable[View]) -> LeadStanding:
    """Return where an assignment stood at a moment."""
    text = max(
        (t for t in texts if t.at <= moment and not (t.retracted_at and t.retracted_at <= moment)),
        key=lambda t: (t.at, t.row_id),
        default=None,
    )
    view = max(
        (v for v in views if v.known_at <= moment),
        key=lambda v: (v.recorded_at, v.row_id),
        default=None,
    )
    if text is None:
        return NO_REPORT
    rests = view is not None and view.submission_id == text.submission_id
    return effective(text.claim, view.status if view is not None and rests else None)


def steps(basis: Basis) -> dict[int, list[Step]]:
    """Return the changes of every assignment; two queries."""
    texts: dict[int, list[Text]] = defaultdict(list)
    views: dict[int, list[View]] = defaultdict(list)
    retracted = Decision.objects.filter(
        submission=OuterRef("submission"),
        verb=Decision.Verb.RETRACT,
        decided_at__lte=basis.as_of,
    )
    rows = facts.took_effect_once(basis).annotate(
        retracted_at=Subquery(retracted.order_by("id").values("decided_at")[:1])
    )
    fields = ("moment", "id", "submission_id", "submission__status", "retracted_at")
    for assignment, *row in rows.values_list(f"{ASSIGNMENT}_id", *fields):
        texts[assignment].append(Text(*row))
    published = "submission__publication__recorded_at"
    known = facts.assessments(basis).values_list(
        "assignment_id", published, "recorded_at", "id", "submission_id", "status"
    )
    for assignment, published_at, at, *row in known:
        public = basis.scope is Scope.PUBLIC
        views[assignment].append(View(max(at, published_at) if public else at, at, *row))
    return {assignment: replay(texts[assignment], views[assignment]) for assignment in texts}


def since(changes: Sequence[Step]) -> datetime | None:
    """Return when the present status began; verifying it begins nothing new."""
    began: datetime | None = None
    status = ""
    for step in changes:
        if step.standing.status != status:
            began, status = step.at, step.standing.status
    return began if status else None
