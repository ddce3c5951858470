"""How long review takes: the days from sending a text to the first decision on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from django.db.models import Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import Round, Submission

STEPS = ((0, 0), (1, 1), (2, 2), (3, 4), (5, 7), (8, 14), (15, None))
"""The classes of days, the last without an end."""


@dataclass(frozen=True, kw_only=True)
class ReviewTimes:
    """How many texts of a round were decided on after how many whole days, and how many wait.

    `middle` is the median: half of them took no longer. None where nothing was decided.
    """

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
    rows = (
        Submission.objects.filter(update__duty__round=round, submitted_at__lte=as_of)
        .annotate(first=first)
        .exclude(taken_back, first__isnull=True)
        .values_list("submitted_at", "first")
    )
    found = list(rows)
    took = [(decided - sent).days for sent, decided in found if decided is not None]
    waiting = [(as_of - sent).days for sent, decided in found if decided is None]
    return ReviewTimes(
        decided=len(took),
        middle=median_low(took) if took else None,
        longest=max(took, default=None),
        waiting=len(waiting),
        waits=max(waiting, default=None),
        classes=tuple((named(low, high), within(took, low, high)) for low, high in STEPS),
    )


def within(days: list[int], low: int, high: int | None) -> int:
    """Count the days of a class."""
    return sum(low <= one and (high is None or one <= high) for one in days)


def named(low: int, high: int | None) -> str:
    """Return the name of a class: "2", "3–4", "15+"."""
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}–{high}"
