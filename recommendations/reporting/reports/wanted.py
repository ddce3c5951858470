"""What somebody wants a report of, by names and codes: it can be kept, sent and asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from recommendations.reporting.facts import Scope
from recommendations.reporting.reports import finding
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.canonical import plain
from recommendations.reporting.reports.catalogue import CATALOGUE

ABOUT = ("round", "agency", "area")


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
    def moment(self) -> str:
        """Return the moment as addresses write it."""
        return f"{self.as_of.astimezone(UTC):%Y-%m-%dT%H:%M}"

    @property
    def title(self) -> str:
        """Return what it is, about what, as lists and mails name it."""
        offer = CATALOGUE.get(self.report)
        title = str(offer.title) if offer else self.report
        about = [code for code in (self.round, self.agency, self.area) if code]
        return ", ".join([title, *about, self.format.upper()])

    def asked(self, now: datetime) -> Asked:
        """Return the same with the rows that it is about; at most four queries.

        Raises `finding.Unknown` where one of them does not exist.
        """
        framework = finding.framework_called(self.framework)
        codes = {name: getattr(self, name) for name in ABOUT if getattr(self, name)}
        return Asked(
            framework=framework,
            as_of=self.as_of,
            now=now,
            scope=self.scope,
            language=self.language,
            **finding.about(framework, codes),
        )
