"""The questionnaires in force at a moment, as the two reports of them read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.models import Agency
from recommendations.reporting import facts
from recommendations.reporting.answers import Answer, answers
from recommendations.reporting.beginnings import titled
from recommendations.reporting.facts import AgencyFact, DidNotExist
from recommendations.reporting.reports import columns, sections
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.code_book import words
from recommendations.reporting.reports.shape import Column, Kind, Section, Table
from recommendations.reporting.turns import turns


@dataclass(frozen=True)
class Answers:
    """What each agency answered, in the order of the acronyms; `expected` are those counted."""

    title: str
    names: dict[int, AgencyFact]
    by_agency: dict[int, list[Answer]]
    expected: list[AgencyFact]

    def agencies(self, which: Iterable[AgencyFact]) -> Table:
        """Return agencies without answers, one row for each."""
        category = Column("category", Kind.CHOICE, _("Category"), "", words(Agency.Category))
        nothing = _("Of the agencies that are counted.")
        head = (
            columns.agency(),
            Column("agency_name", Kind.TEXT, _("Has not answered"), nothing),
            category,
        )
        return Table(head, tuple((one.code, one.name, one.category) for one in which))


def read(asked: Asked) -> Answers:
    """Read the answers in force; 5 queries.

    Raises DidNotExist where the framework, the round or the agency was not recorded yet.
    """
    basis = asked.basis
    title = titled(basis).title
    names = facts.agencies(basis)
    known = turns(basis)
    if asked.round is not None and asked.round.pk not in {one.round_id for one in known}:
        raise DidNotExist
    if asked.agency is not None and asked.agency.pk not in names:
        raise DidNotExist
    given: dict[int, list[Answer]] = {}
    for one in answers(basis):
        given.setdefault(one.agency_id, []).append(one)
    own = asked.agency.pk if asked.agency else None
    return Answers(
        title=title,
        names=names,
        by_agency={pk: given[pk] for pk in names if pk in given},
        expected=[
            one for one in names.values() if one.counted and one.active and own in (None, one.id)
        ],
    )


def sources(found: Answers) -> Section:
    """Return where every answer comes from: its round, its question, when, and its hash."""
    every = [one for own in found.by_agency.values() for one in own]
    return Section(
        key="sources",
        title=_("Where the answers come from"),
        table=sections.answered(every, found.names),
        nothing=_("No questionnaire was approved or published by this moment."),
        annex=True,
    )
