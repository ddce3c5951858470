"""Since when there is a framework: its title then, and the moments that have figures."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from agencies import revisions
from recommendations.models import FrameworkWording
from recommendations.reporting.beginnings import begins, moment_in, titled
from recommendations.reporting.facts import Basis, DidNotExist, Scope
from recommendations.reporting.moments import UnusableMoment
from tests import make
from tests.make import NOW, later


def test_a_framework_keeps_the_title_that_it_had(cast: make.Cast) -> None:
    revisions.revise(
        cast.framework,
        values={"title": "A clearer title"},
        by=cast.administrator,
        at=later(days=1),
        note="Clearer.",
        version=1,
    )

    def called(at: datetime) -> str:
        return titled(Basis(cast.framework, at, Scope.PUBLIC)).title

    assert called(later(hours=23)) == "Framework hld-2013"
    assert called(later(days=1)) == "A clearer title"


def test_before_it_was_recorded_there_was_none(cast: make.Cast) -> None:
    before = NOW - timedelta(seconds=1)

    assert begins(cast.framework) == NOW
    with pytest.raises(DidNotExist):
        titled(Basis(cast.framework, before, Scope.PUBLIC))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "2026-05-04T09:29",
            "Nothing was recorded yet at that moment. "
            "Choose one from 4 May 2026, 09:30 to 6 May 2026, 09:30 UTC.",
        ),
        (
            "2026-05-06T09:31",
            "That moment has not come yet. Choose one up to 6 May 2026, 09:30 UTC. "
            "There are figures from 4 May 2026, 09:30 to 6 May 2026, 09:30 UTC.",
        ),
    ],
)
def test_a_moment_out_of_range_is_refused_with_the_range(
    cast: make.Cast, text: str, said: str
) -> None:
    with pytest.raises(UnusableMoment) as refusal:
        moment_in(cast.framework, text, later(days=2))
    assert str(refusal.value) == said


def test_the_moment_of_its_beginning_is_in_range(cast: make.Cast) -> None:
    assert moment_in(cast.framework, "2026-05-04T09:30", later(days=2)) == NOW


def test_a_framework_recorded_within_a_minute_begins_with_the_next(cast: make.Cast) -> None:
    FrameworkWording.objects.update(recorded_at=NOW + timedelta(seconds=20))

    assert begins(cast.framework) == NOW + timedelta(minutes=1)
