"""What nobody has taken up, dated or reported: the coordinator's list of gaps."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import LEADING, Framework, ImplementationStatus, RollUp
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.figures import Figure, stamp
from recommendations.reporting.overview import ActionLine, action_lines
from recommendations.reporting.sentences import listed
from recommendations.reporting.standings import Reading, Standing, read

STALE_AFTER_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class ActionWithoutLead:
    """An action that no agency leads; `asked` are those asked to lead that have not answered."""

    code: str
    short_title: str
    area_code: str
    asked: tuple[Standing, ...]


@dataclass(frozen=True)
class Unanswered:
    """An agency asked to lead that has not answered; late once its day has passed."""

    standing: Standing
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class Gaps(Figure):
    """The gaps of a framework, with the numbers they are shares of.

    Leads and co-leads answer for an action, so the lists are about them. `open_leads` are
    the active ones that are neither closed nor continuing: only they can lack a date.
    """

    actions: int
    leads: int
    open_leads: int
    no_lead: tuple[ActionWithoutLead, ...]
    no_target_date: tuple[Standing, ...]
    never_reported: tuple[Standing, ...]
    stale: tuple[Standing, ...]
    stale_before: datetime
    not_answered: tuple[Unanswered, ...]

    @property
    def sentence(self) -> str:
        """Return the gaps in one sentence, each with its denominator."""
        said = listed([*self.about_actions, *self.about_leads])
        return _("%(said)s.") % {"said": said}

    @property
    def about_actions(self) -> list[str]:
        """Return "2 of 16 actions have no lead"."""
        return [
            ngettext(
                "%(gaps)d of %(count)d action has no lead",
                "%(gaps)d of %(count)d actions have no lead",
                self.actions,
            )
            % {"gaps": len(self.no_lead), "count": self.actions}
        ]

    @property
    def about_leads(self) -> list[str]:
        """Return what the leads lack."""
        return [
            ngettext(
                "%(gaps)d of %(count)d lead has never reported",
                "%(gaps)d of %(count)d leads have never reported",
                self.leads,
            )
            % {"gaps": len(self.never_reported), "count": self.leads},
            ngettext(
                "%(gaps)d has not reported for a year",
                "%(gaps)d have not reported for a year",
                len(self.stale),
            )
            % {"gaps": len(self.stale)},
            ngettext(
                "%(gaps)d of %(count)d open lead has no target date",
                "%(gaps)d of %(count)d open leads have no target date",
                self.open_leads,
            )
            % {"gaps": len(self.no_target_date), "count": self.open_leads},
        ]


def gaps(framework: Framework, *, as_of: datetime, scope: Scope) -> Gaps:
    """Return the gaps of a framework at a moment; 4 queries.

    No lead: no active lead or co-lead. No target date: an active lead that is not closed
    (implemented and verified, or discontinued) and not continuing, which is a standing duty
    that no date ends. Never reported: nothing of it was ever in force. Stale: its newest
    information was sent more than 12 months before the moment, closed ones excepted. Not
    answered: asked to lead, and still proposed or under consideration; the public does not
    know of those, so that list is empty there.
    """
    basis = Basis(framework, as_of, scope)
    return gaps_of(basis, read(basis))


def gaps_of(basis: Basis, reading: Reading) -> Gaps:
    """Return the gaps from what was read already; no query."""
    as_of = basis.as_of
    asked = [one for one in reading.every_standing if one.role in LEADING and not one.is_active]
    leads = [one for one in reading.every_standing if one.decides]
    unfinished = [one for one in leads if is_open(one)]
    before = months_before(as_of, STALE_AFTER_MONTHS)
    lines = action_lines(reading)
    return Gaps(
        **stamp(basis),
        actions=len(lines),
        leads=len(leads),
        open_leads=len(unfinished),
        no_lead=tuple(
            without_lead(line, asked) for line in lines if line.standing == RollUp.NO_LEAD
        ),
        no_target_date=tuple(one for one in unfinished if one.target_on is None),
        never_reported=tuple(one for one in leads if one.reported_at is None),
        stale=tuple(
            one
            for one in leads
            if not one.is_closed and one.reported_at is not None and one.reported_at < before
        ),
        stale_before=before,
        not_answered=tuple(unanswered(one, as_of.date()) for one in asked),
    )


def without_lead(line: ActionLine, asked: list[Standing]) -> ActionWithoutLead:
    """Return an action that nobody leads, with those who were asked to."""
    return ActionWithoutLead(
        code=line.code,
        short_title=line.short_title,
        area_code=line.area_code,
        asked=tuple(one for one in asked if one.action_code == line.code),
    )


def is_open(standing: Standing) -> bool:
    """Say whether an end is still to come, so that a date for it is missed."""
    return not standing.is_closed and standing.status != ImplementationStatus.CONTINUING


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day and time so many months earlier, or the last day of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def unanswered(standing: Standing, today: date) -> Unanswered:
    """Say of an agency that has not answered whether it is late with that."""
    due = standing.respond_by
    return Unanswered(standing, is_late=due is not None and due < today)
