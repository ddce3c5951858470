"""A machine that does at random what people do, and looks at every row after each step."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from agencies import history, revisions
from agencies.access import roles_of
from agencies.models import Event, Membership, User, Versioned
from recommendations.domain import access, updates, workflow
from recommendations.models import (
    Action,
    Assignment,
    Decision,
    Draft,
    Duty,
    Framework,
    Round,
    Update,
)
from tests import make, soundness
from tests.entry_paths import IN_THE_ADMIN, PATHS, REFUSALS, Step, ways
from tests.figures import DRILL, figure

RUNS, STEPS = figure(small=60, full=500), figure(small=30, full=50)
KINDS = ("action", "assignment", "round", "duty", "update", "membership")
OFTEN: dict[type[Versioned], int] = {Action: 1, Assignment: 3, Round: 1, Duty: 1, Update: 3}
NUMBER = st.integers(min_value=0, max_value=9999)

TEXTS: tuple[dict[str, Any], ...] = (
    {"status": "in_progress"},
    {"status": "not_started"},
    {"status": "continuing"},
    {"status": "implemented", "evidence_waiver": "It is a law since May."},
    {"status": "implemented"},
    {"status": "on_hold", "reason": "No funds.", "resume_on": date(2027, 1, 1)},
    {"status": "discontinued", "discontinued_because": "overtaken"},
    {"kind": "no_change"},
    {"kind": "nothing_to_report", "status": ""},
)


class World:
    """Two actions, two agencies, two planned rounds with a question, people who change sides."""

    def __init__(self) -> None:
        self.cast = make.cast()
        self.merged = make.merged_away(self.cast, make.action(self.cast.area, "A2", order=2))
        make.question(self.cast.framework)
        for code in ("2026-H1", "2026-H2"):
            make.planned_round(self.cast.framework, code)
        second = make.person("Second coordinator", office="coordinator")
        cast = self.cast
        self.coordinators = (cast.coordinator, second)
        self.writers = (
            *(cast.ilo_focal_point, cast.ilo_alternate, cast.iom_focal_point),
            *(cast.ilo_coordinator, cast.coordinator),
        )
        self.people: tuple[User, ...] = (
            cast.ilo_focal_point,
            cast.coordinator,
            second,
            cast.iom_focal_point,
            cast.ilo_alternate,
            cast.ilo_coordinator,
            cast.administrator,
            cast.observer,
            cast.stranger,
        )


class FollowUp(RuleBasedStateMachine):
    """One run: it begins with the world as built, and leaves nothing behind."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.now = world, make.NOW
        self.done: Counter[str] = Counter()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.remember()

    def teardown(self) -> None:
        # A decider may have joined the agency since, and written: asked at each step.
        since = {*soundness.sides(Decision.objects.all())}
        problems = [text for text in soundness.problems() if text not in since]
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        assert problems == []

    def remember(self) -> None:
        """Keep what the next invariants compare with."""
        self.versions = soundness.versions(KINDS)
        self.last_event = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
        self.last_decision = (
            Decision.objects.order_by("-id").values_list("id", flat=True).first() or 0
        )
        self.counter = Framework.objects.get(pk=self.world.cast.framework.pk).counter
        self.counted = 0

    # --- what people do ----------------------------------------------------------------------

    @initialize(role=st.sampled_from(("lead", "co_lead")))
    def begin(self, role: str) -> None:
        """Let an agency take something on and a round open, so that there is a duty soon."""
        cast = self.world.cast
        make.do("assign", cast.action, by=cast.coordinator, agency=cast.ilo, role=role)
        make.do("accept", cast.action.assignments.get(), by=cast.ilo_focal_point)
        make.do("open", Round.objects.get(code="2026-H1"), by=cast.coordinator)
        self.remember()

    @rule(n=NUMBER, which=NUMBER, who=NUMBER, path=NUMBER)
    def do_what_is_possible(self, n: int, which: int, who: int, path: int) -> None:
        """Somebody who may does what the state of an object allows."""
        obj = self.any_object(n)
        noun = access.noun_of(obj)
        verbs = [row.verb for row in workflow.TABLE if row.noun == noun and row.is_legal(obj)]
        if not verbs:
            return
        verb = verbs[which % len(verbs)]
        if verb == "close" and which % 4:
            return
        people = self.world.people
        for place in range(len(people)):
            person = people[(who + place) % len(people)]
            if access.may(roles_of(person, at=self.now), verb, obj, at=self.now):
                self.go(verb, obj, person, path, which)
                return

    @rule(
        n=NUMBER,
        which=NUMBER,
        who=NUMBER,
        path=NUMBER,
        behind=st.sampled_from((0, 0, 1)),
        complete=st.booleans(),
    )
    def try_anything(
        self, n: int, which: int, who: int, path: int, behind: int, complete: bool
    ) -> None:
        """Anybody tries anything, perhaps on an old version, perhaps without the facts."""
        obj = self.any_object(n)
        verbs = sorted({row.verb for row in workflow.TABLE if row.noun == access.noun_of(obj)})
        person = self.world.people[who % len(self.world.people)]
        verb = verbs[which % len(verbs)]
        self.go(
            verb,
            obj,
            person,
            path,
            which,
            behind=behind,
            complete=complete,
            open_to_them=False,
        )

    @rule(n=NUMBER, who=NUMBER, text=st.sampled_from(TEXTS), behind=st.sampled_from((0, 0, 0, 1)))
    def write(self, n: int, who: int, text: dict[str, Any], behind: int) -> None:
        """Somebody saves a draft."""
        written = Update.objects.order_by("id")
        if not written:
            return
        update = written[n % len(written)]
        person = self.world.writers[who % len(self.world.writers)]
        draft = Draft.objects.filter(update=update).first()
        version = (draft.version if draft else 0) - behind
        try:
            updates.save_draft(
                update,
                content=make.content_of(update) | text,
                by=person,
                at=self.now,
                version=version,
            )
        except REFUSALS:
            self.done["draft refused"] += 1
        else:
            self.done["draft done"] += 1

    @rule(n=NUMBER, text=st.sampled_from(TEXTS))
    def report(self, n: int, text: dict[str, Any]) -> None:
        """The focal point writes and sends, as on most days."""
        writable = [
            update
            for update in Update.objects.with_place().order_by("id")
            if update.review_state in updates.WRITABLE and not updates.why_closed(update)
        ]
        if not writable:
            return
        update, cast = writable[n % len(writable)], self.world.cast
        ours = update.agency_id == cast.ilo.pk
        by = cast.ilo_focal_point if ours else cast.iom_focal_point
        make.drafted(update, by=by, at=self.now, **text)
        self.go("submit", update, by, n)

    @rule(n=NUMBER, which=NUMBER, who=NUMBER, path=NUMBER)
    def decide(self, n: int, which: int, who: int, path: int) -> None:
        """A coordinator, impartial or not, looks at what was sent."""
        sent = Update.objects.filter(review_state__in=("submitted", "approved")).order_by("id")
        if not sent:
            return
        update = sent[n % len(sent)]
        verb = ("approve", "return")[which // 3 % 2]
        if update.review_state == "approved":
            verb = "reopen"
        by = (*self.world.coordinators, self.world.cast.ilo_coordinator)[who % 3]
        self.go(verb, update, by, path, which)

    @rule(n=NUMBER, which=NUMBER, many=st.booleans())
    def administer(self, n: int, which: int, many: bool) -> None:
        """An administrator chooses rows in a list, one or all."""
        steps = [
            (verb, obj)
            for noun, verb in sorted(IN_THE_ADMIN)
            for obj in soundness.VERSIONED[noun]._default_manager.order_by("id")
            if workflow.ROWS[noun, verb].is_legal(obj)
        ]
        if steps:
            verb, obj = steps[n % len(steps)]
            way = "admin on many rows" if many else "admin"
            # What ends a world is done now and then only: there would be little left to do.
            if verb in ("open", "set_due") or not which % 6:
                self.go(verb, obj, self.world.cast.administrator, way, which)

    @rule(
        minutes=st.one_of(
            st.integers(min_value=10, max_value=4000), st.integers(min_value=-120, max_value=-1)
        ),
        who=st.integers(min_value=0, max_value=9),
    )
    def meanwhile(self, minutes: int, who: int) -> None:
        """Time passes, or the next machine's clock is behind; a coordinator changes sides."""
        self.now = max(self.now + timedelta(minutes=minutes), make.NOW)
        if who < 2:
            self.change_sides(self.world.coordinators[who])

    # --- how --------------------------------------------------------------------------------

    def change_sides(self, person: User) -> None:
        """Let a coordinator join the ILO, or leave it."""
        ilo, today = self.world.cast.ilo, self.now.date()
        membership = Membership.objects.filter(user=person, agency=ilo, until_on=None).first()
        if membership is None:
            joined = Membership(user=person, agency=ilo, capacity="alternate", from_on=today)
            revisions.create(joined, by=None, at=self.now)
        elif membership.from_on < today:
            revisions.revise(
                membership,
                values={"until_on": today - timedelta(days=1)},
                by=None,
                at=self.now,
                note="Moved.",
                version=membership.version,
            )

    def any_object(self, n: int) -> Versioned:
        """Return one of all objects, those whose states matter most more often."""
        objects = [
            obj
            for model, times in OFTEN.items()
            for obj in list(model._default_manager.order_by("id")) * times
        ]
        return objects[n % len(objects)]

    def go(
        self,
        verb: str,
        obj: Versioned,
        by: User,
        path: int | str,
        which: int = 0,
        *,
        behind: int = 0,
        complete: bool = True,
        open_to_them: bool = True,
    ) -> None:
        """Take a step on one of the ways."""
        obj.refresh_from_db()
        step = Step(
            verb=verb,
            obj=obj,
            by=by,
            at=self.now,
            version=obj.version - behind,
            note="Agreed by telephone." if complete else "",
            facts=self.facts(verb, obj, which) if complete else {},
        )
        offered = ways(step, open_to_them=open_to_them)
        way = path if isinstance(path, str) else offered[path % len(offered)]
        self.counted = PATHS[way](step)
        outcome = "done" if self.counted else "refused"
        self.done[outcome] += 1
        self.done[f"{verb} {outcome}"] += 1
        self.done[f"{outcome} by {way}"] += 1

    def facts(self, verb: str, obj: Versioned, which: int) -> dict[str, Any]:
        """Return what a verb asks for."""
        cast = self.world.cast
        due = {"due_on": self.now.date() + timedelta(days=10)}
        draft = Draft.objects.filter(update=obj.pk).first() if verb == "submit" else None
        role = ("lead", "co_lead", "co_lead", "supporting")[which % 4]
        return {
            "assign": {"agency": (cast.ilo, cast.iom)[which // 4 % 2], "role": role},
            "take_over": {"assignment": self.world.merged},
            "set_target": {"target_on": due["due_on"]},
            "assess": {"status": ("implemented", "in_progress", "on_hold")[which % 3]},
            "set_due": due,
            "return": due,
            "reopen": due,
            "submit": {"draft_version": draft.version if draft else 0},
            "approve": {
                "claim": ("agree", "leave_open", "differ")[which % 3],
                "status": "continuing",
                "reason": "Seen on a visit.",
            },
        }.get(verb, {})

    # --- what must hold after each step --------------------------------------------------------

    @invariant()
    def each_changed_object_has_one_event_and_each_event_its_object(self) -> None:
        events = list(Event.objects.filter(id__gt=self.last_event).order_by("id"))
        now = soundness.versions(KINDS)
        changed = {
            key: version for key, version in now.items() if self.versions.get(key) != version
        }
        assert {(event.object_type, event.object_id): event.number for event in events} == changed
        assert len(events) == len(changed)
        assert {version - self.versions.get(key, 0) for key, version in changed.items()} <= {1}
        assert [*soundness.unfaithful(changed)] == []
        touched = Event.objects.filter(
            object_type__in={kind for kind, _ in changed}, object_id__in={pk for _, pk in changed}
        )
        chains = touched.order_by("object_type", "object_id", "number")
        assert history.broken_links(chains) == []

        new = Decision.objects.filter(id__gt=self.last_decision)
        counter = Framework.objects.get(pk=self.world.cast.framework.pk).counter
        assert counter - self.counter == self.counted
        self.done["steps"] += 1
        if not changed:
            assert not new
            return
        assert [*soundness.own_texts(new)] == []
        assert [*soundness.sides(new)] == []
        assert [*soundness.wrong_states()] == []
        assert [*soundness.wrong_duties()] == []
        assert [*soundness.wrong_latest()] == []
        assert [*soundness.wrong_copies()] == []
        self.remember()


@pytest.mark.drill
def test_whatever_people_do_the_rows_stay_sound(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World()
    done: Counter[str] = Counter()
    runs: list[FollowUp] = []

    def machine() -> FollowUp:
        runs.append(FollowUp(world))
        return runs[-1]

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not DRILL,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    for run in runs:
        done += run.done
    with capsys.disabled():
        print(f"\n{len(runs)} runs of up to {STEPS} steps: {done}")
    assert len(runs) >= RUNS
    assert done["done"] > 3 * RUNS
    assert done["refused"] > RUNS
    assert [path for path in PATHS if not done[f"done by {path}"]] == []
    if DRILL:
        assert [row.verb for row in workflow.TABLE if not done[f"{row.verb} done"]] == []
