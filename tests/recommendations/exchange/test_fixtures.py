"""Files of reference data that are wrong: named, with nothing written."""

import pytest

from agencies.models import Agency, Event
from recommendations.exchange import reference
from recommendations.exchange.fixtures import FixtureProblem
from recommendations.models import Loaded, Passage
from tests import make

pytestmark = pytest.mark.django_db


def first_area(content):
    return content["areas"][0]


def first_action(content):
    return first_area(content)["actions"][0]


@pytest.mark.parametrize(
    ("file", "edit", "message"),
    [
        (
            "framework.json",
            lambda content: first_action(content).pop("order"),
            "framework.json, action A1: order is missing",
        ),
        (
            "framework.json",
            lambda content: first_action(content).update(shorttitle="Ratify"),
            "framework.json, action A1: shorttitle is no name that is known here",
        ),
        (
            "framework.json",
            lambda content: first_action(content).update(order="1"),
            "framework.json, action A1: order cannot be '1'",
        ),
        (
            "framework.json",
            lambda content: first_action(content).update(order=True),
            "framework.json, action A1: order cannot be True",
        ),
        (
            "framework.json",
            lambda content: first_action(content).update(passage=88),
            "framework.json, action A1: passage 88 does not exist",
        ),
        (
            "framework.json",
            lambda content: first_action(content).update(kind="wish"),
            "framework.json, action hld-2013/A1: kind: Value 'wish' is not a valid choice.",
        ),
        (
            "framework.json",
            lambda content: first_area(content)["actions"].append(first_action(content)),
            "framework.json, action hld-2013/A1: stands there twice",
        ),
        (
            "framework.json",
            lambda content: content.update(endorsed_on="2013-02-30"),
            "framework.json, framework hld-2013: '2013-02-30' is no date",
        ),
        (
            "framework.json",
            lambda content: content["areas"].insert(1, "B"),
            "framework.json, area number 2 of the list: is not a mapping of names to values",
        ),
        (
            "groups.json",
            lambda content: content["groups"][1]["memberships"][2].update(agency="OIL"),
            "groups.json, group membership GMG/OIL/member: "
            "agency names OIL, which does not stand before it",
        ),
        (
            "passages.json",
            lambda content: content["passages"].pop(3),
            "passages.json, passage 5: should be 4",
        ),
        (
            "passages.json",
            lambda content: content["footnotes"][0].update(passage=0),
            "passages.json, footnote 1: passage 0 does not exist",
        ),
        (
            "passages.json",
            lambda content: content.update(framework="other"),
            "passages.json, framework: is other, not hld-2013",
        ),
    ],
)
def test_a_wrong_fixture_is_named_and_nothing_is_written(folder, file, edit, message, change):
    change(file, edit)

    with pytest.raises(FixtureProblem) as refused:
        reference.load(at=make.NOW, folder=folder)

    assert str(refused.value) == message
    assert (Event.objects.count(), Loaded.objects.count(), Passage.objects.count()) == (0, 0, 0)


def test_a_file_that_is_missing_or_no_json_is_named(folder):
    (folder / "groups.json").unlink()
    with pytest.raises(FixtureProblem) as missing:
        reference.load(at=make.NOW, folder=folder)

    (folder / "agencies.json").write_text("{", encoding="utf-8")
    with pytest.raises(FixtureProblem) as broken:
        reference.load(at=make.NOW, folder=folder)

    assert str(missing.value) == "groups.json: cannot be read (No such file or directory)"
    assert str(broken.value).startswith("agencies.json: is not JSON (")


def test_a_passage_is_written_once_and_a_changed_one_refuses_the_load(loaded, folder, change):
    change("passages.json", lambda content: content["passages"][64].update(text="Changed"))
    change("agencies.json", lambda content: content["agencies"][21].update(acronym="UNE"))

    with pytest.raises(FixtureProblem) as refused:
        reference.load(at=make.later(days=1), folder=folder)

    assert str(refused.value) == (
        "passages.json, passage 65: differs from what was loaded. The text of the source is "
        "written once; load a changed source as a framework of its own"
    )
    assert Agency.objects.get(code="UNEP").acronym == "UNEP"
