"""JSON: the canonical form to the byte, and the words beside it."""

from __future__ import annotations

import json

from recommendations.reporting.reports.canonical import canonical, properties
from tests.recommendations.reporting.outputs import samples
from tests.recommendations.reporting.outputs.test_csv import written


def test_the_content_is_the_canonical_form_to_the_byte() -> None:
    report = samples.everything()
    content = written(report, "json")

    assert content.startswith(b'{"content":' + canonical(report) + b',"properties":{')
    assert json.loads(content)["properties"] == properties(report)


def test_the_words_stand_beside_the_codes() -> None:
    said = json.loads(written(samples.everything(), "json"))["words"]

    assert said["position"] == "Position on 23 Nov 2013, 10:00 UTC. Published updates only."
    assert said["sections"]["areas"]["bars"][0]["parts"][4] == ["in_progress", "In progress", 4]
    assert said["sections"]["assignments"]["columns"]["late"] == {
        "title": "Days late",
        "meaning": "",
        "words": {},
    }
    assert said["sections"]["none"]["nothing"] == "Nobody is late."


def test_half_a_surrogate_pair_is_kept_as_its_escape() -> None:
    content = written(samples.of_texts(["a\ud800b"]), "json")

    assert json.loads(content)["content"]["sections"][0]["rows"][0] == ["a\ud800b"] * 5
