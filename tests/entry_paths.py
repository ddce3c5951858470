"""The ways in which a person can change something, for the tests that try them all.

A way takes a Step and says what came of it. Pages, admin actions and the API add theirs with
`@entry_path("name")`; the state machine then draws among them for every step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from agencies.access import NotPermitted, NotVisible
from agencies.models import User, Versioned
from agencies.revisions import Conflict
from recommendations.domain import workflow
from recommendations.domain.transition import NotAllowedNow, RequirementMissing


class Outcome(Enum):
    """What came of a step; anything else is an error and is raised."""

    DONE = "done"
    REFUSED = "refused"
    NOT_OFFERED = "not offered on this way"


@dataclass(frozen=True)
class Step:
    """A transition that a person asks for; `version` is the one that they saw."""

    verb: str
    obj: Versioned
    by: User
    at: datetime
    version: int
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


EntryPath = Callable[[Step], Outcome]
PATHS: dict[str, EntryPath] = {}
REFUSALS = (NotVisible, NotAllowedNow, NotPermitted, Conflict, RequirementMissing)


def entry_path(name: str) -> Callable[[EntryPath], EntryPath]:
    """Add a way under a name."""

    def add(path: EntryPath) -> EntryPath:
        PATHS[name] = path
        return path

    return add


@entry_path("domain")
def through_the_domain(step: Step) -> Outcome:
    """Call the domain, as an import does."""
    try:
        workflow.perform(
            step.verb,
            step.obj,
            by=step.by,
            at=step.at,
            version=step.version,
            note=step.note,
            **step.facts,
        )
    except REFUSALS:
        return Outcome.REFUSED
    return Outcome.DONE
