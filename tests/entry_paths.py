"""The ways in which a person can change something, for the tests that try them all.

A way takes a Step and says how many changes came of it, each a transaction of its own; the state
machine draws for every step among the ways that offer it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import time_machine
from django.db.models import Max, Model
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

from agencies.access import NotPermitted, NotVisible, roles_of
from agencies.models import Event, User, Versioned
from agencies.revisions import Conflict
from recommendations.domain import access, workflow
from recommendations.domain.transition import NotAllowedNow, RequirementMissing


@dataclass(frozen=True)
class Step:
    """A transition that a person asks for; `version` is the one that they saw."""

    verb: str
    obj: Any
    by: User
    at: datetime
    version: int
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> tuple[str, str]:
        """Return under which words the workflow knows it."""
        return access.noun_of(self.obj), self.verb


EntryPath = Callable[[Step], int]
"""Returns the number of changes made: none where it was refused."""
REFUSALS = (NotVisible, NotAllowedNow, NotPermitted, Conflict, RequirementMissing)


def through_the_domain(step: Step) -> int:
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
        return 0
    return 1


def through_the_pages(step: Step) -> int:
    """Press the button of the page that offers it; an error of the server is raised."""
    address, typed = PAGES[step.name](step)
    before = newest_event()
    post(step, address, {**posted(step.facts), **typed, "version": step.version})
    return int(newest_event() != before)


def through_the_admin(step: Step) -> int:
    """Choose one row in the admin's list."""
    return in_the_admin(step, [step.obj])


def through_the_admin_on_many_rows(step: Step) -> int:
    """Choose every row of the admin's list: each is done, or refused, on its own."""
    with zeal_ignore():  # each row is asked for and changed on its own
        return in_the_admin(step, list(type(step.obj)._default_manager.order_by("pk")))


def ways(step: Step, *, open_to_them: bool) -> list[str]:
    """Return the ways that offer this step; the domain always does.

    `open_to_them` leaves out the admin for people who do not come in there.
    """
    comes_in = bool(roles_of(step.by, at=step.at).administers)
    offered = {
        "page": step.name in PAGES,
        "admin": step.name in IN_THE_ADMIN and (comes_in or not open_to_them),
    }
    return [path for path in PATHS if offered.get(path.split()[0], True)]


PATHS: dict[str, EntryPath] = {
    "domain": through_the_domain,
    "page": through_the_pages,
    "admin": through_the_admin,
    "admin on many rows": through_the_admin_on_many_rows,
}


def in_the_admin(step: Step, rows: list[Versioned]) -> int:
    """Run an action of the admin on rows; count those that changed."""
    seen = {row.pk: step.version if row.pk == step.obj.pk else row.version for row in rows}
    chosen = {
        "action": step.verb,
        "_selected_action": [*seen],
        "confirmed": "1",
        "reason": step.note,
        **posted(step.facts),
        **{f"version-{pk}": version for pk, version in seen.items()},
    }
    before = {row.pk: row.version for row in rows}
    post(step, reverse(f"admin:recommendations_{step.name[0]}_changelist"), chosen)
    after = type(step.obj)._default_manager.filter(pk__in=before).values_list("pk", "version")
    return sum(version != before[pk] for pk, version in after)


def post(step: Step, address: str, typed: Mapping[str, Any]) -> None:
    """Send a form as this person, at the moment of the step."""
    with time_machine.travel(step.at, tick=False):
        client = Client()
        client.force_login(step.by)
        client.post(address, {name: value for name, value in typed.items() if value is not None})


def newest_event() -> int | None:
    """Return the id of the newest event."""
    return Event.objects.aggregate(newest=Max("id"))["newest"]  # type: ignore[no-any-return]


def posted(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as the fields of a form: rows by their key, days as a browser writes them."""
    return {
        name: value.pk
        if isinstance(value, Model)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for name, value in facts.items()
    }


Page = Callable[[Step], tuple[str, dict[str, Any]]]
"""Returns the address to which the form is sent, and what stands in it beside the facts."""


def page(name: str, **typed: Any) -> Page:
    """Return a page with the number of the object in its address, and a reason."""
    return lambda step: (reverse(name, args=[step.obj.pk]), {"reason": step.note, **typed})


def answer(verb: str) -> Page:
    """Return the page on which an agency answers an assignment."""
    return page("respond", answer=verb)


def of_assignment(step: Step) -> tuple[str, dict[str, Any]]:
    """Return the page of a change of an assignment."""
    address = reverse("assignment-verb", args=[step.obj.pk, step.verb])
    return address, {"reason": step.note, "target_precision": "day"}


def of_round(name: str) -> Page:
    """Return a page of a round."""
    return lambda step: (
        reverse(name, args=[step.obj.framework.slug, step.obj.code]),
        {"reason": step.note},
    )


def of_action(step: Step) -> tuple[str, dict[str, Any]]:
    """Return the page on which an action is assigned."""
    return reverse("assign", args=[step.obj.framework.slug, step.obj.code]), {}


def review(decision: str) -> Page:
    """Return the page on which a reviewer decides."""
    return lambda step: (
        reverse("review", args=[step.obj.pk]),
        {"decision": decision, "comment": step.note},
    )


def commented(name: str) -> Page:
    """Return a page that asks for a comment to the agency."""
    return lambda step: (reverse(name, args=[step.obj.pk]), {"comment": step.note})


PAGES: dict[tuple[str, str], Page] = {
    ("action", "assign"): of_action,
    ("assignment", "accept"): answer("accept"),
    ("assignment", "accept_partly"): answer("accept_partly"),
    ("assignment", "consider"): answer("consider"),
    ("assignment", "decline"): answer("decline"),
    ("assignment", "withdraw"): of_assignment,
    ("assignment", "end"): of_assignment,
    ("assignment", "set_target"): of_assignment,
    ("assignment", "assess"): of_assignment,
    ("assignment", "report"): page("assignment-report"),
    ("round", "open"): of_round("round-open"),
    ("round", "close"): of_round("round-close"),
    ("round", "hold"): of_round("round-hold"),
    ("round", "release"): of_round("round-release"),
    ("round", "extend"): of_round("round-extend"),
    ("round", "reopen"): of_round("round-reopen"),
    ("duty", "set_due"): page("duty-due"),
    ("duty", "ask"): page("time-ask"),
    ("duty", "grant"): page("time-answer", answer="grant"),
    ("duty", "refuse"): page("time-answer", answer="refuse"),
    ("duty", "waive"): page("duty-waive"),
    ("update", "clear"): page("update-clear"),
    ("update", "submit"): page("update-send"),
    ("update", "withdraw"): page("update-withdraw"),
    ("update", "approve"): review("approve"),
    ("update", "return"): review("return"),
    ("update", "reopen"): commented("update-reopen"),
    ("update", "correct"): page("update-correct"),
    ("update", "retract"): commented("update-retract"),
}
IN_THE_ADMIN = {
    ("assignment", "withdraw"),
    ("assignment", "end"),
    ("round", "open"),
    ("round", "close"),
    ("round", "extend"),
    ("round", "reopen"),
    ("round", "hold"),
    ("round", "release"),
    ("duty", "set_due"),
    ("duty", "waive"),
}
