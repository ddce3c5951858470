"""The API as a program tries it that has read its description and does not keep to it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from recommendations.api.schema.document import document
from recommendations.api.tables import BY_NOUN, RESOURCES
from tests.figures import DRILL, figure
from tests.recommendations.api.conftest import secret_of
from tests.recommendations.api.test_permissions import GIVEN
from tests.stage import Stage

CASES = figure(small=1, full=30)
"""For each operation and each actor, on its own."""
STORIES, STEPS = figure(small=4, full=100), figure(small=8, full=30)
"""For each actor: requests that follow from the answers to those before."""
ACTORS = ("anonymous", "focal_point", "coordinator", "administrator")
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
HOW = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SITE = WSGIHandler()


def site(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer as to somebody at an address: without one, strangers are refused everything."""
    return SITE({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)


def described(description: dict[str, Any]) -> Any:
    """Return what tries the site by a description."""
    found = schemathesis.openapi.from_dict(description)
    found.app = site
    return found


SCHEMA = described(document())
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations()]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the connection of the test open after each request, as Django's own client does."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


class Actor:
    """Somebody with a token or without, who counts what they are answered."""

    def __init__(self, name: str, play: Stage) -> None:
        self.name = name
        self.headers: dict[str, str] = {}
        if name != "anonymous":
            self.headers["Authorization"] = f"Bearer {secret_of(play.people[name])}"
        self.answers: Counter[int] = Counter()
        self.done: Counter[str] = Counter()

    def judge(self, case: schemathesis.Case, answer: Any) -> None:
        """Hold an answer against the description, and count it."""
        case.validate_response(answer, checks=CHECKS)
        assert answer.status_code < 500
        self.answers[answer.status_code] += 1
        if answer.status_code < 300:
            self.done[case.operation.label] += 1

    def told(self) -> str:
        """Return what was counted."""
        changed = [name for name in self.done if not name.startswith("GET")]
        by_status = ", ".join(f"{status}: {n}" for status, n in sorted(self.answers.items()))
        return (
            f"{self.name}: {self.answers.total()} cases, {len(self.done)} operations done, "
            f"{len(changed)} of them writing; {by_status}"
        )


@pytest.mark.drill
@pytest.mark.parametrize("name", ACTORS)
def test_nothing_that_is_sent_gets_an_answer_that_is_not_described(
    name: str, play: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    actor = Actor(name, play)
    for operation in OPERATIONS:
        try_one(operation, actor)
    with capsys.disabled():
        print(f"\n{actor.told()}")

    assert public_lists() <= actor.done.keys()


def public_lists() -> set[str]:
    """Return the operations that every actor can do."""
    return {f"GET /api/v1/{one.name}/" for one in RESOURCES if one.public}


def try_one(operation: schemathesis.APIOperation, actor: Actor) -> None:
    """Try an operation with what its description allows, and hold the answers against it."""

    @settings(HOW, max_examples=CASES)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        with transaction.atomic():
            actor.judge(case, case.call(base_url="http://testserver", headers=actor.headers))
            transaction.set_rollback(True)

    tried()


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


def complete(case: schemathesis.Case) -> None:
    """Let a request be one that leads on: a whole list, or a verb with all that it needs."""
    case.query = {name: case.query[name] for name in ("limit", "ordering") if name in case.query}
    *_start, noun, _key, verb, _end = ["", "", "", *case.operation.path.split("/")]
    if f"api-{noun}-{verb}" in GIVEN:
        case.body = GIVEN[f"api-{noun}-{verb}"][1]


def begins(rule: str) -> bool:
    """Say whether a story may begin so: by reading a list of what something can be done with."""
    return any(rule == f"RANDOM__GET_api_v1_{one.name}_" for one in BY_NOUN.values())


def machine_of(actor: Actor) -> Any:
    """Return the machine that tells stories, and undoes each."""
    tried = described(linked(document())).as_state_machine()

    class Story(tried):  # type: ignore[misc, valid-type]
        root_rules: ClassVar = frozenset(filter(begins, tried.root_rules))

        def setup(self) -> None:
            self.undone = transaction.atomic()
            self.undone.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            return {"base_url": "http://testserver", "headers": actor.headers}

        def before_call(self, case: schemathesis.Case) -> None:
            self.begun = not getattr(self, "begun", False)
            if self.begun:
                complete(case)

        def validate_response(self, response: Any, case: schemathesis.Case, **more: Any) -> None:
            actor.judge(case, response)

    for name in tried.root_rules - Story.root_rules:
        setattr(Story, name, None)
    return Story


@pytest.mark.drill
@pytest.mark.parametrize("name", ACTORS[1:])
def test_no_story_leads_to_an_answer_that_is_not_described(
    name: str, play: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    actor = Actor(name, play)
    machine_of(actor).run(settings=settings(HOW, max_examples=STORIES, stateful_step_count=STEPS))
    with capsys.disabled():
        print(f"\n{STORIES} stories, {actor.told()}")

    assert actor.answers.total() >= STORIES * 2
    # A few stories may never leave what the actor sees.
    assert ({200, 404} if DRILL else {200}) <= actor.answers.keys()
