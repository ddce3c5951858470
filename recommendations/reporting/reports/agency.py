"""One agency: where it stands on each of its actions, and what it wrote."""

from __future__ import annotations

from django.utils.translation import gettext as _

from recommendations.reporting.answers import answers
from recommendations.reporting.duties import DutyLine
from recommendations.reporting.facts import AgencyFact, DidNotExist, Scope
from recommendations.reporting.reports import owed, sections
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.bars import bar
from recommendations.reporting.reports.books import movements, overlap, since
from recommendations.reporting.reports.ground import Ground, ground
from recommendations.reporting.reports.rows import evidence
from recommendations.reporting.reports.shape import Passage, Report, Section
from recommendations.reporting.standings import tally_active
from recommendations.reporting.targets import targets
from recommendations.reporting.texts import evidence_of, full_texts


def build(asked: Asked) -> Report:
    """Return the figures and texts of an agency; 14 queries, for the public 11.

    What it owes, and how it kept to its dates, is for the inside only. Raises DidNotExist
    for a moment before the agency was recorded.
    """
    found = ground(asked)
    start = since(found, asked.round)
    own = found.agency
    if own is None:
        raise DidNotExist
    whole = full_texts(found.submissions)
    said = [
        summary(found, own),
        sections.assignments(found),
        movements(found, start),
        sections.texts(found, whole, by_agency=False),
        evidence(found, evidence_of(found.basis, whole.values())),
        questionnaire(found),
    ]
    if asked.scope is Scope.INSIDE:
        lines = owed.lines_of(found)
        said += [duties(found, lines), owed.on_time(lines, {own.id: own})]
    return Report(
        **asked.stamp(f"agencies/{own.code}/"),
        name="agency",
        title=own.name,
        subtitle=found.title,
        sections=tuple(said),
    )


def summary(found: Ground, own: AgencyFact) -> Section:
    """Return how the assignments of the agency stand, in one bar."""
    tally = tally_active(found.standings)
    return Section(
        key="summary",
        title=_("Where does the agency stand?"),
        sentences=(
            tally.sentence,
            targets(found.standings, found.today).sentence,
            overlap(),
        ),
        bars=(bar(own.acronym, tally),),
        table=sections.statuses(tally),
    )


def duties(found: Ground, lines: list[DutyLine]) -> Section:
    """Return everything that the agency was asked for, and what became of it."""
    return Section(
        key="duties",
        title=_("What was it asked for?"),
        table=owed.duties(lines, found.reading.agencies),
        nothing=_("It was asked for nothing by this moment."),
        annex=True,
    )


def questionnaire(found: Ground) -> Section:
    """Return its answers to the questionnaire, under the headings of the round that asked."""
    given = answers(found.own)
    return Section(
        key="answers",
        title=_("Answers to the questionnaire"),
        passages=tuple(
            Passage(heading=one.heading, source=one.round_code, text=one.text)
            for one in given
            if one.text.strip()
        ),
        nothing=_("No questionnaire was approved or published by this moment."),
    )
