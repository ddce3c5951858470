"""The one table of resources: routes, schema, tests and documentation are made from it."""

from __future__ import annotations

from recommendations.api.resources import Resource
from recommendations.api.tables.chapter import FOOTNOTES, KEY_ELEMENTS, MILESTONES
from recommendations.api.tables.conversation import COMMENT_ANSWERS, COMMENTS, TIME_REQUESTS
from recommendations.api.tables.duties import DUTIES, ROUND_QUESTIONS, ROUNDS
from recommendations.api.tables.evidence import EVIDENCE
from recommendations.api.tables.people import (
    APPOINTMENTS,
    DELIVERIES,
    HANDOVERS,
    JOBS,
    MEMBERSHIPS,
)
from recommendations.api.tables.places import ASSESSMENTS, ASSIGNMENTS
from recommendations.api.tables.reference import (
    ACTIONS,
    AGENCIES,
    AREAS,
    FRAMEWORKS,
    GROUP_MEMBERSHIPS,
    GROUPS,
    PASSAGES,
    QUESTIONS,
)
from recommendations.api.tables.texts import DECISIONS, SUBMISSIONS, UPDATES
from recommendations.api.tables.wordings import (
    ACTION_WORDINGS,
    AGENCY_NAMES,
    AREA_WORDINGS,
    FRAMEWORK_WORDINGS,
    GROUP_NAMES,
)

RESOURCES: tuple[Resource, ...] = (
    FRAMEWORKS,
    AREAS,
    ACTIONS,
    PASSAGES,
    FOOTNOTES,
    KEY_ELEMENTS,
    MILESTONES,
    QUESTIONS,
    FRAMEWORK_WORDINGS,
    AREA_WORDINGS,
    ACTION_WORDINGS,
    AGENCIES,
    AGENCY_NAMES,
    GROUPS,
    GROUP_NAMES,
    GROUP_MEMBERSHIPS,
    MEMBERSHIPS,
    APPOINTMENTS,
    HANDOVERS,
    ASSIGNMENTS,
    ASSESSMENTS,
    ROUNDS,
    ROUND_QUESTIONS,
    DUTIES,
    TIME_REQUESTS,
    UPDATES,
    SUBMISSIONS,
    DECISIONS,
    COMMENTS,
    COMMENT_ANSWERS,
    EVIDENCE,
    DELIVERIES,
    JOBS,
)
BY_NAME = {one.name: one for one in RESOURCES}
BY_NOUN = {one.noun: one for one in RESOURCES if one.noun}
