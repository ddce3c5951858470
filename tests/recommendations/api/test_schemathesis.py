"""The API as a program tries it that has read its description and does not keep to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from recommendations.api.schema.document import document
from tests.figures import figure
from tests.recommendations.api.conftest import secret_of
from tests.stage import Stage

CASES = figure(small=2, full=30)
"""For each operation and each actor."""
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
SCHEMA = schemathesis.openapi.from_dict(document())
SCHEMA.app = WSGIHandler()
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations()]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the connection of the test open after each request, as Django's own client does."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.mark.drill
@pytest.mark.parametrize("actor", ["anonymous", "focal_point", "coordinator"])
def test_nothing_that_is_sent_gets_an_answer_that_is_not_described(actor: str, play: Stage) -> None:
    headers = {}
    if actor != "anonymous":
        headers["Authorization"] = f"Bearer {secret_of(play.people[actor])}"
    for operation in OPERATIONS:
        try_one(operation, headers)


def try_one(operation: schemathesis.APIOperation, headers: dict[str, str]) -> None:
    """Try an operation with what its description allows, and hold the answers against it."""

    @settings(
        max_examples=CASES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        with transaction.atomic():
            answer = case.call(base_url="http://testserver", headers=headers)
            case.validate_response(answer, checks=CHECKS)
            transaction.set_rollback(True)
        assert answer.status_code < 500

    tried()
