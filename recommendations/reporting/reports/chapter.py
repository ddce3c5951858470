"""The compiled chapter: agency by agency, what each answered under the six headings."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.reporting.answers import Answer
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.questionnaire import Answers, read, sources
from recommendations.reporting.reports.shape import Passage, Report, Section


def build(asked: Asked) -> Report:
    """Return the answers of every agency, a section for each; 5 queries.

    Of one round, or of each agency its newest. An agency comes in its place by the acronym
    that it had, and without answers it is named in the first section.
    """
    found = read(asked)
    return Report(
        **asked.stamp("agencies/"),
        name="chapter",
        title=_("Contributions of the agencies"),
        subtitle=found.title,
        sections=(
            who(found),
            *(
                contribution(found.names[pk].code, found.names[pk].name, own)
                for pk, own in found.by_agency.items()
            ),
            sources(found),
        ),
    )


def who(found: Answers) -> Section:
    """Return who has answered, out of all that are counted."""
    answered = sum(found.names[pk].counted for pk in found.by_agency)
    silent = [one for one in found.expected if one.id not in found.by_agency]
    said = ngettext(
        "%(answered)d of %(count)d agency has answered.",
        "%(answered)d of %(count)d agencies have answered.",
        len(found.expected),
    ) % {"answered": answered, "count": len(found.expected)}
    return Section(
        key="agencies",
        title=_("Who has answered?"),
        sentences=(said,),
        table=found.agencies(silent),
    )


def contribution(code: str, name: str, answers: list[Answer]) -> Section:
    """Return what one agency answered, under the headings as its round worded them."""
    return Section(
        key=f"agency-{code}",
        title=name,
        passages=tuple(
            Passage(
                heading=one.heading,
                source=f"{code}, {one.round_code}, {one.number}",
                text=one.text,
            )
            for one in answers
            if one.text.strip()
        ),
        nothing=_("No question was answered."),
    )
