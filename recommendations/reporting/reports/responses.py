"""The responses to the questionnaire: heading by heading, what every agency answered."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.reporting.answers import Answer
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.questionnaire import Answers, read, sources
from recommendations.reporting.reports.shape import Passage, Report, Section


def build(asked: Asked) -> Report:
    """Return the answers to each question, a section for each; 5 queries.

    Of one round, or of each agency its newest. A question goes by its number; its heading is
    that of the newest round among the answers.
    """
    found = read(asked)
    by_number: dict[int, list[Answer]] = {}
    for own in found.by_agency.values():
        for one in own:
            by_number.setdefault(one.number, []).append(one)
    return Report(
        **asked.stamp("agencies/"),
        name="responses",
        title=_("Responses to the questionnaire"),
        subtitle=found.title,
        sections=(
            *(question(found, number, of) for number, of in sorted(by_number.items())),
            sources(found),
        ),
    )


def question(found: Answers, number: int, answers: list[Answer]) -> Section:
    """Return what the agencies answered to one question."""
    newest = max(answers, key=lambda one: (one.at, one.round_code))
    given = [one for one in answers if one.text.strip()]
    said = ngettext(
        "%(given)d of %(count)d questionnaire answers this.",
        "%(given)d of %(count)d questionnaires answer this.",
        len(answers),
    ) % {"given": len(given), "count": len(answers)}
    return Section(
        key=f"question-{number}",
        title=newest.heading,
        sentences=(said,),
        passages=tuple(
            Passage(
                heading=found.names[one.agency_id].name,
                source=f"{found.names[one.agency_id].code}, {one.round_code}, {one.number}",
                text=one.text,
            )
            for one in given
        ),
        nothing=_("Nobody answered this question."),
    )
