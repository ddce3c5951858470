"""Every filter of every list: it is answered, and what it keeps are rows of the list."""

from __future__ import annotations

import pytest

from recommendations.api.columns import Filter, Kind
from recommendations.api.resources import Resource
from recommendations.api.tables import RESOURCES
from recommendations.models import Passage
from tests.recommendations.api.conftest import client_of, ids
from tests.stage import Stage

FILTERS = [
    pytest.param(resource, one, id=f"{resource.name}-{one.name}")
    for resource in RESOURCES
    for one in resource.filters
]
VALUES = {
    Kind.INTEGER: "1",
    Kind.TEXT: "a",
    Kind.CODE: "ILO",
    Kind.DATE: "2026-06-01",
    Kind.MOMENT: "2026-05-04T09:00:00Z",
    Kind.BOOLEAN: "true",
}


@pytest.mark.parametrize(("resource", "one"), FILTERS)
def test_each_filter_is_answered_on_the_first_page_and_on_a_later_one(
    resource: Resource, one: Filter, play: Stage
) -> None:
    client = client_of(play.people["coordinator"])
    keys = [
        row[resource.key]
        for row in client.get(f"/api/v1/{resource.name}/?limit=200").json()["results"]
    ]
    values = one.choices.values if one.choices else [VALUES[one.kind]]
    for value in values:
        address = f"/api/v1/{resource.name}/?limit=1&{one.name}={value}"
        for _page in range(2):
            answer = client.get(address)

            assert answer.status_code == 200, answer.content
            assert {row[resource.key] for row in answer.json()["results"]} <= {*keys}
            address = answer.json()["next"] or address


def test_a_passage_is_found_by_words_that_are_no_pattern(play: Stage) -> None:
    home = play.cast.framework
    texts = ("Fifty % of all", "fifty of all", "Fifty_of all", "Fifty \\ all")
    made = [
        Passage.objects.create(framework=home, number=900 + place, kind="paragraph", text=text)
        for place, text in enumerate(texts)
    ]
    client = client_of()
    found = {
        q: ids(client.get("/api/v1/passages/", {"q": q})) for q in ("Y % O", "y_o", "\\", "fifty")
    }
    known = [one.pk for one in made]

    assert found == {"Y % O": known[:1], "y_o": known[2:3], "\\": known[3:], "fifty": known}
