"""The API as a program tries it that has read its description and does not keep to it."""

from __future__ import annotations

from typing import Any

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


@pytest.mark.usefixtures("one_connection")
def test_each_report_that_is_made_at_once_is_as_the_description_says(play: Stage) -> None:
    actor = Actor("coordinator", play)
    tried = described(document())
    about = {"round": "2026-H1", "agency": "ILO", "area": "A"}

    def answered(address: str, **given: Any) -> Any:
        case = tried[address]["GET"].Case(**given)
        answer = case.call(base_url="http://testserver", headers=actor.headers)
        actor.judge(case, answer)
        return answer

    offered = answered("/api/v1/reports/").json()["results"]
    asked = [(row, form) for row in offered for form in row["at_once"] if row["scope"] == "inside"]
    for row, form in asked:
        query = {"format": form, **{name: about[name] for name in row["needs"]}}
        answered("/api/v1/reports/{key}/", path_parameters={"key": row["name"]}, query=query)

    assert {form for _row, form in asked} >= {"json", "csv"}
    assert actor.answers == {200: 1 + len(asked)}
