"""The duties of a round, worst first, and those in one standing, or of one agency, alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Min, OuterRef, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.domain.vacancies import acted_for
from recommendations.models import Duty, ReviewState, TimeRequest
from recommendations.notify.trail import LastReminder, last_of, last_reminder
from recommendations.reporting.duties import WITH_THE_AGENCY, DutyLine, DutyStanding
from recommendations.reporting.round_progress import AgencyProgress, RoundProgress
from recommendations.web import sorting
from recommendations.web.addresses import UnusableAddress, with_query

PAGE = 25
WAITS_FOR_THE_AGENCY = (ReviewState.DRAFT, ReviewState.RETURNED)


class Standing(TextChoices):
    """What a list of duties can be narrowed to, by the word in the address."""

    NEEDS = "needs", gettext_lazy("To look after")
    ASKS = "asks", gettext_lazy("Asks for more time")
    LATE = "late", gettext_lazy("Late")
    VACANT = "vacant", gettext_lazy("Nobody can act")
    NOT_BEGUN = "not_begun", gettext_lazy("Not begun")
    MISSING = "missing", gettext_lazy("Missing")
    IN_REVIEW = "in_review", gettext_lazy("In review")
    RETURNED = "returned", gettext_lazy("Returned")
    ALL = "all", gettext_lazy("All duties")


@dataclass(frozen=True)
class Told:
    """What rows beside the figures tell of a duty: the open request, the draft, who may act.

    `draft_since` is when the draft was begun that the agency has now; nobody else reads it.
    """

    waived_because: str = ""
    draft_since: datetime | None = None
    asks_until: date | None = None
    asks_because: str = ""
    is_vacant: bool = False
    reminder: LastReminder | None = None


@dataclass(frozen=True)
class Row:
    """A duty in the list of a round, with its agency and what is told of it."""

    agency: AgencyProgress
    duty: DutyLine
    told: Told

    @property
    def can_be_reminded(self) -> bool:
        """Say whether a coordinator may remind the agency of it."""
        return self.duty.is_expected and self.duty.standing in WITH_THE_AGENCY

    @property
    def standings(self) -> list[Standing]:
        """Return every list in which it stands.

        What a coordinator looks after: who is overdue, has not begun, asks for time, or has
        nobody who can act.
        """
        line = self.duty
        missing = line.is_expected and line.standing == DutyStanding.MISSING
        asks = self.told.asks_until is not None
        begun = self.told.draft_since is not None
        vacant = self.told.is_vacant and line.is_expected and line.standing in WITH_THE_AGENCY
        needs = line.is_overdue or (missing and not begun) or asks or vacant
        found = {
            Standing.NEEDS: needs,
            Standing.ASKS: asks,
            Standing.LATE: line.is_late,
            Standing.VACANT: vacant,
            Standing.NOT_BEGUN: missing and not begun,
            Standing.MISSING: missing,
            Standing.IN_REVIEW: line.standing == DutyStanding.IN_REVIEW,
            Standing.RETURNED: line.standing == DutyStanding.RETURNED,
            Standing.ALL: True,
        }
        return [standing for standing, holds in found.items() if holds]

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
    standing: Standing
    agency: str
    usual: Standing
    sort: str = ""

    def address(self, page: int = 1) -> str:
        """Return the address of a page of the list."""
        # Of one agency all is shown, unless something else is asked for.
        usual = Standing.ALL if self.agency else self.usual
        pairs = {
            "standing": "" if self.standing == usual else self.standing.value,
            "agency": self.agency,
            "sort": self.sort,
            "page": "" if page == 1 else str(page),
        }
        given = [(name, value) for name, value in pairs.items() if value]
        return f"{with_query(self.path, given)}#duties"


def chosen(request: HttpRequest, agencies: Collection[AgencyProgress], usual: Standing) -> Choice:
    """Return what the address asks for; raises UnusableAddress for another word."""
    word, code = request.GET.get("standing", ""), request.GET.get("agency", "")
    if word and word not in Standing.values:
        known = ", ".join(Standing.values)
        raise UnusableAddress(
            _("The standing is one of: %(known)s.") % {"known": known}, name="standing"
        )
    known_codes = {one.agency_code.casefold(): one.agency_code for one in agencies}
    if code and code.casefold() not in known_codes:
        raise UnusableAddress(_("No such agency has a duty in this round."), name="agency")
    standing = Standing(word) if word else Standing.ALL if code else usual
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
    filters: list[tuple[Standing, int, str]]
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
        return sum(row.can_be_reminded and row.told.reminder is None for row in self.page)


def listed(rows: list[Row], choice: Choice, number: str | None) -> Listed:
    """Return the page of the list that the address asks for."""
    of_agency = [row for row in rows if choice.agency in ("", row.agency.agency_code)]
    counts = Counter(standing for row in of_agency for standing in row.standings)
    kept = [row for row in of_agency if choice.standing in row.standings]
    kept = sorting.in_order(kept, choice.sort, SORTS)
    shown = (Standing.ALL, choice.standing, choice.usual)
    return Listed(
        choice,
        Paginator(kept, PAGE).get_page(number),
        [
            (one, counts[one], replace(choice, standing=one).address())
            for one in Standing
            if counts[one] or one in shown
        ],
        [row for row in rows if Standing.ASKS in row.standings],
    )


def rows_of(progress: RoundProgress, own: Collection[int] | None, *, day: date) -> list[Row]:
    """Return the duties of a round, those of the agencies with most overdue first.

    `own` keeps the duties of these agencies alone; None keeps all. One query.
    """
    lines = [(agency, line) for agency in progress.agencies for line in agency.duties]
    kept = [(agency, line) for agency, line in lines if own is None or line.agency_id in own]
    told = told_of([line.duty_id for _agency, line in kept], day=day)
    rows = [Row(agency, line, told[line.duty_id]) for agency, line in kept]
    place = {agency.agency_code: number for number, agency in enumerate(progress.agencies)}
    return sorted(
        rows,
        key=lambda row: (
            -row.agency.progress.overdue,
            place[row.agency.agency_code],
            row.urgency,
        ),
    )


def told_of(duties: list[int], *, day: date) -> dict[int, Told]:
    """Return what is told of each duty, and whether somebody can act for its agency; one query.

    A request whose update is sent meanwhile waits for nothing.
    """
    asks = TimeRequest.objects.filter(
        duty=OuterRef("pk"),
        duty__state=Duty.State.OPEN,
        duty__updates__review_state__in=WAITS_FOR_THE_AGENCY,
        answer__isnull=True,
    ).order_by("id")
    rows = Duty.objects.filter(pk__in=duties).annotate(
        answerable=Coalesce("assignment__agency", "agency"),
        begun=Min("updates__draft__begun_at"),
        until=Subquery(asks.values("until_on")[:1]),
        because=Subquery(asks.values("reason")[:1]),
        reminded=last_of("pk"),
    )
    rows = rows.annotate(is_acted_for=acted_for(day, agency="answerable"))
    fields = ("waived_because", "begun", "until", "because", "is_acted_for", "reminded")
    return {
        pk: Told(why, begun, until, because or "", not acted, last_reminder(said))
        for pk, why, begun, until, because, acted, said in rows.values_list("pk", *fields)
    }
