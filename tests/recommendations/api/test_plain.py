"""Plain fields: reference data and planned rounds, written as on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from agencies import history, revisions
from agencies.models import Agency, Appointment
from recommendations.models import (
    Action,
    ActionWording,
    Framework,
    Milestone,
    Passage,
    PriorityArea,
    Question,
    Round,
)
from tests import make
from tests.recommendations.api.conftest import (
    client_of,
    holder,
    patched,
    sent,
    tag_of,
)
from tests.recommendations.api.test_permissions import ENTER, group
from tests.stage import ASKED, Stage

WHY = {"reason": "Asked for by the group."}


@pytest.fixture
def desk(play: Stage) -> Client:
    """Return a client of an administrator of all frameworks."""
    return client_of(play.people["administrator"])


def changed(client: Client, address: str, given: dict[str, Any], *, tag: str = "") -> Any:
    """Return the answer to a change for a reason, at the version that is there."""
    return patched(client, address, {**WHY, **given}, tag=tag or tag_of(client, address))


def test_a_new_title_keeps_the_one_before_and_says_why(desk: Client, play: Stage) -> None:
    action = play.cast.action
    before = Framework.objects.get(pk=action.framework_id).public_counter
    answer = changed(desk, f"actions/{action.pk}/", {"short_title": "Better data"})
    event = history.of(Action.objects.get(pk=action.pk)).last()

    assert (answer.status_code, answer.json()["short_title"]) == (200, "Better data")
    assert answer["ETag"] == '"2"'
    assert event is not None
    assert (event.verb, event.actor, event.note) == (
        "revised",
        play.people["administrator"],
        WHY["reason"],
    )
    titles = ActionWording.objects.filter(action=action).order_by("id")
    assert [row.short_title for row in titles] == ["Short title of A1", "Better data"]
    assert Framework.objects.get(pk=action.framework_id).public_counter == before + 1


@pytest.mark.parametrize(
    ("address", "field", "words", "value"),
    [
        ("frameworks/hld-2013/", "short_title", "framework-wordings/?framework=hld-2013", "New"),
        ("areas/{area}/", "title", "area-wordings/?area=A", "New"),
        ("actions/{action}/", "official_text", "action-wordings/?action=A1", "New"),
        ("agencies/ILO/", "name", "agency-names/?agency=ILO", "New"),
        ("groups/GMG/", "name", "group-names/?group=GMG", "New"),
    ],
)
def test_everybody_reads_how_it_was_worded_and_since_when(
    address: str, field: str, words: str, value: str, desk: Client, play: Stage
) -> None:
    group(play)
    address = address.format(area=play.cast.area.pk, action=play.cast.action.pk)
    before = desk.get(f"/api/v1/{address}").json()[field]
    first = client_of().get(f"/api/v1/{words}")
    assert changed(desk, address, {field: value}).status_code == 200
    again = client_of().get(f"/api/v1/{words}", headers={"If-None-Match": first["ETag"]})
    told = [(row[field], row["recorded_at"]) for row in again.json()["results"]]

    assert [one for one, _since in told] == [before, value]
    assert told[1][1] == "2026-05-20T09:00:00Z"


def test_a_new_row_is_told_with_its_address(desk: Client) -> None:
    answer = sent(desk, "agencies/", {**ENTER["agencies"], **WHY})
    event = history.of(Agency.objects.get(code="WMO")).get()

    assert (answer.status_code, answer["Location"], answer["ETag"]) == (
        201,
        "http://testserver/api/v1/agencies/WMO/",
        '"1"',
    )
    assert answer.json() == desk.get("/api/v1/agencies/wmo/").json()
    assert (event.verb, event.note) == ("created", WHY["reason"])


def test_a_list_that_shows_a_question_moves_when_it_is_reworded(desk: Client) -> None:
    question = Question.objects.all()[0]
    first = client_of().get("/api/v1/questions/")
    changed(desk, f"questions/{question.pk}/", {"text": "Why?", "asked": False})
    again = client_of().get("/api/v1/questions/", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 200


def test_a_change_needs_the_version_that_was_seen_and_tells_the_one_there_is(
    desk: Client, play: Stage
) -> None:
    address = f"areas/{play.cast.area.pk}/"
    given = {"title": "Data", **WHY}
    without = patched(desk, address, given)
    first = patched(desk, address, given, tag='"1"')
    stale = patched(desk, address, {"title": "Other", **WHY}, tag='"1"')

    assert (without.status_code, first.status_code, stale.status_code) == (428, 200, 412)
    assert (stale.json()["current"], stale.json()["tag"]) == (first.json(), '"2"')


def test_what_is_not_different_is_no_change(desk: Client, play: Stage) -> None:
    address = f"areas/{play.cast.area.pk}/"
    answer = changed(desk, address, {"title": play.cast.area.title})

    assert (answer.status_code, answer["ETag"]) == (200, '"1"')


def test_without_a_reason_nothing_is_written(desk: Client, play: Stage) -> None:
    address = f"areas/{play.cast.area.pk}/"
    answers = [
        patched(desk, address, {"title": "Data"}, tag='"1"'),
        patched(desk, address, {"title": "Data", "reason": " "}, tag='"1"'),
        sent(desk, "agencies/", ENTER["agencies"]),
    ]

    assert [(one.status_code, list(one.json()["fields"])) for one in answers] == [
        (400, ["reason"])
    ] * 3


def test_what_is_missing_or_taken_is_said_by_name_and_once(desk: Client, play: Stage) -> None:
    given = {"slug": "hld-2013", "title": "x" * 301, "short_title": "Data", "source": "A/68"}
    answer = sent(desk, "frameworks/", {**given, **WHY}).json()

    assert answer["fields"] == {
        "slug": "This is taken. Choose another one.",
        "title": "Write at most 300 characters.",
        "mandate": "Give “mandate”.",
        "endorsement": "Give “endorsement”.",
    }
    assert sorted(answer["detail"].split(". ")) == sorted(
        " ".join(answer["fields"].values()).split(". ")
    )


@pytest.mark.parametrize(
    ("address", "given", "field"),
    [
        ("actions", {"code": "B1"}, "code"),
        ("actions", {"kind": "select_issue"}, "kind"),
        ("actions", {"short_title": "x" * 81}, "short_title"),
        ("actions", {"short_title": None}, "short_title"),
        ("actions", {"passage": 999}, "passage"),
        ("actions", {"area": "Z"}, "area"),
        ("agencies", {"code": "BIT"}, "code"),
        ("agencies", {"category": "contributor"}, "category"),
        ("agencies", {"category": "friend"}, "category"),
    ],
)
def test_what_cannot_stand_is_refused_by_name(
    address: str, given: dict[str, Any], field: str, desk: Client, play: Stage
) -> None:
    key: Any = play.cast.action.pk if address == "actions" else "ILO"
    answer = changed(desk, f"{address}/{key}/", given)

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert tag_of(desk, f"{address}/{key}/") == '"1"'


def test_a_code_that_is_taken_or_was_given_up_is_refused(desk: Client, play: Stage) -> None:
    play.cast.ilo.old_codes.create(code="BIT")
    answers = [
        sent(desk, "agencies/", {**ENTER["agencies"], **WHY, "code": code})
        for code in ("ilo", "bit")
    ]

    assert [(one.status_code, one.json()["fields"]) for one in answers] == [
        (400, {"code": "This code is taken. Choose another one."}),
        (400, {"code": "An agency had this code, and its addresses. Choose another."}),
    ]


def administrator_of(home: Framework) -> Any:
    """Return a person who administers one framework."""
    person = make.person("Administrator of one")
    appointment = Appointment(
        user=person, office="administrator", framework=home, from_on=make.START
    )
    revisions.create(appointment, by=None, at=make.NOW)
    return person


def test_what_is_named_of_others_fails_as_what_there_is_not(play: Stage) -> None:
    """The framework of others, and areas and passages of another framework."""
    home, other = play.cast.framework, Framework.objects.get(slug="another-framework")
    client = client_of(administrator_of(other))
    revisions.create(
        PriorityArea(framework=home, code="FAR", title="T", statement="S", order=7),
        by=None,
        at=ASKED,
    )
    Passage.objects.create(framework=home, number=7, section="S", kind="paragraph", text="T")
    new = {**ENTER["actions"], **WHY, "framework": other.slug}
    pairs = [
        ("actions/", {**new, "framework": home.slug}, {**new, "framework": "nothing"}),
        ("actions/", {**new, "area": "FAR"}, {**new, "area": "NONE"}),
        (
            "milestones/",
            {**ENTER["milestones"], **WHY, "framework": other.slug, "passage": 7},
            {**ENTER["milestones"], **WHY, "framework": other.slug, "passage": 8},
        ),
    ]
    for address, foreign, unknown in pairs:
        answers = [sent(client, address, given) for given in (foreign, unknown)]
        told = [{**one.json(), "request_id": ""} for one in answers]

        assert answers[0].status_code == 400
        assert told[0] == told[1]
    assert Milestone.objects.count() == 0


def test_an_administrator_of_one_framework_writes_that_one_alone(play: Stage) -> None:
    other = Framework.objects.get(slug="another-framework")
    client = client_of(administrator_of(other))
    statuses = [
        changed(client, f"frameworks/{other.slug}/", {"mandate": "Another."}).status_code,
        changed(client, f"frameworks/{play.cast.framework.slug}/", {"mandate": "x"}).status_code,
        changed(client, "agencies/ILO/", {"name": "Another."}).status_code,
        sent(client, "frameworks/", {**ENTER["frameworks"], **WHY}).status_code,
    ]

    assert statuses == [200, 403, 403, 403]


def test_a_token_needs_the_scope_for_what_it_writes(play: Stage) -> None:
    person = play.people["administrator"]
    reads = holder(person, "read")
    admin = holder(person, "read", "admin")

    assert sent(reads, "agencies/", {**ENTER["agencies"], **WHY}).json()["scope"] == "admin"
    assert sent(reads, "rounds/", ENTER["rounds"]).json()["scope"] == "review"
    assert sent(admin, "agencies/", {**ENTER["agencies"], **WHY}).status_code == 201
    assert sent(admin, "rounds/", ENTER["rounds"]).status_code == 201


def test_a_row_is_entered_once_for_its_key(desk: Client) -> None:
    key = {"Idempotency-Key": "new"}
    first, again = (sent(desk, "agencies/", {**ENTER["agencies"], **WHY}, **key) for _ in "ab")

    assert (first.status_code, again.content) == (201, first.content)
    assert Agency.objects.filter(code="WMO").count() == 1


def test_a_coordinator_plans_a_round_and_moves_it(play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    made = sent(client, "rounds/", {**ENTER["rounds"], "reminder_days": [3, -14, 3]})
    address = f"rounds/{made.json()['id']}/"
    moved = changed(client, address, {"due_on": "2028-02-15"}, tag=made["ETag"])

    assert (made.status_code, made.json()["reminder_days"]) == (201, [-14, 3])
    assert (moved.status_code, moved.json()["due_on"], moved.json()["state"]) == (
        200,
        "2028-02-15",
        "planned",
    )
    assert history.of(Round.objects.get(code="2028-H1")).count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "new"}, "code"),
        ({"code": "2026-H1"}, "code"),
        ({"code": None}, "code"),
        ({"due_on": None}, "due_on"),
        ({"due_on": "2027-01-01"}, "due_on"),
        ({"closes_on": "2028-01-02"}, "closes_on"),
        ({"reminder_days": ["3"]}, "reminder_days"),
        ({"reminder_days": [99999]}, "reminder_days"),
        ({"reminder_every": None}, "reminder_every"),
        ({"framework": "nothing"}, "framework"),
    ],
)
def test_a_round_that_cannot_be_is_refused_by_name(
    given: dict[str, Any], field: str, play: Stage
) -> None:
    client = client_of(play.people["coordinator"])
    answer = sent(client, "rounds/", {**ENTER["rounds"], **given})

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_of_a_round_that_is_open_only_its_reminders_change(play: Stage) -> None:
    client = client_of(play.people["coordinator"])
    address = f"rounds/{play.objects['round open'].pk}/"
    days = changed(client, address, {"reminder_days": [-7]})
    dates = changed(client, address, {"due_on": "2026-06-29"})
    code = changed(client, address, {"code": "2030"})

    assert (days.status_code, days.json()["reminder_days"]) == (200, [-7])
    assert (dates.status_code, code.status_code) == (409, 400)


def test_no_row_comes_from_a_passage_of_another_framework(play: Stage) -> None:
    far = make.framework("far", is_default=False)
    theirs = Passage.objects.create(
        framework=far, number=1, section="S", kind="paragraph", text="T"
    )
    action = play.cast.action
    with pytest.raises(ValidationError, match=r"Choose a passage of this framework\."):
        revisions.revise(
            action,
            values={"passage": theirs},
            by=None,
            at=ASKED,
            note="A slip.",
            version=action.version,
        )
