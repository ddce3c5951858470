"""What most reports rest on, read once: names, standings, and how they came about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import cached_property

from recommendations.reporting.beginnings import Titled, titled
from recommendations.reporting.facts import AgencyFact, AreaFact, Basis, DidNotExist
from recommendations.reporting.lives import Life, lives
from recommendations.reporting.overview import ActionLine, AreaLine, action_lines, area_line
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.standings import DatedStanding, Reading, Standing, dated, read
from recommendations.reporting.timeline import Track, tracks


@dataclass(frozen=True)
class Ground:
    """The framework at the moment, narrowed by area and, for texts, by round.

    It is read with every agency, also where one is asked about: an action stands where all
    its leads stand. `standings` and `shown_actions` are narrowed to the agency.
    """

    asked: Asked
    basis: Basis
    titled: Titled
    lives: list[Life]
    reading: Reading
    seen: dict[int, Track]

    @property
    def today(self) -> date:
        """Return the day of the moment, in UTC."""
        return self.basis.as_of.astimezone(UTC).date()

    @property
    def title(self) -> str:
        """Return the title that the framework had."""
        return self.titled.title

    @property
    def own_lives(self) -> list[Life]:
        """Return the lives of the assignments that the report is about."""
        agency = self.agency
        return [one for one in self.lives if agency is None or one.agency_id == agency.id]

    @property
    def agency(self) -> AgencyFact | None:
        """Return the agency that is asked about, under the name it had."""
        return self.reading.agencies[self.asked.agency.pk] if self.asked.agency else None

    @property
    def own(self) -> Basis:
        """Return what is about the agency alone, where one is asked about."""
        agency = self.asked.agency
        return replace(self.basis, agency_id=agency.pk) if agency else self.basis

    @cached_property
    def standings(self) -> list[Standing]:
        """Return where every assignment stands, in the order of the source."""
        code = self.agency.code if self.agency else ""
        return [one for one in self.reading.every_standing if not code or one.agency_code == code]

    @property
    def dated(self) -> list[DatedStanding]:
        """Return the standings with the moment at which each status began."""
        return [dated(one, self.seen) for one in self.standings]

    @cached_property
    def lines(self) -> list[ActionLine]:
        """Return where every action stands; those of the agency alone, where one is asked."""
        of_agency = {one.action_code for one in self.standings}
        return [
            line
            for line in action_lines(self.reading)
            if self.agency is None or line.code in of_agency
        ]

    @property
    def area_lines(self) -> list[AreaLine]:
        """Return where every area that the report is about stands, over all its agencies."""
        return [area_line(one, self.reading) for one in self.shown_areas]

    @property
    def submissions(self) -> list[int]:
        """Return the texts in force of the standings."""
        return [one.submission_id for one in self.standings if one.submission_id is not None]

    def claim(self, one: Standing) -> str:
        """Return what an agency claims, as its text in force says it; "" without one."""
        track = self.seen.get(one.assignment_id)
        text = track.at(self.basis.as_of)[0] if track else None
        return text.claim if text else ""

    @property
    def shown_areas(self) -> list[AreaFact]:
        """Return the areas that the report is about."""
        asked = self.asked.area
        return [one for one in self.reading.areas.values() if asked is None or one.id == asked.pk]

    @property
    def agencies(self) -> list[AgencyFact]:
        """Return the agencies that the report is about, sorted by the acronym they had."""
        if self.agency is not None:
            return [self.agency]
        return self.reading.listed

    def acronyms(self, codes: Iterable[str]) -> dict[str, str]:
        """Return the acronym that each of these agencies had, by code."""
        wanted = set(codes)
        return {
            one.code: one.acronym for one in self.reading.agencies.values() if one.code in wanted
        }


def ground(asked: Asked, *, all_rounds: bool = False) -> Ground:
    """Read what a report rests on; 6 queries.

    With a round only texts of that round come in force, unless `all_rounds`. Raises
    DidNotExist where the framework, the agency or the area was not recorded yet.
    """
    basis = replace(asked.basis, agency_id=None)
    if all_rounds:
        basis = replace(basis, round=None)
    called, seen = titled(basis), tracks(basis)
    found = Ground(
        asked,
        basis,
        titled=called,
        lives=lives(basis, seen),
        reading=read(basis, seen),
        seen=seen,
    )
    if asked.agency is not None and asked.agency.pk not in found.reading.agencies:
        raise DidNotExist
    if asked.area is not None and asked.area.pk not in found.reading.areas:
        raise DidNotExist
    return found
