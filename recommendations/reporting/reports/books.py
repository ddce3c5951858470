"""The movement of a report: opening + new + reopened − closed = closing, since a round opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from recommendations.models import Round
from recommendations.reporting.facts import DidNotExist
from recommendations.reporting.lives import Life
from recommendations.reporting.moments import written
from recommendations.reporting.movements import Movement, movement
from recommendations.reporting.reports import columns
from recommendations.reporting.reports.ground import Ground
from recommendations.reporting.reports.shape import Column, Kind, Section, Table, Value
from recommendations.reporting.turns import Turn, turns

TOTAL, AREA, AGENCY = "total", "area", "agency"


@dataclass(frozen=True)
class Since:
    """The moment from which a report says what moved, and the round that opened then, if any."""

    moment: datetime
    turn: Turn | None

    @property
    def sentence(self) -> str:
        """Return "Since round 2026-H1 opened on 4 May 2026, 09:30 UTC."."""
        if self.turn is None or self.turn.opened_at is None:
            words = _("Since the beginning, %(moment)s UTC.")
            return words % {"moment": written(self.moment)}
        return _("Since round %(round)s opened on %(moment)s UTC.") % {
            "round": self.turn.code,
            "moment": written(self.moment),
        }


def since(ground: Ground, round: Round | None) -> Since:
    """Return since when to say what moved: since this round opened, or the newest; one query.

    Before any round opened it is since the framework was recorded. Raises DidNotExist for a
    round that was not recorded yet.
    """
    known = turns(ground.basis)
    if round is not None:
        known = [one for one in known if one.round_id == round.pk]
        if not known:
            raise DidNotExist
    opened = [(one.opened_at, one) for one in known if one.opened_at is not None]
    moment, turn = max(opened, key=lambda pair: pair[0], default=(ground.titled.since, None))
    return Since(moment, turn if turn is not None else (known[-1] if round else None))


def movements(ground: Ground, start: Since, *, agencies: bool = True) -> Section:
    """Return the movement of the whole, of each area and, if wanted, of each agency."""
    own = ground.own_lives
    total = counted(ground, start, "", own)
    rows = [
        values(TOTAL, total),
        *(
            values(AREA, counted(ground, start, area.code, of(own, area_id=area.id)))
            for area in ground.shown_areas
        ),
    ]
    said = [start.sentence, balance(total)]
    if agencies:
        rows += agency_rows(ground, start)
        said.append(overlap())
    return Section(
        key="movements",
        title=_("What moved?"),
        sentences=tuple(said),
        table=Table(head(), tuple(rows)),
    )


def agency_movements(ground: Ground, start: Since) -> Section:
    """Return the movement of each agency, for the annex."""
    return Section(
        key="agency_movements",
        title=_("What moved, agency by agency?"),
        sentences=(start.sentence, overlap()),
        table=Table(head(), tuple(agency_rows(ground, start))),
        nothing=_("No agency had taken on an action by this moment."),
        annex=True,
    )


def agency_rows(ground: Ground, start: Since) -> list[tuple[Value, ...]]:
    """Return the movement of each agency that ever took on an action, as the scope knows it.

    One that was only asked is in no books: the public must not learn of it.
    """
    own = [one for one in ground.own_lives if one.course.moves]
    held = {one.agency_id for one in own}
    return [
        values(AGENCY, counted(ground, start, one.code, of(own, agency_id=one.id)))
        for one in ground.reading.agencies.values()
        if one.id in held
    ]


def of(
    lives: Iterable[Life], *, area_id: int | None = None, agency_id: int | None = None
) -> list[Life]:
    """Return the lives of an area or of an agency."""
    return [one for one in lives if area_id == one.area_id or agency_id == one.agency_id]


def counted(ground: Ground, start: Since, name: str, lives: Iterable[Life]) -> Movement:
    """Return the movement of some assignments since the round opened."""
    courses = [one.course for one in lives]
    return movement(name, courses, start.moment, ground.basis.as_of)


def balance(total: Movement) -> str:
    """Return "opening 40 + new 2 + reopened 1 − closed 3 = closing 40."."""
    return _("%(sum)s = closing %(closing)d.") % {"sum": total.sum, "closing": total.closing}


def overlap() -> str:
    """Return the warning that agencies are not to be added up."""
    return _("Agencies overlap: an action that two share is an assignment of each.")


def head() -> tuple[Column, ...]:
    """Return the columns of a movement."""
    kinds = {TOTAL: _("All"), AREA: _("Area"), AGENCY: _("Agency")}
    closed = _("Implemented and verified, discontinued, ended or withdrawn since then.")
    return (
        Column("of", Kind.CHOICE, _("Of"), _("What the row is about."), kinds),
        Column("code", Kind.CODE, _("Code"), _("Code of the area or agency.")),
        columns.number("opening", _("Opening"), _("Open assignments at the beginning.")),
        columns.number("new", _("New"), _("Taken on since then.")),
        columns.number("reopened", _("Reopened"), _("Open again after they were closed.")),
        columns.number("closed", _("Closed"), closed),
        columns.number("closing", _("Closing"), _("Open assignments at the moment.")),
    )


def values(of: str, one: Movement) -> tuple[Value, ...]:
    """Return the row of a movement."""
    return of, one.name, one.opening, one.new, one.reopened, one.closed, one.closing
