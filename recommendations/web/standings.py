"""The duties of a round, worst first, and those in one standing alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Min, TextChoices
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.models import Duty, TimeRequest
from recommendations.reporting.duties import DutyLine, DutyStanding
from recommendations.reporting.round_progress import AgencyProgress, RoundProgress
from recommendations.web.addresses import UnusableAddress


class Standing(TextChoices):
    """What a list of duties can be narrowed to, by the word in the address."""

    ASKS = "asks", gettext_lazy("Asks for more time")
    LATE = "late", gettext_lazy("Late")
    MISSING = "missing", gettext_lazy("Missing")
    IN_REVIEW = "in_review", gettext_lazy("In review")
    RETURNED = "returned", gettext_lazy("Returned")


@dataclass(frozen=True)
class Row:
    """A duty in the list of a round: with its open request, and why it is waived.

    `draft_since` is when the draft was begun that the agency has now; nobody else reads it.
    """

    duty: DutyLine
    asked: TimeRequest | None
    waived_because: str = ""
    draft_since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Listed(AgencyProgress):
    """An agency in the list of a round, with its duties worst first."""

    rows: tuple[Row, ...]


def chosen(request: HttpRequest) -> Standing | None:
    """Return the standing that the address asks for; raises UnusableAddress for another word."""
    word = request.GET.get("standing", "")
    if not word:
        return None
    if word not in Standing.values:
        known = ", ".join(Standing.values)
        raise UnusableAddress(
            _("The standing is one of: %(known)s.") % {"known": known}, name="standing"
        )
    return Standing(word)


def narrowed(
    progress: RoundProgress,
    requests: list[TimeRequest],
    only: Standing | None,
    own: Collection[int] | None,
) -> tuple[list[Listed], Counter[Standing]]:
    """Return the agencies with their duties, worst first, and how many are in each standing.

    `own` keeps the duties of these agencies alone; None keeps all. One query.
    """
    asking = {request.duty_id: request for request in requests}
    more = told_of(progress)
    counts: Counter[Standing] = Counter()
    found = []
    for agency in progress.agencies:
        lines = [one for one in agency.duties if own is None or one.agency_id in own]
        for line in lines:
            counts.update(standings_of(line, asking))
        kept = [one for one in lines if only is None or only in standings_of(one, asking)]
        rows = tuple(
            Row(line, asking.get(line.duty_id), *more.get(line.duty_id, ()))
            for line in sorted(kept, key=urgency)
        )
        if rows:
            known = {one.name: getattr(agency, one.name) for one in fields(agency)}
            found.append(Listed(**known, rows=rows))
    return sorted(found, key=lambda one: -one.progress.overdue), counts


def told_of(progress: RoundProgress) -> dict[int, tuple[str, datetime | None]]:
    """Return why duties of a round are waived, and since when those missing have a draft."""
    told = [
        line.duty_id
        for agency in progress.agencies
        for line in agency.duties
        if line.standing in (DutyStanding.WAIVED, DutyStanding.MISSING)
    ]
    rows = Duty.objects.filter(pk__in=told).annotate(begun=Min("updates__draft__begun_at"))
    return {
        pk: (why, begun) for pk, why, begun in rows.values_list("pk", "waived_because", "begun")
    }


def standings_of(line: DutyLine, asking: Collection[int]) -> list[Standing]:
    """Return every list in which a duty stands."""
    return [
        standing
        for standing, holds in (
            (Standing.ASKS, line.duty_id in asking),
            (Standing.LATE, line.is_late),
            (Standing.MISSING, line.is_expected and line.standing == DutyStanding.MISSING),
            (Standing.IN_REVIEW, line.standing == DutyStanding.IN_REVIEW),
            (Standing.RETURNED, line.standing == DutyStanding.RETURNED),
        )
        if holds
    ]


def urgency(line: DutyLine) -> int:
    """Return the place of a duty in its agency's list: overdue, missing, the rest."""
    missing = line.is_expected and line.standing == DutyStanding.MISSING
    return 0 if line.is_overdue else 1 if missing else 2
