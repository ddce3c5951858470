"""Figures of a past moment stay what they were, whatever is recorded afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from recommendations.reporting.recount import differences
from tests.figures import figure
from tests.walk import Walk

CHANGES, MOMENTS = figure(small=60, full=300), figure(small=10, full=50)
pytestmark = pytest.mark.drill


@pytest.mark.parametrize("seed", [5, 6])
def test_figures_of_past_moments_stay_what_they_were(db: None, seed: int) -> None:
    walk = Walk(seed)
    then: list[tuple[datetime, list[Any]]] = []
    done: list[str] = []
    while len(done) < CHANGES:
        verb = walk.step()
        if verb is None:
            continue
        done.append(verb)
        if len(done) % (CHANGES // MOMENTS) == 0:
            then.append((walk.at, walk.figures(walk.at)))

    now = [(at, walk.figures(at)) for at, _ in then]

    assert len(then) == MOMENTS
    assert len({str(figures) for _, figures in then}) == MOMENTS
    assert now == then
    assert {"assign", "accept", "open", "submit", "approve", "return", "rename"} <= set(done)


def test_stored_copies_equal_the_rows_after_many_changes(db: None) -> None:
    walk = Walk(seed=3)
    for _ in range(CHANGES):
        walk.step()

    assert list(differences(walk.people.framework)) == []
