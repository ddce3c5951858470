"""The stage, set once for the tests of a module: each takes back what it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.stage import Stage, stage


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Return a world with every state, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield stage()
        transaction.set_rollback(True)


@pytest.fixture
def play(stage_of_module: Stage, db: None) -> Stage:
    """Return the stage of the module; `db` undoes what the test does to it.

    A module with tests that commit for real cannot use it.
    """
    return stage_of_module
