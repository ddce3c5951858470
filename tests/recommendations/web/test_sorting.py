"""Tables sort on the server by the column that the address names."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from recommendations.models import Assignment, Milestone, Role, Round
from recommendations.web import standings
from recommendations.web.views import actions, agencies, gaps
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.web.pages import links_of, text_of

F = "/f/hld-2013/"
ROUND = F + "rounds/2026-H1/?standing=all"
SORTED = re.compile(r'<th[^>]* aria-sort="(\w+)"><a href="([^"]*)">([^<&]*)')


@pytest.fixture
def held(db: None, clock: Any) -> make.Cast:
    """Let the ILO lead A1 and A3 and the IOM support A3; A2 stands alone. A round is open."""
    people = make.cast()
    make.action(people.area, "A2", order=2)
    third = make.action(people.area, "A3", order=3)
    for action, agency, role in (
        (people.action, people.ilo, Role.LEAD),
        (third, people.ilo, Role.LEAD),
        (third, people.iom, Role.SUPPORTING),
    ):
        builders.held(action, agency, role)
    make.open_round(people, with_supporting=True)
    clock.now = later(days=1)
    return people


def rows(answer: Any, codes: str = r"A\d") -> list[str]:
    """Return the codes at the heads of the rows of the page, in order."""
    heads = re.findall(r'<th scope="row">(.*?)</th>', answer.content.decode(), re.S)
    return [code for head in heads for code in re.findall(rf"<bdi>({codes})</bdi>", head)]


def test_actions_sort_by_each_column_and_back(held: make.Cast, client: Client) -> None:
    orders = {
        asked: rows(client.get(F + "actions/", {"sort": asked}))
        for asked in ("", "title", "-title", "leads", "-leads", "-agencies")
    }

    assert orders == {
        "": ["A1", "A2", "A3"],
        "title": ["A1", "A2", "A3"],
        "-title": ["A3", "A2", "A1"],
        "leads": ["A2", "A1", "A3"],
        "-leads": ["A1", "A3", "A2"],
        "-agencies": ["A3", "A1", "A2"],
    }


def test_the_order_goes_along_from_page_to_page_and_with_the_filters(
    held: make.Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PAGE", 2)
    first = client.get(F + "actions/", {"sort": "-agencies", "area": "A"})
    (next_url,) = [url for url in links_of(first) if "after=" in url]
    second = client.get(next_url)

    assert (rows(first), rows(second)) == (["A3", "A1"], ["A2"])
    assert first.content.count(b'<input type="hidden" name="sort" value="-agencies">') == 2


def test_the_head_says_the_order_and_leads_to_the_other_one(
    held: make.Cast, client: Client
) -> None:
    heads = [
        SORTED.findall(client.get(F + "agencies/", {"sort": asked}).content.decode())
        for asked in ("", "leads", "-leads")
    ]

    assert heads == [
        [],
        [("ascending", f"{F}agencies/?sort=-leads", "Leads")],
        [("descending", f"{F}agencies/?sort=leads", "Leads")],
    ]


def test_agencies_sort_within_their_category(held: make.Cast, client: Client) -> None:
    found = [
        rows(client.get(F + "agencies/", {"sort": asked}), "ILO|IOM")
        for asked in ("", "supports", "-supports", "leads")
    ]

    assert found == [["ILO", "IOM"], ["ILO", "IOM"], ["IOM", "ILO"], ["IOM", "ILO"]]


def test_coverage_sorts_by_what_it_counts(held: make.Cast, signed_in: Any) -> None:
    client = signed_in(held.coordinator)
    found = [
        rows(client.get(F + "gaps/", {"sort": asked}))[:3]
        for asked in ("", "-supporting", "leads", "-leads")
    ]

    assert found == [["A2", "A1", "A3"], ["A3", "A2", "A1"], ["A2", "A1", "A3"], ["A1", "A3", "A2"]]


def test_duties_sort_from_page_to_page(
    held: make.Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standings, "PAGE", 2)
    client = signed_in(held.coordinator)
    first = client.get(f"{ROUND}&sort=-agency")
    (next_url,) = [url for url in links_of(first) if "page=2" in url]

    assert next_url == "/f/hld-2013/rounds/2026-H1/?standing=all&sort=-agency&page=2#duties"
    assert [line.agency.agency for line in first.context["listed"].page] == ["IOM", "ILO"]
    assert [one.agency.agency for one in client.get(next_url).context["listed"].page] == ["ILO"]


def test_coverage_and_agencies_come_in_pages_that_keep_the_order(
    held: make.Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "PAGE", 2)
    monkeypatch.setattr(agencies, "PAGE", 1)
    client = signed_in(held.coordinator)
    found = []
    for path, codes in (("gaps/?sort=-leads", r"A\d"), ("agencies/?sort=-supports", "ILO|IOM")):
        first = client.get(F + path)
        (next_url,) = [url for url in links_of(first) if "page=2" in url]
        second = client.get(next_url)
        found.append((next_url, rows(first, codes), rows(second, codes)))

    assert found == [
        (F + "gaps/?sort=-leads&page=2#coverage", ["A1", "A3"], ["A2"]),
        (F + "agencies/?sort=-supports&page=2", ["IOM"], ["ILO"]),
    ]


def test_leads_with_a_gap_sort_and_the_rest_of_a_list_has_an_address(
    held: make.Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "PAGE", 2)
    builders.held(make.action(held.area, "A4", order=4), held.iom, target_on=date(2026, 7, 1))
    client = signed_in(held.coordinator)
    by_agency = client.get(F + "gaps/", {"order": "-agency"})
    (all_url,) = [url for url in links_of(by_agency) if "gap=never_reported" in url]
    alone = client.get(all_url)
    second = client.get(all_url + "&page=2")

    def leads(answer: Any) -> list[str]:
        listed = answer.context["registers"]["never_reported"].rows
        return [f"{one.action_code} {one.agency}" for one, _moves in listed]

    assert all_url == F + "gaps/?order=-agency&gap=never_reported"
    assert leads(by_agency) == ["A4 IOM", "A1 ILO"]
    assert (leads(alone), leads(second)) == (["A4 IOM", "A1 ILO"], ["A3 ILO"])
    assert "Never reported (3)" in text_of(alone)
    assert "No target date" not in text_of(alone)


def test_a_list_of_gaps_that_there_is_not_is_refused(held: make.Cast, signed_in: Any) -> None:
    answer = signed_in(held.coordinator).get(F + "gaps/", {"gap": "late"})

    assert answer.status_code == 400
    assert ("There is no such list. There are: never_reported, stale, no_target_date.") in text_of(
        answer
    )


def test_the_actions_of_a_working_group_sort(held: make.Cast, client: Client) -> None:
    group = make.group("GMG", "Group")
    Assignment.objects.update(through=group)
    builders.said(Assignment.objects.get(action=held.action), "in_progress", at=make.NOW)
    found = [
        rows(client.get(F + "groups/", {"sort": asked})) for asked in ("", "-action", "status")
    ]

    assert found == [["A1", "A3"], ["A3", "A1"], ["A1", "A3"]]
    assert SORTED.findall(client.get(F + "groups/", {"sort": "-status"}).content.decode()) == [
        ("descending", f"{F}groups/?sort=status", "Status")
    ]


def test_milestones_come_oldest_or_newest_first(held: make.Cast, client: Client) -> None:
    for year in (1994, 2006, 2013):
        Milestone.objects.create(
            framework=held.framework,
            code=f"M{year}",
            title=f"Meeting of {year}",
            sort_on=date(year, 1, 1),
            date_text=str(year),
            order=year,
        )
    years = [
        re.findall(r"<h3>(\d{4})</h3>", client.get(F + "about/", {"sort": asked}).content.decode())
        for asked in ("", "date", "-date")
    ]

    assert years == [["1994", "2006", "2013"], ["1994", "2006", "2013"], ["2013", "2006", "1994"]]
    assert F + "about/?sort=-date#milestones" in links_of(client.get(F + "about/"))


def test_the_queue_sorts_and_one_goes_through_it_in_that_order(
    held: make.Cast, signed_in: Any
) -> None:
    round = Round.objects.get()
    sent = {}
    for hours, (code, agency, by) in enumerate(
        (
            ("A3", held.iom, held.iom_focal_point),
            ("A3", held.ilo, held.ilo_focal_point),
            ("A1", held.ilo, held.ilo_focal_point),
        )
    ):
        assignment = Assignment.objects.get(action__code=code, agency=agency)
        update = make.update_in(round, assignment)
        make.sent(update, by=by, at=later(hours=hours))
        sent[update.pk] = f"{code} {agency.acronym}"
    client = signed_in(held.coordinator)
    orders = {
        asked: [
            sent[row.update.pk] for row in client.get("/queue/", {"sort": asked}).context["rows"]
        ]
        for asked in ("", "-sent", "agency", "-agency", "action", "-action")
    }
    first = next(pk for pk, name in sent.items() if name == "A1 ILO")
    skipped = client.get(f"/queue/{first}/?sort=action&skip=1").headers["Location"]

    assert orders == {
        "": ["A3 IOM", "A3 ILO", "A1 ILO"],
        "-sent": ["A1 ILO", "A3 ILO", "A3 IOM"],
        "agency": ["A3 ILO", "A1 ILO", "A3 IOM"],
        "-agency": ["A3 IOM", "A1 ILO", "A3 ILO"],
        "action": ["A1 ILO", "A3 IOM", "A3 ILO"],
        "-action": ["A3 ILO", "A3 IOM", "A1 ILO"],
    }
    assert skipped == f"/queue/{next(iter(sent))}/?sort=action"
    assert "/queue/?sort=-sent" in links_of(client.get("/queue/"))


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("groups/?sort=lead", "action, status"),
        ("answers/?sort=text", "agency, sent"),
        ("about/?sort=title", "date"),
        ("gaps/?order=role", "agency, reported, target"),
        ("rounds/2026-H1/review-times/?sort=pk", "update, sent, decided, days"),
        ("actions/?sort=-standing", "title, leads, status, reported, agencies"),
        ("agencies/?sort=id", "name, leads, supports, actions"),
        ("gaps/?sort=--leads", "action, leads, supporting, reported, evidence"),
        ("rounds/2026-H1/?sort=duty_id", "agency, state, due, sent"),
    ],
)
def test_an_order_that_the_table_has_not_is_refused_with_those_that_it_has(
    held: make.Cast, signed_in: Any, path: str, known: str
) -> None:
    answer = signed_in(held.coordinator).get(F + path)

    assert answer.status_code == 400
    assert f"This table sorts by: {known}." in text_of(answer)


def test_an_order_that_the_queue_has_not_is_refused(held: make.Cast, signed_in: Any) -> None:
    answer = signed_in(held.coordinator).get("/queue/", {"sort": "kind"})

    assert answer.status_code == 400
    assert "This table sorts by: sent, agency, action." in text_of(answer)
