"""The agencies, and one with its actions and groups."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from agencies import revisions, succession
from agencies.models import Agency, AgencyCode, GroupMembership, WorkingGroup
from recommendations.models import Role
from tests import make
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import is_plain, links_of, text_of

LIST = "/f/hld-2013/agencies/"


@pytest.fixture
def gathered(cast: make.Cast) -> make.Cast:
    """Return the ILO leading an action, and a contributor who is not one of the agencies."""
    contributor = Agency(
        code="SRSG", acronym="SRSG", name="Representative", category="contributor", counted=False
    )
    revisions.create(contributor, by=None, at=make.NOW)
    builders.said(builders.held(cast.action, cast.ilo), "in_progress", at=make.NOW)
    return cast


def test_the_list_counts_the_agencies_and_shows_a_contributor_apart(
    gathered: make.Cast, client: Client
) -> None:
    answer = client.get(LIST)
    words = text_of(answer)

    assert is_plain(answer)
    assert "1 of 2 agencies take the actions forward." in words
    assert "Contributes; not counted among the agencies." in words
    assert [url for url in links_of(answer) if re.fullmatch(LIST + r"\w+/", url)] == [
        LIST + "ILO/",
        LIST + "IOM/",
        LIST + "SRSG/",
    ]


def test_an_agency_shows_its_actions_and_its_groups(gathered: make.Cast, client: Client) -> None:
    group = WorkingGroup(code="GMG", name="Global Group", kind="interagency_group")
    revisions.create(group, by=None, at=make.NOW)
    member = GroupMembership(group=group, agency=gathered.ilo, role="co_lead")
    revisions.create(member, by=None, at=make.NOW)
    answer = client.get(LIST + "ILO/")
    words = text_of(answer)

    assert is_plain(answer)
    assert "Full name of ILO" in words
    assert "1 assignment: 1 in progress, 0 without a report." in words
    assert "A1 Short title of A1 Lead Accepted … In progress since 4 May 2026 09:30 UTC" in words
    assert "Global Group, Co-lead" in words
    assert "/f/hld-2013/actions/A1/ILO/" in links_of(answer)


def test_an_agency_without_actions_says_so(gathered: make.Cast, client: Client) -> None:
    words = text_of(client.get(LIST + "IOM/"))

    assert "This agency has taken on no action yet." in words
    assert "The source lists this agency in no group." in words


def test_an_old_code_and_the_other_case_lead_to_the_present_one(
    gathered: make.Cast, client: Client
) -> None:
    AgencyCode.objects.create(agency=gathered.ilo, code="BIT")
    answers = [client.get(f"{LIST}{code}/?as_of=2026-05-04") for code in ("BIT", "bit", "ilo")]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (301, LIST + "ILO/?as_of=2026-05-04")
    }


def test_an_agency_that_does_not_exist_is_not_found(gathered: make.Cast, client: Client) -> None:
    assert client.get(LIST + "XYZ/").status_code == 404


def test_its_own_people_see_what_is_proposed_to_it(
    gathered: make.Cast, signed_in: Any, client: Client
) -> None:
    make.proposed(gathered, agency=gathered.iom, role=Role.SUPPORTING)
    page, thread = LIST + "IOM/", "/f/hld-2013/actions/A1/IOM/"

    assert thread not in links_of(client.get(page))
    assert thread not in links_of(signed_in(gathered.ilo_focal_point).get(page))
    assert thread in links_of(signed_in(gathered.iom_focal_point).get(page))


def test_before_the_agency_was_recorded_it_is_not_found(
    gathered: make.Cast, client: Client
) -> None:
    assert client.get(LIST + "ILO/", {"as_of": "2013-10-03"}).status_code == 404


def test_a_closed_agency_is_in_no_list_of_today_and_in_those_of_before(
    gathered: make.Cast, client: Client, clock: Any
) -> None:
    iom, clock.now = gathered.iom, make.later(days=4)
    at = make.later(days=3)
    succession.end(iom, by=gathered.administrator, at=at, note="By the board.", version=iom.version)
    before, matrix = "?as_of=2026-05-06T09:30", "/f/hld-2013/matrix/"
    links = {url: links_of(client.get(url)) for url in (LIST, LIST + before, matrix)}

    assert "1 of 1 agency takes the actions forward." in text_of(client.get(LIST))
    assert "1 of 2 agencies take the actions forward." in text_of(client.get(LIST + before))
    assert "1 of 1 agency takes part." in text_of(client.get("/f/hld-2013/"))
    assert LIST + "IOM/" not in links[LIST]
    assert LIST + "IOM/" + before in links[LIST + before]
    assert [url for url in links[matrix] if "IOM" in url] == []
    assert [url for url in links_of(client.get(matrix + before)) if "IOM" in url] != []


def test_only_the_inside_sees_how_timely_an_agency_is(
    cast: make.Cast, signed_in: Any, client: Client, clock: Any
) -> None:
    round = builders.a_round(cast.framework)
    actions = [cast.action, *(make.action(cast.area, f"A{n}", order=n) for n in (2, 3))]
    duties = [builders.owed(round, builders.held(action, cast.ilo)) for action in actions]
    builders.said(duties[0], "in_progress", at=make.later(days=1))
    builders.said(duties[1], "in_progress", at=make.later(days=40))
    clock.now = make.later(days=41)
    page = LIST + "ILO/"
    told = "R1 ●◆○ 3 1 1 1"

    seen = [
        told in text_of(signed_in(who).get(page))
        for who in (cast.coordinator, cast.ilo_focal_point, cast.iom_focal_point)
    ]
    assert (seen, "How timely" in text_of(client.get(page))) == ([True, True, False], False)
