"""Stories that programs tell with the API: each request follows from the answers before it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import timedelta
from random import Random
from typing import Any, ClassVar

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.core import NotSet

from recommendations.api.schema.document import document
from recommendations.api.schema.shapes import name_of
from recommendations.api.tables import BY_NAME, BY_NOUN
from recommendations.domain import workflow
from recommendations.models import Action, Comment, Duty
from tests import make
from tests.figures import DRILL, figure
from tests.recommendations.api.described import HOW, Actor, Story, described
from tests.recommendations.api.test_permissions import CHANGE, ENTER, GIVEN
from tests.stage import ASKED, NEW_DUE, Stage
from tests.undone import undone

STORIES, STEPS = figure(small=1, full=10), figure(small=24, full=30)
"""For each actor and each list with which stories begin."""
ACTORS = ("focal_point", "coordinator", "administrator")
BEGINNINGS = [(one.name,) for one in BY_NOUN.values()]
BEGINNINGS.append(("reports", *(name for name in BY_NAME if (name,) not in BEGINNINGS)))
"""What something is done with, each on its own; and all that is entered, changed or read."""
VERBS = {
    f"{row.noun}_{row.verb}": (row, *GIVEN[f"api-{BY_NOUN[row.noun].name}-{row.verb}"])
    for row in workflow.TABLE
}
"""Each verb, with something it can be done to, and a body that is complete."""
STATES = {"assignments": "acceptance", "updates": "review_state"}
"""The field that tells the state of a row, where it is not `state`."""
WRITING = ("update_draft_save", "update_draft_delete", "update_evidence_add")
WRITES = {
    operation["operationId"]
    for methods in document()["paths"].values()
    for method, operation in methods.items()
    if method != "get"
}
REQUESTS = figure(small=120, full=1700)
"""For each actor, at least."""
ROUNDS = {f"round_{verb}" for verb in ("open", "hold", "release", "extend", "close", "reopen")}
DUTIES = {f"duty_{verb}" for verb in ("set_due", "waive")}
FLOOR: dict[str, set[str]] = {
    "focal_point": {
        *(f"assignment_{verb}" for verb in ("accept", "accept_partly", "decline")),
        *("assignment_report", "assignment_set_target", "duty_ask"),
        *("update_answer_comment", "update_correct", "update_evidence_add"),
    },
    "coordinator": {
        *("action_assign", "assignment_end", "assignment_set_target"),
        *("assignment_withdraw", "duty_grant", "duty_refuse", *DUTIES, *ROUNDS),
        *("update_approve", "update_comment", "update_retract", "update_return"),
    },
    "administrator": {
        *("action_assign", "assignment_end", "assignment_set_target", "assignment_withdraw"),
        *("change_Actions", "enter_Actions", *DUTIES, *ROUNDS),
    },
}
"""What each of them gets done at least, in the full figure."""
BODIES: dict[str, dict[str, Any]] = {
    **{name: given for name, (_row, _where, given) in VERBS.items()},
    **{f"enter_{name_of(BY_NAME[name])}": given for name, given in ENTER.items()},
    **{f"change_{name_of(BY_NAME[name])}": given for name, given in CHANGE.items()},
    "update_draft_save": {"status": "continuing"},
    "update_evidence_add": {"url": "https://example.org/"},
    "report_order": {"report": "agency", "agency": "ILO", "format": "pdf"},
}


@pytest.fixture(autouse=True)
def same_world(play: Stage) -> Iterator[None]:
    """Begin with the same world, whichever test was before."""
    with undone():
        yield


@pytest.fixture
def asked_for_time(same_world: None, play: Stage) -> None:
    """Let several duties wait for an answer: one alone is mostly granted before it is refused."""
    until = NEW_DUE + timedelta(days=30)
    known = [play.objects[name].pk for name in ("duty open", "duty open, asked")]
    duties = Duty.objects.filter(
        round=play.objects["round open"].pk,
        assignment__agency=play.cast.ilo,
        state="open",
        updates__review_state__in=("draft", "returned"),
    )
    for duty in duties.exclude(pk__in=known).order_by("pk"):
        make.do("ask", duty, by=play.cast.ilo_focal_point, at=ASKED, note="Late.", until_on=until)


def any_row(link: dict[str, Any]) -> dict[str, Any]:
    """Let a link from a list lead to any of its rows; the standard knows the first alone."""
    text = json.dumps(link).replace("/results/0/", "/results/*/")
    return {**json.loads(text), "x-schemathesis": {"is_inferred": True}}


def linked(description: dict[str, Any]) -> dict[str, Any]:
    """Return the description with links that lead to every row."""
    for methods in description["paths"].values():
        for operation in methods.values():
            for answer in operation["responses"].values():
                links = answer.get("links", {})
                links |= {name: any_row(one) for name, one in links.items()}
    return description


class Teller:
    """Somebody who remembers what a story showed, and asks well for what can be done with it.

    What they choose follows from the request that was drawn, and from a world that is the same
    whenever a story begins: told again, it is the same, in any process.
    """

    def __init__(self, play: Stage) -> None:
        self.rng = Random()  # noqa: S311 - a repeatable story, no secret
        self.play = play
        self.states: dict[str, dict[Any, str]] = {}
        self.tags: dict[tuple[str, Any], str] = {}

    def learn(self, case: schemathesis.Case, answer: Any) -> None:
        """Remember the rows of an answer: the state and the tag of each."""
        if answer.status_code not in (200, 201) or "json" not in header(answer, "content-type"):
            return
        where = header(answer, "location") or case.operation.path
        name = where.partition("/api/v1/")[2].partition("/")[0]
        shown = answer.json()
        for row in shown.get("results", [shown]):
            key = row.get(BY_NAME[name].key) if name in BY_NAME else None
            if key is not None:
                self.states.setdefault(name, {})[key] = row.get(STATES.get(name, "state"), "")
                tag = header(answer, "etag") if shown is row else f'"{row.get("version")}"'
                self.tags[name, key] = tag

    def ask(self, case: schemathesis.Case) -> None:
        """Make a request one that leads on: a whole list, or a deed with all that it needs."""
        drawn = "" if isinstance(case.body, NotSet) else case.body
        self.rng.seed(repr((case.operation.label, case.query, drawn)))
        case.query = {"ordering": case.query["ordering"]} if "ordering" in case.query else {}
        case.headers.pop("If-None-Match", None)
        name = case.operation.definition.raw["operationId"]
        if name == "transitions":
            case.body = {"transitions": [self.row(self.rng.choice([*VERBS]))]}
        elif name in BODIES:
            case.media_type = "application/json"
            case.body = {**BODIES[name]}
            if name.startswith(("enter_", "change_")):
                case.body["reason"] = "A reason."
        if case.method == "GET" or "key" not in case.path_parameters:
            return
        of = case.operation.path.split("/")[3]
        key = self.key(name, of)
        if key is None:
            return
        case.path_parameters["key"] = key
        case.headers["If-Match"] = self.tags[of, key]
        case.body = self.naming(name, key, case.body)

    def row(self, name: str) -> dict[str, Any]:
        """Return one of many transitions."""
        verb, _where, given = VERBS[name]
        of = BY_NOUN[verb.noun].name
        key = self.key(name, of)
        return {
            "noun": verb.noun,
            "id": key or 1,
            "verb": verb.verb,
            "tag": self.tags.get((of, key), '"1"'),
            "facts": self.naming(name, key, given),
        }

    def key(self, name: str, of: str) -> Any:
        """Return the key of a row that was shown, in a state in which this can be done to it."""
        states: Collection[str] | None = ("draft", "returned") if name in WRITING else None
        known = self.states.get(of, {})
        if name in VERBS:
            row, where, _given = VERBS[name]
            states = row.sources if row.state_field else None
            pk = self.play.objects[where].pk
            if pk in known and known[pk] in (states or known[pk]) and self.rng.random() < 0.8:
                return pk
        keys = [key for key, state in known.items() if states is None or state in states]
        return self.rng.choice(keys) if keys else None

    def naming(self, name: str, key: Any, body: Any) -> Any:
        """Return a body with what it names by number."""
        if name.endswith(("_comment", "_suggestion")) and name != "update_comment":
            found = Comment.objects.filter(submission__update=key).first()
            return {**body, "comment": found.pk if found else 1}
        if name == "action_take_over" and self.play.merged:
            return {**body, "assignment": self.play.merged.pk}
        return body


def header(answer: Any, name: str) -> str:
    """Return a header of an answer, or nothing."""
    return str(answer.headers.get(name, [""])[0])


def beginning(name: str) -> str:
    """Return the rule by which a story begins with reading a list."""
    return f"RANDOM__GET_api_v1_{name.replace('-', '_')}_"


def machine_of(actor: Actor, play: Stage, names: Collection[str]) -> Any:
    """Return the machine that tells stories which begin with these lists."""
    tried = described(linked(document())).as_state_machine()

    class Told(Story, tried):  # type: ignore[misc, valid-type]
        root_rules: ClassVar = frozenset(map(beginning, names)) & tried.root_rules
        # The tool begins anew, after answers that nothing follows, once each of these was tried.
        _root_labels: ClassVar = {f"GET /api/v1/{one}/" for one in names} & tried._root_labels

        def setup(self) -> None:
            super().setup()
            self.teller = Teller(play)
            self.asked = 0

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            return {"base_url": "http://testserver", "headers": actor.headers}

        def before_call(self, case: schemathesis.Case) -> None:
            self.asked += 1
            if self.asked % 2:
                self.teller.ask(case)

        def validate_response(self, response: Any, case: schemathesis.Case, **more: Any) -> None:
            actor.judge(case, response)
            self.teller.learn(case, response)

    for name in tried.root_rules - Told.root_rules:
        setattr(Told, name, None)
    return Told


def test_each_story_begins_with_the_same_world(play: Stage) -> None:
    numbers = set()
    for _story in range(2):
        with undone():
            numbers.add(make.action(play.cast.area, "Z9", order=99).pk)

    assert len(numbers) == 1
    assert not Action.objects.filter(code="Z9").exists()


@pytest.mark.usefixtures("one_connection")
def test_a_story_goes_on_after_answers_that_lead_nowhere(play: Stage) -> None:
    actor = Actor("coordinator", play)

    class Refused(machine_of(actor, play, ["updates"])):  # type: ignore[misc]
        def before_call(self, case: schemathesis.Case) -> None:
            case.query = {"limit": "none"}

    Refused.run(settings=settings(HOW, max_examples=1, stateful_step_count=9))

    assert actor.answers == {400: 9}


@pytest.mark.usefixtures("one_connection")
def test_what_fails_in_a_story_is_told_as_it_is(play: Stage) -> None:
    class Failing(machine_of(Actor("coordinator", play), play, ["updates"])):  # type: ignore[misc]
        def before_call(self, case: schemathesis.Case) -> None:
            case.query = {"limit": "none"}
            if self.asked:
                raise LookupError("what failed")
            self.asked = 1

    with pytest.raises(LookupError, match="what failed"):
        Failing.run(settings=settings(HOW, max_examples=1, stateful_step_count=3))


@pytest.mark.drill
@pytest.mark.usefixtures("one_connection", "asked_for_time")
@pytest.mark.parametrize("name", ACTORS)
def test_no_story_leads_to_an_answer_that_is_not_described(
    name: str, play: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    actor = Actor(name, play)
    how = settings(HOW, max_examples=STORIES, stateful_step_count=STEPS)
    for names in BEGINNINGS:
        machine_of(actor, play, names).run(settings=how)
    done = {one: times for one, times in sorted(actor.done.items()) if one in WRITES}
    with capsys.disabled():
        print(f"\n{STORIES} stories of each beginning, {actor.told()}")
        print(f"{len(done)} of {len(WRITES)} that write: {done}")

    assert actor.answers.total() >= REQUESTS
    assert (FLOOR[name] if DRILL else set()) - done.keys() == set()
    assert len(done) >= 3
    # A few stories may never leave what the actor sees.
    assert ({200, 404} if DRILL else {200}) <= actor.answers.keys()
