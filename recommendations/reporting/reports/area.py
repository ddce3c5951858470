"""One area: its text as adopted, its actions, who is on them, and what they wrote."""

from __future__ import annotations

from django.utils.translation import gettext as _

from recommendations.models import AreaWording
from recommendations.reporting.reports import sections
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.bars import bar
from recommendations.reporting.reports.books import movements, since
from recommendations.reporting.reports.ground import Ground, ground
from recommendations.reporting.reports.rows import evidence
from recommendations.reporting.reports.shape import Passage, Report, Section
from recommendations.reporting.tally import tally_actions
from recommendations.reporting.targets import targets
from recommendations.reporting.texts import evidence_of, full_texts


def build(asked: Asked) -> Report:
    """Return the figures and texts of an area; 10 queries.

    Raises DidNotExist for a moment before the area was recorded.
    """
    found = ground(asked)
    start = since(found, asked.round)
    (area,) = found.shown_areas
    whole = full_texts(found.submissions)
    return Report(
        **asked.stamp(f"areas/{area.code}/"),
        name="area",
        title=_("Area %(code)s: %(title)s") % {"code": area.code, "title": area.title},
        subtitle=found.title,
        sections=(
            statement(found),
            actions(found),
            sections.assignments(found),
            movements(found, start),
            sections.texts(found, whole, by_agency=True),
            evidence(found, evidence_of(found.basis, whole.values())),
        ),
    )


def statement(found: Ground) -> Section:
    """Return the text of the area as it was worded at the moment; one query."""
    area = found.shown_areas[0]
    wordings = AreaWording.objects.filter(area=area.id, recorded_at__lte=found.basis.as_of)
    newest = wordings.order_by("-recorded_at", "-id").values_list("statement", flat=True)[:1]
    return Section(
        key="statement",
        title=_("The text of the area"),
        passages=tuple(
            Passage(heading=area.title, source=area.code, text=text) for text in newest if text
        ),
        nothing=_("The area has no text of its own."),
    )


def actions(found: Ground) -> Section:
    """Return where the actions of the area stand: a bar of the agencies on each, and a table."""
    lines = found.lines
    acronyms = found.acronyms(lead.agency_code for line in lines for lead in line.leads)
    return Section(
        key="actions",
        title=_("Where do the actions stand?"),
        sentences=(
            tally_actions(line.standing for line in lines).sentence,
            targets(found.standings, found.today).sentence,
        ),
        bars=tuple(bar(f"{line.code} {line.short_title}", line.assignments) for line in lines),
        table=sections.actions(lines, acronyms),
        nothing=_("No action was recorded yet at this moment."),
    )
