"""Who gets what at every address of the API: one literal table, reconciled with the router."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from agencies import revisions
from agencies.access import NOBODY
from agencies.models import GroupMembership, WorkingGroup
from recommendations.api import urls
from recommendations.api.reader import Reader
from recommendations.api.resources import Resource
from recommendations.api.tables import BY_NAME, RESOURCES
from recommendations.models import (
    Assessment,
    Decision,
    Framework,
    Passage,
    Question,
    Submission,
)
from tests import make
from tests.recommendations.api.conftest import client_of, every
from tests.recommendations.notify.telling import told
from tests.stage import ASKED, Stage

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
NOT_ALLOWED = (405,) * 9
REFUSED = (401, *(405,) * 8)
INSIDE = (401, 404, 200, 404, 200, 200, 200, 404, 404)
# anonymous, stranger, focal point, other agency, coordinator, of agency, administrator,
# observer, elsewhere
READ = {
    **{
        f"api-{name}{end}": EVERYBODY
        for name in (
            *("frameworks", "areas", "actions", "passages", "questions", "agencies"),
            *("groups", "group-memberships", "assignments", "submissions", "evidence"),
            "assessments",
        )
        for end in ("", "-detail")
    },
    **{
        f"api-{name}": PEOPLE
        for name in ("memberships", "rounds", "duties", "updates", "decisions", "deliveries")
    },
    # of what is not theirs, nobody is told that it exists
    "api-memberships-detail": (401, 404, 200, 404, 404, 404, 404, 404, 404),
    "api-deliveries-detail": (401, 404, 200, 404, 404, 404, 404, 404, 404),
    "api-rounds-detail": (401, 404, 200, 200, 200, 200, 200, 200, 404),
    "api-duties-detail": INSIDE,
    "api-updates-detail": INSIDE,
    "api-decisions-detail": INSIDE,
}
TABLE = READ
PRIVATE = {
    "api-assignments-detail": (404, 404, 200, 404, 200, 200, 200, 404, 404),
    "api-submissions-detail": (404, 404, 200, 404, 200, 200, 200, 404, 404),
    "api-evidence-detail": (404, 404, 200, 404, 404, 200, 404, 404, 404),
    "api-rounds-detail": (401, 404, 404, 404, 200, 200, 200, 404, 404),
}
"""The same of a row that is not public: proposed, not approved, for reviewers, planned."""


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
        "questions": lambda: Question.objects.all()[0].pk,
        "agencies": lambda: "ilo",
        "groups": lambda: group(play).group.code,
        "group-memberships": lambda: group(play).pk,
        "memberships": lambda: person.memberships.get().pk,
        "deliveries": lambda: told(person, approved).pk,
        "assignments": lambda: play.objects["assignment accepted"].pk,
        "rounds": lambda: play.objects["round open"].pk,
        "duties": lambda: play.objects["duty open"].pk,
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
        "api-evidence-detail": lambda: play.evidence["draft, public"].pk,
        "api-rounds-detail": lambda: play.objects["round planned"].pk,
    }[name]()


def passage(of: Framework) -> Passage:
    """Return a passage of the source."""
    return Passage.objects.create(
        framework=of, number=1, section="Section", kind="paragraph", text="A text."
    )


def group(play: Stage) -> GroupMembership:
    """Return the place of the ILO in a group."""
    found = WorkingGroup(code="GMG", name="Group", kind="interagency_group")
    revisions.create(found, by=None, at=ASKED)
    place = GroupMembership(group=found, agency=play.cast.ilo, role="member")
    revisions.create(place, by=None, at=ASKED)
    return place


def assessed(play: Stage) -> Assessment:
    """Return the assessment of a text that is public."""
    place = play.objects["assignment accepted, reported"]
    make.do("assess", place, by=play.cast.coordinator, at=ASKED, status="in_progress")
    return Assessment.objects.get(assignment=place.pk)


def rows(resource: Resource) -> Any:
    """Return all rows of a resource, whoever they exist for."""
    return resource.rows(Reader(None, NOBODY, ASKED)).model._default_manager.all()


def address(name: str, key: object = None) -> str:
    """Return the address of a route."""
    return reverse(name, args=[] if key is None else [key])


def got(play: Stage, method: str, url: str) -> tuple[int, ...]:
    """Return what each actor gets."""
    clients = (client_of(play.people.get(actor)) for actor in ACTORS)
    return tuple(getattr(client, method)(url).status_code for client in clients)


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert {route.name for route in urls.routes} == set(TABLE)


@pytest.mark.parametrize("name", sorted(READ))
def test_everybody_reads_what_the_table_says(name: str, play: Stage) -> None:
    resource = name.removeprefix("api-").removesuffix("-detail")
    key = shown(resource, play) if name.endswith("-detail") else None

    assert got(play, "get", address(name, key)) == READ[name]


@pytest.mark.parametrize("name", sorted(PRIVATE))
def test_nobody_reads_what_is_not_theirs_and_not_public(name: str, play: Stage) -> None:
    assert got(play, "get", address(name, hidden(name, play))) == PRIVATE[name]


@pytest.mark.parametrize("name", sorted(READ))
def test_what_is_read_is_not_written(name: str, play: Stage) -> None:
    key = 1 if name.endswith("-detail") else None
    key = "ILO" if key and BY_NAME[name[4:-7]].by_code else key
    expected = NOT_ALLOWED if BY_NAME[name[4:].removesuffix("-detail")].public else REFUSED

    for method in ("put", "delete"):
        assert got(play, method, address(name, key)) == expected


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
