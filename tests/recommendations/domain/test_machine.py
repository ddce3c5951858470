"""A machine that does at random what people do, and looks at every row after each step."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Max, Model
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
from recommendations.domain import access, clearing, more_time, updates, workflow
from recommendations.models import (
    AcceptanceAnswer,
    Action,
    Assessment,
    Assignment,
    Comment,
    Decision,
    Draft,
    Duty,
    Framework,
    Publication,
    Round,
    TargetDate,
    Update,
)
from tests import make, soundness
from tests.entry_paths import IN_THE_ADMIN, PATHS, REFUSALS, Step, ways
from tests.figures import DRILL, figure

RUNS, STEPS = figure(small=30, full=500), figure(small=30, full=50)
KINDS = ("action", "assignment", "round", "duty", "update", "membership")
OFTEN: dict[type[Versioned], int] = {Action: 1, Assignment: 3, Round: 1, Duty: 1, Update: 3}
# From bytes: where integers are drawn, those that stand anywhere in our code come more often, so
# that every line of code would make it another walk.
NUMBER = st.binary(min_size=2, max_size=2).map(lambda drawn: int.from_bytes(drawn, "big"))

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


SELDOM = (
    ("update", "approve"),
    ("assignment", "assess"),
    ("update", "approve"),
    ("assignment", "consider"),
    ("update", "correct"),
    ("update", "approve"),
    ("assignment", "decline"),
    ("duty", "grant"),
)
"""What chance alone hardly ever meets in a state that allows it."""
MODELS: dict[str, type[Versioned]] = {"assignment": Assignment, "duty": Duty, "update": Update}
LEAVES_WORK = ("open", "extend", "reopen", "release", "set_due")
"""What an administrator does in a list that ends nothing."""
OF_A_COMMENT = ("answer_comment", "close_comment", "take_suggestion")


def said_about_fields(which: int) -> dict[str, Any]:
    """Return what a reviewer says about fields, sometimes with a suggested text."""
    return {
        "field_comments": {"done": "When?"} if which % 2 else {},
        "suggestions": {"done": f"Suggestion {which % 7}."} if which % 3 else {},
    }


def newest(model: type[Model]) -> int:
    """Return the id of the newest row, 0 where there is none."""
    return model._default_manager.aggregate(newest=Max("id"))["newest"] or 0


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
        # The IOM sends only what its officer has cleared.
        self.officer = make.person("IOM clearing officer")
        make.clears(cast.iom, by=self.officer)
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
            self.officer,
        )


def shown_to_the_public() -> dict[str, set[int]]:
    """Return the rows that the public sees, by what they are."""
    public = Publication.objects.exclude(submission__decisions__verb="retract")
    published = Publication.objects.values("submission")
    active = Assignment.objects.active()
    opened = Round.objects.exclude(state="planned")
    return {
        "rounds": set(opened.values_list("pk", flat=True)),
        "texts": set(public.values_list("pk", flat=True)),
        "assessments": set(
            Assessment.objects.filter(submission__in=published).values_list("pk", flat=True)
        ),
        "answers": set(
            AcceptanceAnswer.objects.filter(assignment__in=active).values_list("pk", flat=True)
        ),
        "targets": set(
            TargetDate.objects.filter(assignment__in=active).values_list("pk", flat=True)
        ),
    }


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
        self.last_event = newest(Event)
        self.last_publication = newest(Publication)
        self.last_decision = newest(Decision)
        framework = Framework.objects.get(pk=self.world.cast.framework.pk)
        self.counter, self.public_counter = framework.counter, framework.public_counter
        self.shown = shown_to_the_public()
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
        if verb in ("close", "waive") and which % 4:
            return
        self.somebody_does(verb, obj, who, path, which)

    @rule(n=NUMBER, which=NUMBER, who=NUMBER, path=NUMBER)
    def do_what_is_seldom_possible(self, n: int, which: int, who: int, path: int) -> None:
        """Somebody who may does one of the things whose turn seldom comes."""
        noun, verb = SELDOM[which % len(SELDOM)]
        row = workflow.ROWS[noun, verb]
        found = MODELS[noun]._default_manager.order_by("id")
        rows = [obj for obj in found if row.is_legal(obj)]
        if rows:
            self.somebody_does(verb, rows[n % len(rows)], who, path, which)

    def somebody_does(self, verb: str, obj: Any, who: int, path: int, which: int) -> None:
        """Let the first person who may do it."""
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

    @rule(n=NUMBER)
    def clear_or_send(self, n: int) -> None:
        """The officer of the IOM clears what is written; what is cleared is sent."""
        cast = self.world.cast
        drafts = Draft.objects.filter(update__duty__assignment__agency=cast.iom).order_by("id")
        if not drafts:
            return
        update = Update.objects.with_place().get(pk=drafts[n % len(drafts)].update_id)
        if clearing.to_clear([update]):
            self.go("clear", update, self.world.officer, "domain")
        else:
            self.go("submit", update, cast.iom_focal_point, "domain")

    @rule(n=NUMBER, which=NUMBER, text=st.sampled_from(TEXTS))
    def enter_on_behalf(self, n: int, which: int, text: dict[str, Any]) -> None:
        """A coordinator enters what somebody of an agency, or a stranger, told them."""
        answers = Assignment.objects.order_by("id")
        updates_there = Update.objects.order_by("id")
        rows: list[Any] = [*answers, *updates_there]
        if not rows:
            return
        obj, people = rows[n % len(rows)], self.world.people
        verb = "submit" if isinstance(obj, Update) else ("accept", "decline")[which % 2]
        try:
            workflow.perform(
                verb,
                obj,
                by=self.world.coordinators[which % 2],
                at=self.now,
                version=obj.version,
                note="Told by telephone.",
                on_behalf_of=people[which // 2 % len(people)],
                content=make.REPORT | text,
            )
        except REFUSALS:
            self.counted = 0
            self.done["on behalf refused"] += 1
        else:
            self.counted = 1
            self.done["on behalf done"] += 1
            self.done["done"] += 1
            self.done["done"] += 1

    @rule(n=NUMBER, which=NUMBER, who=NUMBER, path=NUMBER)
    def decide(self, n: int, which: int, who: int, path: int) -> None:
        """A coordinator, impartial or not, looks at what was sent; or the two sides talk."""
        if which % 2 and Comment.objects.filter(closed_at=None).exists():
            self.converse(n, which, who, path)
            return
        sent = Update.objects.filter(review_state__in=("submitted", "approved")).order_by("id")
        if not sent:
            return
        update = sent[n % len(sent)]
        verb = ("approve", "return", "return", "comment")[which // 2 % 4]
        if update.review_state == "approved":
            verb = ("reopen", "retract")[which // 6 % 2]
        elif not which % 5:
            verb = "retract"
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
            if verb in LEAVES_WORK or not which % 6:
                self.go(verb, obj, self.world.cast.administrator, way, which)

    @rule(n=NUMBER, which=NUMBER, path=st.sampled_from(sorted(PATHS)))
    def give_time(self, n: int, which: int, path: str) -> None:
        """Time moves by agreement: for a duty, for a round, or unasked."""
        (self.ask_or_answer, self.move_a_round, self.volunteer)[which % 3](n, which // 3, path)

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

    def converse(self, n: int, which: int, who: int, path: int) -> None:
        """Somebody of either side answers a comment, takes its suggestion, or closes it."""
        comments = Comment.objects.filter(closed_at=None).order_by("id")
        about = comments.select_related("submission__update")[n % len(comments)]
        update = about.submission.update
        cast = self.world.cast
        ours = cast.ilo_focal_point if update.agency_id == cast.ilo.pk else cast.iom_focal_point
        verb = OF_A_COMMENT[which // 2 % 3]
        if about.suggestion and update.review_state in updates.WRITABLE:
            verb = "take_suggestion"
            # Half of the time as the page offers it: the suggested text, whole.
            which = which if which % 2 else which - which % 15 + 2
        by = (
            (ours, ours, cast.coordinator)[who % 3] if verb != "close_comment" else cast.coordinator
        )
        self.go(verb, update, by, path, which)

    # --- how time is given -------------------------------------------------------------------

    def ask_or_answer(self, n: int, which: int, path: str) -> None:
        """Let an agency ask for more time, or the administrator grant or refuse it."""
        duties = Duty.objects.filter(state="open").order_by("id")
        if not duties:
            return
        duty = duties[n % len(duties)]
        if more_time.open_request(duty):
            verb = ("grant", "refuse")[which % 2]
            self.go(verb, duty, self.world.cast.administrator, path, which)
        else:
            self.go("ask", duty, self.focal_point(duty.answerable_id), path, which)

    def move_a_round(self, n: int, which: int, path: str) -> None:
        """Let the coordinator extend or reopen a round."""
        rounds = Round.objects.exclude(state="planned").order_by("id")
        round = rounds[n % len(rounds)]
        verb = "extend" if round.state == "open" else "reopen"
        self.go(verb, round, self.world.cast.coordinator, path, which)

    def volunteer(self, n: int, which: int, path: str) -> None:
        """Let an agency that supports an action report unasked, or take that on first."""
        cast = self.world.cast
        supporting = Assignment.objects.active().filter(role="supporting").order_by("id")
        if supporting:
            assignment = supporting[n % len(supporting)]
            self.go("report", assignment, self.focal_point(assignment.agency_id), path, which)
            return
        action = Action.objects.order_by("-id")[0]
        if not action.assignments.live().filter(agency=cast.iom):
            facts = {"agency": cast.iom, "role": "supporting"}
            assignment = make.do("assign", action, by=cast.coordinator, at=self.now, **facts)
            self.remember()
            self.go("accept", assignment, cast.iom_focal_point, path)

    def focal_point(self, agency_id: int) -> User:
        """Return who acts for an agency."""
        cast = self.world.cast
        return cast.ilo_focal_point if agency_id == cast.ilo.pk else cast.iom_focal_point

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
        terms = {"due_on": max(due["due_on"], date(2026, 5, 31) + timedelta(days=which % 40))}
        terms["closes_on"] = terms["due_on"] + timedelta(days=60)
        draft = Draft.objects.filter(update=obj.pk).first() if verb in ("submit", "clear") else None
        role = ("lead", "co_lead", "co_lead", "supporting")[which % 4]
        return {
            "assign": {"agency": (cast.ilo, cast.iom)[which // 4 % 2], "role": role},
            "take_over": {"assignment": self.world.merged},
            "set_target": {"target_on": due["due_on"]},
            "assess": {"status": ("implemented", "in_progress", "on_hold")[which % 3]},
            "set_due": due,
            "ask": {"until_on": (obj.due_on or due["due_on"]) + timedelta(days=which % 9)}
            if isinstance(obj, Duty)
            else {},
            "grant": due if which % 3 else {},
            "extend": terms,
            "report": {"round": Round.objects.filter(state="open").order_by("id").last()},
            "return": due | said_about_fields(which),
            "clear": {"draft_version": draft.version if draft else 0},
            "retract": due,
            "reopen": terms if isinstance(obj, Round) else due,
            "submit": {"draft_version": draft.version if draft else 0},
            "approve": {
                "claim": ("agree", "leave_open", "differ")[which % 3],
                "status": "continuing",
                "reason": "Seen on a visit.",
            }
            | said_about_fields(which),
            "comment": said_about_fields(which),
        }.get(verb, {}) | (self.about_a_comment(obj, which) if verb in OF_A_COMMENT else {})

    def about_a_comment(self, obj: Versioned, which: int) -> dict[str, Any]:
        """Return what an answer asks for: a comment, mostly an open one of this update."""
        comments = Comment.objects.order_by("id")
        if which % 5:
            comments = comments.filter(submission__update=obj.pk, closed_at=None)
        about = comments[which % len(comments)] if comments else None
        draft = Draft.objects.filter(update=obj.pk).first()
        mine = ("Two seminars.", "Something else.", about.suggestion if about else "")[which % 3]
        return {
            "comment": about.pk if about else 0,
            "text": "As you say.",
            "content": make.REPORT | {"body": {"done": mine}},
            "draft_version": draft.version if draft else 0,
            "replace": which % 2 == 0,
        }

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
        framework = Framework.objects.get(pk=self.world.cast.framework.pk)
        assert framework.counter - self.counter == self.counted
        risen = framework.public_counter - self.public_counter
        assert (risen > 0) == (shown_to_the_public() != self.shown)
        assert risen <= self.counted
        self.done["steps"] += 1
        if not changed:
            assert not new
            return
        assert [*soundness.own_texts(new)] == []
        assert [*soundness.wrong_senders()] == []
        assert [*soundness.sides(new)] == []
        assert [*soundness.wrong_states()] == []
        assert [*soundness.wrong_duties()] == []
        assert [*soundness.unasked()] == []
        assert [*soundness.wrong_requests()] == []
        assert [*soundness.wrong_latest()] == []
        assert [*soundness.wrong_copies()] == []
        assert [*soundness.wrong_publications()] == []
        published = Publication.objects.filter(id__gt=self.last_publication)
        assert [*soundness.held_back(published)] == []
        assert [*soundness.wrong_comments()] == []
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
