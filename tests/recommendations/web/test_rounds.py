"""Rounds: who owes what, opening with a preview, closing in words, due dates with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.models import Duty, Round, Update
from recommendations.reporting.round_progress import round_progress
from tests import make
from tests.administration import form_of
from tests.recommendations.reporting import builders
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


def test_each_step_of_a_round_sends_the_version_that_was_seen(cast, signed_in):
    client = signed_in(cast.coordinator)
    planned, running, closed = (make.planned_round(cast.framework, f"R{n}") for n in range(3))
    for round in (running, closed):
        make.do("open", round, by=cast.coordinator)
    make.do("close", closed, by=cast.coordinator)
    held = make.planned_round(cast.framework, "R3")
    make.do("hold", held, by=cast.coordinator, note="Before the summit.")
    steps = {"open": planned, "close": running, "extend": running, "hold": running}
    for verb, round in (steps | {"reopen": closed, "release": held}).items():
        page = client.get(f"{ROUNDS}{round.code}/{verb}/")
        assert form_of(page)["version"] == [str(version(round)["version"])], verb


def test_a_round_opened_meanwhile_is_not_opened_twice(cast, signed_in):
    make.accepted(cast)
    planned = make.planned_round(cast.framework)
    seen = version(planned)
    make.do("open", planned, by=cast.administrator)

    response = signed_in(cast.coordinator).post(f"{ROUNDS}2026-H1/open/", seen)

    assert response.status_code == 409
    assert "Close the round: a coordinator or administrator" in text(response)
    assert Duty.objects.count() == 1


def test_a_duty_with_a_draft_says_since_when_to_the_agency_and_to_those_who_oversee(
    owed, cast, signed_in, clock
):
    clock.now = make.later(days=2)
    empty = text_of(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/"))
    make.drafted(owed, by=cast.ilo_focal_point, body={"done": "Secret so far."})

    for person in (cast.coordinator, cast.administrator, cast.ilo_focal_point):
        words = text_of(signed_in(person).get(f"{ROUNDS}2026-H1/?standing=all"))
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
    assert "Reopen the round: a coordinator or administrator" in shown
    assert f'<a href="{ROUNDS}2026-H1/">Go back to Round 2026-H1</a>' in shown


def test_a_planned_round_cannot_be_closed_and_says_what_is_possible(cast, signed_in):
    make.planned_round(cast.framework)

    response = signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/close/")

    assert response.status_code == 409
    assert "Not possible now: the state is “Planned”." in text(response)
    assert "Open the round: a coordinator or administrator" in text(response)


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


@pytest.mark.parametrize(("count", "questions", "queries"), [(1, 0, 14), (3, 1, 15), (30, 1, 15)])
def test_the_round_asks_the_database_as_often_for_one_duty_as_for_thirty(
    count, questions, queries, cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.coordinator)
    for number in range(questions):
        make.question(cast.framework, number + 1)
    for number in range(count):
        make.accepted(cast, action=make.action(cast.area, f"B{number}", order=number))
    make.open_round(cast)

    with django_assert_num_queries(queries):
        client.get(f"{ROUNDS}2026-H1/")


def owing(cast: make.Cast, count: int) -> list[Duty]:
    """Return the duties of the ILO in an open round: this many."""
    for number in range(count):
        make.accepted(cast, action=make.action(cast.area, f"B{number}", order=number))
    make.open_round(cast)
    return list(Duty.objects.order_by("id"))


def shown(response: Any) -> list[str]:
    """Return the duties on a page of the list of a round, by their actions."""
    return [row.duty.action_code for row in response.context["listed"].page]


def test_the_page_of_a_round_shows_first_what_the_coordinator_looks_after(cast, signed_in, clock):
    late, begun, asks, returned, _silent = owing(cast, 5)
    fp, coordinator = cast.ilo_focal_point, cast.coordinator
    make.do("set_due", late, by=coordinator, note="Soon.", due_on=date(2026, 5, 5))
    make.drafted(late.updates.get(), by=fp)
    for duty in (begun, asks):
        make.drafted(duty.updates.get(), by=fp)
    make.do("ask", asks, by=fp, note="A strike.", until_on=date(2026, 6, 9))
    sent = make.sent(returned.updates.get(), by=fp)
    make.do("return", sent, by=coordinator, note="Where?", due_on=date(2026, 7, 1))
    clock.now = make.later(days=3)

    client = signed_in(coordinator)
    usual = client.get(f"{ROUNDS}2026-H1/")
    every = client.get(f"{ROUNDS}2026-H1/?standing=all")
    own = signed_in(fp).get(f"{ROUNDS}2026-H1/")

    assert shown(usual) == ["B0", "B2", "B4"]
    assert shown(every) == shown(own) == ["B0", "B1", "B2", "B4", "B3"]
    assert "To look after (3)" in text(usual)
    assert "All duties (5)" in text(usual)
    assert f'href="{ROUNDS}2026-H1/?standing=all#duties"' in text(usual)


def test_who_has_nobody_to_act_is_looked_after(cast, signed_in):
    duty, _other = owing(cast, 2)
    make.drafted(duty.updates.get(), by=cast.ilo_focal_point)
    before = shown(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/?standing=vacant"))
    cast.ilo.memberships.update(until_on=make.START)
    usual = signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/")
    after = shown(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/?standing=vacant"))

    assert (before, after, shown(usual)) == ([], ["B0", "B1"], ["B0", "B1"])
    assert "Nobody can act for ILO." in text(usual)


def test_the_list_of_a_round_comes_in_pages_that_keep_what_was_chosen(cast, signed_in):
    owing(cast, 30)
    client = signed_in(cast.coordinator)
    first = client.get(f"{ROUNDS}2026-H1/?standing=missing")
    second = client.get(first.context["listed"].next_url)
    beyond = client.get(f"{ROUNDS}2026-H1/?standing=missing&page=9")

    every = {f"B{number}" for number in range(30)}
    assert (len(shown(first)), len(shown(second))) == (25, 5)
    assert {*shown(first), *shown(second)} == every
    assert first.context["listed"].next_url == (f"{ROUNDS}2026-H1/?standing=missing&page=2#duties")
    assert second.context["listed"].previous_url == f"{ROUNDS}2026-H1/?standing=missing#duties"
    assert shown(beyond) == shown(second)
    assert "26–30 of 30 duties" in text(second)


def test_a_round_is_narrowed_to_one_agency(owed, cast, signed_in):
    client = signed_in(cast.coordinator)
    make.sent(owed, by=cast.ilo_focal_point)

    assert shown(client.get(f"{ROUNDS}2026-H1/?agency=ilo")) == ["A1"]
    assert shown(client.get(f"{ROUNDS}2026-H1/?agency=ILO&standing=missing")) == []
    assert client.get(f"{ROUNDS}2026-H1/?agency=FAO").status_code == 400
    assert signed_in(cast.ilo_focal_point).get(f"{ROUNDS}2026-H1/?agency=IOM").status_code == 400
    assert f'href="{ROUNDS}2026-H1/?agency=IOM#duties"' in text(client.get(f"{ROUNDS}2026-H1/"))


def test_the_first_requests_for_time_stand_on_the_page_and_lead_to_the_rest(cast, signed_in):
    for duty in owing(cast, 7):
        until = {"note": f"Reason {duty.pk}.", "until_on": date(2026, 6, 9)}
        make.do("ask", duty, by=cast.ilo_focal_point, **until)

    page = text(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/"))

    assert page.count('<q class="said">') == 5
    assert f'<a href="{ROUNDS}2026-H1/?standing=asks#duties">All 7 requests</a>' in page


def test_the_round_prints_what_moved_since_it_opened(cast, signed_in, clock):
    first, second = owing(cast, 2)
    clock.now = make.later(days=1)
    make.accepted(cast, action=cast.action, at=clock.now)
    make.do("end", first.assignment, by=cast.coordinator, at=clock.now, note="Handed on.")
    clock.now = make.later(days=2)
    running = text_of(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/"))
    outside = text_of(signed_in(cast.ilo_focal_point).get(f"{ROUNDS}2026-H1/"))
    make.do("close", first.round, by=cast.coordinator, at=clock.now)
    clock.now = make.later(days=3)
    make.do("end", second.assignment, by=cast.coordinator, at=clock.now, note="Handed on.")
    closed = text_of(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/"))

    said = "4 May 2026: opening 2 + new 1 + reopened 0 − closed 1 ="
    assert f"{said} now open 2." in running
    assert f"{said} open 2 when it closed on 6 May 2026." in closed
    assert "opening 2" not in outside


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_asks_the_database_as_often_for_one_round_as_for_thirty(
    count, cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.coordinator)
    for number in range(count):
        make.planned_round(cast.framework, f"R{number}")

    with django_assert_num_queries(9):
        client.get(ROUNDS)


def test_the_list_counts_what_is_expected_as_the_page_of_the_round_does(
    cast: make.Cast, signed_in: Any
) -> None:
    round = builders.a_round(cast.framework, "R1")
    duties = [
        builders.owed(round, builders.held(make.action(cast.area, f"B{n}", order=n), cast.ilo))
        for n in range(2, 5)
    ]
    builders.owed(round, None, agency=cast.iom)
    builders.waived(duties[0], at=make.NOW)
    type(duties[1]).objects.filter(pk=duties[1].pk).update(voluntary=True)
    progress = round_progress(round, as_of=make.later(days=1))
    row = text_of(signed_in(cast.coordinator).get(ROUNDS)).partition(" R1 ")[2]

    assert (progress.total.expected, progress.questionnaires.expected) == (1, 1)
    assert "30 Jun 2026 2 " in f"{row} "


def test_how_long_review_takes_is_for_those_who_oversee_it(
    cast: make.Cast, signed_in: Any, clock: Any
) -> None:
    round = builders.a_round(cast.framework, "R1")
    text = builders.sent(
        builders.owed(round, builders.held(cast.action, cast.ilo)), at=make.later(days=1)
    )
    builders.approved(text, at=make.later(days=4), published_at=None)
    clock.now = make.later(days=9)
    page = "/f/hld-2013/rounds/R1/"
    said = "Half of 1 decision took 3 days or less, the longest 3."
    seen = [
        said in text_of(signed_in(who).get(page))
        for who in (cast.coordinator, cast.ilo_focal_point)
    ]
    drawn = signed_in(cast.coordinator).get(page).content.decode()

    assert seen == [True, False]
    assert drawn.count('class="w-count"') == 1
