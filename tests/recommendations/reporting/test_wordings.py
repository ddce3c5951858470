"""Areas and actions under the words of a moment, once they were entered."""

from __future__ import annotations

import pytest

from recommendations.models import ActionWording, AreaWording
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.wordings import worded
from tests import make
from tests.make import NOW, later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db


def test_each_moment_has_the_words_of_its_time() -> None:
    framework, (action, other), _ = builders.world(actions=2, agencies=1)
    area = action.area
    late = builders.second_area(framework)
    make.action(late, "B1")
    AreaWording.objects.filter(area=late).update(recorded_at=later(days=3))
    ActionWording.objects.create(
        action=action, short_title="Newer", official_text="Text.", recorded_at=later(days=2)
    )
    AreaWording.objects.create(
        area=area, title="Newer area", statement="Text.", recorded_at=later(days=2)
    )

    def found(days: int, **narrowed: int) -> tuple[list[str], list[str]]:
        areas, actions = worded(Basis(framework, later(days=days), Scope.PUBLIC, **narrowed))
        return (
            [one.title for one in areas.values()],
            [f"{one.area_code} {one.code} {one.short_title}" for one in actions.values()],
        )

    titles = ("A A1 Short title of A1", "A A2 Short title of A2", "B B1 Short title of B1")
    assert found(1) == (["Area A"], [*titles[:2]])
    assert found(2) == (["Newer area"], ["A A1 Newer", titles[1]])
    assert found(3) == (["Newer area", "Area B"], ["A A1 Newer", *titles[1:]])
    assert found(3, action_id=other.pk) == (["Newer area"], [titles[1]])
    assert found(3, area_id=late.pk) == (["Area B"], [titles[2]])
    assert worded(Basis(framework, NOW.replace(year=2020), Scope.PUBLIC)) == ({}, {})
