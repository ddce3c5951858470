"""What happens in the demo: three rounds, played through the same rules as everything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from agencies import revisions
from agencies.models import Agency, User, Versioned, WorkingGroup
from recommendations.domain import evidence, updates, workflow
from recommendations.exchange import demo_plan, demo_texts
from recommendations.exchange.demo_people import People
from recommendations.exchange.demo_texts import demo
from recommendations.models import (
    Action,
    Assignment,
    DiscontinuedBecause,
    Draft,
    Duty,
    Framework,
    ImplementationStatus,
    Precision,
    Round,
    SubmissionKind,
    Update,
)

ROUNDS = ((390, 360, 345), (210, 180, 160), (21, -9, -30))
"""Days before now on which a round opens, updates are due, and it closes."""

CLAIMS = {
    "n": ImplementationStatus.NOT_STARTED,
    "p": ImplementationStatus.IN_PROGRESS,
    "c": ImplementationStatus.CONTINUING,
    "h": ImplementationStatus.ON_HOLD,
    "i": ImplementationStatus.IMPLEMENTED,
    "u": ImplementationStatus.IMPLEMENTED,
    "x": ImplementationStatus.IMPLEMENTED,
    "d": ImplementationStatus.DISCONTINUED,
    "s": ImplementationStatus.DISCONTINUED,
    "k": ImplementationStatus.DISCONTINUED,
}
BECAUSE = {
    "d": DiscontinuedBecause.OVERTAKEN,
    "s": DiscontinuedBecause.SUPERSEDED,
    "k": DiscontinuedBecause.NOT_PURSUED,
}
PRECISIONS = (Precision.DAY, Precision.MONTH, Precision.QUARTER)

Place = tuple[str, str]
"""An action and an agency, by their codes."""

WITH_FILE, WITHOUT_EVIDENCE = ("B2", "WORLDBANK"), ("B2", "UNITAR")
"""Implemented: one shows a file, one says why there is nothing to show, the others a link."""


class Story:
    """The demo under way: who there is, what was made so far, what is planned for which day."""

    def __init__(self, framework: Framework, people: People, *, now: datetime) -> None:
        self.framework, self.people, self.now = framework, people, now
        self.actions = {action.code: action for action in of(Action, framework=framework)}
        self.agencies = {agency.code: agency for agency in of(Agency)}
        self.groups = {group.code: group for group in of(WorkingGroup)}
        self.assignments: dict[Place, Assignment] = {}
        self.rounds: list[Round] = []
        self.updates: dict[tuple[int, Place], Update] = {}
        self.planned: list[tuple[datetime, int, Callable[..., object]]] = []

    def on(self, days: int, step: Callable[..., object], *args: Any, **more: Any) -> None:
        """Plan a step for a day before now; steps of one day are minutes apart."""
        place = len(self.planned)
        morning = (self.now - timedelta(days=days)).replace(hour=8, minute=0)
        at = morning + timedelta(minutes=place * 7 % 480)
        self.planned.append((at, place, partial(step, *args, **more)))

    def play(self) -> None:
        """Do everything that is planned, in the order of time."""
        for at, _place, step in sorted(self.planned, key=lambda planned: planned[:2]):
            step(at=at)

    def day(self, days: int) -> date:
        """Return the day that lies so many days before now; after now, where negative."""
        return (self.now - timedelta(days=days)).date()

    def writer(self, agency: str, seed: int = 0) -> User:
        """Return who acts for an agency: the alternate every third time, where there is one."""
        focal_point = self.people.focal_points[agency]
        return self.people.alternates.get(agency, focal_point) if seed % 3 == 1 else focal_point

    def reviewer(self, seed: int) -> User:
        """Return who decides: the second coordinator every third time."""
        people = self.people
        return people.second_coordinator if seed % 3 == 2 else people.coordinator

    def do(self, verb: str, obj: Any, *, by: User, at: datetime, **facts: Any) -> Any:
        """Perform a verb with the present version of an object."""
        obj.refresh_from_db(fields=["version"])
        return workflow.perform(verb, obj, by=by, at=at, version=obj.version, **facts)

    # who does what

    def propose(
        self, place: Place, role: str, *, at: datetime, target: int | None = None, exact: int = 0
    ) -> None:
        """Assign an action to an agency."""
        action, agency = place
        dated: dict[str, Any] = {}
        if target is not None:
            dated = {"target_on": self.day(-target), "target_precision": PRECISIONS[exact % 3]}
        self.assignments[place] = self.do(
            "assign",
            self.actions[action],
            by=self.people.coordinator,
            at=at,
            agency=self.agencies[agency],
            role=role,
            through=self.groups.get(demo_plan.THROUGH.get(place, "")),
            **dated,
        )

    def answer(self, verb: str, place: Place, *, at: datetime, text: str = "") -> None:
        """Let an agency answer, or the coordinator take an assignment back."""
        steering = verb in ("withdraw", "end")
        by = self.people.coordinator if steering else self.people.focal_points[place[1]]
        self.do(verb, self.assignments[place], by=by, at=at, note=demo(text))

    def move_target(self, place: Place, days: int, *, at: datetime) -> None:
        """Change a target date, with the reason."""
        self.do(
            "set_target",
            self.assignments[place],
            by=self.people.focal_points[place[1]],
            at=at,
            note=demo(demo_texts.LATER_TARGET),
            target_on=self.day(-days),
            target_precision=Precision.DAY,
        )

    # the rounds

    def prepare(self, number: int, code: str, *, at: datetime) -> None:
        """Plan a round; supporting agencies report in the second one."""
        opens, due, closes = (self.day(days) for days in ROUNDS[number])
        made = Round(
            framework=self.framework,
            code=code,
            opens_on=opens,
            due_on=due,
            closes_on=closes,
            with_supporting=number == 1,
        )
        revisions.create(made, by=self.people.administrator, at=at)
        self.rounds.append(made)

    def open(self, number: int, *, at: datetime) -> None:
        """Open a round and remember the updates that are owed in it."""
        self.do("open", self.rounds[number], by=self.people.coordinator, at=at)
        for update in Update.objects.with_place().filter(duty__round=self.rounds[number]):
            assignment, agency = update.duty.assignment, update.duty.agency
            if assignment is not None:
                place = (assignment.action.code, assignment.agency.code)
            else:
                place = (demo_plan.QUESTIONNAIRE, agency.code if agency else "")
            self.updates[number, place] = update

    def close(self, number: int, *, at: datetime) -> None:
        """Close a round."""
        self.do("close", self.rounds[number], by=self.people.coordinator, at=at)

    def bring_forward(self, place: Place, days: int, *, at: datetime) -> None:
        """Ask for an update of the open round earlier."""
        duty = Duty.objects.get(round=self.rounds[-1], assignment=self.assignments[place])
        reason = demo(demo_texts.EARLIER)
        by = self.people.coordinator
        self.do("set_due", duty, by=by, at=at, note=reason, due_on=self.day(days))

    # one report

    def write(self, number: int, place: Place, letter: str, seed: int, *, at: datetime) -> None:
        """Save the draft of a report, with its evidence."""
        update, by = self.updates[number, place], self.writer(place[1], seed)
        if letter in "iux" and place != WITHOUT_EVIDENCE:
            self.show(update, place, by=by, at=at)
        elif letter == "p" and seed % 4 == 0:
            self.link(update, place, by=by, at=at, public=seed % 8 == 0)
        content = self.content(place, letter, seed)
        updates.save_draft(update, content=content, by=by, at=at, version=0)

    def content(self, place: Place, letter: str, seed: int) -> dict[str, Any]:
        """Return what a report says."""
        if letter in "=0":
            kind = SubmissionKind.NO_CHANGE if letter == "=" else SubmissionKind.NOTHING_TO_REPORT
            text = demo_texts.NO_CHANGE if letter == "=" else demo_texts.NOTHING
            return {"kind": kind, "body": {"done": demo(text)}}
        if letter == "q":
            return {"kind": SubmissionKind.REPORT, "body": demo_texts.answers(seed)}
        return {
            "kind": SubmissionKind.REPORT,
            "status": CLAIMS[letter],
            "body": demo_texts.body(place[0], seed),
            "reason": demo(demo_texts.ON_HOLD) if letter == "h" else "",
            "resume_on": self.day(-60) if letter == "h" else None,
            "discontinued_because": BECAUSE.get(letter, ""),
            "superseded_by": self.actions["B3"] if letter == "s" else None,
            "evidence_waiver": demo(demo_texts.WAIVER) if place == WITHOUT_EVIDENCE else "",
        }

    def show(self, update: Update, place: Place, *, by: User, at: datetime) -> None:
        """Add the evidence of what is reported as implemented: a file once, else a link."""
        if place != WITH_FILE:
            self.link(update, place, by=by, at=at, public=True)
            return
        file = ContentFile(b"Demo: this file stands for an evaluation report.\n", "demo-report.txt")
        title = demo("evaluation report")
        evidence.add_file(update, file=file, title=title, public=True, by=by, at=at)

    def link(self, update: Update, place: Place, *, by: User, at: datetime, public: bool) -> None:
        """Add a link as evidence."""
        action, agency = place
        evidence.add_link(
            update,
            url=f"https://demo.example/{agency.lower()}/{action.lower()}",
            title=demo(f"{self.agencies[agency].acronym} on {action}"),
            public=public,
            by=by,
            at=at,
        )

    def send(self, number: int, place: Place, seed: int, *, at: datetime) -> None:
        """Send what was written."""
        update = self.updates[number, place]
        version = Draft.objects.get(update=update).version
        self.do("submit", update, by=self.writer(place[1], seed), at=at, draft_version=version)

    def rewrite(self, number: int, place: Place, letter: str, seed: int, *, at: datetime) -> None:
        """Write again what was returned."""
        update, by = self.updates[number, place], self.writer(place[1], seed)
        content = self.content(place, letter, seed + 1)
        updates.save_draft(update, content=content, by=by, at=at, version=0)

    def approve(self, number: int, place: Place, letter: str, seed: int, *, at: datetime) -> None:
        """Approve a report and answer the question about its claim."""
        facts = {"claim": "leave_open" if letter == "u" else "agree"}
        if letter == "x":
            facts = {
                "claim": "differ",
                "status": ImplementationStatus.IN_PROGRESS,
                "reason": demo(demo_texts.ASSESSED),
            }
        update = self.updates[number, place]
        self.do("approve", update, by=self.reviewer(seed), at=at, **facts)

    def give_back(
        self, verb: str, number: int, place: Place, due: int, *, at: datetime, text: str
    ) -> None:
        """Return or reopen a report, with a new due date."""
        field = "q1" if place[0] == demo_plan.QUESTIONNAIRE else "done"
        said: dict[str, Any] = {}
        if verb == "return":
            said["field_comments"] = {field: demo(demo_texts.FIELD_COMMENT)}
            said["suggestions"] = {field: demo(demo_texts.SUGGESTION)}
        self.do(
            verb,
            self.updates[number, place],
            by=self.people.coordinator,
            at=at,
            note=demo(text),
            due_on=self.day(due),
            **said,
        )

    def take_back(self, number: int, place: Place, seed: int, *, at: datetime) -> None:
        """Withdraw a report before a decision."""
        self.do("withdraw", self.updates[number, place], by=self.writer(place[1], seed), at=at)

    def assess(self, place: Place, status: str, *, at: datetime) -> None:
        """Assess the claim in force anew."""
        by = self.people.second_coordinator
        self.do("assess", self.assignments[place], by=by, at=at, status=status)


def of(model: type[Versioned], **which: Any) -> QuerySet[Any]:
    """Return rows of a model in the order in which they were loaded."""
    return model._default_manager.filter(**which).order_by("id")
