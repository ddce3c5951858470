"""How the status of an assignment moved: every change up to a moment, and since when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, OuterRef, Subquery

from recommendations.domain.rollup import NO_REPORT, LeadStanding, effective
from recommendations.models import Decision
from recommendations.reporting import facts
from recommendations.reporting.facts import ASSIGNMENT, Basis, InForce, Scope


@dataclass(frozen=True)
class Text:
    """A submission that counted from a moment on, perhaps until it was retracted."""

    row_id: int
    in_force: InForce
    approved_at: datetime
    retracted_at: datetime | None

    def counts_at(self, moment: datetime) -> bool:
        """Say whether it counted at a moment."""
        gone = self.retracted_at is not None and self.retracted_at <= moment
        return self.in_force.at <= moment and not gone


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


@dataclass
class Track:
    """All that ever counted of an assignment, from which every earlier standing follows."""

    texts: dict[int, Text] = field(default_factory=dict)
    views: list[View] = field(default_factory=list)

    def at(self, moment: datetime) -> tuple[InForce | None, LeadStanding]:
        """Return the text in force at a moment, and where that put the assignment."""
        text = max(
            (text for text in self.texts.values() if text.counts_at(moment)),
            key=lambda text: (text.approved_at, text.row_id),
            default=None,
        )
        if text is None:
            return None, NO_REPORT
        view = max(
            (view for view in self.views if view.known_at <= moment),
            key=lambda view: (view.recorded_at, view.row_id),
            default=None,
        )
        rests = view is not None and view.submission_id == text.in_force.submission_id
        return text.in_force, effective(
            text.in_force.claim, view.status if view is not None and rests else None
        )

    @property
    def steps(self) -> list[Step]:
        """Return each change of the standing, oldest first.

        What happens at one moment, an approval with its assessment, is one change.
        """
        moments = {text.in_force.at for text in self.texts.values()}
        moments |= {text.retracted_at for text in self.texts.values() if text.retracted_at}
        moments |= {view.known_at for view in self.views}
        steps: list[Step] = []
        before = NO_REPORT
        for moment in sorted(moments):
            standing = self.at(moment)[1]
            if standing != before:
                steps.append(Step(moment, standing))
                before = standing
        return steps

    @property
    def since(self) -> datetime | None:
        """Return when the present status began; verifying it begins nothing new."""
        began: datetime | None = None
        status = ""
        for step in self.steps:
            if step.standing.status != status:
                began, status = step.at, step.standing.status
        return began if status else None


def tracks(basis: Basis) -> dict[int, Track]:
    """Return the track of every assignment on which something ever counted; one query.

    Each text comes once for each assessment that rests on it, or once alone. All in one order, so
    that the same figures are the same to the letter.
    """
    retracted = Decision.objects.filter(
        submission=OuterRef("submission"),
        verb=Decision.Verb.RETRACT,
        decided_at__lte=basis.as_of,
    )
    assessment = "submission__assessments__"
    rows = (
        facts.took_effect_once(basis)
        .annotate(
            of=F(f"{ASSIGNMENT}_id"),
            claim=F("submission__status"),
            said=F("submission__kind"),
            sent_at=F("submission__submitted_at"),
            retracted_at=Subquery(retracted.order_by("id").values("decided_at")[:1]),
            view=F(f"{assessment}id"),
            viewed_at=F(f"{assessment}recorded_at"),
            viewed_as=F(f"{assessment}status"),
        )
        .values_list(
            *("of", "id", "submission_id", "claim", "said", "sent_at", "moment", "approved"),
            *("retracted_at", "view", "viewed_at", "viewed_as"),
        )
        .order_by("id", "view")
    )
    found: dict[int, Track] = defaultdict(Track)
    for of, pk, submission, claim, said, sent_at, at, approved, gone_at, *viewed in rows:
        text = InForce(submission, claim, said, sent_at, at)
        found[of].texts[pk] = Text(pk, text, approved, gone_at)
        view, viewed_at, status = viewed
        if view is not None and viewed_at <= basis.as_of:
            known_at = max(at, viewed_at) if basis.scope is Scope.PUBLIC else viewed_at
            found[of].views.append(View(known_at, viewed_at, view, submission, status))
    return dict(found)
