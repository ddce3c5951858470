"""The API as a program tries it that has read its description and does not keep to it."""

from __future__ import annotations

import pytest
import schemathesis
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.api.schema.document import document
from recommendations.api.schema.shapes import name_of
from recommendations.api.tables import RESOURCES
from tests.figures import figure
from tests.recommendations.api.described import HOW, Actor, described
from tests.stage import Stage

CASES = figure(small=1, full=30)
"""For each operation and each actor, on its own."""
ACTORS = ("anonymous", "focal_point", "coordinator", "administrator")
OPERATIONS = [one.ok() for one in described(document()).get_all_operations()]


@pytest.mark.drill
@pytest.mark.usefixtures("one_connection")
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
    return {f"list_{name_of(one)}" for one in RESOURCES if one.public}


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
