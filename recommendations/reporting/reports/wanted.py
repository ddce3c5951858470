"""What somebody wants a report of, by names and codes: it can be kept, sent and asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from agencies.models import Agency
from recommendations.models import Framework
from recommendations.reporting.facts import Scope
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.canonical import plain
from recommendations.reporting.reports.catalogue import CATALOGUE, Offer

Row = TypeVar("Row", bound=Model)


class Unknown(Exception):
    """What a report should be about does not exist. Says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A report of the catalogue in a format, at a moment, for a scope, in a language.

    `round`, `agency` and `area` are codes, "" where it is about no single one.
    """

    framework: str
    report: str
    format: str
    as_of: datetime
    scope: Scope
    language: str
    round: str = ""
    agency: str = ""
    area: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Wanted:
        """Return what `parameters` says."""
        names = ("framework", "report", "format", "language", "round", "agency", "area")
        return cls(
            **{name: str(parameters[name]) for name in names},
            as_of=datetime.fromisoformat(parameters["as_of"]),
            scope=Scope(parameters["scope"]),
        )

    @property
    def parameters(self) -> dict[str, Any]:
        """Return all that decides the figures and the form of the file."""
        return {
            "framework": self.framework,
            "report": self.report,
            "format": self.format,
            "as_of": plain(self.as_of),
            "scope": self.scope.value,
            "language": self.language,
            "round": self.round,
            "agency": self.agency,
            "area": self.area,
        }

    @property
    def offer(self) -> Offer:
        """Return the offer of the catalogue; KeyError for a report that there is not."""
        return CATALOGUE[self.report]

    @property
    def moment(self) -> str:
        """Return the moment as addresses write it."""
        return f"{self.as_of.astimezone(UTC):%Y-%m-%dT%H:%M}"

    @property
    def title(self) -> str:
        """Return what it is, about what, as lists and mails name it."""
        about = [code for code in (self.round, self.agency, self.area) if code]
        return ", ".join([str(self.offer.title), *about, self.format.upper()])

    def asked(self, now: datetime) -> Asked:
        """Return the same with the rows that it is about; at most four queries.

        Raises Unknown where one of them does not exist.
        """
        framework = one(Framework.objects.all(), _("framework"), self.framework, field="slug")
        return Asked(
            framework=framework,
            as_of=self.as_of,
            now=now,
            scope=self.scope,
            language=self.language,
            round=one(framework.rounds.all(), _("round"), self.round) if self.round else None,
            agency=one(Agency.objects.all(), _("agency"), self.agency) if self.agency else None,
            area=one(framework.areas.all(), _("area"), self.area) if self.area else None,
        )


def one(rows: QuerySet[Row], noun: str, code: str, *, field: str = "code") -> Row:
    """Return the row of this code; raises Unknown."""
    found = rows.filter(**{field: code}).first()
    if found is None:
        raise Unknown(_("There is no %(noun)s “%(code)s”.") % {"noun": noun, "code": code})
    return found
