"""Full data: every area, action, assignment, text, piece of evidence, answer and movement."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from recommendations.reporting.answers import answers
from recommendations.reporting.reports import sections
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.books import movements, since
from recommendations.reporting.reports.ground import Ground, ground
from recommendations.reporting.reports.rows import actions, agencies, evidence, texts
from recommendations.reporting.reports.shape import Report, Section
from recommendations.reporting.texts import evidence_of, full_texts


def build(asked: Asked) -> Report:
    """Return everything that the scope knows, each column explained; 12 queries."""
    found = ground(asked)
    whole = full_texts(found.submissions)
    pieces = evidence_of(found.basis, whole.values())
    start = since(found, asked.round)
    return Report(
        **asked.stamp("data/"),
        name="full",
        title=_("Full data"),
        subtitle=found.title,
        sections=(
            sections.areas(found),
            actions(found),
            sections.assignments(found),
            texts(found, whole),
            evidence(found, pieces),
            answered(found),
            movements(found, start),
            agencies(found),
        ),
    )


def answered(found: Ground) -> Section:
    """Return the answers to the questionnaire."""
    given = [] if found.asked.area else answers(replace(found.own, area_id=None))
    return Section(
        key="answers",
        title=_("Answers to the questionnaire"),
        table=sections.answered(given, found.reading.agencies),
        nothing=_("No questionnaire was approved or published by this moment."),
    )
