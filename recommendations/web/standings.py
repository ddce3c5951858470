"""The duties of a round, worst first, and those in one standing, or of one agency, alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from recommendations.models import Duty
from recommendations.notify.trail import LastReminder, last_of, last_reminder
from recommendations.reporting.attention import TOLD, Concern, Told, concerns, telling
from recommendations.reporting.duties import WITH_THE_AGENCY, DutyLine, DutyStanding
from recommendations.reporting.round_progress import AgencyProgress, RoundProgress
from recommendations.web import sorting
from recommendations.web.addresses import UnusableAddress, with_query

PAGE = 25


@dataclass(frozen=True)
class Row:
    """A duty in the list of a round, with its agency and what is told of it."""

    agency: AgencyProgress
    duty: DutyLine
    told: Told
    reminder: LastReminder | None = None

    @property
    def can_be_reminded(self) -> bool:
        """Say whether a coordinator may remind the agency of it."""
        return self.duty.is_expected and self.duty.standing in WITH_THE_AGENCY

    @property
    def concerns(self) -> list[Concern]:
        """Return every list in which it stands."""
        return concerns(self.duty, self.told)

    @property
    def urgency(self) -> int:
        """Return the place in its agency's list: overdue, missing, the rest."""
        missing = self.duty.is_expected and self.duty.standing == DutyStanding.MISSING
        return 0 if self.duty.is_overdue else 1 if missing else 2


SORTS: sorting.Keys = {
    "agency": lambda row: row.agency.agency.casefold(),
    "state": lambda row: [*DutyStanding.values].index(row.duty.standing),
    "due": lambda row: row.duty.due_on,
    "sent": lambda row: row.duty.sent_at,
}
"""By what the duties sort; usually those of the agencies with most overdue come first."""


@dataclass(frozen=True)
class Choice:
    """What the address of a round's page asks for: a standing, perhaps an agency.

    `usual` is the standing that stands in no address.
    """

    path: str
    standing: Concern
    agency: str
    usual: Concern
    sort: str = ""

    def address(self, page: int = 1) -> str:
        """Return the address of a page of the list."""
        # Of one agency all is shown, unless something else is asked for.
        usual = Concern.ALL if self.agency else self.usual
        pairs = {
            "standing": "" if self.standing == usual else self.standing.value,
            "agency": self.agency,
            "sort": self.sort,
            "page": "" if page == 1 else str(page),
        }
        given = [(name, value) for name, value in pairs.items() if value]
        return f"{with_query(self.path, given)}#duties"


def chosen(request: HttpRequest, agencies: Collection[AgencyProgress], usual: Concern) -> Choice:
    """Return what the address asks for; raises UnusableAddress for another word."""
    word, code = request.GET.get("standing", ""), request.GET.get("agency", "")
    if word and word not in Concern.values:
        known = ", ".join(Concern.values)
        raise UnusableAddress(
            _("The standing is one of: %(known)s.") % {"known": known}, name="standing"
        )
    known_codes = {one.agency_code.casefold(): one.agency_code for one in agencies}
    if code and code.casefold() not in known_codes:
        raise UnusableAddress(_("No such agency has a duty in this round."), name="agency")
    standing = Concern(word) if word else Concern.ALL if code else usual
    return Choice(
        request.path,
        standing,
        known_codes.get(code.casefold(), ""),
        usual,
        sorting.chosen(request, SORTS),
    )


@dataclass(frozen=True)
class Listed:
    """A page of the list, and what it can be narrowed to: (standing, how many, its address)."""

    choice: Choice
    page: Page[Row]
    filters: list[tuple[Concern, int, str]]
    asking: list[Row]

    @property
    def previous_url(self) -> str:
        """Return the address of the page before, "" where there is none."""
        page = self.page
        return self.choice.address(page.previous_page_number()) if page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """Return the address of the page behind, "" where there is none."""
        page = self.page
        return self.choice.address(page.next_page_number()) if page.has_next() else ""

    @property
    def not_reminded(self) -> int:
        """Return how many of the page could be reminded and never were."""
        return sum(row.can_be_reminded and row.reminder is None for row in self.page)


def listed(rows: list[Row], choice: Choice, number: str | None) -> Listed:
    """Return the page of the list that the address asks for."""
    of_agency = [row for row in rows if choice.agency in ("", row.agency.agency_code)]
    counts = Counter(standing for row in of_agency for standing in row.concerns)
    kept = [row for row in of_agency if choice.standing in row.concerns]
    kept = sorting.in_order(kept, choice.sort, SORTS)
    shown = (Concern.ALL, choice.standing, choice.usual)
    return Listed(
        choice,
        Paginator(kept, PAGE).get_page(number),
        [
            (one, counts[one], replace(choice, standing=one).address())
            for one in Concern
            if counts[one] or one in shown
        ],
        [row for row in rows if Concern.ASKS in row.concerns],
    )


def rows_of(progress: RoundProgress, *, day: date) -> list[Row]:
    """Return the duties of a round, those of the agencies with most overdue first; one query."""
    lines = [(agency, line) for agency in progress.agencies for line in agency.duties]
    owed = Duty.objects.filter(pk__in=[line.duty_id for _agency, line in lines])
    found = telling(owed, day=day).annotate(reminded=last_of("pk"))
    told = {
        pk: (Told(*of_it), last_reminder(said))
        for pk, *of_it, said in found.values_list("pk", *TOLD, "reminded")
    }
    rows = [Row(agency, line, *told[line.duty_id]) for agency, line in lines]
    place = {agency.agency_code: number for number, agency in enumerate(progress.agencies)}
    return sorted(
        rows,
        key=lambda row: (
            -row.agency.progress.overdue,
            place[row.agency.agency_code],
            row.urgency,
        ),
    )
