"""Rounds: who owes what, opening with a preview, closing in words, due dates with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.models import Duty, Round, Update
from tests import make
from tests.recommendations.web.pages import text_of

ROUNDS = "/f/hld-2013/rounds/"


@pytest.fixture
def owed(cast: make.Cast) -> Update:
    """Return an update that the ILO owes in the round 2026-H1; the IOM owes another."""
    make.accepted(
        cast,
        action=make.action(cast.area, "A2", order=2),
        agency=cast.iom,
        by=cast.iom_focal_point,
    )
    return make.owed(cast)


def text(response: Any) -> str:
    """Return a page as text."""
    return response.content.decode()


def version(row: Any) -> dict[str, int]:
    """Return the version of a row as a form carries it."""
    row.refresh_from_db()
    return {"version": row.version}


def test_the_page_says_who_owes_what(owed, cast, signed_in):
    make.sent(owed, by=cast.ilo_focal_point)

    response = signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/")

    shown = {
        agency.agency: (agency.progress.expected, agency.progress.sent, agency.progress.missing)
        for agency in response.context["agencies"]
    }
    assert list(shown.items()) == [("IOM", (1, 0, 1)), ("ILO", (1, 1, 0))]
    assert "2 updates expected: 1 sent" in text(response)
    assert "Inside figures, position on" in text(response)


def test_an_agency_reads_its_own_rows_only(owed, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).get(f"{ROUNDS}2026-H1/")

    assert [agency.agency for agency in response.context["agencies"]] == ["ILO"]
    assert "updates expected" not in text(response)
    assert "Close the round" not in text(response)


def test_a_round_that_is_planned_exists_for_those_who_prepare_it(cast, signed_in):
    make.planned_round(cast.framework)

    assert signed_in(cast.ilo_focal_point).get(f"{ROUNDS}2026-H1/").status_code == 404
    assert "2026-H1" not in text(signed_in(cast.ilo_focal_point).get(ROUNDS))
    assert "2026-H1" in text(signed_in(cast.coordinator).get(ROUNDS))


def test_a_visitor_finds_no_rounds(owed):
    assert Client().get(ROUNDS).status_code == 404


def test_opening_says_first_whom_it_asks(cast, signed_in):
    make.accepted(cast)
    planned = make.planned_round(cast.framework)
    client = signed_in(cast.coordinator)

    preview = client.get(f"{ROUNDS}2026-H1/open/")
    done = client.post(f"{ROUNDS}2026-H1/open/", version(planned), follow=True)

    asking = preview.context["asking"]
    assert (asking.updates, asking.agencies) == (1, 1)
    assert "1 update to 1 agency" in text(preview)
    assert "Round 2026-H1 is open." in text(done)
    assert Duty.objects.count() == 1


def test_a_round_opened_meanwhile_is_not_opened_twice(cast, signed_in):
    make.accepted(cast)
    planned = make.planned_round(cast.framework)
    seen = version(planned)
    make.do("open", planned, by=cast.administrator)

    response = signed_in(cast.coordinator).post(f"{ROUNDS}2026-H1/open/", seen)

    assert response.status_code == 409
    assert "Close: a coordinator or administrator" in text(response)
    assert Duty.objects.count() == 1


def test_a_duty_with_a_draft_says_since_when_to_the_agency_and_to_those_who_oversee(
    owed, cast, signed_in, clock
):
    clock.now = make.later(days=2)
    empty = text_of(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/"))
    make.drafted(owed, by=cast.ilo_focal_point, body={"done": "Secret so far."})

    for person in (cast.coordinator, cast.administrator, cast.ilo_focal_point):
        words = text_of(signed_in(person).get(f"{ROUNDS}2026-H1/"))
        assert "ILO · A1 Missing Draft since 4 May 2026" in words
        assert "Secret so far." not in words
    assert "ILO · A1 Missing" in empty
    assert "Draft since" not in empty


def test_closing_says_first_what_it_leaves_behind(owed, cast, signed_in):
    make.drafted(owed, by=cast.ilo_focal_point)
    client = signed_in(cast.coordinator)

    preview = text(client.get(f"{ROUNDS}2026-H1/close/"))
    client.post(f"{ROUNDS}2026-H1/close/", version(owed.duty.round))

    assert "1 update or questionnaire was not begun. It stays missing" in preview
    assert "1 draft is kept and not sent." in preview
    assert "The due date has not passed:" in preview
    assert Round.objects.get().state == Round.State.CLOSED


def test_a_closed_round_cannot_be_closed_and_the_refusal_leads_back_to_it(owed, cast, signed_in):
    make.do("close", owed.duty.round, by=cast.coordinator)

    shown = text(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/close/"))

    assert "Not possible now: the state is “Closed”." in shown
    assert "Reopen: a coordinator or administrator" in shown
    assert f'<a href="{ROUNDS}2026-H1/">Go back to Round 2026-H1</a>' in shown


def test_a_planned_round_cannot_be_closed_and_says_what_is_possible(cast, signed_in):
    make.planned_round(cast.framework)

    response = signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/close/")

    assert response.status_code == 409
    assert "Not possible now: the state is “Planned”." in text(response)
    assert "Open: a coordinator or administrator" in text(response)


def test_a_focal_point_cannot_close_a_round(owed, cast, signed_in):
    response = signed_in(cast.ilo_focal_point).post(
        f"{ROUNDS}2026-H1/close/", version(owed.duty.round)
    )

    assert response.status_code == 403
    assert "Only a coordinator or administrator can do this." in text(response)


def due(owed: Update) -> str:
    """Return the address of the due date of a duty."""
    return reverse("duty-due", args=[owed.duty_id])


def test_a_due_date_is_changed_with_a_reason(owed, cast, signed_in):
    client = signed_in(cast.coordinator)
    form = {"due_on": "2026-06-10", **version(owed.duty)}

    bare = client.post(due(owed), form)
    done = client.post(due(owed), form | {"reason": "A holiday."})

    owed.duty.refresh_from_db()
    assert bare.context["form"].errors == {"reason": ["Give the reason."]}
    assert bare.context["form"]["due_on"].value() == "2026-06-10"
    assert done.headers["Location"] == f"{ROUNDS}2026-H1/"
    assert owed.duty.due_on == date(2026, 6, 10)


def test_a_date_that_cannot_be_read_says_how_to_enter_it(owed, cast, signed_in):
    response = signed_in(cast.coordinator).post(
        due(owed), {"due_on": "soon", "reason": "A holiday.", **version(owed.duty)}
    )

    assert response.status_code == 400
    assert response.context["form"].errors == {
        "due_on": ["Enter the date as year-month-day, such as 2026-11-30."]
    }


def test_a_stale_due_date_shows_both_and_keeps_the_reason(owed, cast, signed_in):
    seen = version(owed.duty)
    make.do("set_due", owed.duty, by=cast.administrator, note="Agreed.", due_on=date(2026, 6, 1))

    response = signed_in(cast.coordinator).post(
        due(owed), {"due_on": "2026-06-10", "reason": "A long reason.", **seen}
    )

    assert response.status_code == 409
    assert "Due now: <strong>" in text(response)
    assert "1 Jun 2026" in text(response)
    assert "2026-06-10" in text(response)
    assert "A long reason." in text(response)


def test_a_duty_that_is_met_has_no_due_date_to_change(owed, cast, signed_in):
    make.approved(make.sent(owed, by=cast.ilo_focal_point), by=cast.coordinator)

    response = signed_in(cast.coordinator).get(due(owed))

    assert response.status_code == 409
    assert f'<a href="{ROUNDS}2026-H1/">Go back to Round 2026-H1</a>' in text(response)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_round_asks_the_database_as_often_for_one_duty_as_for_thirty(
    count, cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.coordinator)
    for number in range(count):
        make.accepted(cast, action=make.action(cast.area, f"B{number}", order=number))
    make.open_round(cast)

    with django_assert_num_queries(15):
        client.get(f"{ROUNDS}2026-H1/")


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_asks_the_database_as_often_for_one_round_as_for_thirty(
    count, cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.coordinator)
    for number in range(count):
        make.planned_round(cast.framework, f"R{number}")

    with django_assert_num_queries(8):
        client.get(ROUNDS)
