"""The work list of a focal point, and where people land after signing in."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.domain import workflow
from recommendations.models import Update
from tests import make

WORK = "/work/"


@pytest.fixture
def busy(cast: make.Cast) -> dict[str, Update]:
    """Return four updates of the ILO: returned, overdue, due, and one that waits for others."""
    actions = [cast.action, *(make.action(cast.area, f"A{n}", order=n) for n in range(2, 5))]
    assignments = [make.accepted(cast, action=action) for action in actions]
    opened = make.open_round(cast)
    returned, overdue, due, sent = (make.update_in(opened, each) for each in assignments)
    make.sent(returned, by=cast.ilo_focal_point)
    make.do(
        "return",
        returned,
        by=cast.coordinator,
        note="Give the number of ratifications.",
        due_on=date(2026, 5, 20),
    )
    make.do("set_due", overdue.duty, by=cast.coordinator, note="Agreed.", due_on=date(2026, 5, 5))
    make.drafted(due, by=cast.ilo_alternate)
    make.sent(sent, by=cast.ilo_focal_point)
    return {"returned": returned, "overdue": overdue, "due": due, "sent": sent}


def links(page: str, updates: dict[str, Update]) -> list[str]:
    """Return the names of the updates in the order in which the page links them."""
    places = {name: page.find(f'href="/updates/{update.pk}/"') for name, update in updates.items()}
    return sorted((name for name in places if places[name] >= 0), key=lambda name: places[name])


def test_the_worst_comes_first(busy, cast, signed_in, clock):
    clock.now = datetime(2026, 5, 8, 9, tzinfo=make.NOW.tzinfo)

    page = signed_in(cast.ilo_focal_point).get(WORK).content.decode()

    assert links(page, busy) == ["returned", "overdue", "due", "sent"]


def test_a_return_is_quoted_in_full(busy, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).get(WORK)

    assert "Give the number of ratifications." in response.content.decode()


def test_what_is_done_or_of_another_agency_is_not_listed(busy, cast, signed_in):
    make.approved(busy["sent"], by=cast.coordinator)
    own = signed_in(cast.ilo_focal_point).get(WORK).content.decode()
    other = signed_in(cast.iom_focal_point).get(WORK).content.decode()

    assert "sent" not in links(own, busy)
    assert links(other, busy) == []
    assert "Nothing needs your action." in other


def test_a_closed_round_asks_for_nothing_but_answers(busy, cast, signed_in):
    opened = busy["due"].duty.round
    make.do("close", opened, by=cast.coordinator)

    page = signed_in(cast.ilo_focal_point).get(WORK).content.decode()

    assert links(page, busy) == ["returned", "sent"]


def test_a_correction_of_what_is_retracted_is_still_to_be_sent_after_the_close(
    busy, cast, signed_in
):
    make.approved(busy["sent"], by=cast.coordinator)
    correction = make.do("correct", busy["sent"], by=cast.ilo_focal_point)
    make.do("close", busy["sent"].duty.round, by=cast.coordinator)
    given = {"note": "It names a person.", "due_on": date(2026, 6, 15)}
    make.do("retract", busy["sent"], by=cast.coordinator, **given)

    page = signed_in(cast.ilo_focal_point).get(WORK).content.decode()

    assert links(page, {"correction": correction}) == ["correction"]


def test_an_answer_that_was_taken_back_is_still_shown_as_returned(busy, cast, signed_in):
    make.sent(busy["returned"], by=cast.ilo_focal_point)
    make.do("withdraw", busy["returned"], by=cast.ilo_focal_point)
    browser = signed_in(cast.ilo_focal_point)
    before = browser.get(WORK).content.decode()
    make.do("close", busy["due"].duty.round, by=cast.coordinator)
    after = browser.get(WORK).content.decode()

    assert links(before, busy)[0] == "returned"
    assert links(after, busy) == ["returned", "sent"]
    assert "Give the number of ratifications." in after


def test_an_assignment_waits_for_its_answer(cast, signed_in):
    asked = make.proposed(cast)

    page = signed_in(cast.ilo_focal_point).get(WORK).content.decode()

    assert reverse("respond", args=[asked.pk]) in page


def test_the_panel_counts_the_round_of_the_agency(busy, cast, signed_in):
    page = signed_in(cast.ilo_focal_point).get(WORK).content.decode()

    assert "1 in review, 1 returned, 2 to do." in page


def test_several_agencies_have_headings(busy, cast, signed_in):
    make.member(cast.iom_focal_point, cast.ilo)
    make.do(
        "end",
        make.accepted(cast, agency=cast.iom, role="supporting", by=cast.iom_focal_point),
        by=cast.coordinator,
        note="Over.",
    )

    page = signed_in(cast.iom_focal_point).get(WORK).content.decode()

    assert page.count("<h3><abbr") == 1


def test_a_visitor_is_sent_to_sign_in_and_back(db):
    response = Client().get(WORK)

    assert response.headers["Location"] == "/account/sign-in/?next=/work/"


@pytest.mark.parametrize(
    ("person", "place"),
    [
        ("ilo_focal_point", "/work/"),
        ("coordinator", "/queue/"),
        ("ilo_coordinator", "/queue/"),
        ("observer", "/f/hld-2013/"),
        ("stranger", "/f/hld-2013/"),
    ],
)
def test_everybody_lands_where_their_work_is(person, place, cast, signed_in):
    response = signed_in(getattr(cast, person)).get(reverse("home"))

    assert response.headers["Location"] == place


def test_signing_in_leads_home_unless_an_address_was_asked_for(cast):
    person = cast.ilo_focal_point
    person.set_password(make.PASSWORD)
    person.save()
    form = {"login": person.email, "password": make.PASSWORD}

    plain = Client().post("/account/sign-in/", form)
    asked = Client().post("/account/sign-in/?next=/updates/7/", form | {"next": "/updates/7/"})

    assert plain.headers["Location"] == reverse("home")
    assert asked.headers["Location"] == "/updates/7/"


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_asks_the_database_as_often_for_one_row_as_for_thirty(
    count, cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.ilo_focal_point)
    actions = [make.action(cast.area, f"B{n}", order=n) for n in range(count)]
    assignments = [make.accepted(cast, action=action) for action in actions]
    make.proposed(cast)
    opened = make.open_round(cast)
    for assignment in assignments:
        update = make.sent(make.update_in(opened, assignment), by=cast.ilo_focal_point)
        due = (make.NOW + timedelta(days=7)).date()
        workflow.perform(
            "return",
            update,
            by=cast.coordinator,
            at=make.NOW,
            version=update.version,
            note="More.",
            due_on=due,
        )

    with django_assert_num_queries(14):
        client.get(WORK)
