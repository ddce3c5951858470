"""Asking several agencies at once: each on its own, so that one refusal stops no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Agency, User, WorkingGroup
from recommendations.domain import workflow
from recommendations.models import Action, Role

MOST = 200
"""Assignments that one form may propose: more is a slip of the hand."""


@dataclass(frozen=True)
class Ask:
    """An action that an agency is asked to take on, perhaps because it leads a group."""

    action: Action
    agency: Agency
    role: str
    through: WorkingGroup | None = None

    def __str__(self) -> str:
        return f"{self.action.code} · {self.agency}"


@dataclass(frozen=True)
class Outcome:
    """What became of one change among several: done, or why it was refused."""

    about: str
    refusal: str = ""


def ask_each(
    asks: Sequence[Ask],
    *,
    by: User,
    at: datetime,
    versions: Mapping[int, int],
    note: str = "",
    **facts: Any,
) -> list[Outcome]:
    """Propose each assignment by the workflow and say of each what became of it.

    `versions` holds the version of each action that the person saw. Raises
    RequirementMissing, with nobody asked, where something is missing that all of them need.
    """
    refuse_incomplete(asks)
    outcomes = []
    for ask in asks:
        version = versions.get(ask.action.pk, -1)
        facts |= {"agency": ask.agency, "role": ask.role, "through": ask.through}
        outcomes.append(
            try_one(
                "assign", ask.action, str(ask), by=by, at=at, version=version, note=note, **facts
            )
        )
    return outcomes


def refuse_incomplete(asks: Sequence[Ask]) -> None:
    """Raise RequirementMissing where nobody is chosen, too many are, or a role is missing."""
    problems = {}
    if not asks:
        problems["agency"] = _("Choose an agency.")
    if len(asks) > MOST:
        problems["agency"] = _("Choose at most %(most)d at a time.") % {"most": MOST}
    if any(ask.role not in Role.values for ask in asks) or not asks:
        problems["role"] = _("Choose lead, co-lead or supporting.")
    if problems:
        raise workflow.RequirementMissing(problems)


def try_one(verb: str, obj: Any, about: str, **facts: Any) -> Outcome:
    """Do one change among several, and say why where it is refused.

    What is wrong with a form is wrong for every row of it, and raised at the first.
    """
    try:
        workflow.perform(verb, obj, **facts)
    except (workflow.NotAllowedNow, workflow.NotPermitted, workflow.Conflict) as refusal:
        return Outcome(about, str(refusal))
    except workflow.RequirementMissing as missing:
        if missing.problems.keys() - {"agency"}:
            raise
        return Outcome(about, str(missing))
    return Outcome(about)
