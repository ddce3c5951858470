"""How long review takes: the days from sending a text to the first decision on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from django.db.models import Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import AgencyName
from recommendations.models import Round, Submission
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.figures import Figure, stamp

STEPS = ((0, 0), (1, 1), (2, 2), (3, 4), (5, 7), (8, 14), (15, None))
"""The classes of days, the last without an end."""
WAITING = "waiting"


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A text of a round: when it was sent, when first decided on, how many whole days between.

    `agency` is the acronym that its agency had. Where nobody has decided, `decided_at` is None
    and the days run on.
    """

    update_id: int
    number: int
    agency: str
    action_code: str
    sent_at: datetime
    decided_at: datetime | None
    days: int

    def is_in(self, step: str) -> bool:
        """Say whether it is counted in a class, by its name; "waiting" are those undecided."""
        if self.decided_at is None:
            return step == WAITING
        return any(
            named(low, high) == step and low <= self.days and (high is None or self.days <= high)
            for low, high in STEPS
        )


@dataclass(frozen=True, kw_only=True)
class ReviewTimes(Figure):
    """How many texts of a round were decided on after how many whole days, and how many wait.

    `middle` is the median: half of them took no longer. None where nothing was decided. `texts`
    are all of them, in the order in which they were sent.
    """

    texts: tuple[Reviewed, ...]

    decided: int
    middle: int | None
    longest: int | None
    waiting: int
    waits: int | None
    classes: tuple[tuple[str, int], ...]

    @property
    def sentence(self) -> str:
        """Return "Half of 40 decisions took 2 days or less, the longest 9; 3 wait, …"."""
        said = [self.about_decided]
        if self.waits is not None:
            words = ngettext(
                "%(count)d waits for its review, the longest for %(days)d days.",
                "%(count)d wait for their review, the longest for %(days)d days.",
                self.waiting,
            )
            said.append(words % {"count": self.waiting, "days": self.waits})
        return " ".join(said)

    @property
    def about_decided(self) -> str:
        """Return what the decisions took."""
        if self.middle is None:
            return _("Nothing was decided on yet.")
        words = ngettext(
            "Half of %(count)d decision took %(days)d days or less, the longest %(longest)d.",
            "Half of %(count)d decisions took %(days)d days or less, the longest %(longest)d.",
            self.decided,
        )
        return words % {"count": self.decided, "days": self.middle, "longest": self.longest}


def review_times(round: Round, *, as_of: datetime) -> ReviewTimes:
    """Return how long the texts of a round waited for a decision, up to a moment; one query.

    What was taken back before any decision waits for none.
    """
    taken_back = Q(withdrawal__recorded_at__lte=as_of)
    first = Min("decisions__decided_at", filter=Q(decisions__decided_at__lte=as_of))
    duty = "update__duty__"
    names = AgencyName.objects.filter(agency=OuterRef("whose"), recorded_at__lte=as_of)
    rows = (
        Submission.objects.filter(update__duty__round=round, submitted_at__lte=as_of)
        .annotate(
            first=first,
            whose=Coalesce(f"{duty}assignment__agency", f"{duty}agency"),
            on=Coalesce(f"{duty}assignment__action__code", Value("")),
        )
        .annotate(of=Subquery(names.order_by("-recorded_at", "-id").values("acronym")[:1]))
        .exclude(taken_back, first__isnull=True)
        .order_by("submitted_at", "id")
        .values_list("update_id", "number", "of", "on", "submitted_at", "first")
    )
    texts = tuple(reviewed(*row, as_of=as_of) for row in rows)
    took = [one.days for one in texts if one.decided_at is not None]
    waiting = [one.days for one in texts if one.decided_at is None]
    return ReviewTimes(
        **stamp(Basis(round.framework, as_of, Scope.INSIDE)),
        texts=texts,
        decided=len(took),
        middle=median_low(took) if took else None,
        longest=max(took, default=None),
        waiting=len(waiting),
        waits=max(waiting, default=None),
        classes=tuple((named(low, high), within(took, low, high)) for low, high in STEPS),
    )


def reviewed(
    update: int,
    number: int,
    agency: str,
    action: str,
    sent_at: datetime,
    decided_at: datetime | None,
    *,
    as_of: datetime,
) -> Reviewed:
    """Return a text from its row."""
    return Reviewed(
        update_id=update,
        number=number,
        agency=agency,
        action_code=action,
        sent_at=sent_at,
        decided_at=decided_at,
        days=((decided_at or as_of) - sent_at).days,
    )


def within(days: list[int], low: int, high: int | None) -> int:
    """Count the days of a class."""
    return sum(low <= one and (high is None or one <= high) for one in days)


def named(low: int, high: int | None) -> str:
    """Return the name of a class: "2", "3–4", "15+"."""
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}–{high}"
