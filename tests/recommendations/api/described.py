"""The site as a program tries it that has read its description, and who tries it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.recommendations.api.conftest import secret_of
from tests.stage import Stage
from tests.undone import undone

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
        if answer.status_code < 300 and not refuses_each(case, answer):
            self.done[case.operation.definition.raw["operationId"]] += 1

    def told(self) -> str:
        """Return what was counted."""
        by_status = ", ".join(f"{status}: {n}" for status, n in sorted(self.answers.items()))
        return (
            f"{self.name}: {self.answers.total()} cases, {len(self.done)} operations done; "
            f"{by_status}"
        )


class Story:
    """One that begins with the same world as every other, and is undone when it ends."""

    def setup(self) -> None:
        """Begin."""
        self.undone = undone()
        self.undone.__enter__()

    def teardown(self) -> None:
        """End."""
        self.undone.__exit__(None, None, None)

    def _repr_step(self, rule: Any, data: dict[str, str], _result: Any) -> str:
        """Tell a step of a story that failed, also one whose answer nothing can follow.

        The tool looks for the name of each answer, which only one that can be followed has. It
        would end there, and say that the story went otherwise instead of what failed.
        """
        return f"{rule.function.__name__}({data})"


def refuses_each(case: schemathesis.Case, answer: Any) -> bool:
    """Say whether an answer refuses each of many transitions, row by row."""
    if case.operation.path != "/api/v1/transitions/":
        return False
    return all("problem" in one for one in answer.json()["results"])
