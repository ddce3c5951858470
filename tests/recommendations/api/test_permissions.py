"""Who gets what at every address of the API: one literal table, reconciled with the router."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, reverse

from agencies import revisions
from agencies.access import NOBODY
from agencies.models import GroupMembership, WorkingGroup
from recommendations.api import urls
from recommendations.api.resources import Resource
from recommendations.api.tables import RESOURCES
from recommendations.models import (
    Assessment,
    Comment,
    CommentAnswer,
    Decision,
    Footnote,
    Framework,
    Job,
    KeyElement,
    Milestone,
    Passage,
    Question,
    RoundQuestion,
    Submission,
)
from tests import make
from tests.recommendations.api.conftest import client_of, every
from tests.recommendations.notify.telling import told
from tests.stage import ASKED, NEW_DUE, Stage

ACTORS = (
    "anonymous",
    "stranger",
    "focal_point",
    "other_agency",
    "coordinator",
    "of_agency",
    "administrator",
    "observer",
    "elsewhere",
)
"""Everything asked for is the ILO's: "other agency" is the IOM's focal point, "of agency" a
coordinator who is of the ILO as well, "elsewhere" a coordinator of another framework."""

EVERYBODY = (200,) * 9
PEOPLE = (401, *(200,) * 8)
INSIDE = (401, 404, 200, 404, 200, 200, 200, 404, 404)
# anonymous, stranger, focal point, other agency, coordinator, of agency, administrator,
# observer, elsewhere
READ = {
    **{
        f"api-{name}{end}": EVERYBODY
        for name in (
            *("frameworks", "areas", "actions", "passages", "questions", "agencies"),
            *("key-elements", "milestones", "footnotes"),
            *("framework-wordings", "area-wordings", "action-wordings"),
            *("agency-names", "group-names"),
            *("groups", "group-memberships", "assignments", "submissions", "evidence"),
            "assessments",
        )
        for end in ("", "-detail")
    },
    **{
        f"api-{name}": PEOPLE
        for name in (
            "memberships",
            "appointments",
            "handovers",
            "rounds",
            "round-questions",
            "duties",
            "time-requests",
            "updates",
            "decisions",
            "comments",
            "comment-answers",
            "deliveries",
            "jobs",
        )
    },
    # of what is not theirs, nobody is told that it exists
    "api-memberships-detail": (401, 404, 200, 404, 404, 404, 404, 404, 404),
    "api-appointments-detail": (401, 404, 404, 404, 200, 404, 404, 404, 404),
    "api-handovers-detail": (401, 404, 200, 404, 404, 404, 404, 404, 404),
    "api-jobs-detail": (401, 404, 200, 404, 404, 404, 404, 404, 404),
    "api-deliveries-detail": (401, 404, 200, 404, 404, 404, 404, 404, 404),
    "api-rounds-detail": (401, 404, 200, 200, 200, 200, 200, 200, 404),
    "api-round-questions-detail": (401, 404, 200, 200, 200, 200, 200, 200, 404),
    "api-duties-detail": INSIDE,
    "api-time-requests-detail": INSIDE,
    "api-comments-detail": INSIDE,
    "api-comment-answers-detail": INSIDE,
    "api-updates-detail": INSIDE,
    "api-decisions-detail": INSIDE,
}
MORE = {
    **{
        f"api-figures-{name}": EVERYBODY
        for name in (
            *("overview", "matrix", "standings", "actions", "answers"),
            *("agencies", "groups", "trend"),
        )
    },
    "api-figures-gaps": (401, 404, 404, 404, 200, 200, 200, 404, 404),
    # everybody who reports reads of a round what their own agency owes
    "api-figures-round": (401, 404, 200, 200, 200, 200, 200, 404, 404),
    **dict.fromkeys(("api-index", "api-schema", "api-docs", "api-errors"), EVERYBODY),
    "api-events": PEOPLE,
    "api-history": EVERYBODY,
    # of an update of the ILO, the log
    "api-history-detail": INSIDE,
    "api-evidence-content": (404, 404, 302, 404, 404, 302, 404, 404, 404),
    # a row that is refused is answered as a row
    "api-transitions": PEOPLE,
    "api-updates-evidence": (401, 404, 201, 404, 403, 201, 403, 404, 404),
    "GET api-updates-draft": (401, 404, 200, 404, 403, 200, 403, 404, 404),
    # of the ILO: of what is public everybody is led to the file that is kept
    "api-reports": EVERYBODY,
    "POST api-reports": (401, 403, 202, 400, 202, 202, 202, 403, 403),
    "api-reports-detail": (302, 302, 200, 302, 200, 200, 200, 302, 302),
    "api-reports-check": (401, 403, 202, 202, 202, 202, 202, 403, 403),
    # it is not ready yet
    "api-jobs-content": (401, 404, 409, 404, 404, 404, 404, 404, 404),
    "POST api-rounds-remind": (401, 404, 403, 403, 200, 200, 403, 403, 404),
    "DELETE api-evidence-detail": (401, 404, 204, 404, 404, 204, 404, 404, 404),
}
"""What is neither a list nor a verb: of evidence, that of a draft of the ILO."""
# The verbs, each on an object of the ILO in a state in which it is possible.
AGENCY = (401, 403, 200, 403, 403, 200, 403, 403, 403)
OWN = (401, 404, 200, 404, 403, 200, 403, 404, 404)
STEERING = (401, 403, 403, 403, 200, 200, 200, 403, 403)
STEERING_ROUND = (401, 404, 403, 403, 200, 200, 200, 403, 404)
PLANNED = (401, 404, 404, 404, 200, 200, 200, 404, 404)
STEERING_OTHERS = (401, 404, 403, 404, 200, 403, 200, 404, 404)
REVIEWER = (401, 404, 403, 404, 200, 403, 403, 404, 404)
DO = {
    "api-actions-assign": (401, 403, 403, 403, 201, 201, 201, 403, 403),
    "api-actions-take_over": (401, 403, 403, 403, 403, 403, 201, 403, 403),
    "api-assignments-accept": OWN,
    "api-assignments-accept_partly": OWN,
    "api-assignments-consider": OWN,
    "api-assignments-decline": OWN,
    "api-assignments-withdraw": (401, 404, 403, 404, 200, 200, 200, 404, 404),
    "api-assignments-end": STEERING,
    "api-assignments-set_target": (401, 403, 200, 403, 200, 200, 200, 403, 403),
    "api-assignments-assess": (401, 403, 403, 403, 200, 403, 403, 403, 403),
    "api-assignments-report": (401, 403, 201, 403, 403, 201, 403, 403, 403),
    "api-rounds-open": PLANNED,
    "api-rounds-close": STEERING_ROUND,
    "api-rounds-hold": STEERING_ROUND,
    "api-rounds-release": PLANNED,
    "api-rounds-extend": STEERING_ROUND,
    "api-rounds-reopen": STEERING_ROUND,
    "api-duties-set_due": STEERING_OTHERS,
    "api-duties-ask": OWN,
    "api-duties-grant": STEERING_OTHERS,
    "api-duties-refuse": STEERING_OTHERS,
    "api-duties-waive": STEERING_OTHERS,
    "api-updates-clear": (401, 404, 403, 404, 403, 200, 403, 404, 404),
    "api-updates-submit": OWN,
    "api-updates-withdraw": OWN,
    "api-updates-return": REVIEWER,
    "api-updates-approve": REVIEWER,
    "api-updates-reopen": REVIEWER,
    "api-updates-correct": (401, 404, 201, 404, 403, 201, 403, 404, 404),
    "api-updates-retract": REVIEWER,
    "api-updates-comment": REVIEWER,
    "api-updates-answer_comment": (401, 404, 200, 404, 200, 200, 403, 404, 404),
    "api-updates-close_comment": REVIEWER,
    "api-updates-take_suggestion": OWN,
    "api-updates-draft": OWN,
    "DELETE api-updates-draft": OWN,
}
REASON, DUE = {"note": "A reason."}, {"due_on": "2026-07-15"}
BOTH = {**DUE, "closes_on": "2026-08-15", **REASON}
GIVEN: dict[str, tuple[str, dict[str, Any]]] = {
    "api-actions-assign": ("action any", {"agency": "ILO", "role": "supporting"}),
    "api-actions-take_over": ("action any", REASON),
    "api-assignments-accept": ("assignment proposed", {}),
    "api-assignments-accept_partly": ("assignment proposed", REASON),
    "api-assignments-consider": ("assignment proposed", {}),
    "api-assignments-decline": ("assignment proposed", REASON),
    "api-assignments-withdraw": ("assignment proposed", REASON),
    "api-assignments-end": ("assignment accepted", REASON),
    "api-assignments-set_target": ("assignment accepted", {"target_on": "2027-01-31"}),
    "api-assignments-assess": (
        "assignment accepted, reported",
        {"status": "on_hold", **REASON},
    ),
    "api-assignments-report": ("assignment accepted, unasked", {"round": "2026-H1"}),
    "api-rounds-open": ("round planned", {}),
    "api-rounds-close": ("round open", {}),
    "api-rounds-hold": ("round open", REASON),
    "api-rounds-release": ("round planned, held", {}),
    "api-rounds-extend": ("round open", BOTH),
    "api-rounds-reopen": ("round closed", BOTH),
    "api-duties-set_due": ("duty open", {**DUE, **REASON}),
    "api-duties-ask": ("duty open", {"until_on": "2026-07-15", **REASON}),
    "api-duties-grant": ("duty open, asked", {}),
    "api-duties-refuse": ("duty open, asked", REASON),
    "api-duties-waive": ("duty open", REASON),
    "api-updates-clear": ("update draft", {}),
    "api-updates-submit": ("update draft", {}),
    "api-updates-withdraw": ("update submitted", {}),
    "api-updates-return": ("update submitted", {**DUE, **REASON}),
    "api-updates-approve": ("update submitted", {"claim": "agree"}),
    "api-updates-reopen": ("update approved", {**DUE, **REASON}),
    "api-updates-correct": ("update approved", {}),
    "api-updates-retract": ("update approved", {**DUE, **REASON}),
    "api-updates-comment": ("update submitted", REASON),
    "api-updates-answer_comment": ("update returned", {"text": "In May."}),
    "api-updates-close_comment": ("update returned", {}),
    "api-updates-take_suggestion": ("update returned", {}),
    "api-updates-draft": ("update draft", {"status": "continuing"}),
    "DELETE api-updates-draft": ("update draft", {}),
}
"""What each verb is done to, and a body that is complete."""
HOME = {"framework": "hld-2013"}
ENTER: dict[str, dict[str, Any]] = {
    "frameworks": {
        "slug": "next",
        "title": "Next",
        "short_title": "Next",
        **dict.fromkeys(("source", "mandate", "endorsement"), "A text."),
    },
    "areas": {**HOME, "code": "Z", "title": "Title", "statement": "Statement", "order": 9},
    "actions": {
        **HOME,
        "area": "A",
        "code": "Z9",
        "kind": "select_action",
        "official_text": "Text.",
        "short_title": "Title",
        "order": 9,
    },
    "key-elements": {**HOME, "code": "z", "text": "Text.", "order": 9},
    "milestones": {
        **HOME,
        "code": "z",
        "date_text": "In 2006",
        "sort_on": "2006-01-01",
        "title": "Title",
        "order": 9,
    },
    "questions": {**HOME, "number": 99, "heading": "Heading", "text": "Why?"},
    "agencies": {"code": "WMO", "acronym": "WMO", "name": "Name", "category": "other_agency"},
    "groups": {"code": "NEW", "name": "New", "kind": "task_force"},
    "group-memberships": {"group": "GMG", "agency": "IOM", "role": "chair"},
    "rounds": {
        **HOME,
        "code": "2028-H1",
        **{"opens_on": "2028-01-01", "due_on": "2028-02-01", "closes_on": "2028-03-01"},
    },
}
"""A body that is complete for a new row of everything that is written field by field."""
CHANGE: dict[str, dict[str, Any]] = {
    "frameworks": {"mandate": "Another."},
    "areas": {"title": "Another."},
    "actions": {"short_title": "Another."},
    "key-elements": {"text": "Another."},
    "milestones": {"title": "Another."},
    "questions": {"text": "Another?"},
    "agencies": {"name": "Another."},
    "groups": {"name": "Another."},
    "group-memberships": {"until_on": "2027-01-01"},
    "rounds": {"with_supporting": True},
}
WRITE: dict[str, tuple[int, ...]] = {
    **{
        f"{method} api-{name}{end}": (401, *(403,) * 5, status, 403, 403)
        for method, end, status in (("POST", "", 201), ("PATCH", "-detail", 200))
        for name in ENTER
    },
    # who coordinates plans rounds; of the framework elsewhere, this one is unknown
    "POST api-rounds": (401, 403, 403, 403, 201, 201, 201, 403, 400),
    "PATCH api-rounds-detail": PLANNED,
}
BY_POST = ("api-updates-evidence", "api-transitions", "api-reports-check")
TABLE = READ | DO | MORE | WRITE
"""A row for each route and method, which it begins with unless it is the one most often used."""
PRIVATE = {
    "api-assignments-detail": (404, 404, 200, 404, 200, 200, 200, 404, 404),
    "api-submissions-detail": (404, 404, 200, 404, 200, 200, 200, 404, 404),
    "api-assessments-detail": (404, 404, 200, 404, 200, 200, 200, 404, 404),
    "api-evidence-detail": (404, 404, 200, 404, 404, 200, 404, 404, 404),
    "api-rounds-detail": (401, 404, 404, 404, 200, 200, 200, 404, 404),
}
"""The same of a row that is not public: proposed, not approved, of a text that was retracted, for
reviewers, planned."""


def shown(name: str, play: Stage) -> object:
    """Return the key of a row that is the ILO's or everybody's, by the name of its resource."""
    approved = play.objects["update approved"]
    action = play.objects["action any"]
    person, home = play.people["focal_point"], play.cast.framework
    made: dict[str, Callable[[], object]] = {
        "frameworks": lambda: home.slug,
        "areas": lambda: play.cast.area.pk,
        "actions": lambda: action.pk,
        "passages": lambda: passage(home).pk,
        "footnotes": lambda: footnote(home).pk,
        "key-elements": lambda: element(home).pk,
        "milestones": lambda: milestone(home).pk,
        "questions": lambda: Question.objects.all()[0].pk,
        "framework-wordings": lambda: home.wordings.first().pk,
        "area-wordings": lambda: play.cast.area.wordings.first().pk,
        "action-wordings": lambda: action.wordings.first().pk,
        "agency-names": lambda: play.cast.ilo.names.first().pk,
        "group-names": lambda: group(play).group.names.first().pk,
        "agencies": lambda: "ilo",
        "groups": lambda: group(play).group.code,
        "group-memberships": lambda: group(play).pk,
        "memberships": lambda: person.memberships.get().pk,
        "appointments": lambda: play.people["coordinator"].appointments.get().pk,
        "handovers": lambda: (
            make.handed_over(play.cast.ilo, by=person, to=play.people["alternate"]).pk
        ),
        "deliveries": lambda: told(person, approved).pk,
        "jobs": lambda: job(play).pk,
        "assignments": lambda: play.objects["assignment accepted"].pk,
        "rounds": lambda: play.objects["round open"].pk,
        "round-questions": lambda: round_question(play).pk,
        "duties": lambda: play.objects["duty open"].pk,
        "time-requests": lambda: play.objects["duty open, asked"].time_requests.get().pk,
        "comments": lambda: comment(play).pk,
        "comment-answers": lambda: comment_answer(play).pk,
        "updates": lambda: approved.pk,
        "submissions": lambda: Submission.objects.get(update=approved.pk).pk,
        "decisions": lambda: Decision.objects.get(submission__update=approved.pk).pk,
        "evidence": lambda: play.evidence["approved, public"].pk,
        "assessments": lambda: assessed(play).pk,
    }
    return made[name]()


def hidden(name: str, play: Stage) -> int:
    """Return the key of a row of a public resource, or a round, that is not public."""
    return {
        "api-assignments-detail": lambda: play.objects["assignment proposed"].pk,
        "api-submissions-detail": lambda: (
            Submission.objects.get(update=play.objects["update submitted"].pk).pk
        ),
        "api-assessments-detail": lambda: of_retracted(play).pk,
        "api-evidence-detail": lambda: play.evidence["draft, public"].pk,
        "api-rounds-detail": lambda: play.objects["round planned"].pk,
    }[name]()


def passage(of: Framework) -> Passage:
    """Return a passage of the source."""
    return Passage.objects.create(
        framework=of, number=1, section="Section", kind="paragraph", text="A text."
    )


def footnote(of: Framework) -> Footnote:
    """Return a footnote of the source."""
    return Footnote.objects.create(framework=of, passage=passage(of), number=1, text="A note.")


def round_question(play: Stage) -> RoundQuestion:
    """Return a question as the round that is open asks it."""
    question = make.question(play.cast.framework)
    told = {"number": question.number, "heading": question.heading, "text": question.text}
    return RoundQuestion.objects.create(round=play.objects["round open"], question=question, **told)


def comment(play: Stage) -> Comment:
    """Return a comment on a text of the ILO."""
    return Comment.objects.filter(submission__update=play.objects["update returned"].pk)[0]


def comment_answer(play: Stage) -> CommentAnswer:
    """Return what the ILO says to it."""
    return CommentAnswer.objects.create(
        comment=comment(play),
        text="In May.",
        written_at=ASKED,
        written_by=play.people["focal_point"],
    )


def element(of: Framework) -> KeyElement:
    """Return a key element of the source."""
    found = KeyElement(framework=of, code="a", text="A text.", order=1)
    revisions.create(found, by=None, at=ASKED)
    return found


def milestone(of: Framework) -> Milestone:
    """Return a step that led to the framework."""
    when = {"date_text": "In 2006", "sort_on": date(2006, 1, 1)}
    found = Milestone(framework=of, code="a", title="Title", order=1, **when)
    revisions.create(found, by=None, at=ASKED)
    return found


def group(play: Stage) -> GroupMembership:
    """Return the place of the ILO in a group."""
    found = WorkingGroup(code="GMG", name="Group", kind="interagency_group")
    revisions.create(found, by=None, at=ASKED)
    place = GroupMembership(group=found, agency=play.cast.ilo, role="member")
    revisions.create(place, by=None, at=ASKED)
    return place


def job(play: Stage) -> Job:
    """Return a report that the focal point asked for."""
    return Job.objects.create(
        owner=play.people["focal_point"],
        framework=play.cast.framework,
        kind="report",
        parameters="{}",
        request="0" * 64,
        made_at=ASKED,
    )


def assessed(play: Stage) -> Assessment:
    """Return the assessment of a text that is public."""
    place = play.objects["assignment accepted, reported"]
    make.do("assess", place, by=play.cast.coordinator, at=ASKED, status="in_progress")
    return Assessment.objects.get(assignment=place.pk)


def of_retracted(play: Stage) -> Assessment:
    """Return the assessment of a text that was public, and is no more."""
    found = assessed(play)
    back = {"note": "It names a person.", "due_on": NEW_DUE}
    make.do("retract", play.objects["update approved"], by=play.cast.coordinator, at=ASKED, **back)
    return found


def rows(resource: Resource) -> Any:
    """Return all rows of a resource, whoever they exist for."""
    return resource.rows(NOBODY).model._default_manager.all()


def address(name: str, *keys: object) -> str:
    """Return the address of a route."""
    return reverse(name, args=[key for key in keys if key is not None])


def got(play: Stage, method: str, url: str) -> tuple[int, ...]:
    """Return what each actor gets."""
    clients = (client_of(play.people.get(actor)) for actor in ACTORS)
    return tuple(getattr(client, method)(url).status_code for client in clients)


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def method_of(name: str) -> str:
    """Return the method of a row."""
    said, _space, route = name.rpartition(" ")
    if said:
        return said
    if route == "api-updates-draft":
        return "PATCH"
    return "POST" if route in DO or route in BY_POST else "GET"


def taken(route: URLPattern) -> set[str]:
    """Return the methods that the view of a route takes; what is no class is a page."""
    view = getattr(route.callback, "cls", None)
    return {one for one in METHODS if hasattr(view, one.lower())} if view else {"GET"}


def test_every_route_and_method_has_a_row_and_every_row_a_route() -> None:
    rows = sorted((name.rpartition(" ")[2], method_of(name)) for name in TABLE)

    assert rows == sorted((route.name, one) for route in urls.routes for one in taken(route))


@pytest.mark.parametrize("name", sorted(WRITE))
def test_everybody_writes_what_the_table_says(name: str, play: Stage) -> None:
    method, _space, route = name.partition(" ")
    resource = route.removeprefix("api-").removesuffix("-detail")
    key = None
    if method == "PATCH":
        planned = play.objects["round planned"].pk
        key = planned if resource == "rounds" else shown(resource, play)
    elif resource == "group-memberships":
        group(play)
    given = (CHANGE if key else ENTER)[resource] | {"reason": "A reason."}
    found = []
    for actor in ACTORS:
        with transaction.atomic():
            client = client_of(play.people.get(actor))
            url = address(route, key)
            tag = client.get(url).get("ETag") if key else None
            answer = getattr(client, method.lower())(
                url,
                given,
                content_type="application/json",
                headers={"If-Match": tag or '"1"'},
            )
            found.append(answer.status_code)
            transaction.set_rollback(True)

    assert tuple(found) == WRITE[name]


@pytest.mark.parametrize("name", sorted(READ))
def test_everybody_reads_what_the_table_says(name: str, play: Stage) -> None:
    resource = name.removeprefix("api-").removesuffix("-detail")
    key = shown(resource, play) if name.endswith("-detail") else None

    assert got(play, "get", address(name, key)) == READ[name]


@pytest.mark.parametrize("name", sorted(PRIVATE))
def test_nobody_reads_what_is_not_theirs_and_not_public(name: str, play: Stage) -> None:
    assert got(play, "get", address(name, hidden(name, play))) == PRIVATE[name]


HISTORIES = {
    "action any": EVERYBODY,
    "assignment accepted": EVERYBODY,
    # what an agency took on once was public then
    "assignment ended": EVERYBODY,
    "assignment proposed": (404, 404, 200, 404, 200, 200, 200, 404, 404),
    "assignment declined": (404, 404, 200, 404, 200, 200, 200, 404, 404),
    "duty open": INSIDE,
    "update draft": INSIDE,
    "round open": (401, 404, 200, 200, 200, 200, 200, 404, 404),
    "round planned": PLANNED,
}
"""Of each object that has a history: what it was in public, or the log for the inside."""


@pytest.mark.parametrize("name", sorted(HISTORIES))
def test_everybody_reads_the_histories_that_the_table_says(name: str, play: Stage) -> None:
    url = address("api-history-detail", name.split(" ")[0], play.objects[name].pk)
    page = address("history", name.split(" ")[0], play.objects[name].pk)

    assert got(play, "get", url) == HISTORIES[name]
    assert tuple(401 if one == 302 else one for one in got(play, "get", page)) == HISTORIES[name]


@pytest.mark.parametrize("name", sorted(MORE))
def test_everybody_gets_the_rest_as_the_table_says(name: str, play: Stage) -> None:
    keys: dict[str, Any] = {
        "api-updates-evidence": play.objects["update draft"].pk,
        "GET api-updates-draft": play.objects["update draft"].pk,
        "api-reports-detail": "agency",
        "api-jobs-content": job(play).pk,
        "POST api-rounds-remind": play.objects["round open"].pk,
    }
    keys["api-history-detail"] = ("update", play.objects["update approved"].pk)
    key = keys.get(name, play.evidence["draft, public"].pk if "evidence" in name else ())
    method, _space, route = name.rpartition(" ")
    bodies: dict[str, Any] = {
        "api-updates-evidence": {"url": "https://example.org/"},
        "api-transitions": {"transitions": [{}]},
        "POST api-reports": {"report": "agency", "agency": "ILO", "format": "pdf"},
        "api-reports-check": {},
        "api-figures-round": {"round": "2026-H1"},
        "POST api-rounds-remind": {"duties": [play.objects["duty open"].pk]},
    }
    method = method or method_of(name)
    given = {"agency": "ILO"} if name == "api-reports-detail" else bodies.get(name, {})
    found = []
    for actor in ACTORS:
        with transaction.atomic():
            client = client_of(play.people.get(actor))
            how = {"content_type": "application/json"} if method.lower() == "post" else {}
            if name == "api-reports-check":
                given, how = {"file": SimpleUploadedFile("report.csv", b"code")}, {}
            where = key if isinstance(key, tuple) else (key,)
            answer = getattr(client, method.lower())(address(route, *where), given, **how)
            found.append(answer.status_code)
            transaction.set_rollback(True)

    assert tuple(found) == MORE[name]


@pytest.mark.parametrize("name", sorted(DO))
def test_everybody_does_what_the_table_says(name: str, play: Stage) -> None:
    assert tuple(done(play, name, actor) for actor in ACTORS) == DO[name]


def done(play: Stage, name: str, actor: str) -> int:
    """Return what an actor gets; what it changed is rolled back."""
    where, given = GIVEN[name]
    obj, route = play.objects[where], name.rpartition(" ")[2]
    client = client_of(play.people.get(actor))
    with transaction.atomic():
        if name == "api-updates-clear":
            make.clears(play.cast.ilo, by=play.people["of_agency"])
        given = given | named(name, obj, play)
        method = getattr(client, method_of(name).lower())
        tag = client.get(address(route.rpartition("-")[0] + "-detail", obj.pk)).get("ETag")
        status = method(
            address(route, obj.pk),
            given,
            content_type="application/json",
            headers={"If-Match": tag or '"1"'},
        ).status_code
        transaction.set_rollback(True)
    return int(status)


def named(name: str, obj: Any, play: Stage) -> dict[str, Any]:
    """Return what the body of a verb names by number."""
    if name.endswith(("_comment", "_suggestion")):
        return {"comment": Comment.objects.filter(submission__update=obj.pk)[0].pk}
    if name.endswith("take_over"):
        assert play.merged is not None
        return {"assignment": play.merged.pk}
    return {}


@pytest.mark.parametrize("route", urls.routes, ids=lambda one: one.name)
def test_no_address_takes_another_method(route: URLPattern, play: Stage) -> None:
    url = "/" + re.sub("<key:[a-z]+>", "ILO", str(route.pattern).replace("<int:key>", "1"))
    view = getattr(route.callback, "cls", None)
    initkwargs = getattr(route.callback, "initkwargs", {})
    public = view is None or initkwargs.get("public", view.public)

    for method in {*METHODS} - taken(route):
        found = [
            getattr(client_of(play.people.get(actor)), method.lower())(url).status_code
            for actor in ("anonymous", "focal_point", "administrator")
        ]
        assert found == [405 if public else 401, 405, 405], method


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_a_list_holds_what_its_details_show(resource: Resource, play: Stage) -> None:
    """Whoever is refused a row finds it in no list, and whoever finds it is shown it."""
    for actor in ("anonymous", "stranger", "focal_point", "other_agency", "coordinator"):
        client = client_of(play.people.get(actor))
        if not resource.public and actor == "anonymous":
            continue
        listed = {row[resource.key] for row in every(client, f"/api/v1/{resource.name}/?limit=200")}
        known = rows(resource).values_list(resource.key, flat=True)
        seen = {
            key for key in known if client.get(f"/api/v1/{resource.name}/{key}/").status_code == 200
        }

        assert listed == seen
