"""A world in which something random happens, one change after another, by the real rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any, ClassVar

from agencies import revisions
from agencies.access import roles_of
from agencies.models import User
from recommendations.domain import updates, workflow
from recommendations.models import (
    Action,
    Assignment,
    Duty,
    ImplementationStatus,
    Role,
    Round,
    Update,
)
from recommendations.reporting.facts import Scope
from recommendations.reporting.gaps import gaps
from recommendations.reporting.matrix import matrix
from recommendations.reporting.overview import overview
from recommendations.reporting.round_progress import round_progress
from recommendations.reporting.standings import standings
from tests import make


class Walk:
    """A world in which something random happens, one change after another."""

    rare: ClassVar = {"close", "end", "decline", "withdraw", "hold", "release"}
    """What would soon leave nothing to change."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)  # noqa: S311 - a repeatable walk, no secret
        self.people = make.cast()
        self.agencies = [self.people.ilo, self.people.iom, make.agency("WHO")]
        make.question(self.people.framework)
        second = make.area(self.people.framework, "B")
        for under, code, order in (
            (self.people.area, "A2", 2),
            (second, "B1", 1),
            (second, "B2", 2),
        ):
            make.action(under, code, order=order)
        self.users = [
            self.people.ilo_focal_point,
            self.people.iom_focal_point,
            make.person("WHO focal point", of=self.agencies[2]),
            self.people.coordinator,
        ]
        for code in ("2026-H1", "2026-H2", "2027-H1"):
            make.planned_round(self.people.framework, code)
        self.at = make.NOW
        for agency, by, action in zip(
            self.agencies, self.users, Action.objects.order_by("id"), strict=False
        ):
            make.accepted(self.people, agency=agency, by=by, action=action)

    def step(self) -> str | None:
        """Change one thing, a few hours later; return what was done, or None."""
        self.at = self.moment()
        if self.rng.random() < 0.1:
            return self.rename()
        model = self.rng.choice(
            (Action, Assignment, Assignment, Round, Duty, Update, Update, Update)
        )
        rows = list(model.objects.order_by("id"))
        if not rows:
            return None
        obj, by = self.rng.choice(rows), self.rng.choice(self.users)
        verbs = sorted(workflow.available(obj, roles_of(by, at=self.at), at=self.at))
        if not verbs:
            return None
        verb = self.rng.choice(verbs)
        if verb in self.rare and self.rng.random() < 0.9:
            return None
        facts = self.facts(verb, obj, by)
        try:
            workflow.perform(verb, obj, by=by, at=self.at, version=obj.version, **facts)
        except (workflow.NotAllowedNow, workflow.RequirementMissing):
            return None
        return verb

    def moment(self) -> datetime:
        """Return the next moment: some minutes or hours on."""
        return self.at + timedelta(minutes=self.rng.randint(1, 600))

    def facts(self, verb: str, obj: Any, by: User) -> dict[str, Any]:
        """Return what a verb needs, at random where it may vary."""
        soon = (self.at + timedelta(days=self.rng.randint(1, 40))).date()
        status = self.rng.choice(ImplementationStatus.values)
        facts: dict[str, Any] = {"note": "A reason", "due_on": soon}
        if verb == "assign":
            facts |= {
                "agency": self.rng.choice(self.agencies),
                "role": self.rng.choice(Role.values),
            }
        elif verb == "set_target":
            facts |= {"target_on": soon, "target_precision": "day"}
        elif verb == "assess":
            facts |= {"status": status}
        elif verb == "approve":
            claim = self.rng.choice(("agree", "differ", "leave_open"))
            facts |= {"claim": claim, "status": status, "reason": "Seen otherwise"}
        elif verb == "submit":
            facts = {"draft_version": self.write(obj, by, status)}
        return facts | self.about_time(verb, obj, soon)

    def about_time(self, verb: str, obj: Any, soon: date) -> dict[str, Any]:
        """Return what the verbs about time and rounds need."""
        if verb == "ask":
            return {"until_on": max(soon, obj.due_on or soon) + timedelta(days=7)}
        if verb in ("extend", "reopen") and isinstance(obj, Round):
            due_on = max(soon, obj.due_on) + timedelta(days=7)
            return {"due_on": due_on, "closes_on": max(due_on, obj.closes_on)}
        if verb == "report":
            return {"round": Round.objects.filter(state=Round.State.OPEN).order_by("-id").first()}
        return {}

    def write(self, update: Update, by: User, status: str) -> int:
        """Save a draft with this status and return its version."""
        (field,) = make.content_of(update)["body"]
        content = {
            "kind": self.rng.choice(("report", "report", "no_change", "nothing_to_report")),
            "status": status,
            "reason": "Waiting",
            "resume_on": (self.at + timedelta(days=90)).date(),
            "discontinued_because": "overtaken" if status == "discontinued" else "",
            "evidence_waiver": "None yet",
            "body": {field: f"Work until {self.at:%d %b}"},
        }
        version = update.draft.version if hasattr(update, "draft") else 0
        draft = updates.save_draft(update, content=content, by=by, at=self.at, version=version)
        return draft.version

    def rename(self) -> str:
        """Rename an agency, or word an action or an area anew."""
        rows: list[Any] = [*self.agencies, *Action.objects.all(), self.people.area]
        obj, word = self.rng.choice(rows), f"Name of {self.at:%d %b %H:%M}"
        field = {"agency": "name", "action": "short_title", "priorityarea": "title"}
        obj.refresh_from_db()
        revisions.revise(
            obj,
            values={field[obj._meta.model_name]: word},
            by=self.people.administrator,
            at=self.at,
            note="Renamed",
            version=obj.version,
        )
        return "rename"

    def figures(self, at: datetime) -> list[Any]:
        """Return every figure of a moment, inside and public."""
        framework = self.people.framework
        found: list[Any] = [
            figure(framework, as_of=at, scope=scope)
            for scope in Scope
            for figure in (standings, overview, matrix, gaps)
        ]
        return found + [round_progress(round, as_of=at) for round in Round.objects.order_by("id")]
