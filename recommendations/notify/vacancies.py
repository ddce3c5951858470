"""Agencies that owe something and for which nobody acts: what coordinators are told of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from agencies.models import Agency, User
from recommendations.models import Assignment, Duty
from recommendations.notify import weekly
from recommendations.notify.deliveries import Cause


def counted(
    owed: Iterable[tuple[Duty | Assignment, Agency]], acting: Mapping[int, Sequence[User]]
) -> dict[int, Counter[Agency]]:
    """Return by framework the agencies for which nobody acts, with how much each owes."""
    found: dict[int, Counter[Agency]] = defaultdict(Counter)
    for one, agency in owed:
        if not acting[agency.pk]:
            found[one.framework_id][agency] += 1
    return found


def told(
    counts: Counter[Agency],
    framework: int,
    office: weekly.Office,
    day: date,
    agencies: Iterable[Agency],
) -> Iterator[tuple[Cause, Sequence[User]]]:
    """Yield each agency that owes something and for which nobody acts, once a week."""
    for agency in agencies:
        yield (
            Cause(
                key=f"vacant:{framework}:{agency.pk}:{weekly.week_of(day)}",
                kind="vacant",
                framework_id=framework,
                subject=agency,
                facts={"duties": counts[agency]},
            ),
            office(framework),
        )
